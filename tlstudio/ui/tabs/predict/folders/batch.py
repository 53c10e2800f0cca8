"""Folders that are classified one after the other; what came of them is kept, also when the program ends."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from tlstudio.errors import TLStudioError
from tlstudio.events import Batch, CancelToken, Continued, Emit, Event, Notice, Paused, Progress
from tlstudio.prediction.batch import ListedFile
from tlstudio.prediction.prediction import BatchSummary, Prediction
from tlstudio.runs.store import StoredRun
from tlstudio.runs.thresholds import load_thresholds
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.predict.answers.answers import Accounting
from tlstudio.ui.tabs.predict.folders.photo_batch import BatchState, PhotoBatch
from tlstudio.ui.tabs.predict.folders.retelling import Retelling
from tlstudio.ui.tabs.predict.folders.stored_batches import KEY, OPTIONS, StoredBatch, StoredBatches
from tlstudio.ui.tabs.predict.folders.watched_folders import WatchedFolders
from tlstudio.ui.widgets.message_bar import Message
from tlstudio.ui.widgets.photo_table import PredictionState
from tlstudio.wording import counted
from tlstudio.workers.job import Job, Task
from tlstudio.workers.turns import Turns
from tlstudio.workflows.predict import predict, predict_new

_PIECE: Final = 100
"""Answers that are taken at a time: a millisecond or so."""

_TURN_SECONDS: Final = 0.004

_TELLING_MS: Final = 100
_STATES: Final[dict[str, BatchState]] = {"running": "interrupted"}


class BatchQueue(QObject):
    """Batches in the order in which they come; one runs at a time.

    Attributes:
        changed: A batch came, went, or is further than before.
        appended: More answers; carries the ``PhotoBatch`` and their places in it (range).
        replaced: Another answer; carries the ``PhotoBatch`` and its place in it.
        removed: All answers of a batch went; carries it.
        cleared: Another run is used; all batches went.
        ended: A batch is through; carries it, and how many more answers it has than before.
    """

    changed = Signal()
    appended = Signal(object, object)
    replaced = Signal(object, int)
    removed = Signal(object)
    cleared = Signal()
    ended = Signal(object, int)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._stored: StoredRun | None = None
        self._job: Job | None = None
        self._kept = StoredBatches(session, self)
        self._watched = WatchedFolders(session, self, self._kept, self)
        self._turns = Turns(_TURN_SECONDS, self)
        self._telling = QTimer(self, interval=_TELLING_MS, singleShot=True)
        self._hold_back = True
        self.batches: list[PhotoBatch] = []
        self._kept.read_back.connect(self._list_again)
        self._kept.listed.connect(self._offer_interrupted)
        self._kept.entered.connect(self.changed)
        self._turns.turned.connect(self._tell_soon)
        self._telling.timeout.connect(self.changed)
        self.changed.connect(self._watched.look)

    # What is in it

    @property
    def running(self) -> PhotoBatch | None:
        """The batch that runs."""
        return next((batch for batch in self.batches if batch.state == "running"), None)

    @property
    def waiting(self) -> PhotoBatch | None:
        """The batch that comes next."""
        return next((batch for batch in self.batches if batch.state == "waiting"), None)

    @property
    def unfinished(self) -> PhotoBatch | None:
        """The first batch that ended early and can go on."""
        return next((batch for batch in self.batches if batch.goes_on), None)

    @property
    def answered(self) -> int:
        """Answers of all batches together."""
        return sum(len(batch.answers) for batch in self.batches)

    def accounting(self, counts: Mapping[PredictionState, int]) -> Accounting:
        """The sum over all batches that were begun.

        Args:
            counts: Answers of each kind.
        """
        begun = [batch for batch in self.batches if batch.state != "waiting" or len(batch.answers)]
        found = [batch.found for batch in begun if batch.found is not None]
        return Accounting(
            counts["sure"],
            counts["unsure"],
            counts["unreadable"],
            sum(batch.unreached for batch in begun),
            sum(batch.summary.ignored for batch in begun if batch.summary is not None),
            sum(found) if len(found) == len(begun) else None,
            counts["unlike"],
        )

    # What a person wants

    def set_run(self, stored: StoredRun | None) -> None:
        """Use another run; the answers of the one before go, and what was kept of this one comes."""
        if self._job is not None:
            self._job.cancel()
            self._job.detach()
        self._turns.clear()
        self._stored, self._job = stored, None
        self.batches = []
        self.cleared.emit()
        self._kept.set_run(stored)
        self.changed.emit()

    def add(self, inputs: Sequence[Path]) -> None:
        """Classify folders and files, now or after what runs. What was classified before is looked through again."""
        if self._stored is None or self._training_runs():
            return
        wanted = tuple(inputs)
        batch = next((batch for batch in self.batches if batch.inputs == wanted), None)
        if batch is not None:
            self.go_on(batch)
            return
        own = kept_thresholds(self._session, self._stored)
        batch = PhotoBatch(wanted, self._stored.run.classes, own, hold_back=self._hold_back)
        self.batches.append(batch)
        self._kept.enter(batch)
        self.changed.emit()
        self.start_next()

    def go_on(self, batch: PhotoBatch) -> None:
        """Classify what is left of a batch, or what is new in it; what has an answer keeps it."""
        if batch.state == "running" or self._training_runs():
            return
        batch.state = "waiting"
        self._come_first(batch)
        self.changed.emit()
        self.start_next()

    def start_next(self) -> None:
        """Begin with the batch that waits, unless a training runs."""
        batch, stored = self.waiting, self._stored
        if batch is None or stored is None or self.running is not None or self._training_runs():
            return
        store = self._kept.store

        def task(emit: Emit, token: CancelToken) -> BatchSummary:
            token.tell(emit)
            return predict(stored, batch.inputs, OPTIONS, answers=store, emit=emit, token=token)

        self._start(batch, task, whole=True)

    def answer_new(self, batch: PhotoBatch, files: Sequence[ListedFile]) -> None:
        """Classify files that came to a batch, unless something runs."""
        stored, number, store = self._stored, batch.number, self._kept.store
        if stored is None or number is None or self.running is not None or self._session.occupied:
            return

        def task(emit: Emit, token: CancelToken) -> BatchSummary:
            token.tell(emit)
            return predict_new(stored, store, number, files, OPTIONS, emit=emit, token=token)

        self._start(batch, task, whole=False)

    def stop(self) -> None:
        """Stop the batch that runs; its answers stay, and those that wait go on waiting."""
        if self._job is not None:
            self._job.cancel()

    @property
    def pausing(self) -> bool:
        """Whether the batch that runs waits, or is about to."""
        return self._job is not None and self._job.paused

    def pause(self) -> None:
        """Let the batch that runs wait at the next photo, or go on."""
        if self._job is None:
            return
        if self._job.paused:
            self._job.go_on()
        else:
            self._job.pause()
        self.changed.emit()

    def move(self, batch: PhotoBatch, step: int) -> None:
        """Let a batch that waits come earlier (-1) or later (1)."""
        waiting = [each for each in self.batches if each.state == "waiting"]
        if batch not in waiting or not 0 <= waiting.index(batch) + step < len(waiting):
            return
        other = waiting[waiting.index(batch) + step]
        here, there = self.batches.index(batch), self.batches.index(other)
        self.batches[here], self.batches[there] = other, batch
        self.changed.emit()

    def watch(self, batch: PhotoBatch, watched: bool) -> None:
        """Answer new files of a folder by themselves from now on, or no more."""
        batch.watched = watched
        self._kept.set_watched(batch)
        self.changed.emit()

    def set_hold_back(self, hold_back: bool) -> None:
        """Tell whether photos that are unlike everything learnt are never sure; who shows states has to look again."""
        self._hold_back = hold_back
        for batch in self.batches:
            batch.answers.hold_back = hold_back

    def remove(self, batch: PhotoBatch) -> None:
        """Take a batch that doesn't run out of the list, and its answers with it. The photos stay where they are."""
        if batch.state == "running" or batch not in self.batches:
            return
        self.batches.remove(batch)
        self._kept.forget(batch)
        self.removed.emit(batch)
        self.changed.emit()

    # What happens

    def _start(self, batch: PhotoBatch, task: Task, *, whole: bool) -> None:
        """Run a task; ``whole`` says whether it tells the answers of all files of the batch."""
        batch.begin()
        self._session.withdrawn.emit(KEY)
        retelling = Retelling(batch.answers)
        job = self._job = self._session.runner.start("compute", task)

        def finish(summary: BatchSummary | None = None) -> None:
            stopped = job.cancelling and (summary is None or summary.skipped > 0)
            if whole and not stopped:
                self._drop_gone(batch, retelling)
            self._turns.add(lambda: self._finish(batch, summary, retelling, stopped=stopped))

        job.reported.connect(lambda event: self._hear(batch, event, retelling))
        job.succeeded.connect(lambda summary: self._turns.add(lambda: finish(summary)))
        job.failed.connect(lambda error: self._turns.add(lambda: self._fail(batch, error)))
        job.cancelled.connect(lambda: self._turns.add(finish))
        self.changed.emit()

    def _hear(self, batch: PhotoBatch, event: Event, retelling: Retelling) -> None:
        if not isinstance(event, Batch):
            self._turns.add(lambda: self._take(batch, event))
            return
        items = [item for item in event.items if isinstance(item, Prediction)]
        for places in _pieces(len(items)):
            self._turns.add(self._taking(batch, items[places.start : places.stop], retelling))

    def _taking(self, batch: PhotoBatch, piece: Sequence[Prediction], retelling: Retelling) -> Callable[[], None]:
        def take() -> None:
            told = retelling.take(piece)
            if told.added:
                self.appended.emit(batch, told.added)
            for place in told.changed:
                self.replaced.emit(batch, place)

        return take

    def _take(self, batch: PhotoBatch, event: Event) -> None:
        match event:
            case Progress("predict", done, total):
                batch.done, batch.total, batch.note = done, total, ""
                batch.pace.look(done, total)
            case Progress():
                batch.note = event.note
            case Paused():
                batch.paused = True
            case Continued():
                batch.paused = False
                batch.pace.forget()
            case Notice(message):
                self._session.posted.emit(Message(KEY, message))

    def _drop_gone(self, batch: PhotoBatch, retelling: Retelling) -> None:
        """Take answers out whose files weren't there any more, a few at a time."""
        gone = set(retelling.untold())
        if not gone:
            return
        rest = batch.answers.emptied()
        for places in _pieces(len(batch.answers)):
            left = [place for place in places if place not in gone]
            self._turns.add(partial(rest.take_from, batch.answers, left))

        def exchange() -> None:
            self.removed.emit(batch)
            batch.answers = rest

        self._turns.add(exchange)
        for places in _pieces(len(batch.answers) - len(gone)):
            self._turns.add(partial(self.appended.emit, batch, places))

    def _finish(self, batch: PhotoBatch, summary: BatchSummary | None, retelling: Retelling, *, stopped: bool) -> None:
        self._job = None
        batch.end("stopped" if stopped else "done", summary)
        if stopped and summary is None and not len(batch.answers):  # before the model was ready
            self.remove(batch)
        self.ended.emit(batch, len(batch.answers) - retelling.before)
        self.changed.emit()
        if summary is not None and not summary.found and not stopped:
            others = f"What is there is of other kinds: {counted(summary.ignored, 'file')}."
            self._session.posted.emit(Message(KEY, f"There are no photos in {batch.title}.", "info", others))
        if not stopped:
            self.start_next()

    def _fail(self, batch: PhotoBatch, error: Exception) -> None:
        self._job = None
        batch.end("stopped", batch.summary)
        if not len(batch.answers):
            self.remove(batch)
        self.changed.emit()
        self.start_next()
        self._session.report_failure(KEY, error)

    def _list_again(self, stored: StoredBatch) -> None:
        """Show a batch that was read back, its answers a few at a time."""
        record = stored.record
        batch = next((batch for batch in self.batches if batch.inputs == record.inputs), None)
        if batch is None and self._stored is not None:
            batch = PhotoBatch(record.inputs, self._stored.run.classes)
            stored.answers.set_thresholds(kept_thresholds(self._session, self._stored))
            stored.answers.hold_back = self._hold_back
            batch.answers, batch.number, batch.watched = stored.answers, record.id, record.watched
            batch.end(_STATES.get(record.state, record.state), record.summary)
            self.batches.append(batch)
            for places in _pieces(len(batch.answers)):
                self._turns.add(partial(self.appended.emit, batch, places))
            self.changed.emit()

    def _offer_interrupted(self) -> None:
        """Offer to go on with what a crash has interrupted."""
        batch = next((batch for batch in self.batches if batch.state == "interrupted"), None)
        if batch is not None:
            self._session.posted.emit(
                Message(
                    KEY,
                    f"Classifying {batch.title} was interrupted",
                    "unsure",
                    f"{counted(len(batch.answers), 'photo')} have an answer, which they keep.",
                    fix="Go on",
                    on_fix=lambda: self.go_on(batch),
                )
            )

    def _come_first(self, batch: PhotoBatch) -> None:
        """Put a batch before the others that wait."""
        first = next(place for place, each in enumerate(self.batches) if each.state == "waiting")
        self.batches.remove(batch)
        self.batches.insert(first, batch)

    def _tell_soon(self) -> None:
        if not self._telling.isActive():
            self._telling.start()

    def _training_runs(self) -> bool:
        """Whether a training has the computer; says so if it does."""
        if not self._session.training:
            return False
        self._session.posted.emit(
            Message(KEY, "A training runs now.", "info", "Classifying can begin when it has ended.")
        )
        return True


def _pieces(count: int) -> Iterator[range]:
    """So many places, a piece after the other."""
    return (range(first, min(first + _PIECE, count)) for first in range(0, count, _PIECE))


def kept_thresholds(session: Session, stored: StoredRun) -> dict[str, float]:
    """Thresholds of single classes that were kept with a run; none where they can't be read, which is said."""
    try:
        return load_thresholds(stored.folder)
    except TLStudioError as error:
        session.report_failure("thresholds", error)
        return {}
