"""Work for a view of the Evaluation tab: one task at a time, which waits until the processor is free."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from tlstudio.events import Event, Progress
from tlstudio.ui import theme
from tlstudio.ui.session import Session
from tlstudio.ui.widgets.bar import Bar
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.workers.job import Job, Task

_STAGES = {
    "weights": "Fetching the network",
    "engine": "Making the network quick",
    "features": "Reading every photo once",
    "folds": "Learning from some, judging the others",
    "neighbours": "Comparing the photos",
    "files": "Looking at the files",
    "marks": "Looking for marks",
    "map": "Laying out the photos",
    "curve": "Learning from more and more photos",
    "relearn": "Learning anew",
}


class Desk(QObject):
    """Runs a task on the lane of trainings without pushing anything off it.

    Attributes:
        changed: Something else is to be said of the work.
        succeeded: Carries what the task returned.
        words: What to say; empty for nothing.
        share: How far it is, 0 to 1; None where nobody knows.
    """

    changed = Signal()
    succeeded = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._task: Task | None = None
        self._job: Job | None = None
        self.words = ""
        self.share: float | None = None
        session.runner.busy_changed.connect(self._look)

    @property
    def busy(self) -> bool:
        """Whether a task runs or waits."""
        return self._task is not None

    def start(self, task: Task) -> None:
        """Run a task as soon as the processor is free; one before that has not ended is stopped."""
        self.stop()
        self._task = task
        self._begin_if_free()

    def stop(self) -> None:
        """Stop the task, and say nothing of it any more."""
        job, self._job, self._task = self._job, None, None
        if job is not None and job.active:
            job.cancel()
        self._say("", None)

    def _begin_if_free(self) -> None:
        task = self._task
        if task is None or self._job is not None:
            return
        if self._session.occupied or self._session.training:
            self._say("It begins when the computer has ended what it does now.", None)
            return
        job = self._job = self._session.runner.start("compute", task)
        job.reported.connect(self._report)
        job.succeeded.connect(lambda result: self._end(job, lambda: self.succeeded.emit(result)))
        job.failed.connect(lambda error: self._end(job, lambda: self._session.report_failure("evaluation", error)))
        job.cancelled.connect(lambda: self._end(job, lambda: None))
        self._say("Making ready", None)

    def _end(self, job: Job, tell: Callable[[], None]) -> None:
        if job is self._job:
            self._job = self._task = None
            self._say("", None)
            tell()

    def _report(self, event: Event) -> None:
        if isinstance(event, Progress) and self._job is not None:
            share = event.done / event.total if event.total else None
            self._say(_STAGES.get(event.stage, "Working"), share)

    def _look(self, lane: str, busy: bool) -> None:
        """The lane is free, or somebody has pushed the task off it: then it begins anew once that has ended."""
        if lane != "compute" or self._task is None:
            return
        if self._job is not None and not self._job.active:
            self._job = None
        if not busy:
            self._begin_if_free()

    def _say(self, words: str, share: float | None) -> None:
        self.words, self.share = words, share
        self.changed.emit()


class DeskBar(QWidget):
    """What a desk does, how far it is, and a button that stops it; hidden while it does nothing."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._words = TextLabel("", "secondary", "text2")
        self._bar = Bar()
        self._bar.setAccessibleName("How far it is")
        stop = Button("Stop", size="small", icon="stop")
        set_tooltip(stop, "Stop this; what was read of the photos is kept")
        stop.clicked.connect(desk.stop)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_12)
        row.addWidget(self._words)
        row.addWidget(self._bar, 1)
        row.addWidget(stop)
        desk.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        self.setVisible(self._desk.busy)
        self._words.setText(self._desk.words)
        self._bar.set_share(self._desk.share)
