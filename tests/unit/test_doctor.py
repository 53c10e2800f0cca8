from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from tlstudio.datasets.dataset import Dataset, Ignored, Rejected, Sample
from tlstudio.datasets.doctor.names import canonical
from tlstudio.datasets.index import index_folder
from tlstudio.datasets.problems import Problem, find_problems, require_trainable
from tlstudio.datasets.reading.reading import Reading, apply_reading, hidden_folders, hidden_photos, needs_scan
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, ignore_events
from tlstudio.serialization import from_json, to_json

ROOT = "/nowhere/Photos"


def sample(path: str) -> Sample:
    return Sample(path, path.split("/", 1)[0] if "/" in path else "", 8, 8, f"digest of {path}")


def dataset_of(counts: Mapping[str, int], *others: str) -> Dataset:
    found = [sample(f"{folder}/{number}.jpg") for folder, count in counts.items() for number in range(count)]
    return Dataset(ROOT, tuple(sorted(counts)), tuple(found), ignored=tuple(Ignored(path, "other") for path in others))


def flat(*names: str) -> Dataset:
    return Dataset(ROOT, (), (), tuple(map(sample, names)))


def find(dataset: Dataset, code: str, reading: Reading | None = None) -> Problem:
    return next(problem for problem in find_problems(dataset, reading) if problem.code == code)


def fixed(problem: Problem) -> Reading:
    assert problem.fix is not None
    return problem.fix.reading


@pytest.mark.parametrize(
    "names",
    [
        ("Dog", "dogs ", "dog-", "DOG", " dog", "dog_", "dog (1)", "Dogs - Copy", "ｄｏｇ"),
        ("guinea pig", "Guinea_Pigs", "guinea-pig", "guineapig"),
        ("cherry", "cherries"),
        ("fox", "foxes"),
        ("caf\u00e9", "cafe\u0301", "CAF\u00c9"),
        ("class 1", "class-1", "Class_1"),
        ("1.5 mm", "1_5 mm"),
    ],
)
def test_names_of_one_class(names: tuple[str, ...]) -> None:
    assert len(set(map(canonical, names))) == 1


@pytest.mark.parametrize(
    "names",
    [
        ("dog", "dig"), ("class 1.1", "class 11"), ("Leaf_01", "Leaf_02"), ("A+", "A", "A-"), ("C", "C#", "C++"),
        ("-10", "10"), ("bos", "boss"), ("1", "2"), ("glass", "glas"), ("5 %", "5"),
    ],
)  # fmt: skip
def test_names_of_different_classes(names: tuple[str, ...]) -> None:
    assert len(set(map(canonical, names))) == len(names)


def test_near_equal_names_are_read_as_the_one_with_most_photos() -> None:
    dataset = dataset_of({"Dog": 3, "dogs ": 9, "cat": 8, "Cats": 4, "horse": 9})
    problem = find(dataset, "near_equal_classes")
    assert problem.message == "These classes are called almost the same: “cat” = “Cats”, “dogs ” = “Dog”."
    assert problem.fix is not None
    assert problem.fix.title == "Read each group as one class"
    assert fixed(problem).merged == {"Dog": "dogs ", "Cats": "cat"}
    assert apply_reading(dataset, fixed(problem)).counts() == {"cat": 12, "dogs ": 12, "horse": 9}


def test_merging_twice_leads_to_the_last_name() -> None:
    dataset = dataset_of({"Doggy": 3, "dog": 4, "Dogs": 9, "cat": 8})
    first = Reading(ROOT, merged={"Doggy": "dog"})
    second = fixed(find(apply_reading(dataset, first), "near_equal_classes", first))
    assert second.merged == {"Doggy": "Dogs", "dog": "Dogs"}
    assert apply_reading(dataset, second).counts() == {"Dogs": 16, "cat": 8}


@pytest.mark.parametrize("slip", ["buterfly", "butterflly", "bitterfly", "buttefrly"])
def test_one_slip_in_a_long_name(slip: str) -> None:
    problem = find(dataset_of({"butterfly": 8, slip: 5, "moth": 8}), "misspelt_classes")
    assert fixed(problem).merged == {slip: "butterfly"}


def test_three_spellings_are_one_group() -> None:
    problem = find(dataset_of({"chimpanzee": 5, "chimpansee": 4, "chimpanse": 3, "gorilla": 5}), "misspelt_classes")
    assert fixed(problem).merged == {"chimpansee": "chimpanzee", "chimpanse": "chimpanzee"}


@pytest.mark.parametrize("names", [("beaver", "beaker"), ("symmetric", "asymmetric"), ("Specimen_1", "Specimen_2")])
def test_other_words_are_no_slips(names: tuple[str, str]) -> None:
    assert find_problems(dataset_of(dict.fromkeys(names, 5))) == ()


@pytest.mark.parametrize(
    ("names", "classes"),
    [
        ([f"{kind}.{n}.jpg" for kind in ("cat", "dog") for n in range(5)], {"cat", "dog"}),
        ([f"Green_Jay_{n:04}_{n * 977}.jpg" for n in range(5)] + [f"Grebe_{n:04}_1.jpg" for n in range(4)],
         {"Green_Jay", "Grebe"}),
        ([f"{kind} ({n}).JPG" for kind in ("red tulip", "rose") for n in range(5)], {"red tulip", "rose"}),
        ([f"{kind}_{n}x{n}ab.png" for kind in ("cat", "dog") for n in range(5)], {"cat", "dog"}),
        ([f"2024-05-{n:02}_{kind}.jpg" for kind in ("cat", "dog") for n in range(5)], {"cat", "dog"}),
    ],
)  # fmt: skip
def test_labels_in_file_names_are_found(names: list[str], classes: set[str]) -> None:
    dataset = flat(*names)
    reading = fixed(find(dataset, "labels_in_file_names"))
    assert set(apply_reading(dataset, reading).classes) == classes
    assert not needs_scan(dataset, reading)


@pytest.mark.parametrize(
    "names",
    [
        [f"IMG_{n}.jpg" for n in range(9)],
        [f"IMG_{n}.jpg" for n in range(9)] + [f"DSC_{n}.jpg" for n in range(9)],
        [f"n{n:08}_{'abcdefghi'[n]}.jpg" for n in range(9)],
        [f"{n}.jpg" for n in range(9)],
        [f"2024-05-{n:02}.jpg" for n in range(9)],
        [f"cat.{n}.jpg" for n in range(9)],
    ],
)
def test_names_without_classes(names: list[str]) -> None:
    assert find(flat(*names), "no_class_folders").fix is None


def test_a_table_goes_before_file_names(tmp_path: Path) -> None:
    names = [f"{kind}.{n}.jpg" for kind in ("cat", "dog") for n in range(4)]
    (tmp_path / "x.csv").write_text("not,a,table\n", encoding="utf-8")
    lines = [f"{name};{'old' if '.0' in name else 'young'}" for name in names]
    (tmp_path / "y.csv").write_text("\n".join(["image;label", *lines, "gone.jpg;old"]), encoding="utf-8")
    dataset = replace(flat(*names), root=str(tmp_path), ignored=(Ignored("x.csv", "other"), Ignored("y.csv", "other")))
    problem = find(dataset, "table_of_labels")
    assert "8 photos a label, in 2 classes: “young” (6), “old” (2)." in problem.message
    read = apply_reading(dataset, fixed(problem))
    assert read.counts() == {"old": 2, "young": 6}
    assert [file.path for file in read.rejected] == ["gone.jpg"]


def test_hidden_photos_are_those_of_the_user() -> None:
    paths = (
        ".cats/1.jpg", ".cats/deep/.more/2.jpg", "dogs/.more/1.jpg", ".cats/notes.txt", ".3.jpg", ".cats/.4.jpg",
        "@eaDir/5.jpg", "dogs/.thumbnails/6.jpg", ".Trash-1000/7.jpg",
    )  # fmt: skip
    dataset = replace(dataset_of({"dogs": 4, "cats": 4}), ignored=tuple(Ignored(path, "hidden") for path in paths))
    assert hidden_photos(dataset) == (".cats/1.jpg", ".cats/deep/.more/2.jpg", "dogs/.more/1.jpg")
    assert hidden_folders(dataset) == (".cats", "dogs/.more")
    problem = find(dataset, "hidden_photos")
    assert problem.message == "3 photos lie in hidden folders: “.cats”, “dogs/.more”."
    reading = fixed(problem)
    assert (reading.hidden, reading.merged) == (True, {".cats": "cats"})
    assert needs_scan(dataset, reading)
    assert "hidden_photos" not in {problem.code for problem in find_problems(dataset, reading)}


def test_videos_and_raw_files_are_counted_by_ending() -> None:
    videos = dataset_of({}, "a/1.mp4", "a/2.MP4", "b/3.mov", "b/notes.txt")
    assert find(videos, "only_videos").message == "“Photos” holds 3 videos (2 .mp4, 1 .mov) and no photos."
    raw = Dataset(ROOT, (), (), rejected=(Rejected("a/1.NEF", "x."), Rejected("a/2.cr2", "x.")))
    assert "All 2 photos in “Photos” are raw camera files (1 .nef, 1 .cr2)" in find(raw, "only_raw_files").message
    mixed = replace(raw, rejected=(*raw.rejected, Rejected("a/3.jpg", "Empty file.")))
    assert find(mixed, "nothing_readable").severity == "blocking"


def test_one_archive_is_offered_and_several_are_explained() -> None:
    one = find(dataset_of({}, "deep/photos.tar.gz"), "only_archives")
    assert Path(fixed(one).root) == Path(ROOT) / "deep/photos.tar.gz"
    assert needs_scan(dataset_of({"a": 3}, "photos.zip"), Reading(f"{ROOT}/photos.zip"))
    assert find(dataset_of({}, "a.zip", "b.zip"), "only_archives").fix is None
    assert "Unpack it" in find(dataset_of({}, "a.7z"), "only_archives").hint


def test_a_split_that_is_not_honoured_can_be_and_back() -> None:
    found = dataset_of({f"{part}/{name}": 4 for part in ("train", "val") for name in ("a", "b")})
    found = replace(found, classes=("train", "val"))
    as_folders = Reading(ROOT, parts=False)
    problem = find(apply_reading(found, as_folders), "shared_out_already", as_folders)
    honoured = fixed(problem)
    dataset = apply_reading(found, honoured)
    assert dataset.counts() == {"a": 8, "b": 8}
    note = find(dataset, "split_honoured", honoured)
    assert note.severity == "note"
    assert "8 to learn from, 8 to check on." in note.message
    assert fixed(note) == as_folders
    require_trainable(dataset, honoured)
    with pytest.raises(TLStudioError, match="already shared out"):
        require_trainable(found)


def test_labels_from_names_keep_the_parts_of_the_folders() -> None:
    paths = [f"{part}/{kind}.{n}.jpg" for part in ("train", "val") for kind in ("cat", "dog") for n in range(4)]
    found = Dataset(ROOT, ("train", "val"), tuple(map(sample, paths)))
    dataset = apply_reading(found, fixed(find(found, "labels_in_file_names")))
    assert dataset.counts() == {"cat": 8, "dog": 8}
    assert dataset.given["val/cat.1.jpg"] == "validation"


def test_folders_left_out_stay_accounted_for() -> None:
    found = replace(dataset_of({"a": 4, "b": 4, "c": 2}), rejected=(Rejected("c/x.jpg", "Empty file."),))
    reading = fixed(find(found, "too_few_photos"))
    assert reading.left_out == {"c"}
    dataset = apply_reading(found, reading)
    assert (dataset.classes, dataset.rejected, dataset.found) == (("a", "b"), (), found.found)
    assert [file.path for file in dataset.ignored] == ["c/0.jpg", "c/1.jpg", "c/x.jpg"]
    assert find_problems(dataset, reading) == ()


def test_classes_with_few_photos_are_not_left_out_if_too_little_stays() -> None:
    assert find(dataset_of({"a": 4, "b": 2}), "too_few_photos").fix is None


def test_a_folder_further_down_is_read_without_a_scan() -> None:
    found = dataset_of({"pets/cats": 4, "pets/dogs": 4}, "pets/birds/notes.txt", "pets/readme.txt")
    found = replace(found, rejected=(Rejected("pets/cats/x.jpg", "Empty file."), Rejected("y.jpg", "Empty file.")))
    reading = fixed(find(found, "one_folder_too_high"))
    assert not needs_scan(found, reading)
    dataset = apply_reading(found, reading)
    assert Path(dataset.root) == Path(ROOT) / "pets"
    assert dataset.counts() == {"birds": 0, "cats": 4, "dogs": 4}
    assert [file.path for file in dataset.rejected] == ["cats/x.jpg"]
    with pytest.raises(ValueError, match="nowhere"):
        apply_reading(found, Reading("/elsewhere"))
    assert needs_scan(found, Reading("/nowhere"))


def test_a_reading_survives_json() -> None:
    reading = Reading(ROOT, "filename:^(x)", 2, parts=False, merged={"a": "b"}, left_out=frozenset("c"), hidden=True)
    assert from_json(to_json(reading), Reading) == reading
    with pytest.raises(ValueError, match="level"):
        Reading(ROOT, level=0)


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("birds10", ["same_photo_in_two_classes"]),
        ("flowers5", []),
        ("leaves3", []),
        ("cats_dogs_flat", ["labels_in_file_names"]),
    ],
)
def test_real_folders(shared: Path, name: str, codes: list[str]) -> None:
    dataset = index_folder(shared / "data" / name, emit=ignore_events, token=CancelToken())
    assert [problem.code for problem in find_problems(dataset)] == codes
