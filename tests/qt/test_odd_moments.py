"""What a person does at odd moments, and what goes wrong in the window itself."""

import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from person import Person
from PySide6.QtCore import QEvent, QSettings
from PySide6.QtWidgets import QApplication, QPlainTextEdit
from pytestqt.qtbot import QtBot
from stored_runs import make_run

from tlstudio import app
from tlstudio.datasets.dataset import Dataset
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Emit
from tlstudio.projects.project import RENAMED, Project
from tlstudio.ui.crash_dialog import CrashDialog
from tlstudio.ui.main_window import MainWindow
from tlstudio.ui.session import Session
from tlstudio.ui.widgets.tooltip import as_plain
from tlstudio.workflows.train import Trained, TrainRequest

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

ClassFolders = Callable[..., Path]


class Play:
    """Stands in for the training: ends when the test says so."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.error: Exception | None = None

    def train(self, request: TrainRequest, *, emit: Emit, token: CancelToken) -> Trained:  # noqa: ARG002
        assert self.go_on.wait(30)
        self.go_on.clear()
        if self.error is not None:
            raise self.error
        assert isinstance(request.source, Dataset)
        stored = make_run(request.out, Path(request.source.root))
        return Trained(stored, stored.report())


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Play:
    made = Play()
    monkeypatch.setattr("tlstudio.ui.session.train", made.train)
    return made


def begin(person: Person, class_folders: ClassFolders) -> Session:
    """Open photos of flowers, and train."""
    person.open(class_folders({"daisy": 6, "rose": 6}, name="flowers"))
    person.window.session.train()
    return person.window.session


def end(person: Person, play: Play) -> None:
    with person.qtbot.waitSignal(person.window.session.training_ended, timeout=30_000):
        play.go_on.set()
    QApplication.processEvents()


def test_a_training_that_ends_beside_other_photos_leaves_them_alone(
    person: Person, play: Play, class_folders: ClassFolders
) -> None:
    session = begin(person, class_folders)
    person.window.open("dataset")
    person.open(class_folders({"wren": 6, "finch": 6}, name="birds"))
    end(person, play)
    assert session.stored is None, "or its photos would be corrected in the project of the birds"
    assert session.photos.title == "birds"
    assert person.told == "The training is done."
    assert person.message is not None
    assert person.message.line == "Its run is saved. Other photos are open now."
    with person.qtbot.waitSignal(session.run_changed, timeout=30_000):
        person.press("See how good it is")
    assert session.stored is not None
    assert Path(session.stored.run.root).name == "flowers"
    assert session.photos.title == "flowers"


def test_a_training_that_ends_beside_its_photos_is_opened_and_what_failed_goes_with_them(
    person: Person, play: Play, class_folders: ClassFolders
) -> None:
    session = begin(person, class_folders)
    end(person, play)
    assert session.stored is not None
    play.error = TLStudioError("The photos are gone.", "Read the folder again.")
    person.window.open("dataset")
    session.train()
    end(person, play)
    assert person.told == "The photos are gone."
    person.window.open("dataset")
    person.open(class_folders({"wren": 6, "finch": 6}, name="birds"))
    assert person.told != "The photos are gone."


def test_what_another_window_does_to_the_project_is_followed(person: Person, class_folders: ClassFolders) -> None:
    person.open(class_folders({"daisy": 6, "rose": 6}, name="flowers"))
    photos = person.window.session.photos
    assert photos.project is not None
    Project(photos.project.folder).change("Rename “rose” to “roses”", {(RENAMED, "rose"): "roses"})
    person.during_change(lambda: QApplication.sendEvent(person.window, QEvent(QEvent.Type.ActivationChange)))
    assert person.classes() == {"daisy": 6, "roses": 6}
    assert photos.steps.undo == "Rename “rose” to “roses”"
    person.undo()
    assert person.classes() == {"daisy": 6, "rose": 6}


def test_what_goes_wrong_in_the_window_itself_is_shown_once(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    window, heard = person.window, list[object]()
    monkeypatch.setattr(sys, "excepthook", lambda _kind, error, _trace: heard.append(error))
    usual = sys.excepthook
    with app.bugs_shown(window):
        for error in (ZeroDivisionError("first"), KeyError("second")):
            sys.excepthook(type(error), error, None)
        sys.excepthook(PermissionError, PermissionError(13, "Permission denied", "/photos"), None)
    assert sys.excepthook is usual
    assert len(heard) == 3
    (dialog,) = window.findChildren(CrashDialog)
    (details,) = dialog.findChildren(QPlainTextEdit)
    assert "first" in details.toPlainText()
    dialog.close()
    assert person.told == "A file or folder may not be read or changed (/photos)."
    window.session.withdrawn.emit("window")  # other tests go on in this window


def test_a_damaged_file_of_settings_keeps_nobody_from_starting(session: Session, qtbot: QtBot) -> None:
    for key, value in (("geometry", "hello"), ("theme", ["dark", "light"]), ("contrast", b"\x00\xff")):
        QSettings().setValue(key, value)
    app.create_application()
    window = MainWindow(session)
    qtbot.addWidget(window)
    assert window.width() >= 960


def test_a_place_that_cant_be_opened_is_told(person: Person, tmp_path: Path) -> None:
    for place in ("z" * 300, "not there"):
        person.during_reading(lambda place=place: person.window.open_place(tmp_path / place))  # type: ignore[misc]
        assert person.message is not None
        assert person.message.kind == "wrong"
        assert person.message.line


def test_names_are_never_markup() -> None:
    assert as_plain("a & b, 8 photos") == "a & b, 8 photos"
    assert as_plain("<b>x</b>\n8 photos") == "<qt>&lt;b&gt;x&lt;/b&gt;<br>8 photos</qt>"
