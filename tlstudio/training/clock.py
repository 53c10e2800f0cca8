"""Time of work, as a whole and per stage, without pauses and without a computer's sleep."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from tlstudio.awake_clock import awake_seconds
from tlstudio.events import CancelToken


class Stopwatch:
    """Seconds of work: neither pauses nor a computer's sleep count."""

    def __init__(self, token: CancelToken, clock: Callable[[], float] = awake_seconds) -> None:
        """Starts.

        Args:
            token: Knows of pauses.
            clock: Tells seconds; stands still while the computer sleeps.
        """
        self._token, self._clock = token, clock
        self._begun = self._now()

    def _now(self) -> float:
        return self._clock() - self._token.waited

    def look(self) -> float:
        """Seconds since the start."""
        return self._now() - self._begun


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
        self._watch = Stopwatch(token or CancelToken())
        self.seconds = dict.fromkeys(stages, 0.0) | dict(earlier or {})
        self._earlier = self.seconds.pop("total", 0.0)
        self._open: tuple[str, float] | None = None

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Counts the time inside the block for a stage."""
        begun = self._watch.look()
        self._open = (name, begun)
        try:
            yield
        finally:
            self._open = None
            self._add(self.seconds, name, begun)

    def _add(self, seconds: dict[str, float], name: str, begun: float) -> None:
        seconds[name] = seconds.get(name, 0.0) + self._watch.look() - begun

    def total(self) -> dict[str, float]:
        """All stages so far, the one that goes on included, and the whole, in seconds, rounded to milliseconds."""
        seconds = dict(self.seconds)
        if self._open is not None:
            self._add(seconds, *self._open)
        seconds["total"] = self._earlier + self._watch.look()
        return {name: round(value, 3) for name, value in seconds.items()}
