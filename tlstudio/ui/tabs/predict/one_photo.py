"""One photo, dropped, pasted, chosen or drawn, and its answer."""

import random
from pathlib import Path

from PySide6.QtCore import QByteArray, QMimeData, QObject, QTemporaryDir, QUrl, Signal
from PySide6.QtGui import QImage

from tlstudio.errors import TLStudioError
from tlstudio.events import Batch, CancelToken, Emit, Event
from tlstudio.paths import is_file
from tlstudio.prediction.prediction import Prediction
from tlstudio.runs.store import StoredRun
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.predict.folders.stored_batches import KEY, OPTIONS
from tlstudio.ui.widgets.drop_area import dropped_paths
from tlstudio.ui.widgets.message_bar import Message
from tlstudio.workers.job import Job
from tlstudio.workers.runner import Lane
from tlstudio.workflows.predict import predict

# A single photo takes a tenth of a second: it must not wait for a folder of thousands on the compute lane.
_LANE: Lane = "prepare"
_UNKEPT, _UNKEPT_HINT = "The photo can't be kept.", "Make room on the disk, or drop its file here."
_WEB = frozenset(("http", "https"))
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
        self._pictures: QTemporaryDir | None = None
        self._origins: dict[Path, str] = {}
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

    def ask_image(self, image: QImage, kind: str = "Pasted", origin: str = "From the clipboard") -> None:
        """Ask about a picture that lies in no file; it is written to a temporary one.

        Args:
            image: The picture.
            kind: How it came here, for its name.
            origin: Where it came from, as a person would say it.
        """
        if self._pictures is None:
            self._pictures = QTemporaryDir()
        if not self._pictures.isValid():
            self._session.report_failure(KEY, TLStudioError(_UNKEPT, _UNKEPT_HINT))
            return
        path = Path(self._pictures.filePath(f"{kind} photo {len(self._origins) + 1}.png"))
        self._origins[path] = origin
        self._put((path, image))

    def paste(self, data: QMimeData) -> bool:
        """Ask about the photo on the clipboard; tell whether there is one."""
        files = [path for path in dropped_paths(data) if is_file(path)]
        image = picture_in(data)
        if files:
            self.ask(files[0])
        elif image is not None:
            self.ask_image(image)
        else:
            return self._explain_link(data)
        return True

    def take_dragged(self, data: QMimeData) -> None:
        """Ask about a picture that was dragged here from another program, a browser for instance."""
        image = picture_in(data)
        if image is not None:
            self.ask_image(image, "Dragged", "Dragged from another program")
        else:
            self._explain_link(data)

    def ask_any(self) -> None:
        """Ask about some photo of the data set; it takes the place of the one before."""
        dataset, stored = self._session.photos.dataset, self._stored
        if stored is None:
            return
        root, samples = (stored.run.root, stored.run.samples) if dataset is None else (dataset.root, dataset.samples)
        if not samples:
            self._session.posted.emit(Message(KEY, "There are no photos to choose from.", "info"))
            return
        sample = random.choice(samples)  # noqa: S311 - no secret
        self._origins[Path(root) / sample.path] = f"Labelled {sample.class_name}"
        self.ask(Path(root) / sample.path)

    def origin(self, path: Path) -> str:
        """Where a photo comes from, as a person would say it; empty for one that lies in a file of theirs."""
        return self._origins.get(path, "")

    def _explain_link(self, data: QMimeData) -> bool:
        """Say why the link of a picture is not enough; tell whether there is one."""
        if not any(url.scheme() in _WEB for url in data.urls()):
            return False
        line = "Nothing is downloaded. Copy the picture itself in the browser and paste it here, or save it first."
        self._session.posted.emit(Message(KEY, "This is only a link to a photo.", "info", line))
        return True

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
        raise TLStudioError(_UNKEPT, _UNKEPT_HINT)
    predict(stored, [path], OPTIONS, emit=keep, token=token)
    return answers[0] if answers else None


def brings_picture(data: QMimeData) -> bool:
    """Whether what is dragged holds a picture, or the link of one; files aside."""
    return data.hasImage() or any(url.scheme() in (*_WEB, "data") for url in data.urls())


def picture_in(data: QMimeData) -> QImage | None:
    """The picture itself in what was pasted or dragged; None where there is none, or only a link to one."""
    image = data.imageData() if data.hasImage() else None
    if isinstance(image, QImage) and not image.isNull():
        return image
    return next((found for url in data.urls() if (found := _picture_of(url)) is not None), None)


def _picture_of(url: QUrl) -> QImage | None:
    """The picture of a URL that is the picture (RFC 2397), as browsers give those that a page draws by itself."""
    head, _, body = url.toString(QUrl.ComponentFormattingOption.FullyEncoded).partition(",")
    if url.scheme() != "data" or not head.endswith(";base64"):
        return None
    image = QImage.fromData(QByteArray.fromBase64(QByteArray.fromPercentEncoding(QByteArray(body.encode()))))
    return None if image.isNull() else image
