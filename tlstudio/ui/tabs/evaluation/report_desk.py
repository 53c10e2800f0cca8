"""Save report: asks where to, writes beside the window, and opens what was written."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from tlstudio import paths
from tlstudio.evaluation.report import Report
from tlstudio.events import CancelToken, Emit
from tlstudio.projects.project import runs_of
from tlstudio.runs import store
from tlstudio.runs.store import StoredRun
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.saving import show_in_folder
from tlstudio.ui.widgets.message_bar import Message
from tlstudio.workflows.report import HTML_FILE, save_report

_KEY: Final = "report"


def ask_and_save(session: Session, owner: QWidget) -> None:
    """Ask for a folder, and save the report of the open run in it.

    Args:
        session: Has the run, runs the job, and carries the message.
        owner: The dialog stands over it.
    """
    stored, report = session.stored, session.report
    if stored is None or report is None:
        return
    folder = QFileDialog.getExistingDirectory(owner, "Where to save the report", str(Path.home()))
    if folder:
        _save(session, stored, report, Path(folder))


def _save(session: Session, stored: StoredRun, report: Report, folder: Path) -> None:
    library = session.photos.library

    def task(emit: Emit, token: CancelToken) -> Path:
        places = [paths.runs_dir(), *(runs_of(Path(entry.folder)) for entry in library.recent())]
        others, _ = store.list_runs(*places)
        return save_report(stored, report, folder, others, emit=emit, token=token)

    def done(made: Path) -> None:
        session.posted.emit(
            Message(
                _KEY,
                "Report saved",
                "done",
                str(made),
                fix="Open the report",
                on_fix=lambda: open_file(made / HTML_FILE),
                choice="Show in folder",
                on_choice=lambda: show_in_folder(made),
            )
        )

    session.withdrawn.emit(_KEY)
    job = session.runner.start("save", task)
    job.succeeded.connect(done)
    job.failed.connect(lambda error: session.report_failure(_KEY, error))


def open_file(path: Path) -> None:
    """Open a file in the program that the system has for it."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
