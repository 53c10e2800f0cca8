"""Looking closer: a network compares the photos, when a person asks for it or when it costs nothing."""

import time
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal

from tlstudio.events import Event, Notice, Progress
from tlstudio.ui.session import Session
from tlstudio.ui.widgets.message_bar import Message
from tlstudio.ui.widgets.next_step_bar import JobStatus
from tlstudio.ui.words.time_left import TimeLeft, in_words, rounded
from tlstudio.wording import counted
from tlstudio.workers.job import Job
from tlstudio.workflows.open_photos import Opened

KEY: Final = "closer look"
"""Of the messages that are about it."""

_PHOTOS_A_SECOND: Final = 100.0  # until it is measured: MobileNet V3 Large on a laptop; the starter is twice as quick
_START_SECONDS: Final = 3.0
_MEASURED_AFTER: Final = 1.0


class CloserLook(QObject):
    """The comparison of the session's photos by a network.

    Attributes:
        switched: It began or ended.
        changed: It began, went on or ended.
        show_wanted: A person wants to see what it found.
    """

    switched = Signal()
    changed = Signal()
    show_wanted = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._job: Job | None = None
        self._folder: Path | None = None
        self._course = _Course()
        self._rate = _PHOTOS_A_SECOND
        session.photos.changed.connect(self._follow_photos)
        session.training_ended.connect(self._look_if_known)
        session.runner.busy_changed.connect(lambda *_: self._follow_runner())

    @property
    def share(self) -> float | None:
        """How far it is, 0 to 1; None while nobody knows."""
        return self._course.share

    def offer(self) -> str:
        """What a look would do and how long it would take; "" where there can't be one, or nothing is left to see."""
        photos = self._session.photos
        if self._job is not None or photos.project is None or not photos.trainable or not photos.looks.unseen:
            return ""
        seconds = in_words(rounded(_START_SECONDS + photos.looks.unseen / self._rate))
        many = counted(photos.looks.unseen, "photo")
        what = "Compare photos by what a network sees in them, to find copies that are cut or turned"
        return f"{what}: {many}, about {seconds}"

    def status(self) -> JobStatus | None:
        """How far it is, for the bar at the bottom; None while none runs."""
        return None if self._job is None else self._course.status()

    def start(self) -> None:
        """Look closer, unless the computer is busy."""
        if self._job is not None:
            return
        if self._session.runner.busy("compute"):
            line = "You can look closer when that has ended."
            self._session.posted.emit(Message(KEY, "The computer is busy with something else.", "info", line))
            return
        job = self._session.photos.look_closer()
        if job is None:
            return
        self._session.withdrawn.emit(KEY)
        self._job, self._folder, self._course = job, self._project_folder(), _Course()
        job.reported.connect(self._take)
        job.succeeded.connect(self._finish)
        job.failed.connect(lambda _error: self._end())
        job.cancelled.connect(self._end)
        self.changed.emit()
        self.switched.emit()

    def stop(self) -> None:
        """Leave off; what was computed is kept for the next time."""
        if self._job is not None:
            self._job.cancel()

    def _take(self, event: Event) -> None:
        if isinstance(event, Notice):
            self._session.posted.emit(Message(KEY, event.message))
        elif isinstance(event, Progress):
            self._course.take(event)
            self.changed.emit()

    def _finish(self, looked: Opened) -> None:
        self._rate = self._course.rate or self._rate
        self._end()
        more = looked.looks.more
        if more:
            title = f"{counted(more, 'more photo')} {'looks' if more == 1 else 'look'} alike than at first sight"
            line = "Some copies are cut or turned, some photos were taken a moment later."
            message = Message(KEY, title, "info", line, choice="Show them", on_choice=self.show_wanted.emit)
        else:
            line = "No copy is cut or turned, and no photo was taken a moment later."
            message = Message(KEY, "No more photos look alike than at first sight", "done", line)
        self._session.posted.emit(message)

    def _end(self) -> None:
        self._job = self._folder = None
        self.changed.emit()
        self.switched.emit()

    def _follow_photos(self) -> None:
        """Leave off where other photos have come; the same ones, read again, are looked at to the end."""
        if self._job is not None and self._project_folder() != self._folder:
            self._job.cancel()
            self._job.detach()
            self._end()

    def _project_folder(self) -> Path | None:
        project = self._session.photos.project
        return None if project is None else project.folder

    def _follow_runner(self) -> None:
        """Somebody else may have taken the computer."""
        job = self._job
        if job is None or job.active:
            return
        self._end()
        if job.cancelling:  # else it has ended by itself, and tells so in a moment
            line = "What it has seen is kept: look closer again when that has ended."
            self._session.posted.emit(Message(KEY, "Looking closer has made way for other work", "info", line))

    def _look_if_known(self, trained: object) -> None:
        """A training has read the photos, maybe with the very network that looks closer: then nothing is left to do."""
        if trained is not None and self._job is None and self._session.photos.looks.unseen:
            self._session.photos.look_closer(known_only=True)


class _Course:
    """How far a look is, from what it reports."""

    def __init__(self) -> None:
        self._progress = Progress("features", 0, 0, "Preparing")
        self._since: tuple[float, int] | None = None
        self._time_left = TimeLeft()
        self._left: int | None = None
        self.rate = 0.0

    @property
    def share(self) -> float | None:
        """0 to 1; None while nobody knows."""
        return self._progress.done / self._progress.total if self._progress.total else None

    def take(self, progress: Progress) -> None:
        """Take note of how far it is."""
        self._progress = progress
        if progress.stage != "features":
            return
        now = time.monotonic()
        self._since = self._since or (now, progress.done)
        began, before = self._since
        if now - began >= _MEASURED_AFTER and progress.done > before:
            self.rate = (progress.done - before) / (now - began)
            self._left = self._time_left.update((progress.total - progress.done) / self.rate, now - began)

    def status(self) -> JobStatus:
        """The same in words."""
        done, total = self._progress.done, self._progress.total
        reading = self._progress.stage == "features" and total
        detail = f"{done:,} of {counted(total, 'photo')}" if reading else self._progress.note
        amount = f"{in_words(self._left)} left" if reading and self._left is not None else ""
        return JobStatus("Looking closer", detail, self.share, amount)
