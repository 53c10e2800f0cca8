"""Locked photos stay in their parts, whatever is done to labels, names and files; new ones go around them."""

import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tlstudio.datasets.dataset import Dataset, Part, Sample, SplitLock
from tlstudio.datasets.splits.lock import locked
from tlstudio.datasets.splits.split import PARTS, Split, SplitConfig, counts, split
from tlstudio.events import CancelToken, Emit
from tlstudio.projects.actions import Action, Actions
from tlstudio.projects.library import Library
from tlstudio.projects.lock import keep_lock, lock_of, unlock
from tlstudio.projects.project import Project
from tlstudio.workflows.open_photos import Opened, keep_split, lock_split, open_photos, reconsidered

USUAL = SplitConfig(0.5, 0.25, 0.25)

Reader = Callable[[Path], Opened]


def numbered(*photos: int, first: int = 0) -> Dataset:
    """Classes of that many different photos."""
    samples = [
        Sample(f"c{number}/{index}.jpg", f"c{number}", 1, 1, f"{number}-{index}")
        for number, count in enumerate(photos)
        for index in range(first, count)
    ]
    return Dataset("/photos", tuple(f"c{number}" for number in range(len(photos))), tuple(samples))


def parts_by_digest(dataset: Dataset, shared_out: Split) -> dict[str, Part]:
    members = zip(PARTS, (shared_out.train, shared_out.validation, shared_out.test), strict=True)
    return {dataset.samples[index].digest: part for part, indices in members for index in indices}


def relocked(dataset: Dataset, config: SplitConfig = USUAL) -> Dataset:
    return replace(dataset, lock=locked(dataset, split(dataset, config)))


@pytest.mark.parametrize("method", ["stratified", "plain", "nested"])
def test_photos_stay_whatever_becomes_of_labels_names_and_seed(method: str) -> None:
    dataset = relocked(numbered(20, 20))
    before = parts_by_digest(dataset, split(dataset, USUAL))
    samples = (
        replace(sample, class_name="c1", path=f"new/{sample.path}") if number % 3 else sample
        for number, sample in enumerate(dataset.samples)
    )
    changed = replace(dataset, samples=tuple(samples)[5:])
    config = replace(USUAL, seed=9, method=method)
    after = parts_by_digest(changed, split(changed, config))
    assert len(after) == 35
    assert all(before[digest] == part for digest, part in after.items())


def test_new_photos_are_shared_out_around_those_that_stay() -> None:
    old = relocked(numbered(8, 8))
    held = parts_by_digest(old, split(old, USUAL))
    # All exam photos of c0 are relabelled: the new photos of c0 make up for it.
    lost = [index for index, sample in enumerate(old.samples) if held[sample.digest] == "test"]
    samples = [
        replace(sample, class_name="c1") if index in lost else sample for index, sample in enumerate(old.samples)
    ]
    grown = replace(old, samples=(*samples, *numbered(24, 24, first=8).samples))
    parts = split(grown, USUAL)
    assert {digest: part for digest, part in parts_by_digest(grown, parts).items() if digest in held} == held
    assert counts(grown, parts) == {
        "c0": {"train": 11, "validation": 5, "test": 6},
        "c1": {"train": 13, "validation": 6, "test": 7},
    }


def test_what_shows_the_same_as_a_locked_photo_follows_it() -> None:
    old = relocked(numbered(8, 8))
    exam = split(old, USUAL).test
    digest = old.samples[exam[0]].digest
    new = (Sample("c1/copy.jpg", "c1", 1, 1, digest), Sample("c1/near.jpg", "c1", 1, 1, "near"))
    grown = replace(old, samples=(*old.samples, *new))
    for seed in range(5):
        parts = split(grown, replace(USUAL, seed=seed), [(exam[0], 17)])
        assert {16, 17} <= set(parts.test)
        assert 16 in split(grown, replace(USUAL, seed=seed, keep_together=False)).test


def test_a_new_photo_that_joins_two_parts_moves_nothing() -> None:
    old = relocked(numbered(8, 8))
    before = split(old, USUAL)
    grown = replace(old, samples=(*old.samples, Sample("c0/new.jpg", "c0", 1, 1, "new")))
    after = split(grown, USUAL, [(before.test[0], before.test[1], before.train[0], 16)])
    assert after == replace(before, test=(*before.test, 16))


def test_the_lock_is_stronger_than_the_folders_of_the_split() -> None:
    old = numbered(8)
    old = relocked(replace(old, given={sample.path: "train" for sample in old.samples[:6]}))
    before = split(old, USUAL)
    moved = replace(old, given={sample.path: "test" for sample in old.samples})
    assert split(moved, USUAL) == before


def test_copies_that_were_let_part_stay_apart() -> None:
    samples = tuple(Sample(f"c/{number}.jpg", "c", 1, 1, "same") for number in range(8))
    dataset = Dataset("/photos", ("c",), samples)
    config = replace(USUAL, keep_together=False)
    held = relocked(dataset, config)
    assert split(held, replace(config, seed=5)) == split(dataset, config)
    further = replace(held, samples=(*samples, Sample("d/9.jpg", "c", 1, 1, "same")))
    assert 8 in split(further, config).test, "an exam photo never becomes one to learn from"


def test_a_second_training_locks_the_new_photos_too() -> None:
    first = relocked(numbered(8))
    grown = replace(first, samples=(*first.samples, *numbered(20, first=8).samples))
    before = parts_by_digest(grown, split(grown, USUAL))
    second = relocked(grown)
    assert parts_by_digest(second, split(second, replace(USUAL, seed=3))) == before
    left = replace(second, samples=second.samples[10:])
    assert locked(left, split(left, USUAL)) == second.lock


# In the project


@pytest.fixture
def photos(class_folders: Callable[[dict[str, int]], Path]) -> Path:
    return class_folders({"cat": 8, "dog": 8})


@pytest.fixture
def reader(tmp_path: Path, silent: Emit) -> Reader:
    library = Library(tmp_path / "home")
    return lambda folder: open_photos(folder, library, USUAL, emit=silent, token=CancelToken())


def parts_of(opened: Opened) -> dict[str, Part]:
    return parts_by_digest(opened.dataset, opened.split)


def do(opened: Opened, make: Callable[[Actions], Action]) -> Opened:
    action = make(Actions(opened.found, opened.project.edits()))
    opened.project.change(action.sentence, action.changes)
    return reconsidered(opened)


def test_a_locked_project_keeps_its_parts(
    reader: Reader, photos: Path, photos_factory: Callable[..., list[Path]]
) -> None:
    opened = reader(photos)
    before = parts_of(opened)
    assert opened.dataset.lock is None
    assert lock_split(opened).dataset.lock is not None
    names = [sample.path for sample in opened.found.samples]
    opened = do(opened, lambda actions: actions.move(names[:5], "dog"))
    opened = do(opened, lambda actions: actions.leave_out(names[8:10]))
    (photos / "cat" / "photo_006.jpg").rename(photos / "dog" / "another name.jpg")
    shutil.copy(photos / "cat" / "photo_007.jpg", photos / "dog" / "copy.jpg")
    photos_factory(photos / "owl", 4, kind=5)
    again = reader(photos)
    after = parts_of(again)
    assert len(after) == 16 - 2 + 4
    assert {digest: part for digest, part in after.items() if digest in before}.items() <= before.items()
    assert len(set(counts(again.dataset, again.split)["owl"].values()) - {0}) == 2
    copy = next(index for index, sample in enumerate(again.dataset.samples) if sample.path == "dog/copy.jpg")
    assert copy in getattr(again.split, before[again.dataset.samples[copy].digest])


def test_left_out_photos_come_back_to_their_parts(reader: Reader, photos: Path) -> None:
    opened = reader(photos)
    before = opened.split
    lock_split(opened)
    names = [sample.path for sample in opened.found.samples]
    left = do(opened, lambda actions: actions.leave_out(names[:7]))
    lock_split(left)
    assert do(left, lambda actions: actions.bring_back(names[:7])).split == before


def test_while_locked_other_shares_wait(reader: Reader, photos: Path) -> None:
    opened = reader(photos)
    keep_split(opened.project, SplitConfig(0.4, 0.3, 0.3))
    opened = reconsidered(opened)
    before = opened.split
    lock_split(opened)
    assert opened.project.undo() == "Share out the photos 40/30/30"
    still = reconsidered(opened)
    assert (still.split, still.split_config) == (before, SplitConfig(0.4, 0.3, 0.3))
    assert unlock(opened.project)
    assert not unlock(opened.project)
    free = reconsidered(opened)
    assert free.dataset.lock is None
    assert free.split_config == USUAL
    assert free.split != before


def test_undo_knows_nothing_of_the_lock(reader: Reader, photos: Path) -> None:
    opened = reader(photos)
    lock_split(opened)
    assert opened.project.steps().undo == ""
    assert opened.project.undo() == ""
    assert reconsidered(opened).dataset.lock is not None


def test_odd_names_and_parted_copies_survive(tmp_path: Path) -> None:
    project = Project(tmp_path / "project")
    assert lock_of(project) is None
    lock = SplitLock({"a": "train", "b": "test"}, {"b": {"caf\udce9.jpg": "test", "x.jpg": "train"}})
    keep_lock(project, lock, SplitConfig(seed=3))
    assert lock_of(project) == (lock, SplitConfig(seed=3))
    keep_lock(project, SplitLock({"a": "test", "c": "validation"}), SplitConfig(seed=4))
    assert lock_of(project) == (replace(lock, parts={**lock.parts, "c": "validation"}), SplitConfig(seed=3))


def test_a_lock_that_was_taken_away_leaves_nothing(tmp_path: Path) -> None:
    project = Project(tmp_path / "project")
    keep_lock(project, SplitLock({"a": "train", "b": "test"}), SplitConfig(seed=3))
    assert unlock(project)
    assert lock_of(project) is None
    keep_lock(project, SplitLock({"a": "test"}), SplitConfig(seed=4))
    assert lock_of(project) == (SplitLock({"a": "test"}), SplitConfig(seed=4))


def test_a_hundred_thousand_photos_are_locked_and_known_quickly(tmp_path: Path) -> None:
    project = Project(tmp_path / "project")
    lock = SplitLock({f"{number * 7919 % 100_000:064}": PARTS[number % 3] for number in range(100_000)})
    started = time.perf_counter()
    keep_lock(project, lock, SplitConfig())
    kept = time.perf_counter()
    assert lock_of(project) == (lock, SplitConfig())
    assert kept - started < 4
    assert time.perf_counter() - kept < 4  # a tenth of it on an idle machine
