"""How long the event loop of a window stalls, and how much of it the window itself computes. Imported by others."""

import time

from PySide6.QtCore import QAbstractEventDispatcher, QObject, QTimer

_TICK_MS = 5


class Stalls(QObject):
    """The longest gap between the ticks of a timer, and the longest own turn, for each name of what goes on.

    A gap is what a person waits: other threads and processes count. A turn is the processor time of the GUI thread from
    one waking of its event loop to the next.

    Attributes:
        name: What goes on now.
        longest: Longest gap of each name, in seconds.
        turns: Longest turn of each name, in seconds of processor time.
    """

    def __init__(self) -> None:
        """Begin to measure; in the GUI thread, with an application."""
        super().__init__()
        self.name = "start"
        self.longest: dict[str, float] = {}
        self.turns: dict[str, float] = {}
        self._last, self._spent = time.monotonic(), time.thread_time()
        self._since = self.name
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        self._timer.start(_TICK_MS)
        QAbstractEventDispatcher.instance().awake.connect(self._wake)

    def say(self) -> None:
        """Print all of it."""
        for name, longest in self.longest.items():
            turn = self.turns.get(name, 0.0)
            print(f"{name:<42} longest stall {1000 * longest:6.0f} ms, longest own turn {1000 * turn:6.1f} ms")

    def _tick(self) -> None:
        now, name = time.monotonic(), self._since  # a gap counts for what went on when it began
        self.longest[name] = max(self.longest.get(name, 0.0), now - self._last)
        self._last, self._since = now, self.name

    def _wake(self) -> None:
        spent = time.thread_time()
        self.turns[self.name] = max(self.turns.get(self.name, 0.0), spent - self._spent)
        self._spent = spent
