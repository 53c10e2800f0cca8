"""Scores that mean what they say: temperature scaling, and how far apart how sure and how right answers are.

Temperature scaling (C. Guo et al., "On Calibration of Modern Neural Networks", ICML 2017) divides the logits of every
photo by one number. It leaves the order of the classes alone, so the answers and the accuracy stay what they are.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tlstudio.evaluation.losses import log_loss

Scores = NDArray[np.floating[Any]]
Labels = NDArray[np.integer[Any]]

CALIBRATION_BINS: Final = 15

FEWEST_PHOTOS: Final = 30
"""With fewer validation photos than this, no temperature is fitted."""

FEWEST_WRONG: Final = 5
"""With fewer wrong answers than this, nothing says that the model is too modest: it is never made surer."""

_HOTTEST, _COLDEST = 10.0, 0.1


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """The photos whose answers are about equally sure.

    Attributes:
        photos: How many.
        sure: Mean score of their answers, 0 to 1.
        right: Share of them that is right, 0 to 1.
    """

    photos: int
    sure: float
    right: float


def calibrated(scores: Scores, temperature: float) -> NDArray[np.float32]:
    """Scores as if their logits had been divided by a temperature.

    Args:
        scores: Softmax outputs, shape (n, classes); the logarithm of a score is its logit, up to a number that is the
            same for all classes of a photo.
        temperature: Above 1 makes the answers less sure, below 1 surer; 1 returns ``scores`` untouched. The reciprocal
            undoes it.

    Returns:
        Shape (n, classes); the largest score of each photo is of the same class as before.
    """
    given = np.asarray(scores, dtype=np.float32)
    if temperature == 1.0 or not given.size:
        return given
    logits = np.log(np.maximum(given, np.finfo(np.float32).tiny).astype(np.float64)) / temperature
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    result = (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)
    return _with_answers_of(given, result)


def _with_answers_of(before: NDArray[np.float32], after: NDArray[np.float32]) -> NDArray[np.float32]:
    """Let no rounding make two classes equal that were not, and so change an answer."""
    answers = before.argmax(axis=1)
    (changed,) = np.nonzero(after.argmax(axis=1) != answers)
    after[changed, answers[changed]] = np.nextafter(after[changed].max(axis=1), np.float32(2))
    return after


def fit_temperature(scores: Scores, labels: Labels) -> float:
    """The temperature that gives the labels of photos that were not learnt from the highest likelihood.

    Args:
        scores: Softmax outputs for the validation photos, shape (n, classes).
        labels: True class indices, shape (n,).

    Returns:
        1 where too few photos are there to tell, or where nothing lowers their log loss: it is never higher than at 1.
    """
    if len(labels) < FEWEST_PHOTOS:
        return 1.0
    from scipy.optimize import minimize_scalar

    def loss(log_temperature: float) -> float:
        return log_loss(calibrated(scores, float(np.exp(log_temperature))), labels)

    wrong = int((np.asarray(scores).argmax(axis=1) != labels).sum())
    coldest = _COLDEST if wrong >= FEWEST_WRONG else 1.0
    bounds = (np.log(coldest), np.log(_HOTTEST))
    found = float(np.exp(minimize_scalar(loss, bounds=bounds, method="bounded", options={"xatol": 1e-4}).x))
    return found if log_loss(calibrated(scores, found), labels) < log_loss(scores, labels) else 1.0


def reliability(sure: Scores, right: NDArray[np.bool_], bins: int = CALIBRATION_BINS) -> tuple[ReliabilityBin, ...]:
    """Photos by how sure their answers are, in bins of equal width; those that hold no photo are left out.

    Args:
        sure: Score of each answer, shape (n,).
        right: Whether it is right, shape (n,).
        bins: Into how many parts 0 to 1 is cut.
    """
    bin_of = np.minimum((sure * bins).astype(int), bins - 1)
    counts = np.bincount(bin_of, minlength=bins)
    sums, hits = np.bincount(bin_of, sure, bins), np.bincount(bin_of, right, bins)
    return tuple(
        ReliabilityBin(int(count), float(total / count), float(hit / count))
        for count, total, hit in zip(counts, sums, hits, strict=True)
        if count
    )


def calibration_error(bins: tuple[ReliabilityBin, ...]) -> float:
    """Mean distance between how sure and how right the answers are (expected calibration error, Guo et al.)."""
    photos = sum(entry.photos for entry in bins)
    return sum(entry.photos * abs(entry.sure - entry.right) for entry in bins) / photos if photos else 0.0


def expected_calibration_error(scores: Scores, labels: Labels, bins: int = CALIBRATION_BINS) -> float:
    """Expected calibration error of scores, shape (n, classes), of photos with these labels, shape (n,)."""
    return calibration_error(reliability(scores.max(axis=1), scores.argmax(axis=1) == labels, bins))
