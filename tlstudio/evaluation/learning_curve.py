"""How the share of wrong answers falls with the number of photos, and what twice as many would likely bring."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tlstudio.evaluation.linear_head import Labels, Vectors, fit_linear_head
from tlstudio.evaluation.out_of_fold import folds_of
from tlstudio.events import CancelToken, Emit, Progress

FRACTIONS: Final = (0.125, 0.25, 0.5, 0.75, 1.0)
REPEATS: Final = 5
_DRAWS: Final = 200
_BAND: Final = (5, 95)
_EXPONENTS: Final = np.linspace(0.1, 1.5, 29)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class LearningCurve:
    """What was measured, and where it leads.

    Attributes:
        photos: (sizes,) Photos learnt from.
        errors: (sizes, repeats) Share of wrong answers on photos not learnt from.
        class_errors: (sizes, classes) The same by class, the mean over the repeats; NaN where no photo was judged.
        ahead: (points,) Numbers of photos, from the fewest measured to twice the most.
        expected: (points,) Share wrong to be expected there.
        low: (points,) Lower edge of the 90 % band.
        high: (points,) Upper edge.
        class_gains: (classes,) By how much the share wrong of each class likely falls with twice as many photos; NaN
            where nobody can tell.
    """

    photos: NDArray[np.int64]
    errors: Floats
    class_errors: Floats
    ahead: Floats
    expected: Floats
    low: Floats
    high: Floats
    class_gains: Floats

    @property
    def now(self) -> float:
        """Share wrong with all photos, by the fitted curve."""
        return float(np.interp(self.photos[-1], self.ahead, self.expected))

    @property
    def doubled(self) -> tuple[float, float, float]:
        """Share wrong with twice as many photos: expected, and the edges of the band."""
        return float(self.expected[-1]), float(self.low[-1]), float(self.high[-1])

    @property
    def neediest(self) -> int | None:
        """Index of the class to which more photos would likely bring most; None where nobody can tell."""
        known = np.nan_to_num(self.class_gains, nan=-1.0)
        return int(known.argmax()) if len(known) and known.max() > 0 else None


def measure_learning_curve(
    vectors: Vectors, labels: Labels, groups: NDArray[np.int64], n_classes: int, *, emit: Emit, token: CancelToken
) -> LearningCurve:
    """Learn from more and more of the photos, and judge on others each time.

    In each of five repeats another fifth of the photos is judged on; of the rest, growing shares are learnt from. The
    error is taken to fall as a + b · n^-c (J. Hestness et al., "Deep learning scaling is predictable, empirically",
    2017), and the band is that of 200 fits to repeats drawn anew (bootstrap).

    Args:
        vectors: (n, d) features of a network that never saw the labels.
        labels: (n,) class indices.
        groups: (n,) Photos with one number stay together.
        n_classes: How many classes there are.
        emit: Told ``Progress("curve", ...)``.
        token: Stops it.

    Raises:
        ValueError: If there are too few photos to be shared out five times.
        Cancelled: If a stop was asked for.
    """
    shares = list(folds_of(labels, groups, REPEATS))
    if len(shares) < REPEATS:
        raise ValueError(f"{len(labels)} photos can't be shared out {REPEATS} times")
    sizes = np.array([max(round(fraction * min(len(learnt) for learnt, _ in shares)), 1) for fraction in FRACTIONS])
    wrong = np.zeros((len(sizes), REPEATS, n_classes))
    judged_of_class = np.zeros((REPEATS, n_classes))
    for repeat, (learnt, judged) in enumerate(shares):
        order = _balanced_order(labels[learnt], seed=repeat)
        judged_of_class[repeat] = np.bincount(labels[judged], minlength=n_classes)
        head = None
        for number, size in enumerate(sizes):
            token.check()
            emit(Progress("curve", repeat * len(sizes) + number, REPEATS * len(sizes)))
            chosen = learnt[order[:size]]
            head = fit_linear_head(vectors[chosen], labels[chosen], n_classes, start=head)
            missed = head.scores(vectors[judged]).argmax(axis=1) != labels[judged]
            wrong[number, repeat] = np.bincount(labels[judged], weights=missed, minlength=n_classes)
    emit(Progress("curve", REPEATS * len(sizes), REPEATS * len(sizes)))
    return _concluded(sizes, wrong, judged_of_class)


def _balanced_order(labels: Labels, seed: int) -> NDArray[np.int64]:
    """An order in which every beginning holds the classes in about their proportions."""
    rng = np.random.default_rng(seed)
    place = np.empty(len(labels))
    for label in np.unique(labels):
        own = rng.permutation(np.flatnonzero(labels == label))
        place[own] = (np.arange(len(own)) + rng.random()) / len(own)
    return np.argsort(place, kind="stable").astype(np.int64)


def _concluded(sizes: NDArray[np.int64], wrong: Floats, judged: Floats) -> LearningCurve:
    errors = wrong.sum(axis=2) / judged.sum(axis=1)
    ahead = np.geomspace(sizes[0], 2 * sizes[-1], 40)
    rng = np.random.default_rng(0)
    drawn = [
        power_law(sizes, errors[:, rng.integers(REPEATS, size=REPEATS)].mean(axis=1), ahead) for _ in range(_DRAWS)
    ]
    low, high = np.percentile(drawn, _BAND, axis=0)
    expected = power_law(sizes, errors.mean(axis=1), ahead)
    with np.errstate(invalid="ignore"):
        class_errors = wrong.sum(axis=1) / np.where(judged.sum(axis=0) > 0, judged.sum(axis=0), np.nan)
    return LearningCurve(
        photos=sizes,
        errors=errors,
        class_errors=class_errors,
        ahead=ahead,
        expected=expected,
        low=np.minimum(low, expected),
        high=np.maximum(high, expected),
        class_gains=np.array([_gain(sizes, column) for column in class_errors.T]),
    )


def _gain(sizes: NDArray[np.int64], errors: Floats) -> float:
    if np.isnan(errors).any():
        return float("nan")
    now, doubled = power_law(sizes, errors, np.array([sizes[-1], 2 * sizes[-1]]))
    return float(now - doubled)


def power_law(sizes: Sequence[int] | NDArray[np.int64], errors: Floats, ahead: Floats | NDArray[np.int64]) -> Floats:
    """Fit a + b · n^-c to errors, and say what it gives at other sizes.

    For each of a row of exponents the best a and b, neither below 0, follow in one step; the best of them is taken.

    Args:
        sizes: (m,) Photos learnt from.
        errors: (m,) Share wrong.
        ahead: (k,) Numbers of photos.

    Returns:
        (k,) Share wrong, 0 to 1; it never rises with the number of photos.
    """
    from scipy.optimize import nnls

    measured = np.asarray(sizes, dtype=np.float64)
    best, found = np.inf, np.full(len(ahead), float(np.mean(errors)))
    for exponent in _EXPONENTS:
        columns = np.column_stack((np.ones(len(measured)), (measured / measured[-1]) ** -exponent))
        (floor, slope), residual = nnls(columns, errors)
        if residual < best - 1e-12:
            best = residual
            found = floor + slope * (np.asarray(ahead, dtype=np.float64) / measured[-1]) ** -exponent
    return np.asarray(np.clip(found, 0, 1), dtype=np.float64)
