"""What a search for a learning rate found. No TensorFlow."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tlstudio.errors import TLStudioError

_WIDTH: Final = 4.0  # standard deviation of the smoothing, in steps
_CLEARLY: Final = 4.0  # times what chance does to the smoothed loss
_TRIED_AT_LEAST: Final = 8


@dataclass(frozen=True, slots=True)
class Ramp:
    """The learning rates that are tried: each a constant factor above the one before.

    Attributes:
        lowest: The first.
        highest: The last.
        steps: How many, one batch each.
    """

    lowest: float = 1e-7
    highest: float = 1.0
    steps: int = 100

    def __post_init__(self) -> None:
        if not 0 < self.lowest < self.highest < float("inf"):
            raise ValueError("the lowest rate must be above 0 and below the highest")
        if self.steps < _TRIED_AT_LEAST:
            raise ValueError(f"at least {_TRIED_AT_LEAST} rates have to be tried, not {self.steps}")

    def rate(self, step: int) -> float:
        """The rate of a step, counted from 0."""
        rate: float = self.lowest * (self.highest / self.lowest) ** (step / (self.steps - 1))
        return rate


@dataclass(frozen=True, slots=True)
class RateCurve:
    """How the loss went while the learning rate rose.

    Attributes:
        rates: Learning rate of each batch.
        losses: Its training loss.
    """

    rates: tuple[float, ...]
    losses: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.rates) != len(self.losses):
            raise ValueError("each rate has one loss")

    @property
    def smoothed(self) -> tuple[float, ...]:
        """The losses, each as a mean over those around it, near ones counting more (Gaussian): no lag."""
        return tuple(self._smoothed().tolist())

    @property
    def suggestion(self) -> float:
        """The rate at which the loss falls most steeply, rounded to one digit.

        Steepness is the change of the smoothed loss over the change of the logarithm of the rate, looked for up to the
        lowest loss. The test is that of Smith, "Cyclical Learning Rates for Training Neural Networks", WACV 2017,
        section 3.3; choosing by the slope is what libraries that have it do.

        Raises:
            TLStudioError: If the loss falls nowhere by more than chance makes it.
        """
        smoothed = self._smoothed()
        if len(smoothed) < _TRIED_AT_LEAST or not self._falls(smoothed):
            raise TLStudioError(
                "No learning rate made the error fall clearly.",
                "What comes before this phase may have learnt most already; then a small one, such as 1e-5, is safe.",
            )
        slopes = np.gradient(smoothed, np.log(self.rates))[: int(smoothed.argmin()) + 1]
        return rounded_rate(self.rates[int(slopes.argmin())])

    def table(self, rows: int = 15) -> tuple[tuple[float, float], ...]:
        """At most so many pairs of rate and smoothed loss, spread evenly, the first and the last included."""
        picked = np.unique(np.linspace(0, len(self.rates) - 1, rows).round().astype(int)) if self.rates else ()
        smoothed = self.smoothed
        return tuple((self.rates[index], smoothed[index]) for index in picked)

    def _smoothed(self) -> NDArray[np.float64]:
        steps = np.arange(len(self.losses), dtype=np.float64)
        near = np.exp(-0.5 * ((steps[:, None] - steps[None, :]) / _WIDTH) ** 2)
        means: NDArray[np.float64] = near @ np.asarray(self.losses, np.float64) / near.sum(axis=1)
        return means

    def _falls(self, smoothed: NDArray[np.float64]) -> bool:
        """Whether the loss falls by more than batches differ by chance."""
        lowest = int(smoothed.argmin())
        before = slice(0, max(lowest, 1))
        spread = float(np.std(np.asarray(self.losses)[before] - smoothed[before]))
        counted = 2 * np.pi**0.5 * _WIDTH  # batches that a smoothed loss is a mean of
        fall = float(np.median(smoothed[before])) - float(smoothed[lowest])
        return lowest > 0 and fall > _CLEARLY * spread / counted**0.5


def rounded_rate(rate: float) -> float:
    """A learning rate to one digit: more is not known of it."""
    return float(f"{rate:.0e}")
