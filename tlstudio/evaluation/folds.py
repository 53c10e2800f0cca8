"""Cross-validation: every photo is judged once, by a training that never saw it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from tlstudio.datasets.splits.split import Split
from tlstudio.errors import TLStudioError
from tlstudio.evaluation.intervals import wilson_interval
from tlstudio.evaluation.verdict import outward

LEAST_FOLDS: Final = 3
"""One share each is learnt from, checked on and judged on."""


@dataclass(frozen=True, slots=True)
class Fold:
    """One of the trainings.

    Attributes:
        photos: Photos that it was judged on.
        right: How many of them were answered rightly.
        loss: Log loss on them.
    """

    photos: int
    right: int
    loss: float

    @property
    def accuracy(self) -> float:
        """Share right."""
        return self.right / self.photos


@dataclass(frozen=True, slots=True)
class CrossValidation:
    """All of them.

    Attributes:
        folds: One entry for each training.
        head_only: Whether the run was refined, too, which was not repeated.
    """

    folds: tuple[Fold, ...]
    head_only: bool = False

    @property
    def photos(self) -> int:
        """Photos judged, each once."""
        return sum(fold.photos for fold in self.folds)

    @property
    def accuracy(self) -> float:
        """Share right of all photos."""
        return sum(fold.right for fold in self.folds) / self.photos

    @property
    def interval(self) -> tuple[float, float]:
        """95 % Wilson interval of the accuracy, each photo counting as one judgement."""
        return wilson_interval(sum(fold.right for fold in self.folds), self.photos)

    @property
    def spread(self) -> tuple[float, float]:
        """Accuracy of the worst and of the best training."""
        shares = [fold.accuracy for fold in self.folds]
        return min(shares), max(shares)

    @property
    def loss(self) -> float:
        """Log loss of all photos."""
        return sum(fold.loss * fold.photos for fold in self.folds) / self.photos


def fold_splits(
    labels: Sequence[int], classes: Sequence[str], groups: Sequence[Sequence[int]], folds: int, seed: int
) -> tuple[Split, ...]:
    """Share out the photos several times, so that each of them is in the test part once.

    Each fold is the test part of one training and the validation part of the one before; the rest is learnt from.

    Args:
        labels: Class index of each photo.
        classes: Their names.
        groups: Photos that stay together; every photo exactly once.
        folds: How many trainings, at least ``LEAST_FOLDS``.
        seed: Same seed, same folds.

    Raises:
        TLStudioError: If there are too few photos, or groups of them, for so many folds.
    """
    from sklearn.model_selection import StratifiedGroupKFold

    _require_enough(labels, classes, groups, folds)
    group_of = np.empty(len(labels), dtype=np.int64)
    for number, members in enumerate(groups):
        group_of[list(members)] = number
    folding = StratifiedGroupKFold(folds, shuffle=True, random_state=seed)
    parts = [test for _, test in folding.split(np.zeros(len(labels)), np.asarray(labels), group_of)]
    return tuple(_split(parts, number) for number in range(folds))


def _require_enough(labels: Sequence[int], classes: Sequence[str], groups: Sequence[Sequence[int]], folds: int) -> None:
    if folds < LEAST_FOLDS:
        raise TLStudioError(f"{folds} rounds are too few to check it.", f"Choose {LEAST_FOLDS} or more.")
    counts = np.bincount([labels[members[0]] for members in groups], minlength=len(classes))
    rarest = int(counts.argmin())
    if counts[rarest] < folds:
        raise TLStudioError(
            f"“{classes[rarest]}” has too few photos that differ to be checked {folds} times over: "
            f"{int(counts[rarest])}.",
            "Take more photos of it, or choose fewer rounds.",
        )


def _split(parts: Sequence[np.ndarray], number: int) -> Split:
    following = (number + 1) % len(parts)
    rest = [part for place, part in enumerate(parts) if place not in (number, following)]
    train = sorted(int(photo) for part in rest for photo in part)
    return Split(tuple(train), tuple(map(int, parts[following])), tuple(map(int, parts[number])))


def folds_sentence(checked: CrossValidation) -> str:
    """What a cross-validation comes to, for a person."""
    low, high = outward(checked.interval)
    worst, best = (round(100 * share) for share in checked.spread)
    ranged = f"the rounds ranged from {worst} to {best}" if worst != best else f"every round came to {best}"
    alone = " The last layers were trained anew, the refining was not." if checked.head_only else ""
    return (
        f"Trained {len(checked.folds)} times, each time judged on other photos, so that all {checked.photos:,} were "
        f"judged once: {100 * checked.accuracy:.0f} of 100 right; {ranged}. "
        f"Of 100 new photos, about {low} to {high} will be right.{alone}"
    )
