"""What is remembered of a training."""

from dataclasses import dataclass

from tlstudio.events import EpochEnded


@dataclass(frozen=True, slots=True)
class History:
    """Every epoch of every phase, in order.

    Attributes:
        phases: Names of the phases that began.
        epochs: One entry per finished epoch.
    """

    phases: tuple[str, ...] = ()
    epochs: tuple[EpochEnded, ...] = ()

    def best(self) -> EpochEnded | None:
        """The epoch whose weights were kept: the last one marked as best."""
        return next((epoch for epoch in reversed(self.epochs) if epoch.best), None)
