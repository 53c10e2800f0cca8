"""Copying the photos of a project, shared out, to a place that the person chooses."""

from pathlib import Path

from tlstudio.events import Event, Progress
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.saving import show_in_folder
from tlstudio.ui.widgets.message_bar import Message
from tlstudio.workflows.export_split import Exported, export_split

_KEY = "export"


def copy_shared_out(session: Session, parent: Path, *, flat_test: bool) -> None:
    """Copy the photos in use into a new folder, with one folder for each part; the message bar shows how far it is.

    Args:
        session: Knows the photos and their parts.
        parent: The new folder is made in this one.
        flat_test: Whether the photos for the exam lie in one folder, their class in their names.
    """
    dataset, split = session.photos.dataset, session.photos.split
    if dataset is None or split is None:
        return
    out = _unused(parent / f"{Path(dataset.root).name} shared out")
    job = session.runner.start(
        "save", lambda emit, token: export_split(dataset, split, out, flat_test=flat_test, emit=emit, token=token)
    )

    def show(event: Event) -> None:
        if isinstance(event, Progress):
            title = f"Copying photos: {event.done:,} of {event.total:,}"
            session.posted.emit(Message(_KEY, title, "info", str(out), choice="Stop", on_choice=job.cancel))

    def done(exported: Exported) -> None:
        title = f"{sum(exported.photos.values()):,} photos are copied, shared out into folders"
        place = str(exported.folder)
        session.posted.emit(
            Message(
                _KEY, title, "done", place, choice="Show in folder", on_choice=lambda: show_in_folder(exported.folder)
            )
        )

    job.reported.connect(show)
    job.succeeded.connect(done)
    job.cancelled.connect(lambda: session.withdrawn.emit(_KEY))
    job.failed.connect(lambda error: session.report_failure(_KEY, error))


def _unused(folder: Path) -> Path:
    number, free = 1, folder
    while free.exists():
        number += 1
        free = folder.with_name(f"{folder.name} {number}")
    return free
