"""Opening projects with their photos, where a folder of photos may have several."""

from datetime import datetime
from pathlib import Path

from tlstudio.errors import TLStudioError
from tlstudio.projects.library import Entry
from tlstudio.ui.session import Session
from tlstudio.ui.words.wording import day_in_words


def new_project(session: Session, photos: Path) -> None:
    """Begin a project with a folder of photos, without what was done to it in an earlier one, which stays."""
    try:
        if any(Path(entry.source) == photos for entry in session.photos.library.recent()):
            session.photos.library.create(photos)
    except TLStudioError as error:
        session.report_failure("project", error)
        return
    _read(session, photos)


def open_project(session: Session, entry: Entry) -> None:
    """Open a project of the list with its photos."""
    newest = next((other for other in session.photos.library.recent() if other.source == entry.source), entry)
    try:
        if newest.folder != entry.folder:
            session.photos.library.open(
                Path(entry.folder)
            )  # the one opened last is the one that a folder is opened with
    except TLStudioError as error:
        session.report_failure("project", error)
        return
    _read(session, Path(entry.source))


def opened_in_words(entry: Entry) -> str:
    """When a project was open last: "today"."""
    return day_in_words(datetime.fromisoformat(entry.opened).astimezone(), datetime.now().astimezone())


def _read(session: Session, photos: Path) -> None:
    session.tab_requested.emit("dataset")
    session.photos.open_folder(photos)
