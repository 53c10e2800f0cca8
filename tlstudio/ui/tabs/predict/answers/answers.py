"""The answers of a batch in little memory, and the words for how many of each kind there are. Knows no widget."""

import os
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tlstudio.prediction.prediction import Prediction, Reason
from tlstudio.ui.widgets.photo_table import STATES, PredictionRow
from tlstudio.wording import counted

SURE, UNSURE, UNLIKE, UNREADABLE = range(len(STATES))
"""States as ``Answers.states`` counts them."""

KEPT_TOP: Final = 9
"""Classes named for each photo where there are so many: in the review, the keys 1 to 9 reach them."""

NONE_OF_THEM: Final = -1
"""What a person decides about a photo of no class."""

_DIGEST_BYTES: Final = 32
_ROUNDING: Final = 1e-6
_NONE_WORDS: Final = "None of these"


class Answers:
    """What was said of each file, in order: some 180 bytes a file, so that 100,000 are no burden.

    Attributes:
        classes: Class names in the order of their indices.
        top: Classes named for each photo.
        folders: Folders that the files lie in.
        hold_back: Whether photos that are unlike everything learnt are never sure; their score decides where not.
    """

    def __init__(
        self, classes: Sequence[str], thresholds: Mapping[str, float] | None = None, *, hold_back: bool = True
    ) -> None:
        """Make an empty list.

        Args:
            classes: Class names in the order of their indices.
            thresholds: Scores from which on answers of single classes are sure, kept with the run.
            hold_back: Whether photos that are unlike everything learnt are never sure.
        """
        self.classes = tuple(classes)
        self.folders: list[str] = []
        self.hold_back = hold_back
        self.top = min(KEPT_TOP, len(self.classes))
        self._thresholds = dict(thresholds or {})
        self._index = {name: index for index, name in enumerate(self.classes)}
        self._folder_index: dict[str, int] = {}
        self._names: list[str] = []
        self._in_folder = array("I")
        self._errors: dict[int, str] = {}
        self._decided: dict[int, int] = {}
        self._unlike = bytearray()
        self._named = array("I")
        self._scores = array("f")
        self._novelty = array("f")
        self._digests = bytearray()

    def __len__(self) -> int:
        return len(self._names)

    # Taking

    def set_thresholds(self, thresholds: Mapping[str, float]) -> None:
        """Use other thresholds of single classes."""
        self._thresholds = dict(thresholds)

    def append(self, predictions: Iterable[Prediction]) -> None:
        """Keep more answers."""
        for entry in predictions:
            if entry.status == "unreadable":
                self._errors[len(self._names)] = entry.error
            folder, name = os.path.split(entry.path)
            self._names.append(name)
            self._in_folder.append(self._folder(folder))
            pairs = self._pairs(entry)
            self._named.extend([self._index.get(label, 0) for label, _ in pairs])
            self._scores.extend([score for _, score in pairs])
            self._keep_rest(len(self._names) - 1, entry, new=True)

    def replace(self, position: int, entry: Prediction) -> None:
        """Keep another answer for the file at a position: it has changed since, and what was decided about it fell."""
        self._errors.pop(position, None)
        self._decided.pop(position, None)
        if entry.status == "unreadable":
            self._errors[position] = entry.error
        places = slice(position * self.top, (position + 1) * self.top)
        pairs = self._pairs(entry)
        self._named[places] = array("I", (self._index.get(label, 0) for label, _ in pairs))
        self._scores[places] = array("f", (score for _, score in pairs))
        self._keep_rest(position, entry, new=False)

    def _keep_rest(self, position: int, entry: Prediction, *, new: bool) -> None:
        unlike = entry.reason == "unlike"
        novelty = np.nan if entry.novelty is None else entry.novelty
        digest = bytes.fromhex(entry.digest) or bytes(_DIGEST_BYTES)
        if new:
            self._unlike.append(unlike)
            self._novelty.append(novelty)
            self._digests += digest
        else:
            self._unlike[position] = unlike
            self._novelty[position] = novelty
            self._digests[position * _DIGEST_BYTES : (position + 1) * _DIGEST_BYTES] = digest

    def _pairs(self, entry: Prediction) -> tuple[tuple[str, float], ...]:
        pairs = entry.top[: self.top]
        return pairs + (("", 0.0),) * (self.top - len(pairs))

    def _folder(self, folder: str) -> int:
        index = self._folder_index.setdefault(folder, len(self.folders))
        if index == len(self.folders):
            self.folders.append(folder)
        return index

    def decide(self, position: int, class_index: int | None) -> None:
        """Let a person's word stand for the model's.

        Args:
            position: Which file.
            class_index: Its class, ``NONE_OF_THEM``, or None to let the model's answer stand again.
        """
        if class_index is None:
            self._decided.pop(position, None)
        else:
            self._decided[position] = class_index

    # Giving

    def name(self, position: int) -> str:
        """Name of a file."""
        return self._names[position]

    def path(self, position: int) -> Path:
        """Path of a file."""
        return Path(self.folders[self._in_folder[position]], self._names[position])

    def folder_at(self, position: int) -> int:
        """Which of ``folders`` a file lies in."""
        return self._in_folder[position]

    def is_at(self, position: int, path: str) -> bool:
        """Whether the file at a position has this path."""
        folder, name = os.path.split(path)
        return self._names[position] == name and self.folders[self._in_folder[position]] == folder

    def differs(self, position: int, entry: Prediction) -> bool:
        """Whether what is kept for the file at a position isn't what ``entry`` says."""
        if entry.status == "unreadable" or position in self._errors:
            return self._errors.get(position) != entry.error
        name, score = entry.top[0]
        same = self.classes[self._named[position * self.top]] == name
        close = abs(self._scores[position * self.top] - score) < _ROUNDING
        return not same or not close or (entry.reason == "unlike") != self._unlike[position]

    def emptied(self) -> "Answers":
        """An empty list for the same classes."""
        return Answers(self.classes, self._thresholds, hold_back=self.hold_back)

    def take_from(self, other: "Answers", positions: Iterable[int]) -> None:
        """Keep some answers of another list, with what a person decided about them."""
        for position in positions:
            self.append([other._said(position)])
            self.decide(len(self) - 1, other._decided.get(position))

    def by_name(self) -> dict[str, list[int]]:
        """Positions of files by their names."""
        places: dict[str, list[int]] = {}
        for position, name in enumerate(self._names):
            places.setdefault(name, []).append(position)
        return places

    def find(self, path: str) -> int | None:
        """Position of a file, by its path as it was told; None where there is no such file."""
        folder, name = os.path.split(path)
        index = self._folder_index.get(folder)
        if index is None:
            return None
        beside = np.flatnonzero(np.asarray(self._in_folder) == index)
        return next((position for position in beside.tolist() if self._names[position] == name), None)

    def best(self, position: int) -> tuple[tuple[int, float], ...]:
        """(class index, score) pairs of a file, best first; empty for an unreadable one."""
        if position in self._errors:
            return ()
        places = slice(position * self.top, (position + 1) * self.top)
        return tuple(zip(self._named[places], self._scores[places], strict=True))

    def best_class(self, position: int) -> int:
        """Index of the class that it is, by a person's word or the model's; means nothing for an unreadable file."""
        decided = self._decided.get(position, NONE_OF_THEM)
        return self._named[position * self.top] if decided == NONE_OF_THEM else decided

    def best_score(self, position: int) -> float:
        """Score of the class named first; 0 for an unreadable file."""
        return self._scores[position * self.top]

    def states(self, threshold: float, places: range | None = None) -> NDArray[np.uint8]:
        """State of files, as a position in ``STATES``.

        Args:
            threshold: Score from which on an answer is sure, where its class has none of its own.
            places: Positions that follow each other; None for all.
        """
        first, end = (places.start, places.stop) if places is not None else (0, len(self))
        best = slice(first * self.top, end * self.top, self.top)
        scores = np.array(self._scores[best], dtype=np.float64)
        least = np.array([self._thresholds.get(name, threshold) for name in self.classes])
        states = np.where(scores >= least[np.array(self._named[best], dtype=np.uint32)], SURE, UNSURE).astype(np.uint8)
        if self.hold_back:
            states[np.frombuffer(bytes(self._unlike[first:end]), np.uint8) > 0] = UNLIKE
        for position, decided in self._decided.items():
            if first <= position < end:
                states[position - first] = UNSURE if decided == NONE_OF_THEM else SURE
        states[[position - first for position in self._errors if first <= position < end]] = UNREADABLE
        return states

    def state(self, position: int, threshold: float) -> int:
        """State of one file, as a position in ``STATES``; ``threshold`` as for ``states``."""
        if position in self._errors:
            return UNREADABLE
        if position in self._decided:
            return UNSURE if self._decided[position] == NONE_OF_THEM else SURE
        if self.hold_back and self._unlike[position]:
            return UNLIKE
        index, score = self.best_class(position), self.best_score(position)
        return SURE if score >= self._thresholds.get(self.classes[index], threshold) else UNSURE

    def prediction(self, position: int, threshold: float) -> Prediction:
        """The answer for a file, "unsure" where its score is below ``threshold`` or it is unlike everything learnt."""
        said, state = self._said(position), self.state(position, threshold)
        if state == UNREADABLE:
            return said
        reason: Reason = "unlike" if state == UNLIKE else "score" if state == UNSURE else ""
        if position in self._decided:
            return replace(said, status="ok" if state == SURE else "unsure", reason="", top=self._named_first(position))
        return replace(said, status="ok" if state == SURE else "unsure", reason=reason)

    def _said(self, position: int) -> Prediction:
        """What the model itself said, by no threshold."""
        path = str(self.path(position))
        digest = self._digests[position * _DIGEST_BYTES : (position + 1) * _DIGEST_BYTES]
        known = digest.hex() if any(digest) else ""
        if position in self._errors:
            return Prediction(path, "unreadable", error=self._errors[position], digest=known)
        top = tuple((self.classes[index], score) for index, score in self.best(position))
        novelty = None if np.isnan(self._novelty[position]) else self._novelty[position]
        unlike = bool(self._unlike[position])
        return Prediction(
            path, "unsure" if unlike else "ok", top, "", "unlike" if unlike else "", novelty=novelty, digest=known
        )

    def _named_first(self, position: int) -> tuple[tuple[str, float], ...]:
        """The model's classes and scores; one that a person decided comes first."""
        named = {self.classes[index]: score for index, score in self.best(position)}
        if self._decided.get(position, NONE_OF_THEM) == NONE_OF_THEM:
            return tuple(named.items())
        decided = self.classes[self._decided[position]]
        return ((decided, named.pop(decided, 0.0)), *named.items())[: self.top]

    def row(self, position: int, threshold: float, folder: Path | None) -> PredictionRow:
        """The row of one file.

        Args:
            position: Which.
            threshold: Score from which on an answer is sure.
            folder: What its place is told from; None for its whole path.
        """
        path = self.path(position)
        place = place_of(path, folder)
        state = self.state(position, threshold)
        if state == UNREADABLE:
            return PredictionRow(path, place, "", 0, 0.0, "unreadable", self._errors[position])
        index, score = self.best_class(position), self.best_score(position)
        decided = self._decided.get(position)
        name = _NONE_WORDS if decided == NONE_OF_THEM else self.classes[index]
        return PredictionRow(path, place, name, index, score, STATES[state], decided=decided is not None)


def place_of(path: Path, folder: Path | None) -> str:
    """Where a file lies, as a person would say it: "Plot 17 / morning"."""
    if folder is None or not path.is_relative_to(folder):
        return str(path.parent)
    return " / ".join(path.parent.relative_to(folder).parts) or folder.name


@dataclass(frozen=True, slots=True)
class Accounting:
    """What became of all files: every one is in exactly one of the first five.

    Attributes:
        sure: Sure answers.
        unsure: Answers below the threshold.
        unreadable: Photos that can't be read.
        unreached: Photos that a stop came before.
        ignored: Files that are no photos.
        found: Photos that were found, told by the search; None while it goes on.
        unlike: Answers held back because their photo is unlike anything seen.
    """

    sure: int
    unsure: int
    unreadable: int
    unreached: int = 0
    ignored: int = 0
    found: int | None = None
    unlike: int = 0

    @property
    def total(self) -> int:
        """The sum."""
        return self.sure + self.unsure + self.unlike + self.unreadable + self.unreached

    def sentence(self) -> str:
        """The sum in words."""
        parts = [f"{self.sure:,} sure", f"{self.unsure:,} unsure"]
        if self.unlike:
            parts.append(f"{self.unlike:,} unlike")
        parts.append(f"{self.unreadable:,} unreadable")
        if self.unreached:
            parts.append(f"{self.unreached:,} not reached")
        photos = counted(self.total, "photo")
        if self.found is None:
            return f"{' + '.join(parts)} = {photos} so far."
        missing = self.found - self.total
        words = [f"{' + '.join(parts)} = {photos}.", f"{missing:,} are missing." if missing else "None is missing."]
        if self.ignored:
            verb = "was" if self.ignored == 1 else "were"
            words.append(f"{counted(self.ignored, 'other file')} {verb} ignored.")
        return " ".join(words)
