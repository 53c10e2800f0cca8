"""The judgement of a classifier on photos it never learnt from, as plain data."""

from dataclasses import dataclass

import numpy as np

from tlstudio.evaluation.calibration import ReliabilityBin, reliability
from tlstudio.evaluation.intervals import wilson_interval

MOST_NAMED = 5
"""Of the best classes of a photo, so many are kept, and so many are looked at for the top-k accuracy."""


@dataclass(frozen=True, slots=True)
class ClassMetrics:
    """One class of a report.

    Attributes:
        name: Class name.
        precision: Of the photos that were given this class, the share that belongs to it.
        recall: Of the photos of this class, the share that was found.
        f1: Harmonic mean of the two.
        support: Photos of this class.
    """

    name: str
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True)
class JudgedPhoto:
    """One photo of the report.

    Attributes:
        path: Relative to the root of the data set.
        true: Index of its label.
        predicted: Index of the answer.
        top: Up to five (class index, score) pairs, best first.
    """

    path: str
    true: int
    predicted: int
    top: tuple[tuple[int, float], ...]

    @property
    def right(self) -> bool:
        """Whether the answer is the label."""
        return self.true == self.predicted

    @property
    def score(self) -> float:
        """How sure the model is of its answer, 0 to 1."""
        return self.top[0][1]


@dataclass(frozen=True, slots=True)
class Uncalibrated:
    """The same photos by the scores that the network gives by itself, before temperature scaling.

    Attributes:
        loss: Log loss.
        ece: Expected calibration error.
        bins: How right answers are that are about equally sure.
    """

    loss: float
    ece: float
    bins: tuple[ReliabilityBin, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """How good a classifier is on a set of labelled photos.

    Attributes:
        root: Folder that the photos' paths are relative to.
        classes: Class names in the order of their indices.
        accuracy: Share right.
        interval: 95 % Wilson score interval of the accuracy.
        baseline: Accuracy of always naming the class that is largest here.
        loss: Mean negative log of the score given to the label (log loss, natural logarithm).
        macro_f1: Mean F1 over the classes that have photos.
        ece: Expected calibration error, 15 bins of equal width.
        per_class: One entry per class, in the order of ``classes``.
        confusion: Counts; rows are labels, columns are answers.
        photos: Every photo judged, in the order of the data set.
        rejected: Photos that could not be read again, as (path, reason).
        temperature: What the logits were divided by so that scores mean what they say; 1 for nothing.
        uncalibrated: The same without that; None where the temperature is 1.
    """

    root: str
    classes: tuple[str, ...]
    accuracy: float
    interval: tuple[float, float]
    baseline: float
    loss: float
    macro_f1: float
    ece: float
    per_class: tuple[ClassMetrics, ...]
    confusion: tuple[tuple[int, ...], ...]
    photos: tuple[JudgedPhoto, ...]
    rejected: tuple[tuple[str, str], ...] = ()
    temperature: float = 1.0
    uncalibrated: Uncalibrated | None = None

    @property
    def right(self) -> int:
        """Number of photos that were answered rightly."""
        return sum(photo.right for photo in self.photos)

    @property
    def balanced_accuracy(self) -> float:
        """Mean recall over the classes that have photos: every class counts the same, however few photos it has."""
        return float(np.mean([entry.recall for entry in self.per_class if entry.support]))

    @property
    def top_k(self) -> int:
        """How many of the best classes are looked at for the top-k accuracy; 1 where there are two classes."""
        return max(min(MOST_NAMED, len(self.classes) - 1), 1)

    @property
    def top_k_accuracy(self) -> float:
        """Share of the photos whose label is among the ``top_k`` best classes."""
        k = self.top_k
        return sum(any(index == photo.true for index, _ in photo.top[:k]) for photo in self.photos) / len(self.photos)

    @property
    def reliability(self) -> tuple[ReliabilityBin, ...]:
        """How right answers are that are about equally sure, in 15 bins of equal width; empty ones left out."""
        sure = np.array([photo.score for photo in self.photos])
        return reliability(sure, np.array([photo.right for photo in self.photos]))

    def recall_interval(self, index: int) -> tuple[float, float]:
        """95 % Wilson interval of the recall of a class."""
        row = self.confusion[index]
        return wilson_interval(row[index], sum(row))

    def precision_interval(self, index: int) -> tuple[float, float]:
        """95 % Wilson interval of the precision of a class; 0 to 1 where no photo was given it."""
        return wilson_interval(self.confusion[index][index], sum(row[index] for row in self.confusion))
