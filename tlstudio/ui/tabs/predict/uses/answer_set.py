"""Answers as they stand at one moment, for work beside the window while more may come. Knows no Qt."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tlstudio.filing.plan import FilingEntry
from tlstudio.paths import is_folder
from tlstudio.prediction.prediction import Prediction
from tlstudio.ui.tabs.predict.answers.answers import Answers
from tlstudio.ui.tabs.predict.folders.photo_batch import PhotoBatch


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """The answers of one folder.

    Attributes:
        answers: The list, which may grow.
        count: How many of them are meant.
        folder: What was classified; None for several single photos.
    """

    answers: Answers
    count: int
    folder: Path | None


@dataclass(frozen=True, slots=True)
class Tally:
    """Answers of each kind.

    Attributes:
        sure: By the model or by a person.
        unsure: Less sure than is asked for.
        none: Unlike everything learnt, or none of the classes by a person's word.
        unreadable: Photos that can't be read.
    """

    sure: int
    unsure: int
    none: int
    unreadable: int


@dataclass(frozen=True, slots=True)
class AnswerSet:
    """Answers of all folders. What a person decided counts as sure.

    Attributes:
        title: What a person calls the first folder.
        place: Where to suggest that something new is made: beside the first folder.
        parts: One for each folder.
        threshold: Score from which on an answer is sure.
    """

    title: str
    place: Path
    parts: tuple[AnswerPart, ...]
    threshold: float

    @property
    def count(self) -> int:
        """Answers of all folders together."""
        return sum(part.count for part in self.parts)

    @property
    def top(self) -> int:
        """Classes that are named for each photo."""
        return self.parts[0].answers.top

    def predictions(self) -> Iterator[Prediction]:
        """All answers, in the order of the table; any thread may ask."""
        for part in self.parts:
            for position in range(part.count):
                yield part.answers.prediction(position, self.threshold)

    def entries(self, *, unsure: bool) -> tuple[list[FilingEntry], Tally]:
        """What is to be filed, and how many answers there are of each kind.

        Args:
            unsure: Whether photos go to their class although the answer is not sure. Those that may be of no class
                never do.
        """
        entries: list[FilingEntry] = []
        kinds: Counter[str] = Counter()
        for part in self.parts:
            root = part.folder if part.folder is not None and is_folder(part.folder) else None
            for position in range(part.count):
                answer = part.answers.prediction(position, self.threshold)
                kind = _kind_of(answer)
                kinds[kind] += 1
                if kind == "sure" or (unsure and kind == "unsure"):
                    entries.append(FilingEntry(Path(answer.path), answer.label, root, answer.digest))
        return entries, Tally(kinds["sure"], kinds["unsure"], kinds["none"], kinds["unreadable"])


def _kind_of(answer: Prediction) -> str:
    """A field of ``Tally``."""
    if answer.status == "unsure":
        return "unsure" if answer.reason == "score" else "none"  # without a reason: a person said so
    return "sure" if answer.status == "ok" else "unreadable"


def answer_set(batches: Sequence[PhotoBatch], threshold: float) -> AnswerSet | None:
    """The answers of these folders at this moment; None while there are none."""
    answered = [batch for batch in batches if len(batch.answers)]
    if not answered:
        return None
    parts = tuple(AnswerPart(batch.answers, len(batch.answers), batch.folder) for batch in answered)
    return AnswerSet(answered[0].title, answered[0].inputs[0].parent, parts, threshold)
