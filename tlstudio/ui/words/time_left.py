"""How long a training will still take, said calmly: rounded, and never jumping up. Knows no Qt."""

from typing import Final

SHOWN_FROM: Final = 3.0
"""Seconds after the start from which an estimate is worth showing."""

_MINUTE: Final = 60
_FORGOTTEN_AFTER: Final = 8.0
"""Seconds for which the last estimate still stands when nobody knows any more."""


def step(seconds: float) -> int:
    """What a time is rounded to: 1, 5 or 10 seconds, whole minutes above ten."""
    for limit, size in ((10, 1), (_MINUTE, 5), (10 * _MINUTE, 10)):
        if seconds < limit:
            return size
    return _MINUTE


def rounded(seconds: float) -> int:
    """The nearest time worth saying, at least a second."""
    size = step(seconds)
    return max(round(seconds / size) * size, 1)


def in_words(seconds: float) -> str:
    """A time for people: "15 s", "1 min 20 s", "12 min", "2 h 5 min"."""
    whole = max(round(seconds), 0)
    minutes, rest = divmod(whole, _MINUTE)
    hours, minutes_left = divmod(minutes, _MINUTE)
    if hours:
        return f"{hours} h {minutes_left} min"
    if not minutes:
        return f"{rest} s"
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"


def stamp(seconds: float) -> str:
    """A moment of the training: "0:15"."""
    minutes, rest = divmod(int(seconds), _MINUTE)
    return f"{minutes}:{rest:02}"


class TimeLeft:
    """What is said of the time left. It may fall as it likes, but rises by one step a second at most."""

    def __init__(self) -> None:
        self._shown: int | None = None
        self._since = 0.0
        self._known = 0.0

    def update(self, left: float | None, elapsed: float) -> int | None:
        """Take a new estimate.

        Args:
            left: Seconds left, or None while nobody knows.
            elapsed: Seconds since the start.

        Returns:
            Seconds to show; None for nothing yet.
        """
        if left is None or elapsed < SHOWN_FROM:
            if elapsed - self._known > _FORGOTTEN_AFTER:
                self._shown = None
            return self._shown
        self._known = elapsed
        new = rounded(left)
        if self._shown is None or new < self._shown:
            self._shown, self._since = new, elapsed
        elif new > self._shown + step(self._shown) and elapsed - self._since >= 1:
            # A rise of a single step is noise; a true one arrives step by step.
            self._shown, self._since = self._shown + step(self._shown), elapsed
        return self._shown
