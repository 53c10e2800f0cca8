"""A small look-up that waits its turn."""

from PySide6.QtCore import QObject, Signal

from tlstudio.ui.session import Session
from tlstudio.workers.job import Task


class QuietJob(QObject):
    """Runs a task on the "list" lane without pushing anybody off it, and again if somebody else pushed it off.

    Attributes:
        succeeded: Carries what the task returned.
    """

    succeeded = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._task: Task | None = None
        session.runner.busy_changed.connect(self._start_if_free)

    def start(self, task: Task) -> None:
        """Run ``task`` as soon as the lane is free; an earlier one that has not answered yet is forgotten."""
        self._task = task
        self._start_if_free()

    def cancel(self) -> None:
        """Forget the task."""
        self._task = None

    def _start_if_free(self) -> None:
        task = self._task
        if task is None or self._session.runner.closed or self._session.runner.busy("list"):
            return
        job = self._session.runner.start("list", task)
        job.succeeded.connect(lambda result: self._end(task, result))
        job.failed.connect(lambda error: self._fail(task, error))

    def _end(self, task: Task, result: object) -> None:
        if task is self._task:
            self._task = None
            self.succeeded.emit(result)

    def _fail(self, task: Task, error: Exception) -> None:
        if task is self._task:
            self._task = None
            self._session.report_failure("dataset", error)
