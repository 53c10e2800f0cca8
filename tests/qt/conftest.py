"""What the tests of the window share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from person import MINUTES, Person
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tlstudio.ui.main_window import MainWindow
from tlstudio.ui.session import Session


@pytest.fixture
def session(qapp: QApplication, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:  # noqa: ARG001
    """A session with a home and settings of its own, which makes no engines: nothing may import TensorFlow here."""
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path / "settings"))
    nothing = lambda *_arguments, **_options: None  # noqa: E731
    monkeypatch.setattr("tlstudio.ui.session.prepare_training", nothing)
    monkeypatch.setattr("tlstudio.ui.session.prepare_run", nothing)
    made = Session()
    yield made
    assert made.runner.shutdown(20)


@pytest.fixture
def person(session: Session, qtbot: QtBot) -> Iterator[Person]:
    """Somebody at the window of ``session``, all tabs of which are there."""
    window = MainWindow(session)
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.ready, timeout=MINUTES):
        window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)  # keys reach the shortcuts of the active window only
    yield Person(qtbot, window)
    window.close()
