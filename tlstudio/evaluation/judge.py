"""From scores and labels to a report."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tlstudio.evaluation.calibration import calibrated, calibration_error, expected_calibration_error, reliability
from tlstudio.evaluation.intervals import wilson_interval
from tlstudio.evaluation.losses import log_loss
from tlstudio.evaluation.report import MOST_NAMED, ClassMetrics, JudgedPhoto, Report, Uncalibrated

TOP = 5

Scores = NDArray[np.floating[Any]]
Labels = NDArray[np.integer[Any]]


def build_report(
    root: str,
    classes: Sequence[str],
    paths: Sequence[str],
    labels: Labels,
    scores: Scores,
    rejected: Sequence[tuple[str, str]] = (),
    temperature: float = 1.0,
) -> Report:
    """Judge a classifier.

    Args:
        root: Folder that the paths are relative to.
        classes: Class names, one for each column of ``scores``.
        paths: The photos, shape (n,); n is at least 1.
        labels: True class indices, shape (n,).
        scores: Softmax outputs, shape (n, classes), at their temperature.
        rejected: Photos that could not be read, as (path, reason).
        temperature: What the scores were calibrated with.
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
        temperature=temperature,
        uncalibrated=_uncalibrated(scores, labels, temperature) if temperature != 1.0 else None,
    )


def _uncalibrated(scores: Scores, labels: Labels, temperature: float) -> Uncalibrated:
    raw = calibrated(scores, 1.0 / temperature)
    bins = reliability(raw.max(axis=1), raw.argmax(axis=1) == labels)
    return Uncalibrated(log_loss(raw, labels), calibration_error(bins), bins)


def _per_class(classes: Sequence[str], labels: Labels, answers: Labels) -> tuple[ClassMetrics, ...]:
    from sklearn.metrics import precision_recall_fscore_support

    columns = precision_recall_fscore_support(labels, answers, labels=np.arange(len(classes)), zero_division=0.0)
    return tuple(
        ClassMetrics(name, float(precision), float(recall), float(f1), int(support))
        for name, precision, recall, f1, support in zip(classes, *columns, strict=True)
    )


def accuracy_and_loss(scores: Scores, labels: Labels) -> tuple[float, float]:
    """Share right, and log loss.

    Args:
        scores: Softmax outputs, shape (n, classes); n is at least 1.
        labels: True class indices, shape (n,).
    """
    return float((scores.argmax(axis=1) == labels).mean()), log_loss(scores, labels)


def _judged(path: str, label: int, row: Scores) -> JudgedPhoto:
    best = np.argsort(-row, kind="stable")[:MOST_NAMED]
    return JudgedPhoto(path, label, int(best[0]), tuple((int(index), float(row[index])) for index in best))
