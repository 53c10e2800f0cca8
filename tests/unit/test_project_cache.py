"""What a project keeps to open quicker is never trusted when anything has changed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tlstudio.datasets.dataset import Dataset, Sample
from tlstudio.datasets.facts import PhotoFacts
from tlstudio.datasets.looks import looks
from tlstudio.datasets.looks.looks import Looks
from tlstudio.datasets.splits import split
from tlstudio.datasets.splits.split import SplitConfig
from tlstudio.events import CancelToken, Emit
from tlstudio.projects.actions import Actions
from tlstudio.projects.cache import ProjectCache
from tlstudio.projects.database import backups, prepare, recover
from tlstudio.projects.library import Library
from tlstudio.workflows import open_photos as workflow
from tlstudio.workflows.open_photos import Opened, open_photos

USUAL = SplitConfig(0.5, 0.25, 0.25)

Reader = Callable[[], Opened]


@pytest.fixture
def photos(class_folders: Callable[[dict[str, int]], Path]) -> Path:
    return class_folders({"cat": 6, "dog": 6})


@pytest.fixture
def reader(photos: Path, tmp_path: Path, silent: Emit) -> Reader:
    library = Library(tmp_path / "home")
    return lambda: open_photos(photos, library, USUAL, emit=silent, token=CancelToken())


@pytest.fixture
def no_work(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From the call on, nothing may be computed anew that the cache could know."""

    def refuse(*_arguments: object, **_options: object) -> None:
        raise AssertionError("this is known")

    def forbid() -> None:
        for name in ("look_at", "looks_of", "share_out", "find_problems"):
            monkeypatch.setattr(workflow, name, refuse)

    return forbid


def move_one(opened: Opened) -> None:
    action = Actions(opened.found, opened.project.edits()).move([opened.found.samples[0].path], "dog")
    opened.project.change(action.sentence, action.changes)


def shared_out(opened: Opened) -> int:
    return len(opened.split.train) + len(opened.split.validation) + len(opened.split.test)


def test_what_has_not_changed_is_not_found_out_again(reader: Reader, no_work: Callable[[], None]) -> None:
    first = reader()
    no_work()
    again = reader()
    assert (again.dataset, again.looks, again.problems, again.split) == (
        first.dataset,
        first.looks,
        first.problems,
        first.split,
    )


def test_any_change_of_the_project_counts(reader: Reader) -> None:
    opened = reader()
    action = Actions(opened.found, opened.project.edits()).leave_out([opened.found.samples[0].path])
    opened.project.change(action.sentence, action.changes)
    assert shared_out(reader()) == 11
    opened.project.undo()
    assert shared_out(reader()) == 12


def test_a_backup_put_back_counts_too(reader: Reader) -> None:
    opened = reader()
    folder = opened.project.folder
    for backup in backups(folder):
        backup.unlink()
    prepare(folder)  # makes the backup of today
    move_one(opened)
    with_change = reader()
    recover(folder, backups(folder)[0])
    back = reader()
    assert back.dataset.counts() == {"cat": 6, "dog": 6}
    assert back.split != with_change.split or back.problems != with_change.problems


def test_another_usual_way_of_sharing_out_counts(photos: Path, tmp_path: Path, silent: Emit) -> None:
    library = Library(tmp_path / "home")
    for config in (USUAL, replace(USUAL, seed=1)):
        opened = open_photos(photos, library, config, emit=silent, token=CancelToken())
        assert opened.split == split.split(opened.dataset, config)


def test_a_changed_photo_counts(reader: Reader, photos: Path) -> None:
    first = reader()
    victim, other = (photos / sample.path for sample in first.dataset.samples[:2])
    victim.write_bytes(other.read_bytes())
    again = reader()
    assert [len(group.indices) for group in again.looks.duplicates.of("identical")] == [2]
    assert not first.looks.duplicates.of("identical")


def test_a_damaged_cache_costs_time_and_nothing_else(reader: Reader) -> None:
    first = reader()
    files = sorted((first.project.folder / "cache").iterdir())
    assert len(files) == 3
    for number, file in enumerate(files):
        file.write_bytes((b"", file.read_bytes()[:-7], b"1 nonsense\n\xc1")[number])
    again = reader()
    assert (again.dataset, again.looks, again.split) == (first.dataset, first.looks, first.split)


def test_names_that_are_no_text_are_not_kept(reader: Reader) -> None:
    cache = ProjectCache(reader().project)
    cache.keep("names", "key", ["\udcff"])
    assert cache.recall("names", "key", list[str]) is None


def test_one_version_is_kept_under_a_name(reader: Reader) -> None:
    cache = ProjectCache(reader().project)
    cache.keep("names", "first", ["a"])
    cache.keep("names", "second", ["b"])
    assert cache.recall("names", "first", list[str]) is None
    assert cache.recall("names", "second", list[str]) == ["b"]


def test_looks_of_a_part_are_those_of_the_whole(reader: Reader) -> None:
    opened = reader()
    whole = looks.look_at(opened.dataset)
    part = replace(opened.dataset, samples=opened.dataset.samples[::2])
    assert looks.looks_of(part, whole) == looks.looks_of(part, looks.look_at(part))


def many(count: int) -> Dataset:
    samples = tuple(Sample(f"a/{number}.jpg", "a", 8, 8, f"{number:064}") for number in range(count))
    facts = {sample.digest: PhotoFacts(0.5, 0.2, 0.9, number, "", b"x") for number, sample in enumerate(samples)}
    return Dataset("/photos", ("a",), samples, facts=facts)


@pytest.mark.parametrize("count", [1, 2000, 4001])
def test_what_is_long_comes_back_whole(reader: Reader, count: int) -> None:
    cache, dataset = ProjectCache(reader().project), many(count)
    looks = Looks(flagged=dict.fromkeys(range(count), ("dark",)))
    cache.keep("files", "key", dataset)
    cache.keep("nested", "key", Nested(looks))
    assert cache.recall("files", "key", Dataset) == dataset
    assert cache.recall("nested", "key", Nested) == Nested(looks)
    assert cache.recall("files", "another key", Dataset) is None


def test_a_cache_that_is_cut_short_is_nothing(reader: Reader) -> None:
    project = reader().project
    ProjectCache(project).keep("files", "key", many(4001))
    file = project.folder / "cache" / "files.msgpack"
    whole = file.read_bytes()
    for length in (3, len(whole) // 2, len(whole) - 1):
        file.write_bytes(whole[:length])
        assert ProjectCache(project).recall("files", "key", Dataset) is None


@dataclass(frozen=True, slots=True)
class Nested:
    """Something with a long field further down."""

    looks: Looks
