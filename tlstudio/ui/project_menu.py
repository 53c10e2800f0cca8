"""The menu under the name of the project."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from tlstudio.datasets.samples import SAMPLE_DATASETS
from tlstudio.runs.store import StoredRun
from tlstudio.ui.exporting import copy_shared_out
from tlstudio.ui.opening_projects import new_project, open_project, opened_in_words
from tlstudio.ui.session import Session
from tlstudio.ui.undo_actions import UndoActions

_SHOWN_PROJECTS = 10
_SHOWN_RUNS = 8


class ProjectMenu(QMenu):
    """Opens folders, projects, samples and earlier runs, and undoes. Runs and projects are looked up as it opens.

    Attributes:
        steps: Undo and redo; whoever owns the menu adds them to the window, for their keys.
    """

    def __init__(
        self,
        session: Session,
        choose_folder: Callable[[], None],
        choose_run: Callable[[], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Project", parent)
        self._session = session
        self.steps = UndoActions(session, self)
        self.setToolTipsVisible(True)
        self.addActions([self.steps.undo, self.steps.redo])
        self.addSeparator()
        new = self.addAction("New project…", self.choose_new)
        new.setToolTip("Choose a folder of photos and begin anew with it; earlier projects stay as they are")
        self.addAction("Open a folder of photos…", choose_folder).setShortcutVisibleInContextMenu(True)
        self._projects = self._submenu("Open recent")
        self._copies = self._submenu("Copy the photos")
        self._fill_copies()
        self.addSeparator()
        self.addAction("Open a run…", choose_run)
        self._runs = self._submenu("Earlier runs")
        samples = self.addMenu("Samples")
        for entry in SAMPLE_DATASETS:
            samples.addAction(entry.title, partial(self._open_sample, entry.name))
        self.aboutToShow.connect(self._fill_projects)
        session.photos.changed.connect(lambda: self._copies.menuAction().setVisible(session.photos.trainable))
        session.photos.edited.connect(lambda: self._copies.menuAction().setVisible(session.photos.trainable))
        self.aboutToShow.connect(session.list_runs)
        session.runs_listed.connect(self._fill)

    def choose_new(self) -> None:
        """Ask for a folder of photos and begin a project with it."""
        chosen = QFileDialog.getExistingDirectory(self.parentWidget(), "Choose the photos of the new project")
        if chosen:
            new_project(self._session, Path(chosen))

    def _fill_copies(self) -> None:
        for flat, words, tip in (
            (False, "Into train, validation and test…", "One folder for each part, with one for each class in it"),
            (
                True,
                "The same, with a flat test folder…",
                "The exam photos lie together, their class in their names",
            ),
        ):
            action = self._copies.addAction(words, partial(self._choose_copies, flat))
            action.setToolTip(f"{tip}. The photos themselves stay where they are")

    def _choose_copies(self, flat_test: bool) -> None:
        chosen = QFileDialog.getExistingDirectory(self.parentWidget(), "Choose where the new folder is to be made")
        if chosen:
            copy_shared_out(self._session, Path(chosen), flat_test=flat_test)

    def _submenu(self, title: str) -> QMenu:
        menu = self.addMenu(title)
        menu.setToolTipsVisible(True)
        menu.menuAction().setVisible(False)
        return menu

    def _open_sample(self, name: str) -> None:
        self._session.tab_requested.emit("dataset")
        self._session.photos.open_sample(name)

    def _fill_projects(self) -> None:
        self._projects.clear()
        entries = [entry for entry in self._session.photos.library.recent() if entry.source]
        for entry in entries[:_SHOWN_PROJECTS]:
            name = Path(entry.folder).name.replace("&", "&&")
            action = self._projects.addAction(
                f"{name}\t{opened_in_words(entry)}", partial(open_project, self._session, entry)
            )
            action.setToolTip(f"With the photos in {entry.source}")
        self._projects.menuAction().setVisible(bool(entries))

    def _fill(self, runs: list[StoredRun]) -> None:
        self._runs.clear()
        for stored in runs[:_SHOWN_RUNS]:
            self._runs.addAction(stored.run.name, partial(self._session.open_run, stored.folder))
        self._runs.menuAction().setVisible(bool(runs))
