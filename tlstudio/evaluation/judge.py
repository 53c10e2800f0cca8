"""From scores and labels to a report."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tlstudio.evaluation.report import ClassMetrics, JudgedPhoto, Report

TOP = 5
CALIBRATION_BINS = 15
KERAS_EPSILON = 1e-7

Scores = NDArray[np.floating[Any]]
Labels = NDArray[np.integer[Any]]


def build_report(
    root: str,
    classes: Sequence[str],
    paths: Sequence[str],
    labels: Labels,
    scores: Scores,
    rejected: Sequence[tuple[str, str]] = (),
) -> Report:
    """Judge a classifier.

    Args:
        root: Folder that the paths are relative to.
        classes: Class names, one for each column of ``scores``.
        paths: The photos, shape (n,); n is at least 1.
        labels: True class indices, shape (n,).
        scores: Softmax outputs, shape (n, classes).
        rejected: Photos that could not be read, as (path, reason).
    """
    from sklearn.metrics import confusion_matrix

    indices = np.arange(len(classes))
    answers = scores.argmax(axis=1)
    right = int((answers == labels).sum())
    accuracy, loss = accuracy_and_loss(scores, labels)
    support = np.bincount(labels, minlength=len(classes))
    per_class = _per_class(classes, labels, answers)
    return Report(
        root=root,
        classes=tuple(classes),
        accuracy=accuracy,
        interval=wilson_interval(right, len(labels)),
        baseline=float(support.max() / len(labels)),
        loss=loss,
        macro_f1=float(np.mean([entry.f1 for entry in per_class if entry.support])),
        ece=expected_calibration_error(scores, labels),
        per_class=per_class,
        confusion=tuple(map(tuple, confusion_matrix(labels, answers, labels=indices).tolist())),
        photos=tuple(_judged(path, int(label), row) for path, label, row in zip(paths, labels, scores, strict=True)),
        rejected=tuple(rejected),
    )


def _per_class(classes: Sequence[str], labels: Labels, answers: Labels) -> tuple[ClassMetrics, ...]:
    from sklearn.metrics import precision_recall_fscore_support

    columns = precision_recall_fscore_support(labels, answers, labels=np.arange(len(classes)), zero_division=0.0)
    return tuple(
        ClassMetrics(name, float(precision), float(recall), float(f1), int(support))
        for name, precision, recall, f1, support in zip(classes, *columns, strict=True)
    )


def accuracy_and_loss(scores: Scores, labels: Labels) -> tuple[float, float]:
    """Share right, and mean negative log of the score given to the label, as Keras computes it.

    Args:
        scores: Softmax outputs, shape (n, classes); n is at least 1.
        labels: True class indices, shape (n,).
    """
    given = scores[np.arange(len(labels)), labels].astype(np.float64)
    loss = -np.log(np.clip(given, KERAS_EPSILON, 1.0)).mean()
    return float((scores.argmax(axis=1) == labels).mean()), float(loss)


def _judged(path: str, label: int, row: Scores) -> JudgedPhoto:
    best = np.argsort(-row, kind="stable")[:TOP]
    return JudgedPhoto(path, label, int(best[0]), tuple((int(index), float(row[index])) for index in best))


def wilson_interval(right: int, total: int) -> tuple[float, float]:
    """95 % Wilson score interval of a share (E. B. Wilson, JASA 22, 1927)."""
    from scipy.stats import binomtest

    interval = binomtest(right, total).proportion_ci(confidence_level=0.95, method="wilson")
    return float(interval.low), float(interval.high)


def expected_calibration_error(scores: Scores, labels: Labels, bins: int = CALIBRATION_BINS) -> float:
    """Mean distance between how sure and how right the answers are (Guo et al., ICML 2017), in bins of equal width."""
    sure = scores.max(axis=1)
    right = scores.argmax(axis=1) == labels
    bin_of = np.minimum((sure * bins).astype(int), bins - 1)
    weights = np.bincount(bin_of, minlength=bins)
    distance = np.abs(np.bincount(bin_of, sure, bins) - np.bincount(bin_of, right, bins))
    return float(distance[weights > 0].sum() / len(labels))
