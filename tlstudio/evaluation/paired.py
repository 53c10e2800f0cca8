"""Which of two classifiers is better, told by the photos on which only one of them is right.

The exact test of Q. McNemar ("Note on the sampling error of the difference between correlated proportions",
Psychometrika 12, 1947): photos that both get right, or both wrong, say nothing about the difference. Of the others each
classifier would get half if they were equally good, so the binomial distribution tells how surprising the count is.
T. Dietterich recommends it for classifiers that are trained once ("Approximate Statistical Tests for Comparing
Supervised Classification Learning Algorithms", Neural Computation 10, 1998).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

LEVEL: Final = 0.05
"""A difference is claimed where chance alone would bring it less often than this."""

Better = Literal["first", "second", "unknown"]


@dataclass(frozen=True, slots=True)
class Paired:
    """Two classifiers on the same photos.

    Attributes:
        photos: Photos that both were judged on.
        both_right: Those that both get right.
        only_first: Those that only the first gets right.
        only_second: Those that only the second gets right.
        p_value: How often two equally good classifiers would differ as much or more, 0 to 1 (two-sided).
    """

    photos: int
    both_right: int
    only_first: int
    only_second: int
    p_value: float

    @property
    def both_wrong(self) -> int:
        """Photos that both get wrong."""
        return self.photos - self.both_right - self.only_first - self.only_second

    @property
    def gain(self) -> float:
        """Accuracy of the second less that of the first, -1 to 1; 0 without photos."""
        return (self.only_second - self.only_first) / self.photos if self.photos else 0.0


def compare_answers(first_right: ArrayLike, second_right: ArrayLike) -> Paired:
    """Test two classifiers on the same photos (exact McNemar test).

    Args:
        first_right: Whether the first is right, for each photo, shape (n,).
        second_right: Whether the second is, in the same order, shape (n,).

    Raises:
        ValueError: If there are not as many answers of one as of the other.
    """
    from scipy.special import bdtr

    first: NDArray[Any] = np.asarray(first_right, dtype=bool)
    second: NDArray[Any] = np.asarray(second_right, dtype=bool)
    if first.shape != second.shape or first.ndim != 1:
        raise ValueError(f"answers of shapes {first.shape} and {second.shape} are not on the same photos")
    only_first, only_second = int((first & ~second).sum()), int((second & ~first).sum())
    differing = only_first + only_second
    # The distribution is symmetric: as many or fewer photos on the rarer side, and the same on the other.
    p_value = min(2 * float(bdtr(min(only_first, only_second), differing, 0.5)), 1.0)
    return Paired(len(first), int((first & second).sum()), only_first, only_second, p_value)


def adjusted(p_values: Sequence[float]) -> tuple[float, ...]:
    """What p-values come to when several pairs are tested at once, in the same order.

    S. Holm, "A Simple Sequentially Rejective Multiple Test Procedure" (Scandinavian Journal of Statistics 6, 1979):
    however many pairs are equally good, a difference is claimed wrongly in no more than ``LEVEL`` of such tables.
    """
    found = np.ones(len(p_values))
    highest = 0.0
    for place, index in enumerate(np.argsort(p_values, kind="stable")):
        highest = max(highest, min(p_values[index] * (len(p_values) - place), 1.0))
        found[index] = highest
    return tuple(found.tolist())


def better(paired: Paired, p_value: float | None = None) -> Better:
    """Which one is truly better, as far as the photos tell.

    Args:
        paired: The two on the same photos.
        p_value: Adjusted for the number of pairs tested; that of the pair alone if None.
    """
    if (paired.p_value if p_value is None else p_value) >= LEVEL:
        return "unknown"
    return "second" if paired.gain > 0 else "first"


def headline(paired: Paired, first: str, second: str, p_value: float | None = None) -> str:
    """Which one is better, in a sentence.

    Args:
        paired: The two on the same photos.
        first: What the first is called.
        second: What the second is called.
        p_value: Adjusted for the number of pairs tested; that of the pair alone if None.
    """
    match better(paired, p_value):
        case "second":
            return f"{second} is better than {first}."
        case "first":
            return f"{first} is better than {second}."
    return f"No clear winner between {second} and {first}."


def evidence(paired: Paired, first: str, second: str, p_value: float | None = None) -> str:
    """What that stands on; the arguments are those of ``headline``."""
    if not paired.only_first + paired.only_second:
        return f"They are right and wrong on the same photos, all {paired.photos:,}."
    shown = paired.p_value if p_value is None else p_value
    several = "With so many pairs compared, chance" if shown > paired.p_value else "Chance"
    return (
        f"Of {paired.photos:,} photos, only {second} gets {_count(paired.only_second)} right, and only {first} "
        f"{_count(paired.only_first)}. {several} alone brings {_chance(shown)}."
    )


def _count(count: int) -> str:
    return f"{count:,}" if count else "none"


def _chance(p_value: float) -> str:
    if p_value < 0.01:
        return "a difference like this less than once in 100 comparisons"
    return f"a difference like this in {round(p_value * 100)} of 100 comparisons"
