"""Wall time per stage."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Clock:
    """Adds up how long each stage takes; starts when it is made.

    Attributes:
        seconds: Per stage.
    """

    def __init__(self, *stages: str) -> None:
        self._begun = time.monotonic()
        self.seconds = dict.fromkeys(stages, 0.0)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Counts the time inside the block for a stage."""
        begun = time.monotonic()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.monotonic() - begun

    def total(self) -> dict[str, float]:
        """All stages so far and the whole, in seconds, rounded to milliseconds."""
        return {name: round(value, 3) for name, value in self.seconds.items()} | {
            "total": round(time.monotonic() - self._begun, 3)
        }
