"""Work for a view of the Evaluation tab: one task at a time, which waits until the processor is free."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from tlstudio.events import Event, Progress
from tlstudio.ui.session import Session
from tlstudio.ui.widgets.next_step_bar import JobStatus
from tlstudio.wording import percent
from tlstudio.workers.job import Job, Task

_WAITS: Final = "It begins when the computer has ended what it does now."
_SHORT_MS: Final = 400  # what ends sooner is not worth a bar
_STAGES: Final = {
    "weights": "Fetching the network",
    "engine": "Making the network quick",
    "scan": "Reading the photos",
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
        changed: It began, went on or ended: ``busy`` or ``status`` would answer differently now.
        succeeded: Carries what the task returned.
    """

    changed = Signal()
    succeeded = Signal(object)

    def __init__(self, session: Session, title: str, parent: QObject | None = None) -> None:
        """Make a desk.

        Args:
            session: Has the lanes.
            title: What the task does, for the bar at the bottom.
            parent: Owner.
        """
        super().__init__(parent)
        self._session, self._title = session, title
        self._task: Task | None = None
        self._job: Job | None = None
        self._detail = ""
        self._share: float | None = None
        self._short = QTimer(self, interval=_SHORT_MS, singleShot=True)
        self._short.timeout.connect(self.changed)
        session.runner.busy_changed.connect(self._look)

    @property
    def busy(self) -> bool:
        """Whether a task runs or waits."""
        return self._task is not None

    @property
    def running(self) -> bool:
        """Whether its task runs, and doesn't wait for something else to end."""
        return self._job is not None

    def status(self) -> JobStatus | None:
        """How far the task is; None while there is none, or none that has taken long enough to speak of."""
        if self._task is None or self._short.isActive():
            return None
        amount = "" if self._share is None else percent(self._share)
        return JobStatus(self._title, self._detail, self._share, amount, name=self._title)

    def start(self, task: Task) -> None:
        """Run a task as soon as the processor is free; one before that has not ended is stopped."""
        self.stop()
        self._task = task
        self._short.start()
        self._begin_if_free()

    def stop(self) -> None:
        """Stop the task, and say nothing of it any more."""
        job, self._job, self._task = self._job, None, None
        if job is not None and job.active:
            job.cancel()
        self._short.stop()
        self._say("", None)

    def _begin_if_free(self) -> None:
        task = self._task
        if task is None or self._job is not None:
            return
        if self._session.occupied or self._session.training:
            self._say(_WAITS, None)
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
            self._short.stop()
            tell()
            self._say("", None)

    def _report(self, event: Event) -> None:
        if isinstance(event, Progress) and self._job is not None:
            words = _STAGES.get(event.stage, "Working")
            counts = f": {event.done:,} of {event.total:,}" if event.total else ""
            self._say(f"{words}{counts}", event.done / event.total if event.total else None)

    def _look(self, lane: str, busy: bool) -> None:
        """The lane is free, or somebody has pushed the task off it: then it begins anew once that has ended."""
        if lane != "compute" or self._task is None:
            return
        if self._job is not None and not self._job.active:
            self._job = None
        if not busy:
            self._begin_if_free()

    def _say(self, words: str, share: float | None) -> None:
        self._detail, self._share = words, share
        self.changed.emit()
