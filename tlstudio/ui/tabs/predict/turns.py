"""Work for the window in small pieces, so that it answers in between however much has come at once."""

import time
from collections import deque
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

_TURN_SECONDS: Final = 0.004


class Turns(QObject):
    """Does pieces one after the other, for a few milliseconds a turn of the event loop.

    Attributes:
        turned: Some pieces have been done.
    """

    turned = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pieces: deque[Callable[[], None]] = deque()
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._turn)

    def add(self, piece: Callable[[], None]) -> None:
        """Do a piece after those that were added before; it should take a millisecond or two."""
        self._pieces.append(piece)
        if not self._timer.isActive():
            self._timer.start()

    def clear(self) -> None:
        """Forget what has not been done."""
        self._pieces.clear()
        self._timer.stop()

    def _turn(self) -> None:
        end = time.perf_counter() + _TURN_SECONDS
        while self._pieces and time.perf_counter() < end:
            self._pieces.popleft()()
        if not self._pieces:
            self._timer.stop()
        self.turned.emit()
