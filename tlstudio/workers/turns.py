"""Work for the window in small pieces, so that it answers in between however much has come at once."""

import time
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal


class Turns(QObject):
    """Does pieces one after the other, a few in each turn of the event loop.

    Attributes:
        turned: Some pieces have been done.
    """

    turned = Signal()

    def __init__(self, seconds: float = 0.0, parent: QObject | None = None) -> None:
        """Begin with nothing to do.

        Args:
            seconds: Further pieces are done in the same turn until so much time is spent; with 0, each has its own.
            parent: Owner.
        """
        super().__init__(parent)
        self._seconds = seconds
        self._pieces: deque[Callable[[], None]] = deque()
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._turn)

    def add(self, *pieces: Callable[[], None]) -> None:
        """Do pieces after those that were added before."""
        self._pieces.extend(pieces)
        if not self._timer.isActive():
            self._timer.start()

    def clear(self) -> None:
        """Forget what has not been done."""
        self._pieces.clear()
        self._timer.stop()

    def _turn(self) -> None:
        end = time.perf_counter() + self._seconds
        while self._pieces:
            piece = self._pieces.popleft()
            if not self._pieces:
                self._timer.stop()  # before the piece: it may add others
            piece()
            if time.perf_counter() >= end:
                break
        self.turned.emit()
