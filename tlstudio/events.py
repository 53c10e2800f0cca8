"""What a long task tells while it runs, and how it is asked to stop.

A long task is a plain function that ends in ``*, emit: Emit, token: CancelToken``. It calls ``emit`` from whatever
thread it runs in; the shell prints, the window forwards through the signals of a Job.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from tlstudio.awake_clock import awake_seconds
from tlstudio.errors import Cancelled


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one stage of a task is.

    Attributes:
        stage: Stable key of the stage: "fetch" (a sample), "samples" (one being drawn), "unpack", "scan", "compare"
            (photos), "download" (weights), "engine", "features", "evaluate",
            "folds" (trainings of a cross-validation), "list" (files to classify), "predict", "plan", "file", "undo" (of
            filing), "report", "model" (one from elsewhere) or "export".
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
class ClassesChecked:
    """The validation photos of each class have been answered; comes before the EpochEnded of the same epoch.

    Attributes:
        phase: Index of the phase.
        epoch: Index of the epoch within the phase, from 0.
        right: Validation photos of each class that were right, by class index.
        total: All validation photos of each class.
    """

    phase: int
    epoch: int
    right: tuple[int, ...]
    total: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RateTried:
    """One batch has been learnt while a learning rate is looked for.

    Attributes:
        step: Batches done, from 1.
        steps: Batches in all, if none of them ends it.
        rate: Learning rate of this one.
        loss: Its training loss.
    """

    step: int
    steps: int
    rate: float
    loss: float


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


@dataclass(frozen=True, slots=True)
class Paused:
    """The task waits until it is asked to go on."""


@dataclass(frozen=True, slots=True)
class Continued:
    """The task goes on after a pause.

    Attributes:
        seconds: How long it has waited.
    """

    seconds: float


Event = (
    Progress | PhaseStarted | BatchEnded | EpochEnded | ClassesChecked | RateTried | Notice | Batch | Paused | Continued
)
Emit = Callable[[Event], None]


def ignore_events(event: Event) -> None:
    """An ``emit`` that drops everything."""


class CancelToken:
    """Asks a running task to stop, or to wait. Safe to use from any thread.

    A task waits where it calls ``check`` or ``wait``, in its own thread.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._cancelled = self._paused = False
        self._emit: Emit = ignore_events
        self._waited = 0.0

    def tell(self, emit: Emit) -> None:
        """Have ``Paused`` and ``Continued`` told, by the thread that waits."""
        self._emit = emit

    def cancel(self) -> None:
        """Ask the task to stop at the next point where it can; a pause ends with it."""
        with self._changed:
            self._cancelled, self._paused = True, False
            self._changed.notify_all()

    def pause(self) -> None:
        """Ask the task to wait at the next point where it can, until ``go_on`` or ``cancel``."""
        with self._changed:
            self._paused = not self._cancelled

    def go_on(self) -> None:
        """End a pause."""
        with self._changed:
            self._paused = False
            self._changed.notify_all()

    @property
    def cancelled(self) -> bool:
        """Whether a stop was asked for."""
        return self._cancelled

    @property
    def paused(self) -> bool:
        """Whether a pause was asked for and not ended."""
        return self._paused

    @property
    def waited(self) -> float:
        """Seconds of ``awake_seconds`` that the task has spent in pauses that are over."""
        return self._waited

    def wait(self) -> None:
        """Return at once, or when the pause is over."""
        if not self._paused:
            return
        begun = awake_seconds()
        self._emit(Paused())
        with self._changed:
            self._changed.wait_for(lambda: not self._paused)
        spent = awake_seconds() - begun
        self._waited += spent
        self._emit(Continued(spent))

    def rest(self, seconds: float) -> None:
        """Wait so long, or until a stop is asked for."""
        with self._changed:
            self._changed.wait_for(lambda: self._cancelled, seconds)

    def check(self) -> None:
        """Wait while there is a pause, and raise if a stop was asked for.

        Raises:
            Cancelled: After ``cancel``.
        """
        self.wait()
        if self._cancelled:
            raise Cancelled
