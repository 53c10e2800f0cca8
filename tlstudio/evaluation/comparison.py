"""Several classifiers side by side, as plain data: figures, rank, pairs, and what fine-tuning brought by data set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tlstudio.evaluation.paired import Better, Paired, adjusted, better, compare_answers, evidence, headline
from tlstudio.modeling.speeds import Speed

MOST_PAIRED: Final = 6
"""So many classifiers are tested pair by pair at the most: 15 pairs. More would leave nothing that stands out."""


_DIGITS: Final = 9  # of a share; what follows is rounding, and would make a gain of nothing


@dataclass(frozen=True, slots=True)
class Measured:
    """How good a classifier is on one part of the photos.

    Attributes:
        accuracy: Share right, 0 to 1.
        loss: Log loss.
    """

    accuracy: float
    loss: float


@dataclass(frozen=True, slots=True)
class Figures:
    """One line of the table.

    Attributes:
        key: What it is known by: the folder of the run.
        name: What a person calls it.
        model: Title of its network.
        dataset: What its photos are called.
        source: Where they are: data sets of one name from two places are two.
        created: When the training began, ISO 8601.
        trained: Numbers that the training changes (trainable parameters); None where nobody knows.
        train: On the photos learnt from, in the round that was kept; None without rounds.
        validation: On the photos checked on; None without any.
        test: On the photos kept for the exam; None without any.
        interval: 95 % Wilson interval of the accuracy in the exam; None without one.
        photos: Photos of the exam.
        seconds: How long the training took in all; None where nobody knows.
        size: Bytes on disk.
        speed: How quick the network is on this computer; None where nobody knows.
        exam: Identity of the exam photos with their labels; "" without any. Equal ones can be compared.
        transfer: Accuracy in the exam before fine-tuning; None where nothing was transferred, or nobody knows.
        fine_tuned: The same after it; None without fine-tuning.
    """

    key: str
    name: str
    model: str
    dataset: str
    source: str
    created: str
    trained: int | None
    train: Measured | None
    validation: Measured | None
    test: Measured | None
    interval: tuple[float, float] | None
    photos: int
    seconds: float | None
    size: int
    speed: Speed | None
    exam: str
    transfer: float | None = None
    fine_tuned: float | None = None


@dataclass(frozen=True, slots=True)
class ExamAnswer:
    """What a classifier said of one exam photo.

    Attributes:
        path: Relative to the root of the data set.
        label: Class that the photo belongs to.
        answer: Class that was named.
        score: How sure it was, 0 to 1.
    """

    path: str
    label: str
    answer: str
    score: float

    @property
    def right(self) -> bool:
        """Whether the answer is the label."""
        return self.label == self.answer


Answers = Mapping[str, ExamAnswer]
"""Answers by what tells an exam photo from all others: its contents and its label."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two classifiers on the same exam photos.

    Attributes:
        first: Key of the one that ranks lower.
        second: Key of the one that ranks higher.
        paired: The counts.
        p_value: Adjusted for all pairs tested.
        better: Which is truly better, as far as can be told.
        headline: The same in words.
        evidence: What that stands on, in words.
    """

    first: str
    second: str
    paired: Paired
    p_value: float
    better: Better
    headline: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One data set with one model.

    Attributes:
        dataset: What the photos are called.
        model: Title of the network.
        key: The run that the figures are of.
        transfer: Accuracy in the exam with new last layers alone.
        fine_tuned: The same after fine-tuning; None if that was not done.
    """

    dataset: str
    model: str
    key: str
    transfer: float
    fine_tuned: float | None

    @property
    def gain(self) -> float | None:
        """What fine-tuning brought; None without it."""
        return None if self.fine_tuned is None else round(self.fine_tuned - self.transfer, _DIGITS)

    @property
    def helped(self) -> bool:
        """Whether fine-tuning made it better; also true where it was not tried."""
        return self.gain is None or self.gain > 0


@dataclass(frozen=True, slots=True)
class Changed:
    """An exam photo on which two classifiers differ.

    Attributes:
        before: What the first said.
        after: What the second said.
    """

    before: ExamAnswer
    after: ExamAnswer

    @property
    def gained(self) -> bool:
        """Whether only the second is right."""
        return self.after.right and not self.before.right


def ranks(rows: Sequence[Figures]) -> dict[str, int]:
    """Place of each line among those with the same exam photos, from 1; a line without any such has none.

    The photos checked on decide, first by accuracy and then by loss: who picks the best by the exam has used the exam
    up. Where none were checked on, the exam decides. Equal figures share a place.
    """
    found: dict[str, int] = {}
    for alike in same_exam(rows).values():
        if len(alike) < 2:
            continue
        merits = {row.key: _merit(row) for row in alike}
        for key, merit in merits.items():
            found[key] = 1 + sum(other > merit for other in merits.values())
    return found


def _merit(row: Figures) -> tuple[float, float]:
    measured = row.validation or row.test
    return (measured.accuracy, -measured.loss) if measured else (-1.0, 0.0)


def same_exam(rows: Sequence[Figures]) -> dict[str, tuple[Figures, ...]]:
    """Lines by their exam photos, those with the most lines first; lines without an exam are left out."""
    groups: dict[str, list[Figures]] = {}
    for row in rows:
        if row.exam:
            groups.setdefault(row.exam, []).append(row)
    return {exam: tuple(group) for exam, group in sorted(groups.items(), key=lambda entry: -len(entry[1]))}


def flags(rows: Sequence[Figures]) -> tuple[str, ...]:
    """Why some of the lines can't be compared with the others, in sentences; none where all can."""
    found = []
    alone = [row.name for row in rows if not row.exam]
    if alone:
        have, good = ("has", "it is") if len(alone) == 1 else ("have", "they are")
        found.append(f"{_listed(alone)} {have} no exam photos, so nobody knows how good {good}.")
    groups = list(same_exam(rows).values())
    for group in groups[1:]:
        were = "was" if len(group) == 1 else "were"
        found.append(
            f"{_listed([row.name for row in group])} {were} judged on other exam photos than {groups[0][0].name}: "
            "their figures are not compared."
        )
    return tuple(found)


def right_answers(answers: Answers) -> NDArray[np.bool_]:
    """Whether each answer is right, shape (n,), in an order that is the same for all with the same exam photos."""
    return np.array([answers[photo].right for photo in sorted(answers)], dtype=np.bool_)


def pairs(rows: Sequence[Figures], right: Mapping[str, NDArray[np.bool_]]) -> tuple[Pair, ...]:
    """Test all pairs that were judged on the same photos; the clearest difference comes first.

    Args:
        rows: The classifiers, ``MOST_PAIRED`` at the most; further ones are left out.
        right: Their ``right_answers``, by the key of the classifier.
    """
    places = ranks(rows)
    tested: list[tuple[Figures, Figures, Paired]] = []
    for one, other in combinations(rows[:MOST_PAIRED], 2):
        if one.exam and one.exam == other.exam:
            first, second = sorted((one, other), key=lambda row: -places[row.key])
            tested.append((first, second, compare_answers(right[first.key], right[second.key])))
    values = adjusted([paired.p_value for _, _, paired in tested])
    found = [
        Pair(
            first.key,
            second.key,
            paired,
            value,
            better(paired, value),
            headline(paired, first.name, second.name, value),
            evidence(paired, first.name, second.name, value),
        )
        for (first, second, paired), value in zip(tested, values, strict=True)
    ]
    return tuple(sorted(found, key=lambda pair: (pair.p_value, -abs(pair.paired.gain))))


def changed_photos(first: Answers, second: Answers) -> tuple[Changed, ...]:
    """Photos on which only one of two is right: those that the second gains, then those that it loses.

    Args:
        first: Answers of the first.
        second: Answers of the second, on the same photos.
    """
    both = (Changed(first[photo], second[photo]) for photo in first if photo in second)
    differing = [change for change in both if change.before.right != change.after.right]
    return tuple(sorted(differing, key=lambda change: (not change.gained, -change.after.score)))


def fine_tuning(rows: Sequence[Figures]) -> tuple[Cell, ...]:
    """The data set by model matrix: what new last layers reach, and what fine-tuning adds.

    Of several runs with the same photos and network the newest counts, one that was fine-tuned before one that wasn't.
    """
    newest: dict[tuple[str, str], Figures] = {}
    for row in sorted(rows, key=lambda row: (row.fine_tuned is not None, row.created)):
        if row.transfer is not None:
            newest[row.source, row.model] = row
    cells = [
        Cell(row.dataset, row.model, row.key, row.transfer, row.fine_tuned)
        for row in newest.values()
        if row.transfer is not None
    ]
    return tuple(sorted(cells, key=lambda cell: (cell.dataset.casefold(), cell.model.casefold())))


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
