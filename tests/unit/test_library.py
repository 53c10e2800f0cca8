"""The list of projects: found by photo folder, also after that was moved."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tlstudio.datasets.images import classify_file
from tlstudio.datasets.walk import Stamp
from tlstudio.projects.library import SOURCE, Library
from tlstudio.projects.photo_memory import PhotoMemory


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "home")


def test_a_folder_of_photos_has_one_project(library: Library, tmp_path: Path) -> None:
    assert library.project_of(tmp_path / "birds") is None
    first = library.create(tmp_path / "birds")
    again = library.project_of(tmp_path / "birds")
    assert again is not None
    assert again.folder == first.folder
    other = library.create(tmp_path / "elsewhere" / "birds")
    assert other.folder.name == "birds 2"
    assert [entry.folder for entry in library.recent()] == [str(other.folder), str(first.folder)]
    assert [entry.source for entry in library.recent()][1] == str(tmp_path / "birds")


def test_the_one_opened_last_comes_first_and_what_is_gone_is_not_listed(library: Library, tmp_path: Path) -> None:
    first, second = (library.create(tmp_path / name) for name in ("a", "b"))
    library.open(first.folder)
    assert [Path(entry.folder) for entry in library.recent()] == [first.folder, second.folder]
    shutil.rmtree(first.folder)
    assert [Path(entry.folder) for entry in library.recent()] == [second.folder]
    library.forget(second.folder)
    assert library.recent() == ()
    assert second.folder.is_dir()


def test_a_damaged_list_is_an_empty_one(library: Library, tmp_path: Path) -> None:
    library.create(tmp_path / "a")
    (tmp_path / "home" / "projects.json").write_bytes(b"{")
    assert library.recent() == ()


def test_names_of_projects_can_be_names_of_folders(library: Library, tmp_path: Path) -> None:
    assert library.create(tmp_path / "what?: *birds*").folder.name == "what birds"
    assert library.create(Path("/")).folder.name == "Photos"


def test_a_moved_folder_is_known_by_its_photos(
    library: Library, tmp_path: Path, class_folders: Callable[..., Path]
) -> None:
    source = class_folders({"cat": 3, "dog": 3})
    project = library.create(source)
    memory = PhotoMemory(project)
    photos = sorted(path for path in source.rglob("*") if path.is_file())
    verdicts = [classify_file(photo) for photo in photos]
    for photo, verdict in zip(photos, verdicts, strict=True):
        memory.keep(photo.relative_to(source).as_posix(), Stamp(1, 1), verdict)
    memory.close()
    digests = {verdict.digest for verdict in verdicts}  # type: ignore[union-attr]
    assert library.moved_from(digests) is None, "it is where it was"
    moved = source.rename(tmp_path / "moved")
    entry = library.moved_from(digests)
    assert entry is not None
    assert entry.folder == str(project.folder)
    assert library.moved_from(set(list(digests)[:2])) is None
    library.attach(project, moved)
    assert project.setting(SOURCE) == str(moved)
    assert [entry.source for entry in library.recent()] == [str(moved)]
