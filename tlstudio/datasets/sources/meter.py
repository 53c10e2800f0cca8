"""How far a download is, how quick, and how long it takes yet."""

import time
from collections import deque
from collections.abc import Callable

from tlstudio.datasets.sizes import size_in_words
from tlstudio.events import Emit, Progress

_SECONDS_OF_PACE = 5.0
_SECONDS_BEFORE_PACE = 1.0
_MINUTE = 60


class Meter:
    """Tells how far a download is: MB, the pace of the last seconds, the time left."""

    def __init__(
        self, stage: str, total: int, emit: Emit, clock: Callable[[], float] = time.monotonic, *, what: str = ""
    ) -> None:
        """Make a meter.

        Args:
            stage: As in ``Progress``.
            total: Bytes in all.
            emit: Told how far it is.
            clock: Seconds that never go back.
            what: Words before the note, for whoever doesn't know what is being downloaded.
        """
        self._stage = stage
        self._total = total
        self._what = f"{what}: " if what else ""
        self._emit = emit
        self._clock = clock
        self._seen: deque[tuple[float, int]] = deque()

    def add(self, others: int) -> Callable[[int], None]:
        """A ``report`` of one file, given the bytes of the others that have arrived."""
        return lambda done: self._look(others + done)

    def end(self) -> None:
        """Say that all has arrived."""
        self._emit(Progress(self._stage, self._total, self._total, self._what + size_in_words(self._total)))

    def _look(self, done: int) -> None:
        now, done = self._clock(), min(done, self._total)  # where the size isn't published, the total is rounded
        self._seen.append((now, done))
        while now - self._seen[0][0] > _SECONDS_OF_PACE:
            self._seen.popleft()
        amount = f"{size_in_words(done)} of {size_in_words(self._total)}"
        note = self._what + ", ".join([amount, *self._pace(now, done)])
        self._emit(Progress(self._stage, done, self._total, note))

    def _pace(self, now: float, done: int) -> list[str]:
        since, before = self._seen[0]
        if now - since < _SECONDS_BEFORE_PACE or done <= before:
            return []
        a_second = (done - before) / (now - since)
        return [f"{size_in_words(round(a_second))} a second", f"about {_rounded((self._total - done) / a_second)} left"]


def _rounded(seconds: float) -> str:
    """A time left, rounded so that it doesn't flicker: "4 s", "25 s", "3 min"."""
    if seconds >= 2 * _MINUTE:
        return f"{round(seconds / _MINUTE)} min"
    step = 1 if seconds < 10 else 5
    return f"{max(round(seconds / step) * step, 1)} s"
