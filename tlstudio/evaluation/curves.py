"""One class against all others, at every threshold of its score."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.floating[Any]]
Labels = NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A curve in the unit square.

    Attributes:
        x: Shape (points,), 0 to 1.
        y: Shape (points,), 0 to 1.
        area: 0 to 1; the area under a ROC curve, the average precision of a precision-recall curve.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    area: float


@dataclass(frozen=True, slots=True, eq=False)
class ClassCurves:
    """How well the score of a class tells its photos from those of all others.

    Attributes:
        roc: x is the share of other photos called this class, y the share of its own photos found.
        precision_recall: x is the share of its own photos found (recall), y the share of those called this class that
            are it (precision).
    """

    roc: Curve
    precision_recall: Curve


def class_curves(scores: Scores, labels: Labels, index: int) -> ClassCurves | None:
    """Curves of a class over all thresholds of its score.

    Args:
        scores: Softmax outputs, shape (n, classes).
        labels: True class indices, shape (n,).
        index: The class.

    Returns:
        None where all photos or none are of the class: then there is nothing to tell apart.
    """
    from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score, roc_curve

    own, score = labels == index, scores[:, index]
    if own.all() or not own.any():
        return None
    false_rate, true_rate, _ = roc_curve(own, score)
    precision, recall, _ = precision_recall_curve(own, score, drop_intermediate=True)
    return ClassCurves(
        Curve(false_rate, true_rate, float(roc_auc_score(own, score))),
        Curve(recall[::-1], precision[::-1], float(average_precision_score(own, score))),
    )


@dataclass(frozen=True, slots=True)
class AtThreshold:
    """What comes of it if photos are only called a class when the model is sure enough.

    Attributes:
        called: Photos called this class.
        right: How many of them are.
        own: Photos of this class.
    """

    called: int
    right: int
    own: int

    @property
    def precision(self) -> float | None:
        """Share right of those called it; None where none is."""
        return self.right / self.called if self.called else None

    @property
    def recall(self) -> float | None:
        """Share found of those that are it; None where none is."""
        return self.right / self.own if self.own else None


def at_threshold(scores: Scores, labels: Labels, index: int, threshold: float) -> AtThreshold:
    """Count what is called a class: photos whose best class it is, with at least this score.

    Args:
        scores: Softmax outputs, shape (n, classes).
        labels: True class indices, shape (n,).
        index: The class.
        threshold: 0 to 1.
    """
    called = (scores.argmax(axis=1) == index) & (scores[:, index] >= threshold)
    own = labels == index
    return AtThreshold(int(called.sum()), int((called & own).sum()), int(own.sum()))
