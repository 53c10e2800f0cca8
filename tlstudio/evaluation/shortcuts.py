"""Whether something else than what photos show gives their class away: their borders, their files, a mark in a corner.

A classifier that goes by such a thing does well on photos taken alike, and fails on others (R. Geirhos et al.,
"Shortcut learning in deep neural networks", Nature Machine Intelligence 2, 2020).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from tlstudio.evaluation.linear_head import Labels
from tlstudio.evaluation.out_of_fold import folds_of
from tlstudio.evaluation.paired import compare_answers
from tlstudio.evaluation.telling_places import told_by_place

Kind = Literal["border", "files"]

_LEVEL: Final = 0.01
_BORDER_LEAST: Final = 0.9
_FILES_LEAST: Final = 0.5
_TREES: Final = 100
_MARK_RATIO: Final = 0.55
_MARK_LEAST_PHOTOS: Final = 8
_CELLS: Final = 8
_TELLING: Final = 0.95
_TELLING_LEAST_PHOTOS: Final = 16
_STANDING_OUT: Final = 0.15


@dataclass(frozen=True, slots=True)
class Clue:
    """How far one thing alone gets.

    Attributes:
        kind: "border" (what is left when the middle is covered) or "files" (size of file and photo, day, kind of name).
        accuracy: Share right by that alone, each photo judged by a classifier that never saw it.
        chance: Share right by always naming the largest class.
        whole: Share right by the whole photos, judged likewise.
        p_value: How often chance alone would bring as much, 0 to 1.
        alarming: Whether it gets so far that the model may go by it.
    """

    kind: Kind
    accuracy: float
    chance: float
    whole: float
    p_value: float
    alarming: bool

    @property
    def share(self) -> float:
        """How much of what the whole photos bring beyond chance this brings alone; 0 or more."""
        lead = self.whole - self.chance
        return max(self.accuracy - self.chance, 0) / lead if lead > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Mark:
    """A place that looks the same in the photos of one class, and not in those of others.

    Attributes:
        label: Class index.
        place: Left, top, width and height as shares of the photo.
        ratio: How much photos of the class differ there, as a share of how much the others do.
    """

    label: int
    place: tuple[float, float, float, float]
    ratio: float


@dataclass(frozen=True, slots=True)
class Shortcuts:
    """What was found.

    Attributes:
        clues: How far each thing alone gets.
        marks: Places that give a class away, the plainest first; at most one a class.
    """

    clues: tuple[Clue, ...]
    marks: tuple[Mark, ...]

    @property
    def alarming(self) -> bool:
        """Whether there is something to look at."""
        return bool(self.marks) or any(clue.alarming for clue in self.clues)


def judge_clue(kind: Kind, right: NDArray[np.bool_], whole_right: NDArray[np.bool_], labels: Labels) -> Clue:
    """Whether one thing alone gets suspiciously far.

    The border counts as a shortcut where it is about as good as the whole photo: what surrounds things nearly always
    tells something about them, and that alone is no fault. What stands in the file should tell nothing, so half of what
    the photos bring is enough. Either must be beyond chance (binomial test against the largest class).

    Args:
        kind: What it is.
        right: (n,) Which photos it alone gets right, out of fold.
        whole_right: (n,) Which the whole photos get right, out of fold.
        labels: (n,) class indices.
    """
    from scipy.stats import binomtest

    chance = float(np.bincount(labels).max() / len(labels))
    p_value = float(binomtest(int(right.sum()), len(right), chance, alternative="greater").pvalue)
    clue = Clue(kind, float(right.mean()), chance, float(whole_right.mean()), p_value, alarming=False)
    if p_value >= _LEVEL:
        return clue
    if kind == "files":
        alarming = clue.share >= _FILES_LEAST
    else:
        worse = compare_answers(whole_right, right)
        alarming = clue.share >= _BORDER_LEAST and (worse.gain >= 0 or worse.p_value >= _LEVEL)
    return Clue(kind, clue.accuracy, chance, clue.whole, p_value, alarming)


def right_by_files(table: NDArray[np.float64], labels: Labels, groups: NDArray[np.int64]) -> NDArray[np.bool_]:
    """(n,) Which photos a random forest gets right by facts of their files, out of fold.

    Args:
        table: (n, facts).
        labels: (n,) class indices.
        groups: (n,) Photos with one number stay together.
    """
    from sklearn.ensemble import RandomForestClassifier

    answers = np.full(len(labels), -1, dtype=np.int64)
    for learnt, judged in folds_of(labels, groups):
        forest: Any = RandomForestClassifier(_TREES, min_samples_leaf=3, random_state=0)
        answers[judged] = forest.fit(table[learnt], labels[learnt]).predict(table[judged])
    return np.asarray(answers == labels, dtype=np.bool_)


def find_marks(
    pictures: NDArray[np.uint8], labels: Labels, n_classes: int, groups: NDArray[np.int64]
) -> tuple[Mark, ...]:
    """Places near the border that give one class away: watermarks, logos, dates, a studio's wall.

    The photos are compared cell by cell. A place gives a class away where its photos differ from each other far less
    than those of the others do there, and far less than they do elsewhere; or where the pixels of that cell alone tell
    them from the others, and those of most other cells don't: small marks leave the rest of their cell as it was.

    Args:
        pictures: (n, side, side, 3); ``side`` is a multiple of 16.
        labels: (n,) class indices.
        n_classes: How many classes there are.
        groups: (n,) Photos with one number are alike.
    """
    counts = np.bincount(labels, minlength=n_classes)
    judged = np.flatnonzero((counts >= _MARK_LEAST_PHOTOS) & (len(labels) - counts >= _MARK_LEAST_PHOTOS))
    if not len(judged):
        return ()
    told = told_by_place(pictures, labels, n_classes, groups, _CELLS)
    marks = []
    for label in judged.tolist():
        ratio = _ratio(pictures, labels == label)
        alike = float(ratio.min()) < _MARK_RATIO
        telling = _standing_out(told[..., label]) if counts[label] >= _TELLING_LEAST_PHOTOS else None
        cell = int(ratio.argmin()) if alike else telling
        if cell is not None:
            marks.append(_mark(label, cell, float(ratio.flat[cell])))
    marks.sort(key=lambda mark: mark.ratio)
    # What tells one of two classes tells the other: the mark is on the photos that are more alike there.
    return tuple(
        mark
        for number, mark in enumerate(marks)
        if mark.ratio < _MARK_RATIO or all(mark.place != plainer.place for plainer in marks[:number])
    )


def _mark(label: int, cell: int, ratio: float) -> Mark:
    size = 1 / _CELLS
    return Mark(label, (cell % _CELLS * size, cell // _CELLS * size, size, size), ratio)


def _ratio(pictures: NDArray[np.uint8], own: NDArray[np.bool_]) -> NDArray[np.float64]:
    """(8, 8) How much photos of a class differ in each cell, as a share of how much the others do, 1 for as usual."""
    inside, outside = _spread(pictures[own]), _spread(pictures[~own])
    usual = np.median(inside) / max(float(np.median(outside)), 1e-6)
    ratio = inside / np.maximum(outside, 1e-6) / max(usual, 1e-6)
    ratio[1:-1, 1:-1] = np.inf  # what lies in the middle is what the photos show
    return ratio


def _standing_out(told: NDArray[np.float64]) -> int | None:
    """The cell that tells a class from the others while most at the border don't; None for none."""
    border = np.ones(told.shape, dtype=np.bool_)
    border[1:-1, 1:-1] = False
    best = int(told.argmax())
    clear = told.flat[best] >= _TELLING and told.flat[best] - np.median(told[border]) >= _STANDING_OUT
    return best if clear else None


def _spread(pictures: NDArray[np.uint8]) -> NDArray[np.float64]:
    """(8, 8) How much photos differ in each cell: standard deviation from photo to photo, the mean over its pixels."""
    step = pictures.shape[1] // _CELLS
    deviation = pictures.astype(np.float32).std(axis=0).mean(axis=2)
    cells = deviation.reshape(_CELLS, step, _CELLS, step).mean(axis=(1, 3))
    return np.asarray(cells, dtype=np.float64)


def photos_showing(mark: Mark, labels: Sequence[int], count: int) -> list[int]:
    """Some photos of the class of a mark, spread over all of them, to look at."""
    own = [photo for photo, label in enumerate(labels) if label == mark.label]
    return own[:: max(len(own) // count, 1)][:count]
