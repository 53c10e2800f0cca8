"""The judgement of a classifier on photos it never learnt from, as plain data."""

from dataclasses import dataclass


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

    @property
    def right(self) -> int:
        """Number of photos that were answered rightly."""
        return sum(photo.right for photo in self.photos)
