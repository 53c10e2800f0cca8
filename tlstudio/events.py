"""What a long task tells while it runs, and how it is asked to stop.

A long task is a plain function that ends in ``*, emit: Emit, token: CancelToken``. It calls ``emit`` from whatever
thread it runs in; the shell prints, the window forwards through the signals of a Job.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from tlstudio.errors import Cancelled


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one stage of a task is.

    Attributes:
        stage: Stable key of the stage: "fetch" (a sample), "samples" (one being drawn), "unpack", "scan", "compare"
            (photos), "download" (weights), "engine", "features", "evaluate", "predict" or "export".
        done: Units finished.
        total: Units in all; 0 while unknown.
        note: One short sentence for a person, or empty.
    """

    stage: str
    done: int
    total: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class PhaseStarted:
    """A training phase begins.

    Attributes:
        index: Position of the phase in the list of phases.
        name: "head", "fine_tune" or "scratch".
        epochs: The most epochs that it may take.
        steps: Batches in one epoch.
    """

    index: int
    name: str
    epochs: int
    steps: int


@dataclass(frozen=True, slots=True)
class BatchEnded:
    """One batch has been learnt. Loss and accuracy are running means over the epoch so far.

    Attributes:
        phase: Index of the phase.
        epoch: Index of the epoch within the phase, from 0.
        step: Batches done in this epoch, from 1.
        steps: Batches in one epoch.
        loss: Mean loss so far.
        accuracy: Share right so far, 0 to 1.
    """

    phase: int
    epoch: int
    step: int
    steps: int
    loss: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class EpochEnded:
    """One epoch has been learnt and checked; also the row that the history keeps.

    Attributes:
        phase: Index of the phase.
        epoch: Index of the epoch within the phase, from 0.
        loss: Mean training loss.
        accuracy: Training accuracy, 0 to 1.
        val_loss: Validation loss; None without validation photos.
        val_accuracy: Validation accuracy, 0 to 1; None without validation photos.
        seconds: Time of this epoch, validation included.
        learning_rate: Of the last step.
        best: Whether these are the best weights so far.
    """

    phase: int
    epoch: int
    loss: float
    accuracy: float
    val_loss: float | None
    val_accuracy: float | None
    seconds: float
    learning_rate: float
    best: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence that a person should see: a choice the program made, a fallback it took.

    Attributes:
        message: The sentence.
    """

    message: str


@dataclass(frozen=True, slots=True)
class Batch:
    """A portion of results of a streaming task (predictions), in order.

    Attributes:
        items: The results.
    """

    items: tuple[object, ...]


Event = Progress | PhaseStarted | BatchEnded | EpochEnded | Notice | Batch
Emit = Callable[[Event], None]


def ignore_events(event: Event) -> None:
    """An ``emit`` that drops everything."""


class CancelToken:
    """Asks a running task to stop. Safe to use from any thread."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        """Ask the task to stop at the next point where it can."""
        self._event.set()

    @property
    def cancelled(self) -> bool:
        """Whether a stop was asked for."""
        return self._event.is_set()

    def check(self) -> None:
        """Raise if a stop was asked for.

        Raises:
            Cancelled: After ``cancel``.
        """
        if self._event.is_set():
            raise Cancelled
