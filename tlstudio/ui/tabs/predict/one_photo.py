"""One photo, dropped, pasted or chosen, and its answer."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, QTemporaryDir, Signal
from PySide6.QtGui import QImage

from tlstudio.errors import TLStudioError
from tlstudio.events import Batch, CancelToken, Emit, Event
from tlstudio.prediction.batch import PredictOptions
from tlstudio.prediction.prediction import Prediction
from tlstudio.runs.store import StoredRun
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.predict.batch import KEY
from tlstudio.ui.widgets.drop_area import dropped_paths
from tlstudio.ui.widgets.message_bar import Message
from tlstudio.workers.job import Job
from tlstudio.workers.runner import Lane
from tlstudio.workflows.predict import predict

# A single photo takes a tenth of a second: it must not wait for a folder of thousands on the compute lane.
_LANE: Lane = "prepare"
_UNPACKED = 100  # packing a large picture takes seconds, and the file doesn't last


class OnePhoto(QObject):
    """Asks the run about one photo at a time; a new question takes the place of the one before.

    Attributes:
        asked: A photo is being looked at; carries its path.
        answered: Carries the ``Prediction``.
        failed: There will be no answer; what is wrong has been said.
    """

    asked = Signal(object)
    answered = Signal(object)
    failed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._stored: StoredRun | None = None
        self._job: Job | None = None
        self._question: tuple[Path, QImage | None] | None = None
        self._pasted: QTemporaryDir | None = None
        self._pasted_count = 0
        session.runner.busy_changed.connect(self._ask_again)

    def set_run(self, stored: StoredRun | None) -> None:
        """Ask another run from now on."""
        self.forget()
        self._stored = stored

    def forget(self) -> None:
        """Ask nothing any more."""
        if self._job is not None:
            self._job.cancel()
            self._job.detach()
        self._job = self._question = None

    def ask(self, path: Path) -> None:
        """Ask about a file."""
        self._put((path, None))

    def ask_image(self, image: QImage) -> None:
        """Ask about a picture that lies in no file; it is written to a temporary one."""
        if self._pasted is None:
            self._pasted = QTemporaryDir()
        if not self._pasted.isValid():
            self._session.report_failure(
                KEY, TLStudioError("The pasted photo can't be kept.", "Make room on the disk, or drop its file here.")
            )
            return
        self._pasted_count += 1
        self._put((Path(self._pasted.filePath(f"Pasted photo {self._pasted_count}.png")), image))

    def paste(self, data: QMimeData) -> bool:
        """Ask about the photo on the clipboard; tell whether there is one."""
        files = [path for path in dropped_paths(data) if path.is_file()]
        image = data.imageData() if data.hasImage() else None
        if files:
            self.ask(files[0])
        elif isinstance(image, QImage) and not image.isNull():
            self.ask_image(image)
        else:
            return False
        return True

    def is_pasted(self, path: Path) -> bool:
        """Whether a file is the temporary one of a pasted photo."""
        return self._pasted is not None and path.parent == Path(self._pasted.path())

    def _put(self, question: tuple[Path, QImage | None]) -> None:
        if self._stored is None:
            return
        if self._session.training:
            self._session.posted.emit(
                Message(KEY, "A training runs now.", "info", "Drop the photo again when it has ended.")
            )
            return
        self.forget()
        self._session.withdrawn.emit(KEY)
        self._question = question
        self._start(self._stored, *question)
        self.asked.emit(question[0])

    def _start(self, stored: StoredRun, path: Path, image: QImage | None) -> None:
        job = self._session.runner.start(
            _LANE, lambda emit, token: _answer(stored, path, image, emit=emit, token=token)
        )
        self._job = job
        job.succeeded.connect(lambda answer: self._finish(path, answer))
        job.failed.connect(self._fail)

    def _finish(self, path: Path, answer: Prediction | None) -> None:
        self._job = self._question = None
        if answer is not None:
            self.answered.emit(answer)
            return
        self.failed.emit()
        self._session.report_failure(
            KEY, TLStudioError(f"{path.name} is no photo.", "Drop a JPEG, PNG, HEIC or another photo.")
        )

    def _fail(self, error: Exception) -> None:
        self._job = self._question = None
        self.failed.emit()
        self._session.report_failure(KEY, error)

    def _ask_again(self, lane: str, busy: bool) -> None:
        """Another job of the lane took the place of ours, unheard: ask once more when the lane is free."""
        displaced = self._job is not None and not self._job.active
        if lane == _LANE and not busy and displaced and self._stored is not None and self._question is not None:
            self._start(self._stored, *self._question)


def _answer(
    stored: StoredRun, path: Path, image: QImage | None, *, emit: Emit, token: CancelToken
) -> Prediction | None:
    """The answer for one photo; None for a file that is none."""
    answers: list[Prediction] = []

    def keep(event: Event) -> None:
        if isinstance(event, Batch):
            answers.extend(item for item in event.items if isinstance(item, Prediction))
        else:
            emit(event)

    if image is not None and not path.exists() and not image.save(str(path), quality=_UNPACKED):
        raise TLStudioError("The pasted photo can't be kept.", "Make room on the disk, or drop its file here.")
    predict(stored, [path], PredictOptions(threshold=0.0, class_thresholds={}), emit=keep, token=token)
    return answers[0] if answers else None
