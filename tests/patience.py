"""The ``qtbot`` of the tests here: it looks at the window as a person does, when what has come is in its place."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot


class PatientBot(QtBot):
    """Waits for layouts, too: Qt shows what is added to one, and gives it its place, a turn later."""

    def waitUntil(self, callback: Callable[[], Any], *, timeout: int = 5000) -> None:  # noqa: N802 - pytest-qt's name
        """Wait until ``callback`` holds, and what came with it is in its place."""
        super().waitUntil(callback, timeout=timeout)
        QApplication.processEvents()
