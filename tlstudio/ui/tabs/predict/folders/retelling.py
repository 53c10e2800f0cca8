"""Answers that are told once more: what is shown already stays, what is new comes behind it. Knows no Qt."""

import os
from collections.abc import Sequence
from dataclasses import dataclass

from tlstudio.prediction.prediction import Prediction
from tlstudio.ui.tabs.predict.answers.answers import Answers


@dataclass(frozen=True, slots=True)
class Told:
    """What a portion of answers brought.

    Attributes:
        added: Places of those that were not there before.
        changed: Places of those that are others now.
    """

    added: range
    changed: tuple[int, ...] = ()


class Retelling:
    """Takes the answers of a batch from the beginning, in order, while those of an earlier time are shown.

    Attributes:
        before: How many there were.
    """

    def __init__(self, answers: Answers) -> None:
        """Take note of what is there.

        Args:
            answers: Grows and changes as answers are taken.
        """
        self._answers = answers
        self.before = len(answers)
        self._told = bytearray(self.before)
        self._next = 0
        self._by_name: dict[str, list[int]] | None = None

    def take(self, predictions: Sequence[Prediction]) -> Told:
        """Take a portion."""
        first = len(self._answers)
        if not self.before:
            self._answers.append(predictions)
            return Told(range(first, len(self._answers)))
        new: list[Prediction] = []
        changed: list[int] = []
        for entry in predictions:
            place = self._place(entry.path)
            if place is None:
                new.append(entry)
                continue
            self._told[place] = True
            if self._answers.differs(place, entry):
                self._answers.replace(place, entry)
                changed.append(place)
        self._answers.append(new)
        return Told(range(first, len(self._answers)), tuple(changed))

    def untold(self) -> list[int]:
        """Places of answers that did not come again: their files are gone."""
        return [place for place, told in enumerate(self._told) if not told]

    def _place(self, path: str) -> int | None:
        """Where the answer for a file is shown: as a rule, behind the one before."""
        place: int | None = self._next
        if self._next >= self.before or not self._answers.is_at(self._next, path):
            place = self._find(path)
        if place is not None:
            self._next = place + 1
        return place

    def _find(self, path: str) -> int | None:
        if self._by_name is None:
            self._by_name = self._answers.by_name()
        places = self._by_name.get(os.path.basename(path), ())  # noqa: PTH119 - a Path for each takes long
        return next((place for place in places if self._answers.is_at(place, path)), None)
