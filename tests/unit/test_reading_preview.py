"""What a reading would give, told from paths alone."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from tlstudio.datasets.dataset import Dataset, Ignored, Rejected, Sample
from tlstudio.datasets.doctor.ways import find_ways
from tlstudio.datasets.reading.preview import MarkedPath, ReadingPreview, preview_reading
from tlstudio.datasets.reading.reading import Reading, apply_reading, parse_reading
from tlstudio.errors import Cancelled, TLStudioError
from tlstudio.events import CancelToken

ROOT = "/nowhere/Photos"


def dataset_of(paths: Iterable[str], *ignored: Ignored, root: str = ROOT) -> Dataset:
    samples = tuple(Sample(path, path.split("/", 1)[0], 8, 8, path) for path in sorted(paths))
    return Dataset(root, tuple(sorted({sample.class_name for sample in samples})), samples, ignored=ignored)


def preview(dataset: Dataset, reading: Reading) -> ReadingPreview:
    return preview_reading(dataset, reading, token=CancelToken())


def shown(marked: MarkedPath) -> str:
    before, name, after = marked.path[: marked.start], marked.path[marked.start : marked.end], marked.path[marked.end :]
    return f"{before}[{name}]{after}"


@pytest.mark.parametrize(
    ("reading", "counts", "examples"),
    [
        (Reading(ROOT, parts=False), {"train": 3, "test": 2}, ["[test]/cat/1.jpg", "[train]/cat/1.jpg"]),
        (Reading(ROOT), {"cat": 3, "dog": 2}, ["test/[cat]/1.jpg", "test/[dog]/2.jpg"]),
        (Reading(ROOT, level=2), {"cat": 3, "dog": 2}, ["test/[cat]/1.jpg", "test/[dog]/2.jpg"]),
        (Reading(ROOT, "piece:1:."), {"1": 2, "2": 3}, ["test/cat/[1].jpg", "test/dog/[2].jpg"]),
        (Reading(ROOT, "filename:^(9)"), {}, []),
        (Reading(ROOT, left_out=frozenset(("train",))), {"test": 2}, ["[test]/cat/1.jpg", "[test]/dog/2.jpg"]),
        (Reading(ROOT, merged={"dog": "cat"}), {"cat": 5}, ["test/[cat]/1.jpg"]),
    ],
)
def test_classes_and_where_they_stand(reading: Reading, counts: dict[str, int], examples: list[str]) -> None:
    dataset = dataset_of(("train/cat/1.jpg", "train/cat/2.jpg", "train/dog/2.jpg", "test/cat/1.jpg", "test/dog/2.jpg"))
    found = preview(dataset, reading)
    assert found.counts == counts
    assert [shown(marked) for marked in found.examples][: len(examples)] == examples
    assert len(found.examples) == sum(counts.values())
    read = apply_reading(dataset, reading)
    assert {name: count for name, count in read.counts().items() if count} == counts
    assert [photo.path for photo in read.unlabelled] == list(found.without)


def test_the_largest_class_comes_first_and_examples_are_of_different_classes() -> None:
    paths = [f"{name}/{number}.jpg" for name, count in (("a", 1), ("b", 9), ("c", 5)) for number in range(count)]
    found = preview(dataset_of(paths), Reading(ROOT))
    assert list(found.counts) == ["b", "c", "a"]
    assert {marked.class_name for marked in found.examples} == {"a", "b", "c"}
    assert len(found.examples) == 5


def test_parts_are_counted() -> None:
    dataset = dataset_of(("train/cat_1.jpg", "train/dog_1.jpg", "test/cat_2.jpg"))
    assert preview(dataset, Reading(ROOT, "piece:1:_")).parts == {"train": 2, "test": 1}
    assert preview(dataset, Reading(ROOT, "piece:1:_", parts=False)).parts == {}


def test_a_table_tells_what_is_missing_and_what_is_extra(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("file,label\n1.jpg,cat\nbroken.jpg,cat\ngone.jpg,dog\n3.jpg,\n")
    dataset = dataset_of(("1.jpg", "2.jpg", "3.jpg"), root=str(tmp_path))
    dataset = replace(dataset, rejected=(Rejected("broken.jpg", "Empty file."),))
    found = preview(dataset, Reading(str(tmp_path), "csv:labels.csv"))
    assert (found.counts, found.missing, found.extra) == ({"cat": 1}, ("gone.jpg",), ("2.jpg",))
    assert found.without == ("2.jpg", "3.jpg")
    assert [(marked.path, marked.start, marked.end, marked.class_name) for marked in found.examples] == [
        ("1.jpg", 0, 0, "cat")
    ]
    with pytest.raises(TLStudioError, match="There is no file"):
        preview(dataset, Reading(str(tmp_path), "csv:other.csv"))


def test_photos_in_hidden_folders_count_before_they_are_opened() -> None:
    dataset = dataset_of(("cat/1.jpg", "dog/1.jpg"), Ignored(".owl/1.jpg", "hidden"), Ignored(".owl/x.txt", "hidden"))
    assert preview(dataset, Reading(ROOT)).counts == {"cat": 1, "dog": 1}
    found = preview(dataset, Reading(ROOT, hidden=True, merged={".owl": "owl"}))
    assert (found.counts, found.unread) == ({"cat": 1, "dog": 1, "owl": 1}, 1)


def test_hidden_photos_that_were_read_are_set_aside_again() -> None:
    dataset = dataset_of(("cat/1.jpg", "dog/1.jpg", ".owl/1.jpg", "cat/.more/2.jpg"))
    read = apply_reading(dataset, Reading(ROOT))
    assert [photo.path for photo in read.samples] == ["cat/1.jpg", "dog/1.jpg"]
    assert [(file.path, file.kind) for file in read.ignored] == [
        (".owl/1.jpg", "hidden"), ("cat/.more/2.jpg", "hidden"),
    ]  # fmt: skip
    assert read.found == dataset.found
    assert len(apply_reading(dataset, Reading(ROOT, hidden=True)).samples) == 4


def test_ways_to_read_a_folder() -> None:
    paths = [f"{part}/{kind}/{kind}_{number}.jpg" for part in ("train", "test") for kind in "ab" for number in range(3)]
    tables = [Ignored(path, "other") for path in ("sub/deep.tsv", "x.CSV", "notes.txt")]
    ways = find_ways(dataset_of(paths, *tables, Ignored(".c/1.jpg", "hidden")), Reading(ROOT), token=CancelToken())
    assert [(entry.level, entry.classes, shown(entry.example)) for entry in ways.levels] == [
        (1, 2, "[test]/a/a_0.jpg"), (2, 2, "test/[a]/a_0.jpg"),
    ]  # fmt: skip
    assert ways.pattern is not None
    assert ways.pattern.name == "number"
    assert ways.tables == ("x.CSV", "sub/deep.tsv")
    assert (ways.parted, ways.nested, ways.hidden, ways.shown) == (True, True, 1, {".c": "c"})


def test_folders_of_parts_without_classes_are_parts_and_no_nest() -> None:
    ways = find_ways(dataset_of(("train/1.jpg", "test/2.jpg")), Reading(ROOT), token=CancelToken())
    assert (ways.parted, ways.nested, len(ways.levels)) == (True, False, 1)


def test_a_preview_is_stopped() -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        preview_reading(dataset_of(("a/1.jpg",)), Reading(ROOT), token=token)


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("folder", Reading("")),
        ("folder:1", Reading("", parts=False)),
        ("folder:3", Reading("", level=3, parts=False)),
        ("piece:-1:_", Reading("", "piece:-1:_")),
    ],
)
def test_readings_as_text(text: str, reading: Reading) -> None:
    assert parse_reading(text) == reading


def test_a_table_of_the_command_line_is_found_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "labels.csv").write_text("file,label\n1.jpg,cat\n")
    monkeypatch.chdir(tmp_path)
    reading = parse_reading("csv:labels.csv?file=file", parts=False, hidden=True)
    assert reading == Reading("", f"csv:{tmp_path / 'labels.csv'}?file=file", parts=False, hidden=True)
    with pytest.raises(TLStudioError, match="no column called"):
        parse_reading("csv:labels.csv?class=kind")
