"""How fast a batch goes, and how long it will still take. Knows no Qt."""

import time
from collections import deque
from collections.abc import Callable

from tlstudio.ui.words.time_left import TimeLeft, in_words

_MEASURED_AFTER = 1.0
_MEASURED_OVER = 15.0
_WHOLE_NUMBERS_FROM = 10


class Pace:
    """Speed and time left, from how much was done in the last seconds: what is known already comes much quicker.

    Attributes:
        a_second: Files a second; 0 while unknown.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = clock()
        self._looks: deque[tuple[float, int]] = deque()
        self._time_left = TimeLeft()
        self._left: int | None = None
        self.a_second = 0.0

    def look(self, done: int, total: int) -> None:
        """Take note of how far it is."""
        now = self._clock()
        self._looks.append((now, done))
        while now - self._looks[0][0] > _MEASURED_OVER and len(self._looks) > 1:
            self._looks.popleft()
        since, before = self._looks[0]
        if now - since < _MEASURED_AFTER or done <= before:
            return
        self.a_second = (done - before) / (now - since)
        self._left = self._time_left.update(max(total - done, 0) / self.a_second, now - self._began)

    def forget(self) -> None:
        """It has waited: what was done before says nothing of the seconds since."""
        self._looks.clear()

    def speed(self) -> str:
        """How fast it goes: "148 a second"; empty while unknown."""
        if not self.a_second:
            return ""
        digits = 0 if self.a_second >= _WHOLE_NUMBERS_FROM else 1
        return f"{self.a_second:,.{digits}f} a second"

    def left(self) -> str:
        """How long it will take: "53 s left"; empty while unknown."""
        return "" if self._left is None else f"{in_words(self._left)} left"
