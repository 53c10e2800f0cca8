"""The answers of a batch in little memory, and the words for how many of each kind there are. Knows no widget."""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tlstudio.prediction.batch import DEFAULT_TOP
from tlstudio.prediction.prediction import Prediction
from tlstudio.prediction.table import PredictionTable
from tlstudio.ui.widgets.photo_table import PredictionRow
from tlstudio.wording import counted


class Answers:
    """What was said of each file, in order: some 200 bytes a file, so that 100,000 are no burden.

    Attributes:
        classes: Class names in the order of their indices.
        top: Classes named for each photo.
    """

    def __init__(self, classes: Sequence[str], thresholds: Mapping[str, float] | None = None) -> None:
        """Make an empty list.

        Args:
            classes: Class names in the order of their indices.
            thresholds: Scores from which on answers of single classes are sure, kept with the run.
        """
        self.classes = tuple(classes)
        self._thresholds = dict(thresholds or {})
        self.top = min(DEFAULT_TOP, len(self.classes))
        self._index = {name: index for index, name in enumerate(self.classes)}
        self._paths: list[str] = []
        self._errors: dict[int, str] = {}
        self._named = array("I")
        self._scores = array("f")

    def __len__(self) -> int:
        return len(self._paths)

    def append(self, predictions: Iterable[Prediction]) -> None:
        """Keep more answers."""
        for entry in predictions:
            if entry.status == "unreadable":
                self._errors[len(self._paths)] = entry.error
            pairs = entry.top[: self.top]
            pairs += (("", 0.0),) * (self.top - len(pairs))
            self._named.extend(self._index.get(name, 0) for name, _ in pairs)
            self._scores.extend(score for _, score in pairs)
            self._paths.append(entry.path)

    def best(self, position: int) -> tuple[tuple[int, float], ...]:
        """(class index, score) pairs of a file, best first; empty for an unreadable one."""
        if position in self._errors:
            return ()
        places = slice(position * self.top, (position + 1) * self.top)
        return tuple(zip(self._named[places], self._scores[places], strict=True))

    def prediction(self, position: int, threshold: float) -> Prediction:
        """The answer for a file, "unsure" where its score is below ``threshold``."""
        best = self.best(position)
        if not best:
            return Prediction(self._paths[position], "unreadable", error=self._errors[position])
        top = tuple((self.classes[index], score) for index, score in best)
        least = self._thresholds.get(top[0][0], threshold)
        return Prediction(self._paths[position], "ok" if top[0][1] >= least else "unsure", top)

    def rows(self, first: int, threshold: float, folder: Path | None) -> list[PredictionRow]:
        """Rows of a table from a position on.

        Args:
            first: Position of the first one.
            threshold: Score from which on an answer is sure.
            folder: What the places of the files are told from; None for their whole path.
        """
        return [self.row(position, threshold, folder) for position in range(first, len(self))]

    def row(self, position: int, threshold: float, folder: Path | None) -> PredictionRow:
        """The row of one file; arguments as for ``rows``."""
        path = Path(self._paths[position])
        place = place_of(path, folder)
        best = self.best(position)
        if not best:
            return PredictionRow(path, place, "", 0, 0.0, "unreadable", self._errors[position])
        index, score = best[0]
        name = self.classes[index]
        row = PredictionRow(path, place, name, index, score, "unsure", least=self._thresholds.get(name))
        return replace(row, state="sure") if row.is_sure(threshold) else row


def place_of(path: Path, folder: Path | None) -> str:
    """Where a file lies, as a person would say it: "Plot 17 / morning"."""
    if folder is None or not path.is_relative_to(folder):
        return str(path.parent)
    return " / ".join(path.parent.relative_to(folder).parts) or folder.name


def write_table(path: Path, batches: Sequence[tuple[Answers, int]], threshold: float) -> Path:
    """Write answers as a CSV file.

    Args:
        path: Where.
        batches: Answers, and how many of them: more may come while this writes.
        threshold: Score from which on an answer is sure.

    Returns:
        The file.

    Raises:
        TLStudioError: If it can't be written.
    """
    with PredictionTable(path, batches[0][0].top) as table:
        for answers, count in batches:
            table.write(answers.prediction(position, threshold) for position in range(count))
    return path


@dataclass(frozen=True, slots=True)
class Accounting:
    """What became of all files: every one is in exactly one of the first four.

    Attributes:
        sure: Sure answers.
        unsure: Answers below the threshold.
        unreadable: Photos that can't be read.
        unreached: Photos that a stop came before.
        ignored: Files that are no photos.
        found: Photos that were found, told by the search; None while it goes on.
    """

    sure: int
    unsure: int
    unreadable: int
    unreached: int = 0
    ignored: int = 0
    found: int | None = None

    @property
    def total(self) -> int:
        """The sum."""
        return self.sure + self.unsure + self.unreadable + self.unreached

    def sentence(self) -> str:
        """The sum in words."""
        parts = [f"{self.sure:,} sure", f"{self.unsure:,} unsure", f"{self.unreadable:,} unreadable"]
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
