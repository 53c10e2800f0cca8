"""The answers of all batches as one list, each at a position of its own that never changes. Knows no Qt."""

import os
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tlstudio.ui.tabs.predict.answers.answers import UNREADABLE
from tlstudio.ui.tabs.predict.folders.photo_batch import PhotoBatch
from tlstudio.ui.widgets.photo_table import STATES, PredictionRow, PredictionState

_GONE: Final = 255


@dataclass(frozen=True, slots=True)
class Place:
    """A folder that answers lie in, or everything of one batch.

    Attributes:
        batch: Number of the batch.
        folder: Path of the folder; its own folders count as part of it. Empty for the whole batch.
        words: As a person would say it: "Meadow / plot 17".
    """

    batch: int
    folder: str
    words: str


class _Columns:
    """What is known of each position.

    Attributes:
        owner: Number of its batch.
        place: Place in the batch.
        state: Position in ``STATES``, or that it is gone.
        named: Class.
        score: Score of the class.
        folder: Number of its folder in the batch.
    """

    def __init__(self) -> None:
        self.owner, self.place, self.folder = array("H"), array("I"), array("I")
        self.state, self.named, self.score = array("B"), array("I"), array("f")


class _Run(NamedTuple):
    """Answers of a batch that came together: so many from a place in it on, and the position of the first."""

    place: int
    position: int
    length: int

    def follows(self, place: int, position: int) -> bool:
        """Whether an answer comes right behind these, in its batch and in the list."""
        return place - self.place == position - self.position == self.length


class AnswerList:
    """Answers in the order in which they came. What is removed leaves its positions empty.

    Attributes:
        threshold: Score from which on an answer is sure.
        classes: Class names in the order of their indices.
    """

    def __init__(self, threshold: float = 0.0) -> None:
        self.threshold = threshold
        self.classes: tuple[str, ...] = ()
        self._batches: list[PhotoBatch] = []
        self._runs: dict[int, list[_Run]] = {}
        self._counts: Counter[int] = Counter()
        self._columns = _Columns()

    def __len__(self) -> int:
        return len(self._columns.owner)

    # Taking

    def append(self, batch: PhotoBatch, places: range) -> range:
        """Take the answers at some places of a batch; tells their positions."""
        number = self._number(batch)
        answers, begin = batch.answers, len(self)
        states = answers.states(self.threshold, places).tolist()
        columns = self._columns
        columns.owner.extend([number] * len(places))
        columns.place.extend(places)
        columns.state.extend(states)
        columns.named.extend([answers.best_class(place) for place in places])
        columns.score.extend([answers.best_score(place) for place in places])
        columns.folder.extend([answers.folder_at(place) for place in places])
        runs = self._runs.setdefault(number, [])
        if runs and runs[-1].follows(places.start, begin):
            runs[-1] = runs[-1]._replace(length=runs[-1].length + len(places))
        else:
            runs.append(_Run(places.start, begin, len(places)))
        self._counts.update(states)
        return range(begin, len(self))

    def refresh(self, batch: PhotoBatch, place: int) -> int | None:
        """Look at one answer anew; tells its position, None where it isn't in the list."""
        position = self.position_of(batch, place)
        if position is None:
            return None
        answers, columns = batch.answers, self._columns
        state = answers.state(place, self.threshold)
        self._counts[columns.state[position]] -= 1
        self._counts[state] += 1
        columns.state[position] = state
        columns.named[position], columns.score[position] = answers.best_class(place), answers.best_score(place)
        return position

    def remove(self, batch: PhotoBatch) -> None:
        """Take the answers of a batch out."""
        if batch not in self._batches:
            return
        for run in self._runs.pop(self._batches.index(batch), []):
            self._columns.state[run.position : run.position + run.length] = array("B", [_GONE] * run.length)
        self._count()

    def clear(self, classes: Sequence[str] = ()) -> None:
        """Take everything out; what comes from now on is of these classes."""
        self.classes = tuple(classes)
        self._batches, self._runs, self._counts, self._columns = [], {}, Counter(), _Columns()

    def judge(self, threshold: float) -> bool:
        """Tell sure from unsure by another threshold; tells whether anything is different now."""
        self.threshold = threshold
        states = np.full(len(self), _GONE, np.uint8)
        for number, runs in self._runs.items():
            judged = self._batches[number].answers.states(threshold)
            for run in runs:
                states[run.position : run.position + run.length] = judged[run.place : run.place + run.length]
        before, self._columns.state = self._columns.state, array("B", states.tobytes())
        if self._columns.state == before:
            return False
        self._count()
        return True

    def _number(self, batch: PhotoBatch) -> int:
        if batch not in self._batches:
            self._batches.append(batch)
        return self._batches.index(batch)

    def _count(self) -> None:
        counts = np.bincount(np.asarray(self._columns.state), minlength=len(STATES))
        self._counts = Counter({state: int(counts[state]) for state in range(len(STATES))})

    # Giving

    def row(self, position: int) -> PredictionRow:
        """The row of an answer."""
        batch = self._batches[self._columns.owner[position]]
        return batch.answers.row(self._columns.place[position], self.threshold, batch.folder)

    def name(self, position: int) -> str:
        """Name of its file."""
        return self._batches[self._columns.owner[position]].answers.name(self._columns.place[position])

    def path(self, position: int) -> Path:
        """Path of its file."""
        return self._batches[self._columns.owner[position]].answers.path(self._columns.place[position])

    def locate(self, position: int) -> tuple[PhotoBatch, int]:
        """The batch of an answer, and its place in it."""
        return self._batches[self._columns.owner[position]], self._columns.place[position]

    def position_of(self, batch: PhotoBatch, place: int) -> int | None:
        """Position of an answer; None where it isn't in the list."""
        runs = self._runs.get(self._batches.index(batch), []) if batch in self._batches else []
        run = next((run for run in runs if run.place <= place < run.place + run.length), None)
        return None if run is None else run.position + place - run.place

    def counts(self) -> dict[PredictionState, int]:
        """How many answers there are of each state."""
        return {state: self._counts[number] for number, state in enumerate(STATES)}

    def class_counts(self) -> list[int]:
        """How many photos were given each class; unreadable ones aside."""
        readable = np.asarray(self._columns.state) < UNREADABLE
        named = np.asarray(self._columns.named)[readable]
        return [int(count) for count in np.bincount(named, minlength=len(self.classes))]

    def states(self, first: int = 0) -> NDArray[np.uint8]:
        """State of each position from one on, as a position in ``STATES``; larger where the answer is gone."""
        return np.array(self._columns.state[first:], dtype=np.uint8)

    def named(self, first: int = 0) -> NDArray[np.uint32]:
        """Class of each position from one on; means nothing for unreadable files."""
        return np.array(self._columns.named[first:], dtype=np.uint32)

    def scores(self) -> NDArray[np.float32]:
        """Score of each position."""
        return np.array(self._columns.score, dtype=np.float32)

    def key(self, position: int) -> tuple[int, float, int]:
        """Class, score and state of one position."""
        columns = self._columns
        return columns.named[position], columns.score[position], columns.state[position]

    # Folders

    def folder_key(self, position: int) -> tuple[int, str]:
        """What positions are sorted by where folders come first: batches in their order, their folders by name."""
        owner, folder = self._columns.owner[position], self._columns.folder[position]
        return owner, self._batches[owner].answers.folders[folder].casefold()

    def folder_ranks(self) -> NDArray[np.int64]:
        """For each position, the rank of its folder among all."""
        keys = {
            (number, index): (number, folder.casefold())
            for number in self._runs
            for index, folder in enumerate(self._batches[number].answers.folders)
        }
        most = max((index for _, index in keys), default=0) + 1
        table = np.zeros((max(len(self._batches), 1), most), np.int64)
        for rank, (number, index) in enumerate(sorted(keys, key=keys.__getitem__)):
            table[number, index] = rank
        result: NDArray[np.int64] = table[np.asarray(self._columns.owner), np.asarray(self._columns.folder)]
        return result

    def within(self, place: Place, first: int = 0) -> NDArray[np.bool_]:
        """Which positions, from one on, lie in a folder or in one of its own folders."""
        mine: NDArray[np.bool_] = np.array(self._columns.owner[first:], np.uint16) == place.batch
        if place.folder:
            inside = np.array([_lies_in(each, place.folder) for each in self._batches[place.batch].answers.folders])
            mine[mine] = inside[np.array(self._columns.folder[first:], np.uint32)[mine]]
        return mine

    def places(self) -> list[tuple[Place, int]]:
        """All folders that answers lie in, each with the number of answers in it and in its own folders."""
        found: list[tuple[Place, int]] = []
        for number in self._runs:
            batch = self._batches[number]
            mine = np.asarray(self._columns.folder)[np.asarray(self._columns.owner) == number]
            counts = np.bincount(mine, minlength=len(batch.answers.folders))
            within: Counter[str] = Counter()
            for path, count in zip(batch.answers.folders, counts, strict=True):
                within.update(dict.fromkeys(_upwards(path, batch.folder), int(count)))
            found.append((Place(number, "", batch.title), len(mine)))
            found += [
                (Place(number, path, _words(path, batch)), within[path]) for path in sorted(within, key=str.casefold)
            ]
        return found


def _lies_in(folder: str, outer: str) -> bool:
    return folder == outer or folder.startswith(outer + os.sep)


def _upwards(folder: str, root: Path | None) -> list[str]:
    """A folder and those that it lies in, as far as below the root; the root itself is the whole batch."""
    if root is None:
        return [folder]
    path = Path(folder)
    if not path.is_relative_to(root):
        return []
    above = [path, *path.parents]
    return [str(each) for each in above[: above.index(root)]]


def _words(folder: str, batch: PhotoBatch) -> str:
    if batch.folder is None:
        return folder
    return " / ".join((batch.title, *Path(folder).relative_to(batch.folder).parts))
