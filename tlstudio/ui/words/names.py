"""Names that are too long for their place. Knows no widget."""

from typing import Final

LONGEST: Final = 20


def shortened(name: str, longest: int = LONGEST) -> str:
    """A name of at most so many letters, cut in the middle: names of one kind differ most at their ends."""
    tail = longest // 2
    return name if len(name) <= longest else f"{name[: longest - tail - 1]}…{name[-tail:]}"
