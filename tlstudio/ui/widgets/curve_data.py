"""What the curves of a training show, gathered while it runs. Knows no Qt."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tlstudio.events import EpochEnded
from tlstudio.training.history import History
from tlstudio.ui.widgets.curve_shaping import Points

PHASE_TITLES = {"head": "Learn the classes", "fine_tune": "Refine", "scratch": "Learn from scratch"}

SERIES = ("accuracy", "loss", "val_accuracy", "val_loss", "rate")
_LEARNT = ("accuracy", "loss")
_HORIZON = 40.0


def phase_title(name: str, earlier: Sequence[str]) -> str:
    """What a phase is called; with a number from the second of its kind on.

    Args:
        name: Its key, or a title.
        earlier: Titles of the phases before it.
    """
    title = PHASE_TITLES.get(name, name)
    alike = sum(other == title or other.startswith(f"{title} ") for other in earlier)
    return f"{title} {alike + 1}" if alike else title


@dataclass(frozen=True, slots=True)
class PhaseSpan:
    """A phase on the axis of rounds.

    Attributes:
        title: What a person reads.
        start: Round after which it begins.
        end: Round with which it ends, expected or real.
    """

    title: str
    start: float
    end: float


class _Series:
    """Places and values of one curve, in arrays that grow by doubling: 100,000 points are added one by one."""

    def __init__(self) -> None:
        self._x, self._y = np.empty(64), np.empty(64)
        self.count = 0

    @property
    def points(self) -> Points:
        """Places and values so far, shape (count,)."""
        return self._x[: self.count], self._y[: self.count]

    def add(self, x: float, y: float | None) -> None:
        if y is None or not math.isfinite(y):
            return
        if self.count == len(self._x):
            self._x, self._y = (np.concatenate((old, np.empty_like(old))) for old in (self._x, self._y))
        self._x[self.count] = x
        self._y[self.count] = y
        self.count += 1

    def extend(self, first: float, ys: Sequence[float | None]) -> None:
        """Add values at places one apart."""
        values = np.array([math.nan if y is None else y for y in ys], dtype=np.float64)
        found = np.isfinite(values)
        x, y = self.points
        self._x = np.concatenate((x, first + np.flatnonzero(found), np.empty(64)))
        self._y = np.concatenate((y, values[found], np.empty(64)))
        self.count += int(found.sum())

    def at(self, x: float) -> float | None:
        """The value at a place; None without one."""
        places, values = self.points
        index = int(np.searchsorted(places, x))
        return float(values[index]) if index < self.count and places[index] == x else None


class CurveData:
    """Accuracy (percent), loss and learning rate by round, and the phases.

    Within a round the training curve follows the running means of the batches. When the round ends its final point
    takes their place, but for the first round, which has nothing else to begin from: a running mean starts noisy.
    ``batches`` still has them all.

    Attributes:
        planned: Rounds that the training may take in all, as far as is known now.
    """

    def __init__(self, planned: float = 0) -> None:
        self.planned = float(planned)
        self._epochs = {name: _Series() for name in SERIES}
        self._batches = {name: _Series() for name in _LEARNT}
        self._first_round = dict.fromkeys(_LEARNT, 0)
        self._running_from = dict.fromkeys(_LEARNT, 0)
        self._phases: list[PhaseSpan] = []
        self._rounds = 0.0
        self._last = 0.0
        self._open = False

    @classmethod
    def of(cls, history: History) -> "CurveData":
        """The curves of a finished training."""
        data = cls()
        for phase, name in enumerate(history.phases):
            epochs = [epoch for epoch in history.epochs if epoch.phase == phase]
            data.add_phase(name, len(epochs))
            data._extend(epochs)
            data.end_phase()
        return data

    @property
    def rounds(self) -> float:
        """Rounds finished."""
        return self._rounds

    @property
    def reach(self) -> float:
        """The round up to which the axis must show, at least 1.

        Of the hundreds of rounds that a training may take, few come: the axis shows 40, and doubles when they are full.
        """
        wide = _HORIZON
        while wide < self._last:
            wide *= 2
        return max(min(self.planned, wide), self._last, 1.0)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw yet."""
        return not any(series.count for series in (*self._epochs.values(), *self._batches.values()))

    @property
    def idle(self) -> bool:
        """Whether no training has begun."""
        return self.empty and not self.planned

    @property
    def has_batches(self) -> bool:
        """Whether running means within the rounds are known; they are not kept with a run."""
        return self._batches["loss"].count > 0

    def phases(self) -> list[PhaseSpan]:
        """Phases so far, in order."""
        return list(self._phases)

    def phase_of(self, number: float) -> str:
        """Title of the phase that a round belongs to; "" if there is none."""
        return next((phase.title for phase in self._phases if phase.start < number <= phase.end), "")

    def points(self, name: str, *, within: bool = False) -> Points:
        """Rounds and values of one of ``SERIES``, whole; not to be changed.

        Args:
            name: Of the curve.
            within: Whether a curve of the photos learnt from goes through the running means of all rounds.
        """
        epochs = self._epochs[name].points
        if name not in self._batches or not self._batches[name].count:
            return epochs
        x, y = self._batches[name].points
        if within:
            return x, y
        first, running = self._first_round[name], self._running_from[name]
        return (
            np.concatenate((x[:first], epochs[0], x[running:])),
            np.concatenate((y[:first], epochs[1], y[running:])),
        )

    def add_phase(self, name: str, epochs: int) -> None:
        """A phase begins after the last finished round and may take ``epochs`` rounds."""
        self.end_phase()
        end = self._rounds + epochs
        self._phases.append(PhaseSpan(phase_title(name, [phase.title for phase in self._phases]), self._rounds, end))
        self.planned = max(self.planned, end)
        self._open = True

    def end_phase(self) -> None:
        """The phase is over, perhaps early: what it doesn't need is taken off the plan."""
        if not self._open:
            return
        self._open = False
        phase = self._phases.pop()
        self.planned = max(self.planned - (phase.end - self._rounds), self._rounds)
        if self._rounds > phase.start:
            self._phases.append(PhaseSpan(phase.title, phase.start, self._rounds))

    def end(self) -> None:
        """The training is over: no more rounds come."""
        self.end_phase()
        self.planned = self._rounds

    def add_batch(self, position: float, accuracy: float, loss: float) -> None:
        """Running means within a round.

        Args:
            position: Rounds done, with the fraction of the running one.
            accuracy: Share right so far, 0 to 1.
            loss: Mean loss so far.
        """
        self._batches["accuracy"].add(position, accuracy * 100)
        self._batches["loss"].add(position, loss)
        self._last = max(self._last, position)

    def add_epoch(
        self,
        number: float,
        accuracy: float,
        loss: float,
        val_accuracy: float | None,
        val_loss: float | None,
        rate: float | None = None,
    ) -> None:
        """A round is over.

        Args:
            number: Rounds done, this one included.
            accuracy: Share right of the training photos, 0 to 1.
            loss: Training loss.
            val_accuracy: Share right of the validation photos, 0 to 1; None without any.
            val_loss: Validation loss; None without such photos.
            rate: Learning rate; None if unknown.
        """
        for name, series in self._batches.items():
            if not self._rounds:
                self._first_round[name] = int(np.searchsorted(series.points[0], number))
            self._running_from[name] = series.count
        self._epochs["accuracy"].add(number, accuracy * 100)
        self._epochs["loss"].add(number, loss)
        self._epochs["val_accuracy"].add(number, None if val_accuracy is None else val_accuracy * 100)
        self._epochs["val_loss"].add(number, val_loss)
        self._epochs["rate"].add(number, rate)
        self._rounds = self._last = float(number)

    def read(self, number: int) -> dict[str, float]:
        """Figures of a finished round by name; those that are missing are left out."""
        found = {name: series.at(number) for name, series in self._epochs.items()}
        return {name: value for name, value in found.items() if value is not None}

    def _extend(self, epochs: Sequence[EpochEnded]) -> None:
        """Add rounds that are all over."""
        first = self._rounds + 1
        percents = [None if epoch.val_accuracy is None else epoch.val_accuracy * 100 for epoch in epochs]
        self._epochs["accuracy"].extend(first, [epoch.accuracy * 100 for epoch in epochs])
        self._epochs["loss"].extend(first, [epoch.loss for epoch in epochs])
        self._epochs["val_accuracy"].extend(first, percents)
        self._epochs["val_loss"].extend(first, [epoch.val_loss for epoch in epochs])
        self._epochs["rate"].extend(first, [epoch.learning_rate for epoch in epochs])
        self._rounds = self._last = self._rounds + len(epochs)
