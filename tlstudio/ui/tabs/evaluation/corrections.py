"""Corrections of labels from the Evaluation tab: they go to the project of the photos, open or not."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.edits import Edits, edited
from tlstudio.errors import TLStudioError
from tlstudio.projects.actions import Action, Actions
from tlstudio.projects.project import LABEL_KEPT, Project
from tlstudio.runs.store import StoredRun
from tlstudio.ui.session import Session


class Corrections(QObject):
    """Makes changes to the photos of the open run, and takes them back.

    While the folder of the photos is open, they are changes like those of the Dataset tab. While only the run is open,
    they go to the project that the folder has, which is made where there is none.

    Attributes:
        changed: Something was corrected, or taken back.
    """

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._done = 0
        session.photos.edited.connect(self.changed)
        session.run_changed.connect(self._forget)

    @property
    def done(self) -> int:
        """How many corrections were made here since the run was opened; they can be taken back."""
        return self._done

    def edits(self) -> tuple[Edits, dict[str, str]]:
        """All changes of now, and the labels that were kept, by path."""
        project = self._project(make=False)
        return (project.edits(), project.values(LABEL_KEPT)) if project is not None else (Edits(), {})

    def dataset(self) -> Dataset:
        """The photos with their labels of now."""
        return edited(self.found(), self.edits()[0])

    def found(self) -> Dataset:
        """The photos as they were found, before all changes."""
        photos, stored = self._session.photos, self._session.stored
        if photos.found is not None:
            return photos.found
        return found_by(stored) if stored is not None else Dataset("", (), ())

    def label_of(self, path: str, found: str) -> str | None:
        """Name of a photo's class now; None where it is left out.

        Args:
            path: The photo.
            found: Its class if nobody has changed it.
        """
        edits, _ = self.edits()
        if path in edits.left_out:
            return None
        return edits.name_of(edits.labels[path]) if path in edits.labels else found

    def move(self, path: str, name: str) -> None:
        """Give a photo another label."""
        self._do(lambda actions: actions.move([path], name))

    def keep(self, path: str, name: str) -> None:
        """Say that the label of a photo is right."""
        self._do(lambda actions: actions.keep_label(path, name))

    def leave_out(self, path: str) -> None:
        """Use a photo no longer."""
        self._do(lambda actions: actions.leave_out([path]))

    def undo(self) -> None:
        """Take back the last correction."""
        if not self._done:
            return
        self._done -= 1
        if self._session.photos.editable:
            self._session.photos.undo()
        else:
            project = self._project(make=False)
            if project is not None:
                project.undo()
        self.changed.emit()

    def _forget(self) -> None:
        self._done = 0

    def _do(self, make: Callable[[Actions], Action]) -> None:
        try:
            if self._session.photos.editable and self._session.photos.actions is not None:
                self._session.photos.do(make(self._session.photos.actions))
            else:
                project = self._project(make=True)
                if project is None:
                    return
                action = make(Actions(self.found(), project.edits()))
                project.change(action.sentence, action.changes)
        except TLStudioError as error:
            self._session.report_failure("project", error)
            return
        self._done += 1
        self.changed.emit()

    def _project(self, *, make: bool) -> Project | None:
        photos, stored = self._session.photos, self._session.stored
        if photos.project is not None or stored is None:
            return photos.project
        root = Path(stored.run.root)
        project = photos.library.project_of(root)
        return photos.library.create(root) if project is None and make else project


def found_by(stored: StoredRun) -> Dataset:
    """The photos of a run as it learnt from them."""
    return Dataset(stored.run.root, stored.run.classes, stored.run.samples)
