"""The window as on the first start, and somebody at it."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from person import MINUTES, Person
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from tlstudio.ui.main_window import MainWindow


@pytest.fixture
def window(qtbot: QtBot, home: Path) -> Iterator[MainWindow]:  # noqa: ARG001
    """The window, ready and with the focus: keys reach shortcuts in the active window only."""
    QSettings().clear()  # as on the first start
    window = MainWindow()
    with qtbot.waitSignal(window.ready, timeout=MINUTES):
        window.show()

    def active() -> bool:
        window.activateWindow()
        return window.isActiveWindow()

    qtbot.waitUntil(active)
    yield window
    window.close()
    assert not window.isVisible()


@pytest.fixture
def person(qtbot: QtBot, window: MainWindow) -> Person:
    """Somebody at that window."""
    return Person(qtbot, window)


@pytest.fixture
def link_flowers(shared: Path) -> Callable[[Path, Sequence[str], int], Path]:
    """Makes a folder of links to real flowers: so many photos of each class."""

    def link(root: Path, classes: Sequence[str], each: int) -> Path:
        for name in classes:
            (root / name).mkdir(parents=True)
            for photo in sorted((shared / "data/flowers5" / name).iterdir())[:each]:
                (root / name / photo.name).symlink_to(photo)
        return root

    return link
