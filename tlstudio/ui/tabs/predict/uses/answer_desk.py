"""What can be done with the answers: each leads over a sheet that shows what would happen."""

import time
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Emit, Event, Progress
from tlstudio.ui.filing_jobs import KEY, FilingJobs
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.predict.uses.answer_set import AnswerSet
from tlstudio.ui.tabs.predict.uses.filed_sheet import FiledSheet
from tlstudio.ui.tabs.predict.uses.filing_sheet import FilingSheet
from tlstudio.ui.tabs.predict.uses.keyword_sheet import KeywordSheet
from tlstudio.ui.tabs.predict.uses.outlook import Outlook, outlook
from tlstudio.ui.tabs.predict.uses.plan_sheet import PlanSheet
from tlstudio.ui.tabs.predict.uses.table_sheet import TableSheet
from tlstudio.ui.tabs.saving import show_in_folder
from tlstudio.ui.widgets.message_bar import Message
from tlstudio.wording import counted
from tlstudio.workers.job import Job
from tlstudio.workflows.save_table import save_table
from tlstudio.workflows.write_keywords import journals_of

_ASK: Final = "Choose the folder in which new folders are made"
_TABLE: Final = "table"
_SHOWN_FROM: Final = 0.4  # seconds


class AnswerDesk(QObject):
    """Sorts photos into folders, writes keywords, saves tables, and lists what was filed."""

    def __init__(self, session: Session, owner: QWidget) -> None:
        super().__init__(owner)
        self._session, self._owner = session, owner
        self._jobs = FilingJobs(session, owner)

    def sort(self, answers: AnswerSet | None) -> None:
        """Show what sorting photos into folders would do."""
        if answers is not None and not self._jobs.refuse_if_busy():
            folder = answers.place / f"{answers.title} sorted"
            self._begin(answers, FilingSheet(folder, self._owner.window()))

    def tag(self, answers: AnswerSet | None) -> None:
        """Show what writing keywords would do."""
        if answers is not None and not self._jobs.refuse_if_busy():
            folder = answers.place / f"{answers.title} with keywords"
            self._begin(answers, KeywordSheet(folder, self._owner.window()))

    def tabulate(self, answers: AnswerSet | None) -> None:
        """Ask which kind of table is to be saved."""
        if answers is None:
            return
        sheet = TableSheet(answers, self._owner.window())
        sheet.save_wanted.connect(lambda: self._save(answers, sheet))
        sheet.finished.connect(lambda _result: sheet.deleteLater())
        sheet.open()

    def show_filed(self) -> None:
        """List what was filed, each with its Undo."""
        folder = self._journals()
        if folder is not None:
            FiledSheet(self._session, self._jobs, folder, self._owner.window()).open()

    def _save(self, answers: AnswerSet, sheet: TableSheet) -> None:
        session, total = self._session, answers.count
        path, kind, top = sheet.path, sheet.format, sheet.top
        begun = time.monotonic()

        def task(emit: Emit, token: CancelToken) -> Path:
            return save_table(path, kind, top, answers.predictions(), total, emit=emit, token=token)

        def show(event: Event) -> None:
            if isinstance(event, Progress) and time.monotonic() - begun > _SHOWN_FROM:
                title = f"Saving the table: {event.done:,} of {counted(total, 'line')}"
                session.posted.emit(Message(_TABLE, title, "info", str(path), choice="Stop", on_choice=job.cancel))

        session.withdrawn.emit(_TABLE)
        job = session.runner.start("save", task)
        job.reported.connect(show)
        job.succeeded.connect(lambda made: session.posted.emit(_saved(made, total)))
        job.cancelled.connect(lambda: session.withdrawn.emit(_TABLE))
        job.failed.connect(lambda error: session.report_failure(_TABLE, error))

    def _begin(self, answers: AnswerSet, sheet: PlanSheet) -> None:
        folder = self._journals()
        if folder is not None:
            _Deal(self._session, answers, sheet, self._jobs, folder).begin()

    def _journals(self) -> Path | None:
        """Where journals of the open run are kept."""
        stored = self._session.stored
        return journals_of(stored) if stored is not None else None


def _saved(path: Path, lines: int) -> Message:
    title = f"{counted(lines, 'line')} saved as a table"
    choice = "Show in folder"
    return Message(_TABLE, title, "done", str(path), choice=choice, on_choice=lambda: show_in_folder(path.parent))


class _Deal(QObject):
    """One sheet while it is open: what it shows is planned beside the window."""

    def __init__(
        self, session: Session, answers: AnswerSet, sheet: PlanSheet, jobs: FilingJobs, journal_folder: Path
    ) -> None:
        super().__init__(sheet)
        self._session, self._answers, self._sheet = session, answers, sheet
        self._journals = journal_folder
        self._looking: Job | None = None
        sheet.changed.connect(self._look)
        sheet.place_wanted.connect(self._ask_for_place)
        sheet.deed_wanted.connect(lambda plan: jobs.file(plan, journal_folder))
        sheet.finished.connect(self._end)

    def begin(self) -> None:
        """Show the sheet at once; what would happen follows."""
        self._look()
        self._sheet.open()

    def _look(self) -> None:
        sheet, answers = self._sheet, self._answers
        planner, with_unsure = sheet.planner(self._journals), sheet.with_unsure
        sheet.wait()

        def task(emit: Emit, token: CancelToken) -> Outlook:
            entries, tally = answers.entries(unsure=with_unsure)
            return outlook(planner(entries, emit, token), tally, with_unsure=with_unsure)

        job = self._looking = self._session.runner.start("copy", task)
        job.reported.connect(self._show_progress)
        job.succeeded.connect(sheet.show_outlook)
        job.failed.connect(self._fail)

    def _show_progress(self, event: Event) -> None:
        if isinstance(event, Progress):
            self._sheet.show_progress(event.done, event.total)

    def _fail(self, error: Exception) -> None:
        if isinstance(error, TLStudioError):
            self._sheet.show_problem(str(error))
        else:
            self._session.report_failure(KEY, error)
            self._sheet.reject()

    def _ask_for_place(self) -> None:
        if chosen := QFileDialog.getExistingDirectory(self._sheet, _ASK, str(self._sheet.folder.parent)):
            self._sheet.set_folder(Path(chosen))
            self._look()

    def _end(self, result: int) -> None:
        if not result and self._looking is not None:  # what it finds now would be shown to nobody
            self._looking.cancel()
            self._looking.detach()
        self._sheet.deleteLater()
