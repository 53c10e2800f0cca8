"""Sample data sets by download, and copies of the photos, through the window."""

import csv
import hashlib
import io
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

from tlstudio.datasets.sizes import size_in_words
from tlstudio.datasets.sources import catalogue
from tlstudio.datasets.sources.catalogue import DOWNLOADS, Download, RemoteFile
from tlstudio.datasets.sources.downloads import arrived, is_here
from tlstudio.events import CancelToken
from tlstudio.ui.copy_sheet import CopySheet
from tlstudio.ui.project_menu import ProjectMenu
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.dataset.dataset_tab import DatasetTab
from tlstudio.ui.tabs.dataset.welcome import samples_card
from tlstudio.ui.tabs.dataset.welcome.samples_card import DownloadRow
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.disclosure import Disclosure
from tlstudio.ui.widgets.message_bar import Message
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.ui.widgets.toggles import CheckBox
from tlstudio.workflows.open_sample import unpacked_sample

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

ClassFolders = Callable[..., Path]


def pets() -> bytes:
    """An archive as Microsoft's, with a file that can't be read, too large to come in one portion."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("Cat", "Dog"):
            for number in range(4):
                photo = io.BytesIO()
                Image.effect_noise((400, 300), 40 + 10 * number + len(name)).save(photo, "PNG")
                archive.writestr(f"PetImages/{name}/{number}.png", photo.getvalue())
        archive.writestr("PetImages/Cat/666.jpg", b"")
        archive.writestr("readme[1].txt", b"read me")
    return out.getvalue()


class Shelf:
    """A server on this computer that gives one file; while ``open`` isn't set it stops half way."""

    def __init__(self, content: bytes) -> None:
        self.open = threading.Event()
        self.open.set()
        shelf = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_arguments: object) -> None:
                """Tests are quiet."""

            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content[: len(content) // 2])
                self.wfile.flush()
                if shelf.open.wait(20):
                    self.wfile.write(content[len(content) // 2 :])

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/pets.zip"


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    content = pets()
    shelf = Shelf(content)
    thread = threading.Thread(target=shelf.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    entry = next(entry for entry in DOWNLOADS if entry.name == "cats_vs_dogs")
    checksum = f"sha256:{hashlib.sha256(content).hexdigest()}"
    published = replace(entry, files=(RemoteFile("Cats and dogs.zip", (shelf.url,), len(content), checksum),))
    for module in (catalogue, samples_card):
        monkeypatch.setattr(module, "DOWNLOADS", (published,))
    yield shelf
    shelf.open.set()
    shelf.server.shutdown()
    thread.join()
    shelf.server.server_close()


@pytest.fixture
def entry(shelf: Shelf) -> Download:  # noqa: ARG001
    return catalogue.DOWNLOADS[0]


@pytest.fixture
def tab(session: Session, qtbot: QtBot, shelf: Shelf) -> Iterator[DatasetTab]:  # noqa: ARG001
    cache = ThumbnailCache()
    made = DatasetTab(session, cache)
    qtbot.addWidget(made)
    made.resize(1300, 900)
    made.show()
    (more,) = [each for each in made.findChildren(Disclosure) if each.findChildren(DownloadRow)]
    assert not more.open
    more.set_open(True)
    yield made
    cache.shutdown()


def words(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def row_of(tab: DatasetTab) -> DownloadRow:
    (row,) = tab.findChildren(DownloadRow)
    return row


def button_of(row: DownloadRow) -> Button:
    (button,) = row.findChildren(Button)
    return button


def press(qtbot: QtBot, button: Button) -> None:
    QApplication.processEvents()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_download_is_offered_with_its_size_and_not_begun(tab: DatasetTab, entry: Download) -> None:
    row = row_of(tab)
    assert button_of(row).text() == "Download"
    assert button_of(row).accessibleName() == f"Download Cats and dogs, {size_in_words(entry.size)}"
    assert "25,000 photos, 2 classes" in words(row)
    assert f"{size_in_words(entry.size)} to download" in words(row)
    assert entry.licence in button_of(row).toolTip()
    assert not arrived(entry)


def test_a_press_downloads_unpacks_and_reads(tab: DatasetTab, session: Session, qtbot: QtBot) -> None:
    seen: set[str] = set()
    session.photos.scan_reported.connect(lambda _event: seen.add(tab.job_status().title if tab.job_status() else ""))
    with qtbot.waitSignal(session.photos.changed, timeout=20_000):
        press(qtbot, button_of(row_of(tab)))
        assert tab.state().text == "Reading"
    dataset = session.photos.dataset
    assert dataset is not None
    assert dataset.counts() == {"Cat": 4, "Dog": 4}
    assert [Path(entry.path).name for entry in dataset.rejected] == ["666.jpg"]
    assert session.photos.trainable
    assert "Downloading" in seen


def test_stop_keeps_what_arrived_and_go_on_finishes_it(
    tab: DatasetTab, session: Session, qtbot: QtBot, shelf: Shelf, entry: Download
) -> None:
    shelf.open.clear()
    press(qtbot, button_of(row_of(tab)))
    qtbot.waitUntil(lambda: arrived(entry) > 100_000, timeout=20_000)
    qtbot.waitUntil(lambda: "Downloading “Cats and dogs”" in words(tab), timeout=20_000)
    assert "the next time it goes on from there" in words(tab)
    with qtbot.waitSignal(session.photos.scan_ended, timeout=20_000):
        tab.stop_job()
    assert button_of(row_of(tab)).text() == "Go on"
    assert "are here" in words(row_of(tab))
    shelf.open.set()
    with qtbot.waitSignal(session.photos.changed, timeout=20_000):
        press(qtbot, button_of(row_of(tab)))
    assert is_here(entry)


def test_what_can_t_be_had_is_said_and_the_welcome_page_is_back(
    tab: DatasetTab, session: Session, qtbot: QtBot, shelf: Shelf
) -> None:
    posted: list[Message] = []
    session.posted.connect(posted.append)
    shelf.server.socket.close()
    with qtbot.waitSignal(session.photos.scan_ended, timeout=20_000):
        press(qtbot, button_of(row_of(tab)))
    qtbot.waitUntil(lambda: bool(posted))
    assert "can't be downloaded" in posted[-1].title
    assert row_of(tab).isVisibleTo(tab)


def test_a_download_can_be_deleted(tab: DatasetTab, session: Session, qtbot: QtBot, entry: Download) -> None:
    row = row_of(tab)
    (menu,) = row.findChildren(QMenu)
    unpacked_sample(entry.name, emit=lambda _event: None, token=CancelToken())
    row.refresh()
    assert button_of(row).text() == "Open"
    assert "on this computer" in words(row)
    posted: list[Message] = []
    session.posted.connect(posted.append)
    menu.actions()[0].trigger()
    qtbot.waitUntil(lambda: any("is deleted" in message.title for message in posted), timeout=20_000)
    assert not is_here(entry)
    assert button_of(row).text() == "Download"


# Copies


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def menu(session: Session, qtbot: QtBot) -> ProjectMenu:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return ProjectMenu(session, lambda: None, lambda: None, window)


def read(qtbot: QtBot, session: Session, folder: Path) -> None:
    with qtbot.waitSignal(session.photos.opened, timeout=20_000):
        session.photos.open_folder(folder)


def edit(qtbot: QtBot, session: Session, change: Callable[[], None]) -> None:
    with qtbot.waitSignal(session.photos.edited, timeout=20_000):
        change()


def copy_actions(menu: ProjectMenu) -> dict[str, Callable[[], None]]:
    (copies,) = [action.menu() for action in menu.actions() if action.text() == "Copy the photos"]
    assert isinstance(copies, QMenu)
    return {action.text(): action.trigger for action in copies.actions() if action.isVisible()}


def sheet_of(qtbot: QtBot, menu: ProjectMenu) -> CopySheet:
    owner = menu.parentWidget()
    assert owner is not None

    def shown() -> None:
        assert any(sheet.isVisible() for sheet in owner.findChildren(CopySheet))

    qtbot.waitUntil(shown, timeout=20_000)
    return next(sheet for sheet in owner.findChildren(CopySheet) if sheet.isVisible())


def filled(sheet: CopySheet) -> Button:
    (button,) = [button for button in sheet.findChildren(Button) if button.kind == "filled"]
    return button


def test_corrections_are_written_to_a_copy(
    session: Session, qtbot: QtBot, menu: ProjectMenu, class_folders: ClassFolders, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    folder = class_folders({"cat": 4, "dog": 4})
    (folder / "cat" / "photo_003.jpg").rename(folder / "loose.jpg")
    before = digests(folder)
    assert copy_actions(menu) == {}
    read(qtbot, session, folder)
    actions = session.photos.actions
    assert actions is not None
    edit(qtbot, session, lambda: session.photos.do(actions.move(["cat/photo_000.jpg"], "dog")))
    edit(qtbot, session, lambda: session.photos.do(actions.leave_out(["dog/photo_001.jpg"])))
    places = iter([folder, tmp_path / "copies"])
    (tmp_path / "copies").mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(next(places)))
    posted: list[Message] = []
    session.posted.connect(posted.append)
    copy_actions(menu)["With your corrections, in class folders…"]()
    sheet = sheet_of(qtbot, menu)
    assert "lies among the photos themselves" in words(sheet)
    assert not filled(sheet).isEnabled()
    (another,) = [button for button in sheet.findChildren(Button) if button.text() == "Choose another place"]
    press(qtbot, another)
    qtbot.waitUntil(lambda: filled(sheet).text() == "Copy 6 photos" and filled(sheet).isEnabled(), timeout=20_000)
    assert "1 photo left out" in words(sheet)
    assert "dog/photo_000" in words(sheet)
    (option,) = sheet.findChildren(CheckBox)
    assert "1 photo without a class" in option.text()
    option.click()
    qtbot.waitUntil(lambda: filled(sheet).text() == "Copy 7 photos" and filled(sheet).isEnabled(), timeout=20_000)
    press(qtbot, filled(sheet))
    qtbot.waitUntil(lambda: bool(posted) and posted[-1].kind == "done", timeout=20_000)
    assert (posted[-1].title, posted[-1].fix) == ("7 photos are copied", "Open folder")
    assert posted[-1].choice == "Undo"
    copied = posted[-1]
    out = tmp_path / "copies" / f"{folder.name} corrected"
    assert {path.split("/")[0] for path in digests(out)} == {"cat", "dog", "unlabelled", "corrections.csv"}
    assert sorted(set(digests(out).values()) & set(before.values())) == sorted(
        digest for path, digest in before.items() if path != "dog/photo_001.jpg"
    )
    with (out / "corrections.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[1:] == [
            ["cat/photo_000.jpg", "dog/photo_000.jpg", "cat", "dog"], ["dog/photo_001.jpg", "", "dog", ""],
        ]  # fmt: skip
    assert digests(folder) == before
    assert copied.on_choice is not None
    copied.on_choice()
    qtbot.waitUntil(lambda: posted[-1].title == "7 copies are deleted", timeout=20_000)
    assert not list((tmp_path / "copies").iterdir())
    assert digests(folder) == before


def test_a_sheet_that_is_closed_copies_nothing(
    session: Session, qtbot: QtBot, menu: ProjectMenu, class_folders: ClassFolders, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    folder = class_folders({"cat": 4, "dog": 4})
    read(qtbot, session, folder)
    (tmp_path / "copies").mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "copies"))
    copy_actions(menu)["Into train, validation and test…"]()
    sheet = sheet_of(qtbot, menu)
    qtbot.waitUntil(lambda: filled(sheet).text() == "Copy 8 photos", timeout=20_000)
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()
    assert not list((tmp_path / "copies").iterdir())
