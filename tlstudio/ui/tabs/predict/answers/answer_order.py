"""Which answers are shown, and in which order. Knows no Qt."""

import re
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from tlstudio.ui.tabs.predict.answers.answer_list import AnswerList, Place
from tlstudio.ui.widgets.photo_table import STATES, PredictionState

SortKey = Literal["came", "file", "folder", "class", "score", "state"]

_DIGITS: Final = re.compile(r"\d+")
_WIDTH: Final = 12


@dataclass(frozen=True, slots=True)
class Filter:
    """What an answer has to be to be shown.

    Attributes:
        state: Its state; None for any.
        class_index: The class that it names; None for any.
        place: The folder that its file lies in; None for any.
        words: What the name of its file contains, in any case of letters.
    """

    state: PredictionState | None = None
    class_index: int | None = None
    place: Place | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Sort:
    """What answers are sorted by; those that are equal stay in the order in which they came.

    Attributes:
        key: "came" for the order in which they came.
        descending: Whether the last comes first.
    """

    key: SortKey = "came"
    descending: bool = False


class AnswerOrder:
    """The positions of a list that pass the filter, sorted.

    Attributes:
        filter: What is shown.
        sort: In which order.
    """

    def __init__(self, answers: AnswerList) -> None:
        self._answers = answers
        self._ascending = array("I")
        self.filter = Filter()
        self.sort = Sort()

    @property
    def appends(self) -> bool:
        """Whether new answers come at the end."""
        return self.sort == Sort()

    def shown(self) -> "array[int]":
        """The positions, from the top; a copy."""
        return self._ascending[::-1] if self.sort.descending else self._ascending[:]

    def renew(self) -> None:
        """Filter and sort everything: the answers, the filter or the order are others now."""
        self._ascending = array("I", self._sorted(self._passing(0)))

    def add(self, first: int) -> Sequence[int]:
        """Take in the positions of the list from one on, each where it belongs; tells those that pass the filter."""
        added = self._passing(first)
        if self.sort.key == "came":
            self._ascending.extend(added)
            return added
        key = self._key()
        for position in added:
            place = bisect_right(self._ascending, key(position), key=key)
            self._ascending.insert(place, position)
        return added

    def _passing(self, first: int) -> list[int]:
        wanted, answers = self.filter, self._answers
        states = answers.states(first)
        passing = states < len(STATES)
        if wanted.state is not None:
            passing &= states == STATES.index(wanted.state)
        if wanted.class_index is not None:
            passing &= (answers.named(first) == wanted.class_index) & (states != STATES.index("unreadable"))
        if wanted.place is not None:
            passing &= answers.within(wanted.place, first)
        positions: list[int] = (np.flatnonzero(passing) + first).tolist()
        words = wanted.words.strip().casefold()
        if not words:
            return positions
        return [position for position in positions if words in answers.name(position).casefold()]

    def _sorted(self, positions: Sequence[int]) -> Iterable[int]:
        match self.sort.key:
            case "came":
                return positions
            case "file":
                name = self._answers.name
                return sorted(positions, key=lambda position: name_key(name(position)))
            case _:
                chosen = np.array(positions, dtype=np.intp)
                order = np.lexsort([column[chosen] for column in reversed(self._columns())])
                ordered: list[int] = chosen[order].tolist()
                return ordered

    def _columns(self) -> tuple[NDArray[Any], ...]:
        """What is sorted by, the most important first."""
        answers = self._answers
        readable = answers.states() < STATES.index("unreadable")
        match self.sort.key:
            case "folder":
                return (answers.folder_ranks(),)
            case "class":
                ranks = np.array([*self._class_ranks(), 0])
                named = np.where(readable, answers.named(), len(ranks) - 1)
                return np.where(readable, ranks[named], len(ranks)), -answers.scores()
            case "state":
                return answers.states(), -answers.scores()
            case _:
                return (answers.scores(),)

    def _key(self) -> Callable[[int], Any]:
        """The same for a single position."""
        answers, unreadable = self._answers, STATES.index("unreadable")
        match self.sort.key:
            case "file":
                return lambda position: name_key(answers.name(position))
            case "folder":
                return answers.folder_key
            case "class":
                ranks = self._class_ranks()

                def by_class(position: int) -> tuple[int, float]:
                    named, score, state = answers.key(position)
                    return len(ranks) + 1 if state == unreadable else ranks[named], -score

                return by_class
            case "state":
                return lambda position: (answers.key(position)[2], -answers.key(position)[1])
            case _:
                return lambda position: answers.key(position)[1]

    def _class_ranks(self) -> list[int]:
        names = self._answers.classes
        ranks = [0] * len(names)
        for rank, index in enumerate(sorted(range(len(names)), key=lambda index: names[index].casefold())):
            ranks[index] = rank
        return ranks


@lru_cache(maxsize=1 << 15)  # answers that come are put between others: the same names are looked at many times
def name_key(name: str) -> str:
    """What names of files are sorted by: "IMG_9.JPG" comes before "img_10.jpg"."""
    return _DIGITS.sub(lambda digits: digits[0].zfill(_WIDTH), name.casefold())
