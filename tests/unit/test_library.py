"""The list of projects: found by photo folder, also after that was moved."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tlstudio.datasets.images import classify_file
from tlstudio.datasets.walk import Stamp
from tlstudio.errors import TLStudioError
from tlstudio.projects.library import SOURCE, Library
from tlstudio.projects.photo_memory import PhotoMemory
from tlstudio.projects.project import LEFT_OUT, runs_of
from tlstudio.runs.store import folder_of_now, new_run


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


@pytest.mark.parametrize("damage", [b"{", b"", b"[1]", None])
def test_work_is_found_again_where_the_list_is_damaged(library: Library, tmp_path: Path, damage: bytes | None) -> None:
    project = library.create(tmp_path / "a")
    project.change("Leave out 1 photo", {(LEFT_OUT, "b.jpg"): "1"})
    (tmp_path / "home" / "projects" / "none").mkdir()
    listed = tmp_path / "home" / "projects.json"
    listed.unlink() if damage is None else listed.write_bytes(damage)
    again = library.project_of(tmp_path / "a")
    assert again is not None
    assert again.edits().left_out == {"b.jpg"}
    assert [entry.source for entry in library.recent()] == [str(tmp_path / "a")]


def test_a_list_that_cant_be_written_keeps_nobody_from_opening(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = library.create(tmp_path / "a")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tlstudio.projects.library.write_whole", full)
    assert library.open(project.folder).folder == project.folder
    with pytest.raises(TLStudioError, match="no space left"):
        library.create(tmp_path / "b")
    assert [path.name for path in (tmp_path / "home" / "projects").iterdir()] == ["a"], "half a project is left"


@pytest.mark.parametrize("name", ["z" * 250, "\u73ab" * 80, "CON"])
def test_any_name_of_a_folder_leads_to_a_project_and_a_run(library: Library, tmp_path: Path, name: str) -> None:
    first, second = (library.create(tmp_path / place / name).folder for place in ("a", "b"))
    assert first != second
    with new_run(folder_of_now(runs_of(first), name)) as scratch:
        (scratch / "run.json").write_bytes(b"{}")
    assert len(list(runs_of(first).iterdir())) == 1


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
