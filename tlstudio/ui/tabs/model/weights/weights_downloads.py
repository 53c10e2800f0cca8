"""The download of weights that runs, if any."""

from typing import Final

from PySide6.QtCore import QObject, Signal

from tlstudio.errors import TLStudioError
from tlstudio.events import Event, Progress
from tlstudio.modeling.weights_cache import fetch
from tlstudio.modeling.weights_files import WeightsFile
from tlstudio.ui.session import Session
from tlstudio.workers.job import Job

_LANE: Final = "fetch"


class WeightsDownloads(QObject):
    """Fetches one file at a time, beside whatever else the window does; it goes on while the dialog is closed.

    Attributes:
        changed: A download began, went on or ended.
        ended: Carries the file, and what was in the way (a TLStudioError) or None.
    """

    changed = Signal()
    ended = Signal(object, object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._job: Job | None = None
        self.file: WeightsFile | None = None
        self.progress: Progress | None = None

    def start(self, file: WeightsFile) -> None:
        """Fetch ``file``, unless another one is on its way."""
        if self.file is not None:
            return
        self.file, self.progress = file, None
        job = self._session.runner.start(_LANE, lambda emit, token: fetch(file, emit=emit, token=token))
        self._job = job
        job.reported.connect(self._take)
        job.succeeded.connect(lambda _path: self._end(None))
        job.cancelled.connect(lambda: self._end(None))
        job.failed.connect(self._end)
        self.changed.emit()

    def stop(self) -> None:
        """Stop; what has arrived is kept, and gone on with another time."""
        if self._job is not None:
            self._job.cancel()

    @property
    def stopping(self) -> bool:
        """Whether a stop was asked for."""
        return self._job is not None and self._job.cancelling

    def _take(self, event: Event) -> None:
        if isinstance(event, Progress):
            self.progress = event
            self.changed.emit()

    def _end(self, error: Exception | None) -> None:
        file, self.file, self.progress, self._job = self.file, None, None, None
        if error is not None and not isinstance(error, TLStudioError):
            self._session.report_failure("weights", error)
            error = None
        self.changed.emit()
        self.ended.emit(file, error)
