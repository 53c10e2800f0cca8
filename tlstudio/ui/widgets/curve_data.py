"""What the curves of a training show, gathered while it runs. Knows no Qt."""

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tlstudio.training.history import History

MOST_POINTS = 2000

PHASE_TITLES = {"head": "Learn the classes", "fine_tune": "Refine", "scratch": "Learn from scratch"}

Points = tuple[NDArray[np.float64], NDArray[np.float64]]


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


@dataclass(slots=True)
class _Series:
    x: list[float] = field(default_factory=list)
    y: list[float] = field(default_factory=list)

    def add(self, x: float, y: float | None) -> None:
        if y is not None and math.isfinite(y):
            self.x.append(x)
            self.y.append(y)

    def cut(self, length: int) -> None:
        del self.x[length:], self.y[length:]


def decimated(x: list[float], y: list[float], most: int = MOST_POINTS) -> Points:
    """At most ``most`` points of a curve, evenly chosen, the first and the last among them."""
    xs, ys = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if len(xs) <= most:
        return xs, ys
    chosen = np.linspace(0, len(xs) - 1, most).round().astype(np.intp)
    return xs[chosen], ys[chosen]


class CurveData:
    """Accuracy (percent) and loss of both parts by round, and the phases.

    Within a round the training curve follows the running means of the batches. When the round ends its final point
    takes their place, but for the first round, which has nothing else to begin from: a running mean starts noisy.

    Attributes:
        planned: Rounds that the training may take in all, as far as is known now.
    """

    def __init__(self, planned: float = 0) -> None:
        self.planned = float(planned)
        self._series = {name: _Series() for name in ("accuracy", "loss", "val_accuracy", "val_loss")}
        self._phases: list[PhaseSpan] = []
        self._rounds = 0.0
        self._last = 0.0
        self._settled = {"accuracy": 0, "loss": 0}
        self._open = False

    @classmethod
    def of(cls, history: History) -> "CurveData":
        """The curves of a finished training."""
        data = cls()
        for phase, name in enumerate(history.phases):
            epochs = [epoch for epoch in history.epochs if epoch.phase == phase]
            data.add_phase(name, len(epochs))
            for epoch in epochs:
                data.add_epoch(data.rounds + 1, epoch.accuracy, epoch.loss, epoch.val_accuracy, epoch.val_loss)
            data.end_phase()
        return data

    @property
    def rounds(self) -> float:
        """Rounds finished."""
        return self._rounds

    @property
    def reach(self) -> float:
        """The round up to which the axis must show, at least 1."""
        return max(self.planned, self._last, 1.0)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw yet."""
        return not any(series.x for series in self._series.values())

    @property
    def idle(self) -> bool:
        """Whether no training has begun."""
        return self.empty and not self.planned

    def phases(self) -> list[PhaseSpan]:
        """Phases so far, in order."""
        return list(self._phases)

    def points(self, name: str) -> Points:
        """Rounds and values of "accuracy", "loss", "val_accuracy" or "val_loss"."""
        series = self._series[name]
        return decimated(series.x, series.y)

    def add_phase(self, name: str, epochs: int) -> None:
        """A phase begins after the last finished round and may take ``epochs`` rounds."""
        self.end_phase()
        end = self._rounds + epochs
        self._phases.append(PhaseSpan(PHASE_TITLES.get(name, name), self._rounds, end))
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

    def add_batch(self, position: float, accuracy: float, loss: float) -> None:
        """Running means within a round.

        Args:
            position: Rounds done, with the fraction of the running one.
            accuracy: Share right so far, 0 to 1.
            loss: Mean loss so far.
        """
        if self._rounds:
            self._unsettle()
        self._series["accuracy"].add(position, accuracy * 100)
        self._series["loss"].add(position, loss)
        self._last = max(self._last, position)

    def add_epoch(
        self, number: float, accuracy: float, loss: float, val_accuracy: float | None, val_loss: float | None
    ) -> None:
        """A round is over.

        Args:
            number: Rounds done, this one included.
            accuracy: Share right of the training photos, 0 to 1.
            loss: Training loss.
            val_accuracy: Share right of the validation photos, 0 to 1; None without any.
            val_loss: Validation loss; None without such photos.
        """
        if self._rounds:
            self._unsettle()
        self._series["accuracy"].add(number, accuracy * 100)
        self._series["loss"].add(number, loss)
        self._series["val_accuracy"].add(number, None if val_accuracy is None else val_accuracy * 100)
        self._series["val_loss"].add(number, val_loss)
        self._settled = {name: len(self._series[name].x) for name in self._settled}
        self._rounds = self._last = float(number)

    def read(self, number: int) -> dict[str, float]:
        """Figures of a finished round by name; those that are missing are left out."""
        found = {}
        for name, series in self._series.items():
            if number in series.x:
                found[name] = series.y[series.x.index(number)]
        return found

    def _unsettle(self) -> None:
        for name, length in self._settled.items():
            self._series[name].cut(length)


def nice_ticks(top: float, most: int = 5) -> list[float]:
    """Round numbers from 0 up to ``top``, at most ``most`` above 0."""
    raw = top / most
    magnitude = 10.0 ** np.floor(np.log10(raw)) if raw > 0 else 1.0
    step = next((factor * magnitude for factor in (1, 2, 5, 10) if factor * magnitude >= raw * 0.999), magnitude)
    return [float(step * k) for k in range(int(top / step + 1e-9) + 1)]


def round_ticks(reach: float, most: int = 8) -> list[int]:
    """Whole rounds to name on the axis, evenly spaced, from the first step on."""
    wanted = max(reach, 1.0) / most
    steps = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 2000, 5000)
    step = next((step for step in steps if step >= wanted), steps[-1])
    return list(range(step, int(reach) + 1, step))


def spread(centers: list[float], height: float, top: float, bottom: float) -> list[float]:
    """Move labels apart so that none overlaps another, as little as possible, inside the plot.

    Args:
        centers: Where the middles of the labels would like to be, in pixels from above.
        height: Of each label.
        top: Upper end of the room for them.
        bottom: Lower end.

    Returns:
        The middles, in the order given.
    """
    order = sorted(range(len(centers)), key=lambda index: centers[index])
    placed = [min(max(centers[index], top + height / 2), bottom - height / 2) for index in order]
    for index in range(1, len(placed)):
        overlap = placed[index - 1] + height - placed[index]
        if overlap > 0:
            placed[index - 1] -= overlap / 2
            placed[index] += overlap / 2
    shift = max(top + height / 2 - placed[0], 0.0) - max(placed[-1] + height / 2 - bottom, 0.0) if placed else 0.0
    result = [0.0] * len(centers)
    for place, index in zip(placed, order, strict=True):
        result[index] = place + shift
    return result
