"""Folders whose new photos get their answers by themselves."""

from collections.abc import Sequence
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, QTimer

from tlstudio.errors import TLStudioError
from tlstudio.prediction.batch import ListedFile
from tlstudio.prediction.watch import LOOK_SECONDS
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.predict.folders.photo_batch import PhotoBatch
from tlstudio.ui.tabs.predict.folders.stored_batches import KEY, StoredBatches


class Queue(Protocol):
    """What the watch wants of the queue."""

    batches: list[PhotoBatch]

    def answer_new(self, batch: PhotoBatch, files: Sequence[ListedFile]) -> None:
        """Classify files that came to a batch, unless something runs."""


class WatchedFolders(QObject):
    """Looks at the watched folders in turn, every few seconds, while nothing else is computed."""

    def __init__(self, session: Session, queue: "Queue", kept: StoredBatches, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._queue, self._kept = session, queue, kept
        self._turn = 0
        self._lost: set[PhotoBatch] = set()
        self._timer = QTimer(self, interval=round(1000 * LOOK_SECONDS))
        self._timer.timeout.connect(self._look_at_next)

    def look(self) -> None:
        """Look from now on, or no more: other folders are watched."""
        if not self._watched():
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()

    def _watched(self) -> list[PhotoBatch]:
        return [batch for batch in self._queue.batches if batch.watched and batch.state == "done"]

    def _look_at_next(self) -> None:
        watched = self._watched()
        if not watched or self._kept.busy or self._session.occupied or self._session.training:
            return
        self._turn += 1
        batch = watched[self._turn % len(watched)]
        self._kept.look_for_new(batch, partial(self._found, batch))

    def _found(self, batch: PhotoBatch, files: Sequence[ListedFile] | TLStudioError) -> None:
        if isinstance(files, TLStudioError):
            if batch not in self._lost:  # once, not every few seconds; it may come back
                self._lost.add(batch)
                self._session.report_failure(KEY, files)
            return
        self._lost.discard(batch)
        if files and batch in self._watched():
            self._queue.answer_new(batch, files)
