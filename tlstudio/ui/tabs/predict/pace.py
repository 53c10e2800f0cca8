"""How fast a batch goes, and how long it will still take. Knows no Qt."""

import time
from collections.abc import Callable

from tlstudio.ui.words.time_left import TimeLeft, in_words

_MEASURED_AFTER = 1.0
_WHOLE_NUMBERS_FROM = 10


class Pace:
    """Speed and time left, from how much was done since the first look.

    Attributes:
        a_second: Files a second; 0 while unknown.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._start: tuple[float, int] | None = None
        self._time_left = TimeLeft()
        self._left: int | None = None
        self.a_second = 0.0

    def look(self, done: int, total: int) -> None:
        """Take note of how far it is."""
        now = self._clock()
        if self._start is None:
            self._start = now, done
        since, before = self._start
        if now - since < _MEASURED_AFTER or done <= before:
            return
        self.a_second = (done - before) / (now - since)
        self._left = self._time_left.update(max(total - done, 0) / self.a_second, now - since)

    def speed(self) -> str:
        """How fast it goes: "148 a second"; empty while unknown."""
        if not self.a_second:
            return ""
        digits = 0 if self.a_second >= _WHOLE_NUMBERS_FROM else 1
        return f"{self.a_second:,.{digits}f} a second"

    def left(self) -> str:
        """How long it will take: "53 s left"; empty while unknown."""
        return "" if self._left is None else f"{in_words(self._left)} left"
