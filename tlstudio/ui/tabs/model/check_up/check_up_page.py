"""The page of the check-up: photos in, answers out, and what they mean for the training."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.datasets.dataset import Dataset
from tlstudio.errors import TLStudioError
from tlstudio.events import Event, Progress
from tlstudio.paths import is_folder
from tlstudio.ui import theme
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.model.check_up.answer_cards import MOST_CARDS, AnswerCards
from tlstudio.ui.tabs.model.check_up.answers_table import AnswersTable
from tlstudio.ui.tabs.model.check_up.network_choice import NetworkChoice
from tlstudio.ui.widgets.bar import Bar
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.drop_area import DropArea
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.wording import counted
from tlstudio.workers.job import Job
from tlstudio.workflows.check_up import CheckUp, check_up

SAMPLE: Final = 6

_PHOTOS: Final = "Photos (*.jpg *.jpeg *.png *.webp *.heic *.heif *.avif *.bmp *.gif *.tif *.tiff);;All files (*)"
_LINE: Final = (
    "Networks that know the 1000 things of ImageNet name your photos. The more they see what they know, the less "
    "has to be learnt anew."
)


class CheckUpPage(QWidget):
    """Choose photos and networks; below come hint, cards and table.

    Attributes:
        weights_wanted: The list of weights for the check-up is wanted.
    """

    weights_wanted = Signal()

    def __init__(self, session: Session, thumbnails: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._photos: tuple[Path, ...] = ()
        self._job: Job | None = None
        self._drop = DropArea("Drop photos here", "A folder of photos will do, too.")
        self._choose = Button("Choose photos", size="small", icon="image")
        self._sample = Button("Six photos of my data set", size="small")
        self._networks = NetworkChoice(session)
        self._run = Button("Check up", "soft")
        self._state = TextLabel("", "secondary", "text2", wrap=True)
        self._bar = Bar(8)
        self._hint = TextLabel("", "text", wrap=True)
        self._cards = AnswerCards(thumbnails)
        self._table = AnswersTable()
        self._more = TextLabel("", "secondary", "text2", wrap=True)
        self._arrange()
        self._connect()
        self._show_result(None)
        self._networks.refresh()
        self._follow()

    def refresh(self) -> None:
        """Look again which networks are here."""
        self._networks.refresh()
        self._follow()

    def set_photos(self, paths: Sequence[Path]) -> None:
        """Take these photos, and folders of them."""
        self._photos = tuple(paths)
        folders = [path for path in paths if is_folder(path)]
        words = f"“{folders[0].name}”" if len(folders) == len(paths) == 1 else counted(len(paths), "photo")
        self._drop.set_title(f"{words} to check")
        self._follow()

    def add_file(self, backbone: str, path: str) -> None:
        """Offer a file of weights with ImageNet's classes, ticked."""
        self._networks.add_file(backbone, path)

    def start(self) -> None:
        """Let the networks look; or stop them."""
        if self._job is not None:
            self._job.cancel()
            self._follow()
            return
        photos, networks, dataset = self._photos, self._networks.chosen(), self._session.photos.dataset
        if self._obstacle():
            return
        known = len(dataset.samples) if dataset else None
        job = self._session.runner.start(
            "compute", lambda emit, token: check_up(photos, networks, known, emit=emit, token=token)
        )
        self._job = job
        job.reported.connect(self._report)
        job.succeeded.connect(self._succeed)
        job.failed.connect(self._fail)
        job.cancelled.connect(lambda: self._end(""))
        self._bar.set_share(None)
        self._state.setText("The networks are made ready…")
        self._follow()

    def showEvent(self, event: QShowEvent) -> None:
        """Files come and go."""
        super().showEvent(event)
        self.refresh()

    def _arrange(self) -> None:
        ways = QVBoxLayout()
        ways.setSpacing(theme.SPACE_8)
        ways.addStretch(1)
        ways.addWidget(self._choose)
        ways.addWidget(self._sample)
        ways.addStretch(1)
        photos = QHBoxLayout()
        photos.setSpacing(theme.SPACE_16)
        photos.addWidget(self._drop, 1)
        photos.addLayout(ways)
        run = QHBoxLayout()
        run.setSpacing(theme.SPACE_12)
        run.addWidget(self._run)
        told = QVBoxLayout()
        told.setSpacing(theme.SPACE_4)
        told.addWidget(self._state)
        told.addWidget(self._bar)
        run.addLayout(told, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, theme.SPACE_8, 0)
        column.setSpacing(theme.SPACE_12)
        column.addWidget(TextLabel(_LINE, "secondary", "text2", wrap=True))
        column.addLayout(photos)
        column.addWidget(self._networks)
        column.addLayout(run)
        for part in (self._hint, self._table, self._cards, self._more):
            column.addWidget(part)
        column.addStretch(1)

    def _connect(self) -> None:
        set_tooltip(self._choose, "Choose photos from this computer")
        set_tooltip(self._sample, "Take six photos from all over the open data set")
        self._choose.clicked.connect(self._choose_photos)
        self._sample.clicked.connect(self._take_sample)
        self._drop.dropped.connect(self.set_photos)
        self._networks.changed.connect(self._follow)
        self._networks.weights_wanted.connect(self.weights_wanted)
        self._run.clicked.connect(self.start)
        self._session.photos.changed.connect(self._follow)
        self._session.runner.busy_changed.connect(lambda *_: self._follow())

    def _obstacle(self) -> str:
        """Why no check-up can begin now; empty if one can."""
        if not self._photos:
            return "Choose photos first."
        if not self._networks.chosen():
            return "Choose at least one network."
        busy = self._job is None and self._session.runner.busy("compute")
        return "The computer is busy with something else." if busy else ""

    def _follow(self) -> None:
        """Buttons say what they can do now."""
        running = self._job is not None
        obstacle = "" if running else self._obstacle()
        self._run.setText("Stop" if running else "Check up")
        self._run.setEnabled(not obstacle and not (self._job is not None and self._job.cancelling))
        set_tooltip(self._run, obstacle or ("Stop the networks" if running else "Let the networks name the photos"))
        self._bar.setVisible(running)
        dataset = self._session.photos.dataset
        self._sample.setEnabled(dataset is not None and bool(dataset.samples))

    def _choose_photos(self) -> None:
        paths, _ = QFileDialog.getOpenFileNames(self, "Choose photos", "", _PHOTOS)
        if paths:
            self.set_photos([Path(path) for path in paths])

    def _take_sample(self) -> None:
        dataset = self._session.photos.dataset
        if dataset is not None and dataset.samples:
            self.set_photos(spread(dataset))

    def _report(self, event: Event) -> None:
        if isinstance(event, Progress):
            self._bar.set_share(event.done / event.total if event.total else None)
            counts = f": {event.done:,} of {event.total:,}" if event.stage == "predict" else ""
            self._state.setText(f"{event.note or 'The networks are made ready'}{counts}")

    def _succeed(self, result: CheckUp) -> None:
        unread = f"{counted(len(result.unreadable), 'file')} can't be read as photos." if result.unreadable else ""
        self._end(unread)
        self._show_result(result)

    def _fail(self, error: Exception) -> None:
        self._end(str(error) if isinstance(error, TLStudioError) else "The check-up ended without an answer.")
        if not isinstance(error, TLStudioError):
            self._session.report_failure("check-up", error)

    def _end(self, words: str) -> None:
        self._job = None
        self._state.setText(words)
        self._follow()

    def _show_result(self, result: CheckUp | None) -> None:
        self._hint.setText("\n".join(result.advice) if result else "")
        self._cards.show_answers(result)
        self._table.show_answers(result)
        hidden = len(result.photos) - MOST_CARDS if result else 0
        self._more.setText(f"{counted(hidden, 'more photo')} in the table above." if hidden > 0 else "")
        for part, shown in (
            (self._hint, result),
            (self._cards, result),
            (self._table, result),
            (self._more, hidden > 0),
        ):
            part.setVisible(bool(shown))


def spread(dataset: Dataset) -> list[Path]:
    """Six photos from all over a data set, so from as many classes as it has."""
    samples = dataset.samples
    count = min(SAMPLE, len(samples))
    return [dataset.absolute(samples[(2 * number + 1) * len(samples) // (2 * count)].path) for number in range(count)]
