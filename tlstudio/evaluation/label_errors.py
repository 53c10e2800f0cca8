"""Photos whose label is likely wrong: heads that never saw a photo, and the photos most like it, speak against it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tlstudio.evaluation.linear_head import Labels, Vectors
from tlstudio.evaluation.neighbours import Neighbours, nearest_others
from tlstudio.evaluation.out_of_fold import out_of_fold_scores
from tlstudio.events import CancelToken, Emit, Progress

SHOWN_NEIGHBOURS: Final = 5
_ASKED_NEIGHBOURS: Final = 10
_LEAST_SHARE: Final = 0.02
"""Share that a class without a single neighbour is taken to have: ten neighbours can't rule anything out."""


@dataclass(frozen=True, slots=True)
class LabelDoubt:
    """One photo whose label is in doubt.

    Attributes:
        row: Of the photo.
        label: Class index of its label.
        suggestion: Class index that suits it better.
        quality: How well the label suits it, 0 to 1; the lowest come first.
        score: What heads that never saw the photo give the suggestion, 0 to 1.
        agreeing: Share of the most similar photos that have the label, weighted by likeness, 0 to 1.
        nearest: Rows of the five most similar photos, nearest first.
        likely: Whether cleanlab's confident learning counts it among the wrong ones (Northcutt et al. 2021).
    """

    row: int
    label: int
    suggestion: int
    quality: float
    score: float
    agreeing: float
    nearest: tuple[int, ...]
    likely: bool


def find_label_errors(
    vectors: Vectors, labels: Labels, groups: NDArray[np.int64], n_classes: int, *, emit: Emit, token: CancelToken
) -> tuple[LabelDoubt, ...]:
    """Photos whose label suits them less than another class, the most doubtful first.

    Two opinions count alike: cleanlab's label quality by out-of-fold scores, and the labels of the ten most similar
    photos. Their geometric mean ranks the photos, so either one that is sure can bring a photo to the front.

    Args:
        vectors: (n, d) features of a network that never saw the labels.
        labels: (n,) class indices.
        groups: (n,) Photos with one number, copies and look-alikes, stay on one side of every fold.
        n_classes: How many classes there are.
        emit: Told ``Progress("folds", ...)`` and ``Progress("neighbours", ...)``.
        token: Stops it.

    Raises:
        Cancelled: If a stop was asked for.
    """
    if len(labels) < 2 or n_classes < 2:
        return ()
    scores = out_of_fold_scores(vectors, labels, groups, n_classes, emit=emit, token=token)
    emit(Progress("neighbours", 0, 0))
    near = nearest_others(vectors, _ASKED_NEIGHBOURS, token=token)
    votes = _votes(near, labels, groups, n_classes)
    rows = np.arange(len(labels))
    quality, likely = _cleanlab_opinion(labels, scores)
    agreeing = votes[rows, labels]
    combined = np.sqrt(quality * np.maximum(agreeing, _LEAST_SHARE))
    better = np.sqrt(scores * np.maximum(votes, _LEAST_SHARE))
    suggestions = better.argmax(axis=1)
    doubtful = np.flatnonzero(suggestions != labels)
    order = doubtful[np.argsort(combined[doubtful], kind="stable")]
    return tuple(
        LabelDoubt(
            row=int(row),
            label=int(labels[row]),
            suggestion=int(suggestions[row]),
            quality=float(combined[row]),
            score=float(scores[row, suggestions[row]]),
            agreeing=float(agreeing[row]),
            nearest=tuple(near.rows[row, :SHOWN_NEIGHBOURS].tolist()),
            likely=bool(likely[row]),
        )
        for row in order
    )


def _cleanlab_opinion(labels: Labels, scores: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """(n,) label quality, 0 to 1, and (n,) which labels confident learning takes for wrong."""
    from cleanlab.filter import find_label_issues
    from cleanlab.rank import get_label_quality_scores

    probabilities = scores.astype(np.float64)
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    quality = get_label_quality_scores(labels, probabilities)
    if len(np.unique(labels)) < 2:
        return np.asarray(quality), np.zeros(len(labels), np.bool_)
    # One process: starting others costs more than they save, and a window is no place to start them from.
    likely = find_label_issues(labels, probabilities, n_jobs=1)
    return np.asarray(quality), np.asarray(likely, dtype=np.bool_)


def _votes(near: Neighbours, labels: Labels, groups: NDArray[np.int64], n_classes: int) -> NDArray[np.float64]:
    """(n, classes) share of the neighbours, by likeness; copies under the same label say nothing new."""
    weights = np.maximum(near.likeness.astype(np.float64), 0)
    copies = (groups[near.rows] == groups[:, np.newaxis]) & (labels[near.rows] == labels[:, np.newaxis])
    weights[copies] = 0
    votes = np.zeros((len(labels), n_classes))
    rows = np.repeat(np.arange(len(labels)), near.rows.shape[1])
    np.add.at(votes, (rows, labels[near.rows].ravel()), weights.ravel())
    total = votes.sum(axis=1, keepdims=True)
    shares = np.where(total > 0, votes / np.where(total > 0, total, 1), 1 / n_classes)
    return np.asarray(shares, dtype=np.float64)
