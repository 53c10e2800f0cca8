"""What the tests of the window share."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from person import MINUTES, Person
from PySide6.QtCore import QSettings
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tlstudio.ui.main_window import MainWindow
from tlstudio.ui.session import Session


@pytest.fixture
def session(qapp: QApplication, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:  # noqa: ARG001
    """A session with a home and settings of its own, which makes no engines: nothing may import TensorFlow here."""
    with new_session(tmp_path / "settings", monkeypatch) as made:
        yield made


@contextmanager
def new_session(settings: Path, patch: pytest.MonkeyPatch) -> Iterator[Session]:
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(settings))
    nothing = lambda *_arguments, **_options: None  # noqa: E731
    patch.setattr("tlstudio.ui.session.prepare_training", nothing)
    patch.setattr("tlstudio.ui.session.prepare_run", nothing)
    patch.setattr("tlstudio.ui.tabs.model.speed_gauge.unmeasured", lambda _spec: [])
    made = Session()
    try:
        yield made
    finally:
        assert made.runner.shutdown(20)


@pytest.fixture
def newcomer(session: Session, qtbot: QtBot) -> Iterator[Person]:
    """Somebody who opens the window for the first time."""
    with new_window(session) as window:
        yield Person(qtbot, window)


@pytest.fixture
def windows(
    qapp: QApplication,  # noqa: ARG001 - it must be there
    home: Path,  # noqa: ARG001 - it must be there
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> Callable[[], AbstractContextManager[Person]]:
    """Opens the window as often as it is called, each time as after a restart of the program."""

    @contextmanager
    def opened() -> Iterator[Person]:
        with new_session(tmp_path / "settings", monkeypatch) as made, new_window(made) as window:
            yield Person(qtbot, window)

    return opened


@pytest.fixture
def person(lasting_window: MainWindow, qtbot: QtBot) -> Person:
    """Somebody who opens one folder after the other in one window: it takes longer to make than a test to run."""
    lasting_window.open("dataset")
    lasting_window.activateWindow()
    assert QTest.qWaitForWindowActive(lasting_window)
    return Person(qtbot, lasting_window)


@pytest.fixture(scope="module")
def lasting_window(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MainWindow]:  # noqa: ARG001
    """One window for all tests of a module, with a home of its own."""
    home = tmp_path_factory.mktemp("lasting")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TLSTUDIO_HOME", str(home))
        with new_session(home / "settings", patch) as session, new_window(session) as window:
            yield window


@contextmanager
def new_window(session: Session) -> Iterator[MainWindow]:
    """A window all tabs of which are there."""
    window = MainWindow(session)
    try:
        ready = QSignalSpy(window.ready)
        window.show()
        assert ready.count() or ready.wait(MINUTES)
        window.activateWindow()  # keys reach the shortcuts of the active window only
        assert QTest.qWaitForWindowActive(window)
        yield window
    finally:
        window.close()
        window.deleteLater()
