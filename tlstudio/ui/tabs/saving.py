"""Files that a person asked for, written beside the window."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from tlstudio.ui.session import Session
from tlstudio.ui.widgets.message_bar import Message


def save(session: Session, key: str, write: Callable[[], Path], title: str) -> None:
    """Write something in the background and say where it lies.

    Args:
        session: Runs the job and carries the message.
        key: Of the message.
        write: Writes and returns the file or folder that it made.
        title: What to say once it is done.
    """

    def done(made: Path) -> None:
        folder = made if made.is_dir() else made.parent
        session.posted.emit(
            Message(key, title, "done", str(made), choice="Show in folder", on_choice=lambda: show_in_folder(folder))
        )

    session.withdrawn.emit(key)
    job = session.runner.start("save", lambda _emit, _token: write())
    job.succeeded.connect(done)
    job.failed.connect(lambda error: session.report_failure(key, error))


def show_in_folder(folder: Path) -> None:
    """Open a folder in the file manager of the system."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
