"""Wall time of work: per stage, and without pauses and without a computer's sleep."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from tlstudio.events import CancelToken

_NO_SLEEP: Final = 60.0  # seconds
_FAR_LONGER: Final = 20.0


class Clock:
    """Adds up how long each stage takes; starts when it is made.

    Attributes:
        seconds: Per stage that has ended.
    """

    def __init__(
        self, *stages: str, earlier: Mapping[str, float] | None = None, token: CancelToken | None = None
    ) -> None:
        """Starts.

        Args:
            stages: Those that are told even if nothing happens in them.
            earlier: What ``total`` said when the same training was interrupted.
            token: Knows of pauses; they don't count.
        """
        self._token = token or CancelToken()
        self.seconds = dict.fromkeys(stages, 0.0) | dict(earlier or {})
        self._begun = self._now() - self.seconds.pop("total", 0.0)
        self._open: tuple[str, float] | None = None

    def _now(self) -> float:
        return time.monotonic() - self._token.waited

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Counts the time inside the block for a stage."""
        begun = self._now()
        self._open = (name, begun)
        try:
            yield
        finally:
            self._open = None
            self._add(self.seconds, name, begun)

    def _add(self, seconds: dict[str, float], name: str, begun: float) -> None:
        seconds[name] = seconds.get(name, 0.0) + self._now() - begun

    def total(self) -> dict[str, float]:
        """All stages so far, the one that goes on included, and the whole, in seconds, rounded to milliseconds."""
        seconds = dict(self.seconds)
        if self._open is not None:
            self._add(seconds, *self._open)
        seconds["total"] = self._now() - self._begun
        return {name: round(value, 3) for name, value in seconds.items()}


class Stopwatch:
    """Seconds of steady work, looked at often: a step that takes far longer than all before is a computer's sleep.

    Not every system's clock stands still while the computer sleeps.
    """

    def __init__(self, token: CancelToken, clock: Callable[[], float] = time.monotonic) -> None:
        """Starts; ``token`` knows of pauses, which don't count."""
        self._token, self._clock = token, clock
        self._last = self._now()
        self._longest = self._seconds = 0.0

    def _now(self) -> float:
        return self._clock() - self._token.waited

    def look(self) -> float:
        """Seconds since the start."""
        now = self._now()
        step, self._last = now - self._last, now
        if not self._longest or step <= max(_NO_SLEEP, _FAR_LONGER * self._longest):
            self._longest = max(self._longest, step)
            self._seconds += step
        return self._seconds
