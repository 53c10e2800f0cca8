"""The learning rate of every step of a phase."""

import math

from tlstudio.events import EpochEnded
from tlstudio.training.config import Phase
from tlstudio.training.watch import Watch


class LearningRate:
    """Follows the schedule of a phase; told of each epoch, since "plateau" depends on how it went."""

    def __init__(self, phase: Phase, steps: int, first_loss: float | None = None) -> None:
        """Begins a phase.

        Args:
            phase: Its settings.
            steps: Steps in one epoch.
            first_loss: Validation loss before it; None if nobody knows.
        """
        self._phase = phase
        self._steps = max(steps, 1)
        self._watch = Watch("val_loss", first_loss)
        self._reduced = 1.0

    def at(self, step: int) -> float:
        """The rate of a step, counted from 0 over the whole phase."""
        schedule = self._phase.schedule
        rate = self._phase.learning_rate * self._course(step) * self._reduced / (1 + schedule.decay * step)
        warm = schedule.warm_up * self._steps
        return rate * (step + 1) / warm if step < warm else rate

    def _course(self, step: int) -> float:
        schedule = self._phase.schedule
        if schedule.kind == "step":
            return schedule.factor ** (step // self._steps // schedule.every)
        if schedule.kind == "cosine":
            warm = schedule.warm_up * self._steps
            length = max(self._phase.epochs * self._steps - warm, 1)
            return (1 + math.cos(math.pi * min(max(step - warm, 0) / length, 1))) / 2
        return 1.0

    def end_epoch(self, epoch: EpochEnded) -> None:
        """Take note of how an epoch went."""
        self._watch.take(epoch)
        if self._phase.schedule.kind == "plateau" and self._watch.waited >= self._phase.schedule.every:
            self._reduced *= self._phase.schedule.factor
            self._watch.waited = 0
