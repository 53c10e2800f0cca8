"""Folders that are classified one after the other."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, Signal

from tlstudio.errors import TLStudioError
from tlstudio.events import Batch, Event, Notice, Progress
from tlstudio.prediction.batch import PredictOptions
from tlstudio.prediction.prediction import BatchSummary, Prediction
from tlstudio.runs.store import StoredRun
from tlstudio.runs.thresholds import load_thresholds
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.predict.answers import Accounting, Answers
from tlstudio.ui.tabs.predict.pace import Pace
from tlstudio.ui.widgets.message_bar import Message
from tlstudio.ui.widgets.photo_table import PredictionState
from tlstudio.workers.job import Job
from tlstudio.workflows.predict import predict

BatchState = Literal["waiting", "running", "done", "stopped"]

KEY = "predict"
"""Of the messages that are about classifying."""


class PhotoBatch:
    """A folder, or some single photos, and what is known of them so far.

    Attributes:
        inputs: Folders and files.
        answers: What was said so far.
        state: Where it stands in the queue.
        done: Files looked at.
        total: Files to look at; 0 while they are being found.
        note: What happens before the first answer, or empty.
        summary: The accounting; None until it has ended.
        pace: How fast it goes.
    """

    def __init__(
        self, inputs: Sequence[Path], classes: Sequence[str], thresholds: Mapping[str, float] | None = None
    ) -> None:
        self.inputs = tuple(inputs)
        self.answers = Answers(classes, thresholds)
        self.state: BatchState = "waiting"
        self.done = 0
        self.total = 0
        self.note = ""
        self.summary: BatchSummary | None = None
        self.pace = Pace()

    @property
    def folder(self) -> Path | None:
        """The folder, if it is a single one."""
        return self.inputs[0] if len(self.inputs) == 1 else None

    @property
    def title(self) -> str:
        """What a person calls it."""
        if self.folder is not None:
            return self.folder.name or str(self.folder)
        return f"{len(self.inputs):,} photos and folders"

    @property
    def share(self) -> float | None:
        """How far it is, 0 to 1; None while nobody knows."""
        if self.state in ("done", "stopped") or not self.total:
            return None if self.state == "running" else float(self.state == "done")
        return self.done / self.total


class BatchQueue(QObject):
    """Batches in the order in which they came; one runs at a time.

    Attributes:
        changed: A batch came, went, or is further than before.
        appended: More answers; carries the ``PhotoBatch`` and the position of the first new one in it.
        removed: Answers went; carries the position of the first among all, and how many.
        ended: A batch is through; carries it.
    """

    changed = Signal()
    appended = Signal(object, int)
    removed = Signal(int, int)
    ended = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._stored: StoredRun | None = None
        self._job: Job | None = None
        self.batches: list[PhotoBatch] = []

    @property
    def running(self) -> PhotoBatch | None:
        """The batch that runs."""
        return next((batch for batch in self.batches if batch.state == "running"), None)

    @property
    def waiting(self) -> PhotoBatch | None:
        """The batch that comes next."""
        return next((batch for batch in self.batches if batch.state == "waiting"), None)

    def set_run(self, stored: StoredRun | None) -> None:
        """Use another run; the answers of the one before go."""
        if self._job is not None:
            self._job.cancel()
            self._job.detach()
        self._stored, self._job = stored, None
        total = self.answered
        self.batches = []
        self.removed.emit(0, total)
        self.changed.emit()

    def add(self, inputs: Sequence[Path]) -> None:
        """Classify folders and files, now or after what runs. Answers that they had before are replaced."""
        if self._stored is None or self._training_runs():
            return
        wanted = tuple(inputs)
        for batch in [batch for batch in self.batches if batch.inputs == wanted]:
            if batch.state == "running":
                return
            self.remove(batch)
        thresholds = kept_thresholds(self._session, self._stored)
        self.batches.append(PhotoBatch(wanted, self._stored.run.classes, thresholds))
        self.changed.emit()
        if self.running is None:
            self.start_next()

    def start_next(self) -> None:
        """Begin with the batch that waits, unless a training runs."""
        batch, stored = self.waiting, self._stored
        if batch is None or stored is None or self.running is not None or self._training_runs():
            return
        self._session.withdrawn.emit(KEY)
        batch.state = "running"
        # The threshold is applied here, as often as it is moved; the file is written when it is asked for.
        options = PredictOptions(top=batch.answers.top, threshold=0.0, class_thresholds={})
        job = self._session.runner.start(
            "compute", lambda emit, token: predict(stored, batch.inputs, options, emit=emit, token=token)
        )
        self._job = job
        job.reported.connect(lambda event: self._take(batch, event))
        job.succeeded.connect(lambda summary: self._finish(batch, summary))
        job.failed.connect(lambda error: self._fail(batch, error))
        job.cancelled.connect(lambda: self._finish(batch, None))
        self.changed.emit()

    def stop(self) -> None:
        """Stop the batch that runs; its answers stay, and those that wait go on waiting."""
        if self._job is not None:
            self._job.cancel()

    def remove(self, batch: PhotoBatch) -> None:
        """Take a batch that doesn't run out of the list, and its answers with it. The photos stay where they are."""
        if batch.state == "running" or batch not in self.batches:
            return
        first = self.first_of(batch)
        self.batches.remove(batch)
        self.removed.emit(first, len(batch.answers))
        self.changed.emit()

    @property
    def answered(self) -> int:
        """Answers of all batches together."""
        return sum(len(batch.answers) for batch in self.batches)

    def accounting(self, counts: Mapping[PredictionState, int]) -> Accounting:
        """The sum over all batches that were begun.

        Args:
            counts: Answers of each kind.
        """
        begun = [batch for batch in self.batches if batch.state != "waiting"]
        ended = [batch.summary for batch in begun if batch.summary is not None]
        return Accounting(
            counts["sure"],
            counts["unsure"],
            counts["unreadable"],
            sum(summary.skipped for summary in ended),
            sum(summary.ignored for summary in ended),
            sum(summary.found for summary in ended) if len(ended) == len(begun) else None,
        )

    def first_of(self, batch: PhotoBatch) -> int:
        """Position of a batch's first answer among all answers."""
        return sum(len(other.answers) for other in self.batches[: self.batches.index(batch)])

    def locate(self, position: int) -> tuple[PhotoBatch, int]:
        """The batch of an answer, and its position in it, from its position among all answers.

        Raises:
            IndexError: If there are fewer answers.
        """
        for batch in self.batches:
            if position < len(batch.answers):
                return batch, position
            position -= len(batch.answers)
        raise IndexError(position)

    def _training_runs(self) -> bool:
        """Whether a training has the computer; says so if it does."""
        if not self._session.training:
            return False
        self._session.posted.emit(
            Message(KEY, "A training runs now.", "info", "Classifying can begin when it has ended.")
        )
        return True

    def _take(self, batch: PhotoBatch, event: Event) -> None:
        match event:
            case Batch(items):
                first = len(batch.answers)
                batch.answers.append(item for item in items if isinstance(item, Prediction))
                self.appended.emit(batch, first)
            case Progress("predict", done, total):
                batch.done, batch.total, batch.note = done, total, ""
                batch.pace.look(done, total)
            case Progress():
                batch.note = event.note
            case Notice(message):
                self._session.posted.emit(Message(KEY, message))
        self.changed.emit()

    def _finish(self, batch: PhotoBatch, summary: BatchSummary | None) -> None:
        stopped = self._job is not None and self._job.cancelling
        self._job = None
        batch.summary = summary
        batch.state = "stopped" if stopped else "done"
        if summary is None:  # stopped before the model was ready
            self.remove(batch)
        self.ended.emit(batch)
        self.changed.emit()
        if not stopped:
            self.start_next()

    def _fail(self, batch: PhotoBatch, error: Exception) -> None:
        self._job = None
        batch.state = "stopped"
        if not len(batch.answers):
            self.remove(batch)
        self.changed.emit()
        self.start_next()
        self._session.report_failure(KEY, error)


def kept_thresholds(session: Session, stored: StoredRun) -> dict[str, float]:
    """Thresholds of single classes that were kept with a run; none where they can't be read, which is said."""
    try:
        return load_thresholds(stored.folder)
    except TLStudioError as error:
        session.report_failure("thresholds", error)
        return {}
