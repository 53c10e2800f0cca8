"""Copying the photos of a project to a place that a person chooses: shown on a sheet, then done beside the window."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Event, Progress
from tlstudio.ui.copy_sheet import CopySheet
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.saving import show_in_folder
from tlstudio.ui.widgets.message_bar import Message
from tlstudio.wording import counted
from tlstudio.workers.job import Job
from tlstudio.workflows.copies import CopyPlan, make_copies, remove_copies
from tlstudio.workflows.export_corrections import LIST_NAME, plan_corrections
from tlstudio.workflows.export_split import plan_split

_KEY = "export"
_ASK = "Choose where the new folder is to be made"


@dataclass(frozen=True, slots=True)
class Offer:
    """Copies that a person may want.

    Attributes:
        name: Of the new folder.
        line: What to know of them.
        plan: Looks at what would be copied to a place, with or without the choice.
        option: Words of the choice; "" for none.
    """

    name: str
    line: str
    plan: Callable[[Path, bool, CancelToken], CopyPlan]
    option: str = ""


def shared_out(session: Session, *, flat_test: bool) -> Offer | None:
    """Copies of the photos in use, one folder for each part; None while there are none.

    Args:
        session: Knows the photos and their parts.
        flat_test: Whether the photos for the exam lie in one folder, their class in their names.
    """
    dataset, split = session.photos.dataset, session.photos.split
    if dataset is None or split is None:
        return None
    return Offer(
        f"{session.photos.title} shared out",
        "The photos themselves stay where they are. A folder for each part holds one for each class.",
        lambda out, _choice, token: plan_split(dataset, split, out, flat_test=flat_test, token=token),
    )


def corrected(session: Session) -> Offer | None:
    """Copies of the photos in use, in folders of the classes that they have now; None where nothing can be corrected.

    Args:
        session: Knows the photos, as they were found and as they are now.
    """
    found, dataset = session.photos.found, session.photos.dataset
    if found is None or dataset is None:
        return None
    left_out = f" {counted(len(dataset.left_out), 'photo')} left out: not copied." if dataset.left_out else ""
    others = counted(len(dataset.unlabelled), "photo")
    return Offer(
        f"{session.photos.title} corrected",
        f"The photos themselves stay where they are. The file {LIST_NAME} names all that you corrected.{left_out}",
        lambda out, choice, token: plan_corrections(found, dataset, out, unlabelled=choice, token=token),
        f"Also copy {others} without a class, to a folder of their own" if dataset.unlabelled else "",
    )


class CopyDesk(QObject):
    """Leads from an offer to copies on the disk: asks for a place, shows the sheet, copies, and tells how it went."""

    def __init__(self, session: Session, owner: QWidget) -> None:
        super().__init__(owner)
        self._session = session
        self._owner = owner

    def take(self, offer: Offer | None) -> None:
        """Ask where to, then show the sheet."""
        if offer is None:
            return
        if self._session.runner.busy("copy"):
            line = "Copying can begin when that is done."
            self._session.posted.emit(Message("busy", "Photos are being copied now", "info", line))
            return
        if chosen := QFileDialog.getExistingDirectory(self._owner.window(), _ASK):
            _Deal(self._session, offer, Path(chosen), self._owner).look()


class _Deal(QObject):
    """One offer while its sheet is open."""

    def __init__(self, session: Session, offer: Offer, parent_folder: Path, owner: QWidget) -> None:
        super().__init__(owner)
        self._session, self._offer = session, offer
        self._out = _unused(parent_folder / offer.name)
        self._choice = False
        self._looking: Job | None = None
        self._sheet = CopySheet(offer.line, offer.option, owner.window())
        self._sheet.option_changed.connect(self._choose)
        self._sheet.place_wanted.connect(self._ask_for_place)
        self._sheet.copy_wanted.connect(lambda plan: _copy(session, plan))
        self._sheet.finished.connect(self._end)

    def look(self) -> None:
        """Look at what would be copied; the sheet shows it."""
        out, choice, plan = self._out, self._choice, self._offer.plan
        self._sheet.wait()
        job = self._session.runner.start("copy", lambda _emit, token: plan(out, choice, token))
        self._looking = job
        job.succeeded.connect(self._show)
        job.failed.connect(self._fail)

    def _show(self, plan: CopyPlan) -> None:
        self._sheet.show_plan(plan)
        self._sheet.open()

    def _fail(self, error: Exception) -> None:
        if isinstance(error, TLStudioError):
            self._sheet.show_problem(self._out, str(error))
            self._sheet.open()
        else:
            self._session.report_failure(_KEY, error)
            self._sheet.reject()

    def _choose(self, choice: bool) -> None:
        self._choice = choice
        self.look()

    def _ask_for_place(self) -> None:
        if chosen := QFileDialog.getExistingDirectory(self._sheet, _ASK, str(self._out.parent)):
            self._out = _unused(Path(chosen) / self._offer.name)
            self.look()

    def _end(self) -> None:
        if self._looking is not None:  # what it finds now would open the sheet again
            self._looking.cancel()
            self._looking.detach()
        self._sheet.deleteLater()
        self.deleteLater()


def _copy(session: Session, plan: CopyPlan) -> None:
    """Copy beside the window; the message bar shows how far it is."""
    job = session.runner.start("copy", lambda emit, token: make_copies(plan, emit=emit, token=token))

    def show(event: Event) -> None:
        if isinstance(event, Progress):
            title = f"Copying photos: {event.done:,} of {event.total:,}"
            session.posted.emit(Message(_KEY, title, "info", str(plan.out), choice="Stop", on_choice=job.cancel))

    def done(folder: Path) -> None:
        title = f"{counted(len(plan.copies), 'photo')} {'is' if len(plan.copies) == 1 else 'are'} copied"
        session.posted.emit(
            Message(
                _KEY,
                title,
                "done",
                str(folder),
                fix="Open folder",
                on_fix=lambda: show_in_folder(folder),
                choice="Undo",
                on_choice=lambda: _undo(session, plan),
            )
        )

    job.reported.connect(show)
    job.succeeded.connect(done)
    job.cancelled.connect(lambda: session.withdrawn.emit(_KEY))
    job.failed.connect(lambda error: session.report_failure(_KEY, error))


def _undo(session: Session, plan: CopyPlan) -> None:
    """Take copies away again, beside the window."""
    job = session.runner.start("copy", lambda _emit, token: remove_copies(plan, token=token))

    def done(_nothing: object) -> None:
        title = f"{counted(len(plan.copies), 'copy', 'copies')} {'is' if len(plan.copies) == 1 else 'are'} deleted"
        session.posted.emit(Message(_KEY, title, "done", "The photos themselves are where they were."))

    job.succeeded.connect(done)
    job.failed.connect(lambda error: session.report_failure(_KEY, error))


def _unused(folder: Path) -> Path:
    number, free = 1, folder
    while free.exists():
        number += 1
        free = folder.with_name(f"{folder.name} {number}")
    return free
