import csv
import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tlstudio.datasets.dataset import Dataset, Sample
from tlstudio.datasets.edits import Edits, edited
from tlstudio.datasets.splits.split import Split
from tlstudio.errors import Cancelled, TLStudioError
from tlstudio.events import CancelToken, Emit, Event, Notice, Progress
from tlstudio.workflows.copies import CopyPlan, make_copies, remove_copies
from tlstudio.workflows.export_corrections import plan_corrections
from tlstudio.workflows.export_split import plan_split

Photos = Callable[..., Dataset]

KILLED = """
import sys
from pathlib import Path
from tlstudio.datasets.dataset import Dataset, Sample
from tlstudio.datasets.splits.split import Split
from tlstudio.events import CancelToken
from tlstudio.workflows.copies import make_copies
from tlstudio.workflows.export_split import plan_split

root, out = sys.argv[1:]
names = sorted(path.name for path in Path(root, "cats").iterdir())
samples = tuple(Sample(f"cats/{name}", "cats", 1, 1, name) for name in names)

def emit(event):
    print(event.done, flush=True)
    sys.stdin.read()

dataset, split = Dataset(root, ("cats",), samples), Split(tuple(range(len(samples))), (), ())
make_copies(plan_split(dataset, split, Path(out), token=CancelToken()), emit=emit, token=CancelToken())
"""


@pytest.fixture
def photos(tmp_path: Path) -> Photos:
    """``photos("cats/1.jpg", ...)`` writes files, no two alike, labelled by their top folder; ``classes`` overrides."""

    def make(*paths: str, classes: tuple[str, ...] = ()) -> Dataset:
        root = tmp_path / "photos"
        samples = []
        for number, path in enumerate(paths):
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            content = path.encode() * (number + 1)
            target.write_bytes(content)
            os.utime(target, (1_600_000_000 + number, 1_500_000_000 + number))
            label = classes[number] if classes else path.split("/")[0]
            samples.append(Sample(path, label, 1, 1, hashlib.sha256(content).hexdigest()))
        return Dataset(str(root), tuple(sorted({sample.class_name for sample in samples})), tuple(samples))

    return make


def written(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def state(root: Path) -> dict[str, tuple[bytes, int]]:
    return {
        path.relative_to(root).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in root.rglob("*")
        if path.is_file()
    }


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def exported(
    dataset: Dataset, split: Split, out: Path, *, flat_test: bool = False, emit: Emit = lambda _event: None
) -> CopyPlan:
    plan = plan_split(dataset, split, out, flat_test=flat_test, token=CancelToken())
    assert make_copies(plan, emit=emit, token=CancelToken()) == plan.out
    return plan


def test_each_part_and_class_has_its_folder_and_the_photos_stay(photos: Photos, tmp_path: Path) -> None:
    dataset = photos("cats/1.jpg", "cats/2.jpg", "cats/3.jpg", "dogs/1.jpg", "dogs/deep/4.jpg")
    before = state(tmp_path / "photos")
    events: list[Event] = []
    result = exported(dataset, Split((0, 3), (1,), (2, 4)), tmp_path / "new" / "split", emit=events.append)
    out = tmp_path / "new" / "split"
    assert written(out) == [
        "test/cats/3.jpg",
        "test/dogs/4.jpg",
        "train/cats/1.jpg",
        "train/dogs/1.jpg",
        "validation/cats/2.jpg",
    ]
    assert (out / "validation" / "dogs").is_dir()
    assert state(tmp_path / "photos") == before
    assert (out / "test/dogs/4.jpg").stat().st_mtime_ns == before["dogs/deep/4.jpg"][1]
    assert (out / "test/dogs/4.jpg").read_bytes() == before["dogs/deep/4.jpg"][0]
    assert events[-1] == Progress("export", 5, 5)
    assert result.out == out.resolve()
    assert result.counts == {"train": 2, "validation": 1, "test": 2}
    assert result.size == sum(len(content) for content, _ in before.values())
    assert result.room == 5 * 4096
    assert result.class_folders == {"cats": "cats", "dogs": "dogs"}
    assert names(out.parent) == ["split"]


def test_the_exam_can_be_flat_as_in_collection_001(photos: Photos, tmp_path: Path) -> None:
    dataset = photos("cats/1.jpg", "cats/a/2.jpg", "cats/b/2.jpg", "dogs/2.jpg")
    exported(dataset, Split((0,), (), (1, 2, 3)), tmp_path / "out", flat_test=True)
    assert written(tmp_path / "out") == [
        "test/cats_2 (2).jpg", "test/cats_2.jpg", "test/dogs_2.jpg", "train/cats/1.jpg",
    ]  # fmt: skip


def test_names_that_clash_are_numbered_and_none_is_lost(photos: Photos, tmp_path: Path) -> None:
    dataset = photos(
        "c/a/x.jpg", "c/b/X.JPG", "c/c/x.jpg", "c/x (2).jpg", "d/x.jpg", classes=("Dog", "Dog", "Dog", "Dog", "dog")
    )
    exported(dataset, Split((0, 1, 2, 3, 4), (), ()), tmp_path / "out")
    assert written(tmp_path / "out") == [
        "train/Dog/X (2).JPG",
        "train/Dog/x (2) (2).jpg",
        "train/Dog/x (3).jpg",
        "train/Dog/x.jpg",
        "train/dog (2)/x.jpg",
    ]


def test_class_names_that_no_folder_can_have_are_changed_and_said(photos: Photos, tmp_path: Path) -> None:
    labels = ("a/b", "..", "con", "cats")
    dataset = photos("1.jpg", "2.jpg", "3.jpg", "4.jpg", classes=labels)
    events: list[Event] = []
    result = exported(dataset, Split((0, 1, 2, 3), (), ()), tmp_path / "out", emit=events.append)
    assert result.class_folders == {"a/b": "a_b", "..": "_", "con": "_con", "cats": "cats"}
    assert written(tmp_path / "out") == ["train/_/2.jpg", "train/_con/3.jpg", "train/a_b/1.jpg", "train/cats/4.jpg"]
    notices = [event.message for event in events if isinstance(event, Notice)]
    assert len(notices) == 3
    assert "The photos of “a/b” go to a folder called “a_b”." in notices


def test_an_empty_folder_is_taken_and_any_other_refused(photos: Photos, tmp_path: Path) -> None:
    dataset = photos("cats/1.jpg")
    out = tmp_path / "out"
    out.mkdir()
    exported(dataset, Split((0,), (), ()), out)
    before = state(out)
    for place in (out, out / "train" / "cats" / "1.jpg"):
        with pytest.raises(TLStudioError, match="there already"):
            exported(dataset, Split((0,), (), ()), place)
    assert state(out) == before


def test_a_place_among_or_around_the_photos_is_refused(photos: Photos, tmp_path: Path) -> None:
    dataset = photos("cats/1.jpg")
    root = Path(dataset.root)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "alias").symlink_to(root, target_is_directory=True)
    shutil.copy(root / "cats/1.jpg", elsewhere / "2.jpg")
    (root / "dogs").symlink_to(elsewhere, target_is_directory=True)
    dataset = replace(
        dataset, samples=(*dataset.samples, Sample("dogs/2.jpg", "dogs", 1, 1, "2")), classes=("cats", "dogs")
    )
    before = state(tmp_path)
    for place in (root, root / "split", root / "cats" / "x" / "y", tmp_path / "alias" / "split", elsewhere / "split"):
        with pytest.raises(TLStudioError, match="among the photos"):
            exported(dataset, Split((0, 1), (), ()), place)
    with pytest.raises(TLStudioError, match="photos themselves lie in"):
        exported(dataset, Split((0, 1), (), ()), tmp_path)
    assert state(tmp_path) == before


def test_too_small_a_disk_is_said_before_anything_is_written(
    photos: Photos, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = photos("cats/1.jpg", "cats/2.jpg")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(10, 10, 2 * 4096 - 1))
    with pytest.raises(TLStudioError, match="has room for"):
        exported(dataset, Split((0, 1), (), ()), tmp_path / "deep" / "out")
    assert names(tmp_path) == ["photos"]
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(10, 10, 2 * 4096))
    exported(dataset, Split((0, 1), (), ()), tmp_path / "deep" / "out")


def test_a_photo_that_is_gone_or_grew_leaves_nothing(
    photos: Photos, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = photos("cats/1.jpg", "cats/2.jpg")
    real = shutil.copyfile

    def cut_short(source: Path, target: Path) -> None:
        real(source, target)
        os.truncate(target, 1)

    monkeypatch.setattr(shutil, "copyfile", cut_short)
    with pytest.raises(TLStudioError, match="1 bytes instead of"):
        exported(dataset, Split((0, 1), (), ()), tmp_path / "out")
    monkeypatch.undo()
    (tmp_path / "photos/cats/2.jpg").unlink()
    with pytest.raises(TLStudioError, match=r"2\.jpg can't be read"):
        exported(dataset, Split((0, 1), (), ()), tmp_path / "out")
    assert names(tmp_path) == ["photos"]


def test_a_stop_comes_at_once_and_leaves_nothing(photos: Photos, tmp_path: Path) -> None:
    dataset = photos(*(f"cats/{number}.jpg" for number in range(9)))
    token = CancelToken()
    events: list[Event] = []

    def stop(event: Event) -> None:
        events.append(event)
        token.cancel()

    def stopped_copying(token: CancelToken, emit: Emit) -> None:
        plan = plan_split(dataset, Split(tuple(range(9)), (), ()), tmp_path / "out", token=token)
        make_copies(plan, emit=emit, token=token)

    for expected in ([Progress("export", 1, 9)], []):  # at the first sign of progress; before the start
        events.clear()
        with pytest.raises(Cancelled):
            stopped_copying(token, stop)
        assert events == expected
        assert names(tmp_path) == ["photos"]


@pytest.mark.skipif(sys.platform == "win32", reason="no file can have this name there")
def test_file_names_that_other_systems_refuse_are_changed(photos: Photos, tmp_path: Path) -> None:
    dataset = photos("cats/a:b?.jpg", "cats/a_b_.jpg")
    exported(dataset, Split((0, 1), (), ()), tmp_path / "out")
    assert written(tmp_path / "out") == ["train/cats/a_b_ (2).jpg", "train/cats/a_b_.jpg"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_kill_leaves_nothing_that_looks_whole(photos: Photos, tmp_path: Path) -> None:
    dataset = photos(*(f"cats/{number}.jpg" for number in range(9)))
    before = state(Path(dataset.root))
    out = tmp_path / "out"
    command = [sys.executable, "-c", KILLED, dataset.root, str(out)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"1\n"
        process.kill()
    assert process.returncode == -signal.SIGKILL
    assert not out.exists()
    left = [name for name in names(tmp_path) if name != "photos"]
    assert [name.startswith(".out-unfinished-") for name in left] == [True]
    assert state(Path(dataset.root)) == before
    exported(dataset, Split(tuple(range(9)), (), ()), out)
    assert len(written(out)) == 9


def test_nothing_to_copy_is_said(photos: Photos, tmp_path: Path) -> None:
    with pytest.raises(TLStudioError, match="no photos"):
        exported(photos(), Split((), (), ()), tmp_path / "out")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="permissions don't bind this user")
def test_a_folder_that_may_not_be_written_to_is_said(photos: Photos, tmp_path: Path) -> None:
    dataset = photos("cats/1.jpg")
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    with pytest.raises(TLStudioError, match="can't be written"):
        exported(dataset, Split((0,), (), ()), closed / "out")


def test_a_place_below_a_file_is_said(photos: Photos, tmp_path: Path) -> None:
    dataset = photos("cats/1.jpg")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(TLStudioError, match="can't be written"):
        exported(dataset, Split((0,), (), ()), tmp_path / "file" / "out")


def corrected(found: Dataset, dataset: Dataset, out: Path, *, unlabelled: bool = False) -> CopyPlan:
    plan = plan_corrections(found, dataset, out, unlabelled=unlabelled, token=CancelToken())
    make_copies(plan, emit=lambda _event: None, token=CancelToken())
    return plan


def table(out: Path) -> list[list[str]]:
    with (out / "corrections.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_corrections_are_written_to_new_class_folders_and_the_photos_stay(photos: Photos, tmp_path: Path) -> None:
    found = photos("cats/1.jpg", "cats/2.jpg", "cats/3.jpg", "dogs/1.jpg", "dogs/4.jpg", "pets/5.jpg")
    before = state(tmp_path / "photos")
    edits = Edits(
        labels={"cats/2.jpg": "dogs"},
        left_out=frozenset(("cats/3.jpg",)),
        renamed={"dogs": "Hounds"},
        switched_off=frozenset(("pets",)),
    )
    plan = corrected(found, edited(found, edits), tmp_path / "new")
    assert written(tmp_path / "new") == [
        "Hounds/1.jpg", "Hounds/2.jpg", "Hounds/4.jpg", "cats/1.jpg", "corrections.csv",
    ]  # fmt: skip
    assert plan.counts == {"Hounds": 3, "cats": 1}
    assert (tmp_path / "new/Hounds/2.jpg").read_bytes() == before["cats/2.jpg"][0]
    assert (tmp_path / "new/Hounds/2.jpg").stat().st_mtime_ns == before["cats/2.jpg"][1]
    assert table(tmp_path / "new") == [
        ["old_path", "new_path", "old_class", "new_class"],
        ["cats/2.jpg", "Hounds/2.jpg", "cats", "Hounds"],
        ["cats/3.jpg", "", "cats", ""],
        ["dogs/1.jpg", "Hounds/1.jpg", "dogs", "Hounds"],
        ["dogs/4.jpg", "Hounds/4.jpg", "dogs", "Hounds"],
        ["pets/5.jpg", "", "pets", ""],
    ]
    assert state(tmp_path / "photos") == before


def test_photos_without_a_class_get_a_folder_of_their_own_if_wanted(photos: Photos, tmp_path: Path) -> None:
    everything = photos("unlabelled/1.jpg", "1.jpg", "2.jpg", classes=("unlabelled", "", ""))
    labelled, *others = everything.samples
    found = replace(everything, classes=("unlabelled",), samples=(labelled,), unlabelled=tuple(others))
    plan = corrected(found, found, tmp_path / "with", unlabelled=True)
    assert written(tmp_path / "with") == [
        "corrections.csv", "unlabelled (2)/1.jpg", "unlabelled (2)/2.jpg", "unlabelled/1.jpg",
    ]  # fmt: skip
    assert plan.counts == {"unlabelled": 1, "unlabelled (2)": 2}
    corrected(found, found, tmp_path / "without")
    assert written(tmp_path / "without") == ["corrections.csv", "unlabelled/1.jpg"]
    with pytest.raises(TLStudioError, match="among the photos"):
        corrected(found, found, Path(found.root) / "new", unlabelled=True)


def test_the_table_of_corrections_has_no_formulas_and_keeps_its_name(photos: Photos, tmp_path: Path) -> None:
    found = photos("=1+1/a.jpg", "b/x.jpg", "b/y/x.jpg")
    edits = Edits(labels={"=1+1/a.jpg": "corrections.csv"}, renamed={"b": "@b"})
    corrected(found, edited(found, edits), tmp_path / "new")
    assert written(tmp_path / "new") == [
        "@b/x (2).jpg", "@b/x.jpg", "corrections (2).csv/a.jpg", "corrections.csv",
    ]  # fmt: skip
    assert table(tmp_path / "new")[1:] == [
        ["'=1+1/a.jpg", "corrections (2).csv/a.jpg", "'=1+1", "corrections.csv"],
        ["b/x.jpg", "'@b/x.jpg", "b", "'@b"],
        ["b/y/x.jpg", "'@b/x (2).jpg", "b", "'@b"],
    ]


def copied(dataset: Dataset, out: Path) -> CopyPlan:
    shared_out = Split(tuple(range(len(dataset.samples))), (), ())
    plan = plan_split(dataset, shared_out, out, token=CancelToken())
    make_copies(plan, emit=lambda _event: None, token=CancelToken())
    return plan


def test_copies_can_be_taken_away_again(photos: Photos, tmp_path: Path) -> None:
    dataset = photos("cats/1.jpg", "dogs/1.jpg")
    plan = copied(dataset, tmp_path / "out")
    remove_copies(plan, token=CancelToken())
    assert [path.name for path in tmp_path.iterdir()] == ["photos"]
    assert dataset.absolute("cats/1.jpg").is_file()


@pytest.mark.parametrize("change", ["written over", "gone", "new"])
def test_copies_that_have_changed_are_kept(photos: Photos, tmp_path: Path, change: str) -> None:
    plan = copied(photos("cats/1.jpg", "dogs/1.jpg"), tmp_path / "out")
    copy = tmp_path / "out" / plan.copies[0].target
    if change == "gone":
        copy.unlink()
    else:
        (copy if change == "written over" else copy.with_name("mine.txt")).write_text("mine")
    before = sorted((tmp_path / "out").rglob("*"))
    with pytest.raises(TLStudioError, match="is kept"):
        remove_copies(plan, token=CancelToken())
    assert sorted((tmp_path / "out").rglob("*")) == before
