"""The batches of a run as they are kept on disk: listed again, forgotten, watched. All of it beside the window."""

from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from tlstudio.datasets.formats import looks_like_image
from tlstudio.errors import TLStudioError
from tlstudio.events import Batch, CancelToken, Emit, Event
from tlstudio.prediction.answer_store import AnswerStore, BatchRecord
from tlstudio.prediction.answering_model import model_of
from tlstudio.prediction.answers_file import FILE
from tlstudio.prediction.batch import ListedFile, PredictOptions, list_files
from tlstudio.prediction.watch import FolderWatch
from tlstudio.runs.store import StoredRun
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.predict.answers.answers import KEPT_TOP, Answers
from tlstudio.ui.tabs.predict.folders.photo_batch import PhotoBatch
from tlstudio.workers.job import Job, Task

KEY: Final = "predict"
"""Of the messages that are about classifying."""

OPTIONS: Final = PredictOptions(top=KEPT_TOP, threshold=0.0, class_thresholds={})
"""How the window asks: thresholds are applied here, as often as they are moved."""

_PORTION: Final = 500


@dataclass(frozen=True, slots=True)
class StoredBatch:
    """A batch that was read back.

    Attributes:
        record: What is kept of it.
        answers: What was said so far.
    """

    record: BatchRecord
    answers: Answers


class StoredBatches(QObject):
    """Reads and changes what is kept, one chore after the other, on a lane of its own.

    Attributes:
        read_back: Carries a ``StoredBatch``, one after the other in the order in which they were asked for.
        listed: All have been read back.
        entered: It is known how many photos a batch has.
    """

    read_back = Signal(object)
    listed = Signal()
    entered = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._stored: StoredRun | None = None
        self._job: Job | None = None
        self._chores: deque[tuple[Task, Callable[[Any], None]]] = deque()
        self._watches: dict[int, FolderWatch] = {}

    @property
    def store(self) -> AnswerStore:
        """Where the answers of the run are kept.

        Raises:
            RuntimeError: Where no run is open.
        """
        if self._stored is None:
            raise RuntimeError("No run is open.")
        return AnswerStore.of_run(self._stored)

    def set_run(self, stored: StoredRun | None) -> None:
        """Read back what is kept of another run; what is going on about the one before is forgotten."""
        self._chores.clear()
        self._watches.clear()
        if self._job is not None:
            self._job.cancel()
            self._job.detach()
        self._stored, self._job = stored, None
        if stored is not None:
            self._do(lambda emit, token: _read_back(stored, emit, token), lambda _nothing: self.listed.emit())

    def enter(self, batch: PhotoBatch) -> None:
        """Keep that a batch is wanted, so that it is still there after a restart, and count its photos."""
        stored, store, inputs, watched = self._stored, self.store, batch.inputs, batch.watched

        def task(_emit: Emit, token: CancelToken) -> tuple[int, int]:
            assert stored is not None  # noqa: S101 - or there would be no store
            number = store.batch_of(model_of(stored), inputs).id
            store.set_watched(number, watched)
            return number, _photos_in(inputs, token)

        def done(entered: tuple[int, int]) -> None:
            batch.number, photos = entered
            if batch.state == "waiting":
                batch.total = photos
                self.entered.emit()

        self._do(task, done)

    def forget(self, batch: PhotoBatch) -> None:
        """Take a batch out of what is kept, as soon as what was to be kept of it is."""
        store = self.store

        def task(_emit: Emit, _token: CancelToken) -> None:
            if batch.number is not None:
                store.forget(batch.number)

        self._do(task, lambda _nothing: None)

    def set_watched(self, batch: PhotoBatch) -> None:
        """Keep whether a batch is watched."""
        store = self.store

        def task(_emit: Emit, _token: CancelToken) -> None:
            if batch.number is not None:
                store.set_watched(batch.number, batch.watched)

        self._do(task, lambda _nothing: None)

    def look_for_new(self, batch: PhotoBatch, found: Callable[[tuple[ListedFile, ...] | TLStudioError], None]) -> None:
        """Look once for new files of a watched batch.

        Args:
            batch: Which.
            found: Told those that stand still, or why nobody can look.
        """
        number, store = batch.number, self.store
        if number is None:
            return

        def task(_emit: Emit, _token: CancelToken) -> tuple[ListedFile, ...] | TLStudioError:
            try:
                if number not in self._watches:
                    self._watches[number] = FolderWatch(store, store.batch(number))
                return self._watches[number].poll()
            except TLStudioError as error:
                return error

        self._do(task, found)

    @property
    def busy(self) -> bool:
        """Whether something is being read or changed."""
        return self._job is not None

    def _do(self, task: Task, then: Callable[[Any], None]) -> None:
        self._chores.append((task, then))
        self._next()

    def _next(self) -> None:
        if self._job is not None or not self._chores or self._session.runner.closed:
            return
        task, then = self._chores.popleft()
        job = self._job = self._session.runner.start("answers", task)
        job.reported.connect(self._report)
        job.succeeded.connect(lambda result: self._end(lambda: then(result)))
        job.failed.connect(lambda error: self._end(lambda: self._session.report_failure(KEY, error)))
        job.cancelled.connect(lambda: self._end(lambda: None))

    def _end(self, tell: Callable[[], None]) -> None:
        self._job = None
        tell()
        self._next()

    def _report(self, event: Event) -> None:
        if isinstance(event, Batch):
            for stored in event.items:
                self.read_back.emit(stored)


def _read_back(stored: StoredRun, emit: Emit, token: CancelToken) -> None:
    store = AnswerStore.of_run(stored)
    if not (store.folder / FILE).is_file():
        return
    for record in store.batches(model_of(stored).key):
        answers = Answers(stored.run.classes)
        predictions = store.predictions(record.id, OPTIONS)
        while portion := list(islice(predictions, _PORTION)):
            token.check()
            answers.append(portion)
        emit(Batch((StoredBatch(record, answers),)))


def _photos_in(inputs: Sequence[Path], token: CancelToken) -> int:
    """Files that look like photos, by their names; 0 where nobody can look."""
    count = 0
    with suppress(TLStudioError):
        for file in (file for given in inputs for file in list_files(given)):
            token.check()
            count += file.kind == "candidate" and looks_like_image(file.path)
    return count
