"""One background task and its four signals."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QThread, Signal

from tlstudio.events import CancelToken, Emit


class Job(QThread):
    """Runs one long task. To be completed."""

    reported = Signal(object)
    succeeded = Signal(object)
    failed = Signal(object)
    cancelled = Signal()

    def __init__(self, task: Callable[[Emit, CancelToken], Any]) -> None:
        super().__init__()
        self._task = task
