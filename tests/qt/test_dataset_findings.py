"""What the Dataset tab finds wrong with photos and folders, and mends without touching a file."""

import hashlib
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

from tlstudio.datasets.dataset import Dataset
from tlstudio.ui.copy_sheet import CopySheet
from tlstudio.ui.project_menu import ProjectMenu
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.dataset.dataset_tab import DatasetTab
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.chips import FilterChip
from tlstudio.ui.widgets.message_bar import Message
from tlstudio.ui.widgets.photo_grid import PhotoGrid
from tlstudio.ui.widgets.thumbnails import ThumbnailCache

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

ClassFolders = Callable[..., Path]


@pytest.fixture
def tab(session: Session, qtbot: QtBot) -> Iterator[DatasetTab]:
    cache = ThumbnailCache()
    made = DatasetTab(session, cache)
    qtbot.addWidget(made)
    made.resize(1300, 900)
    made.show()
    yield made
    cache.shutdown()


def read(qtbot: QtBot, session: Session, folder: Path) -> Dataset:
    with qtbot.waitSignal(session.photos.scan_ended, timeout=20_000):
        session.photos.open_folder(folder)
    assert session.photos.dataset is not None
    return session.photos.dataset


def words(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def press(qtbot: QtBot, tab: QWidget, name: str) -> None:
    QApplication.processEvents()
    found: list[QAbstractButton] = [
        button for button in tab.findChildren(Button) if name in (button.text(), button.accessibleName())
    ]
    qtbot.mouseClick(found[0], Qt.MouseButton.LeftButton)


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_photos_that_look_alike_in_two_classes_are_shown(
    tab: DatasetTab, session: Session, qtbot: QtBot, shared: Path, tmp_path: Path
) -> None:
    for name in ("daisy", "roses"):
        (tmp_path / "garden" / name).mkdir(parents=True)
        for photo in sorted((shared / "data/flowers5" / name).iterdir())[:6]:
            (tmp_path / "garden" / name / photo.name).write_bytes(photo.read_bytes())
    twin = next((tmp_path / "garden" / "daisy").iterdir())
    with Image.open(twin) as image:
        image.resize((image.width // 2, image.height // 2)).save(tmp_path / "garden" / "roses" / "smaller.png")
    read(qtbot, session, tmp_path / "garden")
    title = "2 photos that look alike lie in two classes"
    assert title in words(tab)
    press(qtbot, tab, f"Show: {title}")
    (grid,) = tab.findChildren(PhotoGrid)
    assert {item.path.name for item in grid.items()} == {twin.name, "smaller.png"}
    (chip,) = [chip for chip in tab.findChildren(FilterChip) if chip.text() == "Look alike"]
    assert chip.isChecked()


def test_near_equal_classes_become_one_and_come_apart_again(
    tab: DatasetTab, session: Session, qtbot: QtBot, class_folders: ClassFolders
) -> None:
    folder = class_folders({"Dog": 4, "dogs ": 4, "cat": 4})
    before = digests(folder)
    dataset = read(qtbot, session, folder)
    assert set(dataset.classes) == {"Dog", "dogs ", "cat"}
    with qtbot.waitSignal(session.photos.edited, timeout=20_000):
        press(qtbot, tab, "Read them as one class")
    assert session.photos.dataset is not None
    assert sorted(session.photos.dataset.counts().values()) == [4, 8]
    assert session.photos.steps.undo == "Read them as one class"
    with qtbot.waitSignal(session.photos.edited, timeout=20_000):
        session.photos.undo()
    assert session.photos.dataset.classes == dataset.classes
    assert digests(folder) == before


def test_a_split_by_folders_is_kept(
    tab: DatasetTab, session: Session, qtbot: QtBot, class_folders: ClassFolders
) -> None:
    folder = class_folders(
        {"Train/cat": 5, "Train/dog": 5, "valid/cat": 2, "valid/dog": 2, "TEST/cat": 2, "TEST/dog": 2}
    )
    dataset = read(qtbot, session, folder)
    assert dataset.counts() == {"cat": 9, "dog": 9}
    assert session.photos.split is not None
    parts = {dataset.samples[number].path.split("/")[0] for number in session.photos.split.test}
    assert parts == {"TEST"}
    assert (len(session.photos.split.train), len(session.photos.split.validation), len(session.photos.split.test)) == (
        10,
        4,
        4,
    )
    assert session.photos.trainable
    assert "shared out by folders already" in words(tab)


def test_an_archive_is_read_where_it_is(
    tab: DatasetTab, session: Session, qtbot: QtBot, class_folders: ClassFolders, tmp_path: Path
) -> None:
    folder = class_folders({"cat": 4, "dog": 4}, name="pets")
    with zipfile.ZipFile(tmp_path / "pets.zip", "w") as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, path.relative_to(tmp_path))
    assert read(qtbot, session, tmp_path / "pets.zip").counts() == {"cat": 4, "dog": 4}
    assert session.photos.trainable
    assert [entry.source for entry in session.photos.library.recent()] == [str(tmp_path / "pets.zip")]
    assert tab.state().text == "8 photos"


@pytest.mark.parametrize(("entry", "exam"), [(0, "test/cat/"), (1, "test/cat_")])
def test_photos_are_copied_shared_out(
    session: Session, qtbot: QtBot, class_folders: ClassFolders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    entry: int, exam: str,
) -> None:  # fmt: skip
    folder = class_folders({"cat": 6, "dog": 6})
    before = digests(folder)
    menu = ProjectMenu(session, lambda: None, lambda: None)
    qtbot.addWidget(menu)
    (copies,) = [action.menu() for action in menu.actions() if action.text() == "Copy the photos"]
    assert isinstance(copies, QMenu)
    assert not copies.menuAction().isVisible()
    read(qtbot, session, folder)
    assert copies.menuAction().isVisible()
    (tmp_path / "copies").mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "copies"))
    posted: list[Message] = []
    session.posted.connect(posted.append)
    copies.actions()[entry].trigger()
    qtbot.waitUntil(lambda: any(sheet.isVisible() for sheet in menu.findChildren(CopySheet)), timeout=20_000)
    qtbot.keyClick(menu.findChildren(CopySheet)[0], Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(posted) and posted[-1].kind == "done", timeout=20_000)
    copied = digests(tmp_path / "copies" / f"{folder.name} shared out")
    assert sorted(copied.values()) == sorted(before.values())
    assert any(path.startswith(exam) for path in copied)
    assert digests(folder) == before


@pytest.mark.parametrize("backups", [0, 1])
def test_a_damaged_project_is_told_and_recovered(
    tab: DatasetTab, session: Session, qtbot: QtBot, class_folders: ClassFolders, backups: int
) -> None:
    folder = class_folders({"cat": 4, "dog": 4})
    dataset = read(qtbot, session, folder)
    assert session.photos.project is not None
    assert session.photos.actions is not None
    with qtbot.waitSignal(session.photos.edited, timeout=20_000):
        session.photos.do(session.photos.actions.move([dataset.samples[0].path], "dog"))
    if backups:
        read(qtbot, session, folder)  # the first opening of a project that is there makes the day's backup
        (session.photos.project.folder / "backups" / "9999.tlstudio").write_bytes(b"no backup at all")
    posted: list[Message] = []
    session.posted.connect(posted.append)
    file = session.photos.project.folder / "project.tlstudio"
    for ending in ("-wal", "-shm"):
        file.with_name(file.name + ending).unlink(missing_ok=True)
    file.write_bytes(b"no database" * 500)
    with qtbot.waitSignal(session.photos.scan_ended, timeout=20_000):
        session.photos.open_folder(folder)
    assert "damaged" in posted[-1].title
    assert tab.isEnabled()
    assert posted[-1].fix == ("Recover from backup" if backups else "")
    if posted[-1].on_fix is not None:
        with qtbot.waitSignal(session.photos.changed, timeout=20_000):
            posted[-1].on_fix()
        assert session.photos.dataset is not None
        assert session.photos.dataset.counts() == {"cat": 3, "dog": 5}
