"""Filing photos and undoing it, beside the window: the message bar shows how far it is and offers what comes next."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from tlstudio.events import Event, Progress
from tlstudio.filing.action import Kind
from tlstudio.filing.execute import Failed, Filed, continue_filing, execute
from tlstudio.filing.plan import FilingPlan
from tlstudio.filing.undo import Undone, undo
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.saving import show_in_folder
from tlstudio.ui.widgets.left_out_sheet import LeftOutSheet
from tlstudio.ui.widgets.message_bar import Message
from tlstudio.ui.words import filing
from tlstudio.ui.words.pace import Pace
from tlstudio.workers.job import Job, Task

KEY: Final = "filing"
"""Of the messages about it."""


class FilingJobs(QObject):
    """One at a time.

    Attributes:
        ended: Something has been filed or undone, or was stopped.
    """

    ended = Signal()

    def __init__(self, session: Session, owner: QWidget) -> None:
        super().__init__(owner)
        self._session, self._owner = session, owner

    def refuse_if_busy(self) -> bool:
        """Whether photos are being copied or filed now; says so if they are."""
        busy = self._session.runner.busy("copy")
        if busy:
            line = "The next can begin when that is done."
            self._session.posted.emit(Message("busy", "Photos are being filed now", "info", line))
        return busy

    def file(self, plan: FilingPlan, journals: Path) -> None:
        """Do what a plan says."""
        self._file(plan.kind, plan.target, lambda emit, token: execute(plan, journals, emit=emit, token=token))

    def go_on(self, journal: Path, kind: Kind, target: str) -> None:
        """Go on with a filing that was stopped or cut off."""
        if not self.refuse_if_busy():
            self._file(kind, target, lambda emit, token: continue_filing(journal, emit=emit, token=token))

    def undo(self, journal: Path) -> None:
        """Bring back what was before."""
        if self.refuse_if_busy():
            return
        job = self._start(
            lambda emit, token: undo(journal, emit=emit, token=token),
            lambda done, total: f"Undoing: {done:,} of {total:,}",
        )
        job.succeeded.connect(self._say_undone)

    def _file(self, kind: Kind, target: str, task: Task) -> None:
        job = self._start(task, lambda done, total: filing.doing(kind, done, total))
        job.succeeded.connect(lambda filed: self._say_filed(filed, kind, target))

    def _start(self, task: Task, title: Callable[[int, int], str]) -> Job:
        session, pace = self._session, Pace()
        job = session.runner.start("copy", task)

        def show(event: Event) -> None:
            if isinstance(event, Progress):
                pace.look(event.done, event.total)
                line = ", ".join(part for part in (pace.speed(), pace.left()) if part)
                message = title(event.done, event.total)
                session.posted.emit(Message(KEY, message, "info", line, choice="Stop", on_choice=job.cancel))

        def fail(error: Exception) -> None:
            session.report_failure(KEY, error)
            self.ended.emit()

        session.posted.emit(Message(KEY, title(0, 0), "info", choice="Stop", on_choice=job.cancel))
        job.reported.connect(show)
        job.failed.connect(fail)
        job.cancelled.connect(lambda: session.withdrawn.emit(KEY))
        return job

    def _say_filed(self, filed: Filed, kind: Kind, target: str) -> None:
        if filed.stopped:
            fix, on_fix = "Go on", lambda: self.go_on(filed.journal, kind, target)
        elif filed.failed:
            fix, on_fix = "Show what was left out", lambda: self._list(filed.failed)
        else:
            fix, on_fix = "Open folder", lambda: show_in_folder(Path(target))
        self._session.posted.emit(
            Message(
                KEY,
                filing.done(kind, filed),
                "unsure" if filed.failed or filed.stopped else "done",
                filing.rest(filed, target),
                fix=fix,
                on_fix=on_fix,
                choice="Undo",
                on_choice=lambda: self.undo(filed.journal),
            )
        )
        self.ended.emit()

    def _say_undone(self, result: Undone) -> None:
        title, line = filing.undone(result)
        again = bool(result.kept or result.left)
        self._session.posted.emit(
            Message(
                KEY,
                title,
                "unsure" if again else "done",
                line,
                fix="Show these files" if result.kept else "",
                on_fix=lambda: self._list(result.kept),
                choice="Undo once more" if again else "",
                on_choice=lambda: self.undo(result.journal),
            )
        )
        self.ended.emit()

    def _list(self, failed: Sequence[Failed]) -> None:
        LeftOutSheet([(each.path, each.reason) for each in failed], self._owner.window()).open()
