"""The rounds of a training by row, the newest first, under the phases they belong to. Knows no Qt."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from tlstudio.events import EpochEnded
from tlstudio.training.history import History
from tlstudio.ui.widgets.curve_data import phase_title
from tlstudio.ui.words.time_left import in_words
from tlstudio.wording import percent

_FINE, _FINEST = 0.1, 0.0005
_MISSING, _LATER = "–", "…"


@dataclass(frozen=True, slots=True)
class RoundRow:
    """One round; ``ended`` is None while it runs.

    Attributes:
        number: From 1, through all phases.
        accuracy: Share right of the photos it learns from, 0 to 1.
        ended: Its figures.
    """

    number: int
    accuracy: float
    ended: EpochEnded | None

    def texts(self) -> tuple[str, ...]:
        """What stands in the seven columns."""
        if self.ended is None:
            return f"{self.number:,}", _percent(self.accuracy), *(_LATER,) * 5
        done = self.ended
        return (
            f"{self.number:,}",
            _percent(done.accuracy),
            _error(done.loss),
            _percent(done.val_accuracy),
            _error(done.val_loss),
            f"{done.seconds:.1f} s" if done.seconds < 100 else in_words(done.seconds),
            f"{done.learning_rate:.3g}",
        )


@dataclass(slots=True)
class PhaseRows:
    """One phase.

    Attributes:
        title: What a person reads.
        rounds: Its rounds, oldest first.
    """

    title: str
    rounds: list[RoundRow] = field(default_factory=list)

    def words(self) -> str:
        """Title, rounds and seconds."""
        done = [row.ended.seconds for row in self.rounds if row.ended is not None]
        if not done:
            return self.title
        rounds = "1 round" if len(done) == 1 else f"{len(done):,} rounds"
        return f"{self.title}: {rounds}, {in_words(max(sum(done), 1))}"


class RoundRows:
    """Phases and rounds as rows; a training of one phase has no row for it.

    Attributes:
        best: Number of the round that is kept; 0 for none.
    """

    def __init__(self, phases: Sequence[PhaseRows] = ()) -> None:
        self._phases = list(phases)
        ended = (row for phase in reversed(self._phases) for row in reversed(phase.rounds) if row.ended is not None)
        self.best = next((row.number for row in ended if row.ended is not None and row.ended.best), 0)

    @classmethod
    def of(cls, history: History) -> "RoundRows":
        """The rows of a finished training."""
        phases: list[PhaseRows] = []
        for name in history.phases:
            phases.append(_phase(name, phases))
        for number, epoch in enumerate(history.epochs, 1):
            phases[epoch.phase].rounds.append(RoundRow(number, epoch.accuracy, epoch))
        return cls([phase for phase in phases if phase.rounds])

    @property
    def first_row(self) -> int:
        """Row of the newest round."""
        return int(self._headed)

    @property
    def rounds(self) -> int:
        """How many rounds there are."""
        return sum(len(phase.rounds) for phase in self._phases)

    @property
    def _headed(self) -> bool:
        return len(self._phases) > 1

    def __len__(self) -> int:
        return self.rounds + (len(self._phases) if self._headed else 0)

    def row(self, row: int) -> RoundRow | PhaseRows:
        """What stands in a row, counted from the top."""
        left = row
        for phase in reversed(self._phases):
            if self._headed:
                if not left:
                    return phase
                left -= 1
            if left < len(phase.rounds):
                return phase.rounds[-1 - left]
            left -= len(phase.rounds)
        raise IndexError(row)

    def row_of(self, number: int) -> int | None:
        """The row of a round; None without it."""
        above = 0
        for phase in reversed(self._phases):
            above += self._headed
            if phase.rounds and phase.rounds[0].number <= number <= phase.rounds[-1].number:
                return above + phase.rounds[-1].number - number
            above += len(phase.rounds)
        return None

    def phase_rows(self) -> list[int]:
        """The rows in which phases stand."""
        if not self._headed:
            return []
        heights = [len(phase.rounds) + 1 for phase in reversed(self._phases)]
        return [sum(heights[:place]) for place in range(len(heights))]

    def holds(self, number: int) -> bool:
        """Whether this round, finished or running, is the newest one."""
        phase = self._phases[-1] if self._phases else None
        return bool(phase and phase.rounds and phase.rounds[-1].number == number)

    def add_phase(self, name: str) -> None:
        """A phase begins; one without rounds is forgotten."""
        if self._phases and not self._phases[-1].rounds:
            self._phases.pop()
        self._phases.append(_phase(name, self._phases))

    def put(self, entry: RoundRow) -> None:
        """Add a round, or replace the running one of the same number."""
        if not self._phases:
            self._phases.append(PhaseRows(""))
        rounds = self._phases[-1].rounds
        if self.holds(entry.number):
            rounds[-1] = entry
        else:
            rounds.append(entry)
        if entry.ended is not None and entry.ended.best:
            self.best = entry.number


def _phase(name: str, earlier: Sequence[PhaseRows]) -> PhaseRows:
    return PhaseRows(phase_title(name, [phase.title for phase in earlier]))


def _percent(share: float | None) -> str:
    return _MISSING if share is None or not math.isfinite(share) else percent(share, 1)


def _error(loss: float | None) -> str:
    if loss is None or not math.isfinite(loss):
        return _MISSING
    if not loss or loss >= _FINE:
        return f"{loss:.2f}"
    return f"{loss:.3f}" if loss >= _FINEST else f"{loss:.0e}"
