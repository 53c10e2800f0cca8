"""Opening photos with their project: what a person changed is there again, wherever the photos are now."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tlstudio.datasets import index
from tlstudio.datasets.splits.split import SplitConfig
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Emit
from tlstudio.projects.actions import Actions
from tlstudio.projects.library import Library
from tlstudio.projects.project import Steps
from tlstudio.workflows.open_photos import Opened, keep_split, open_photos, reconsidered

USUAL = SplitConfig(0.5, 0.25, 0.25)

Reader = Callable[[Path], Opened]


@pytest.fixture
def photos(class_folders: Callable[[dict[str, int]], Path]) -> Path:
    return class_folders({"cat": 4, "dog": 4, "owl": 4})


@pytest.fixture
def reader(tmp_path: Path, silent: Emit) -> Reader:
    library = Library(tmp_path / "home")
    return lambda folder: open_photos(folder, library, USUAL, emit=silent, token=CancelToken())


def change(opened: Opened) -> Opened:
    """Moves a photo, leaves one out, switches a class off."""
    for make in (
        lambda actions: actions.move([opened.found.samples[0].path], "dog"),
        lambda actions: actions.leave_out([opened.found.samples[1].path]),
        lambda actions: actions.switch(["owl"], on=False),
    ):
        action = make(Actions(opened.found, opened.project.edits()))
        opened.project.change(action.sentence, action.changes)
    return reconsidered(opened)


def test_changes_are_there_the_next_time(reader: Reader, photos: Path) -> None:
    first = reader(photos)
    assert first.dataset == first.found
    assert first.split_config == USUAL
    changed = change(first)
    assert changed.dataset.counts() == {"cat": 2, "dog": 5}
    assert len(changed.dataset.left_out) == 5
    again = reader(photos)
    assert again.dataset == changed.dataset
    assert again.steps == Steps("Switch “owl” off")
    assert len(again.split.train) + len(again.split.validation) + len(again.split.test) == 7


def test_shares_belong_to_the_project_and_can_be_undone(reader: Reader, photos: Path) -> None:
    opened = reader(photos)
    wanted = SplitConfig(0.6, 0.2, 0.2, seed=3)
    assert keep_split(opened.project, wanted)
    assert not keep_split(opened.project, wanted)
    assert reader(photos).split_config == wanted
    assert opened.project.undo() == "Share out the photos 60/20/20"
    assert reader(photos).split_config == USUAL


def test_a_moved_folder_goes_on_with_its_project(reader: Reader, photos: Path, tmp_path: Path) -> None:
    first = change(reader(photos))
    moved = photos.rename(tmp_path / "elsewhere")
    opened = reader(moved)
    assert opened.project.folder == first.project.folder
    assert opened.moved_from == str(photos)
    assert replace(opened.dataset, root="") == replace(first.dataset, root="")
    assert reader(moved).moved_from == ""


def test_only_what_is_new_is_looked_into(
    reader: Reader, photos: Path, monkeypatch: pytest.MonkeyPatch, photos_factory: Callable[..., list[Path]]
) -> None:
    (photos / "cat" / "broken.jpg").write_bytes(b"\xff\xd8\xff broken")
    (photos / "notes.txt").write_text("no photo")
    first = reader(photos)
    looked_at: list[str] = []
    look = index.classify_file

    def counted(path: Path) -> object:
        looked_at.append(path.name)
        return look(path)

    monkeypatch.setattr(index, "classify_file", counted)
    assert reader(photos).dataset == first.dataset
    assert looked_at == []
    (new,) = photos_factory(photos / "new", 1)
    changed = photos / first.found.samples[0].path
    changed.write_bytes(new.read_bytes() + b"\0")
    reader(photos)
    assert sorted(looked_at) == sorted([changed.name, new.name])


def test_a_folder_that_can_not_be_read_makes_no_project(reader: Reader, tmp_path: Path) -> None:
    with pytest.raises(TLStudioError, match="no folder"):
        reader(tmp_path / "nowhere")
    assert not (tmp_path / "home").exists()
