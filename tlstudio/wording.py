"""Words that every layer needs."""

from typing import Final

_LONGEST: Final = 32
_ENDING: Final = 10


def counted(count: int, noun: str, plural: str = "") -> str:
    """A number and what it counts: "1 photo", "1,797 photos".

    Args:
        count: How many.
        noun: One of them.
        plural: More of them, if an "s" at the end doesn't do.
    """
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def percent(share: float, digits: int = 0) -> str:
    """A share as it stands in tables and bars: "93 %".

    Args:
        share: From 0 to 1.
        digits: After the point: "93.1 %" with 1.
    """
    return f"{100 * share:.{digits}f} %"


def in_quotes(name: str) -> str:
    """A name as it stands in a sentence: shortened in the middle where it is longer than a sentence bears.

    A line of text can't be broken within a name, and file systems take names of 255 characters.
    """
    return f"“{name if len(name) <= _LONGEST else f'{name[: _LONGEST - _ENDING - 1]}…{name[-_ENDING:]}'}”"
