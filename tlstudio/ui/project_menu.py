"""The menu under the name of the project."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from tlstudio.datasets.sizes import size_in_words
from tlstudio.datasets.sources.archives import ARCHIVE_ENDINGS
from tlstudio.datasets.sources.catalogue import DOWNLOADS, SAMPLE_DATASETS, SampleDataset
from tlstudio.datasets.sources.downloads import is_here
from tlstudio.runs.store import StoredRun
from tlstudio.ui.exporting import CopyDesk, corrected, shared_out
from tlstudio.ui.interrupted_trainings import InterruptedTrainings
from tlstudio.ui.opening_projects import new_project, open_project, opened_in_words
from tlstudio.ui.session import Session
from tlstudio.ui.undo_actions import UndoActions
from tlstudio.ui.widgets.tooltip import as_plain
from tlstudio.workflows.resume import Interrupted

_SHOWN_PROJECTS = 10
_SHOWN_RUNS = 8


class ProjectMenu(QMenu):
    """Opens folders, projects, samples and earlier runs, and undoes. Runs and projects are looked up as it opens.

    Attributes:
        steps: Undo and redo; whoever owns the menu adds them to the window, for their keys.
        leftovers: The trainings that were interrupted.
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
        archive = self.addAction("Open an archive of photos…", self.choose_archive)
        archive.setToolTip("Choose a zip or tar file; it is unpacked elsewhere and stays as it is")
        self._projects = self._submenu("Open recent")
        self._desk = CopyDesk(session, self.parentWidget() or self)
        self._copies = self._submenu("Copy the photos")
        self._corrections = self._fill_copies()
        self.addSeparator()
        self.addAction("Open a run…", choose_run)
        model = self.addAction("Open a model file…", partial(session.model_requested.emit, None))
        model.setToolTip("Choose a .keras file, or Teachable Machine's keras_model.h5; it is checked before it is used")
        self._runs = self._submenu("Earlier runs")
        self._interrupted = self._submenu("Interrupted trainings")
        self.leftovers = InterruptedTrainings(session, self)
        self.leftovers.found.connect(self._fill_interrupted)
        self.aboutToShow.connect(self.leftovers.look_up)
        self._samples = self._submenu("Samples")
        self._samples.menuAction().setVisible(True)
        self._samples.aboutToShow.connect(self._fill_samples)
        self.aboutToShow.connect(self._fill_projects)
        session.photos.changed.connect(self._show_copies)
        session.photos.edited.connect(self._show_copies)
        self._show_copies()
        self.aboutToShow.connect(session.list_runs)
        session.runs_listed.connect(self._fill)

    def choose_new(self) -> None:
        """Ask for a folder of photos and begin a project with it."""
        chosen = QFileDialog.getExistingDirectory(self.parentWidget(), "Choose the photos of the new project")
        if chosen:
            new_project(self._session, Path(chosen))

    def choose_archive(self) -> None:
        """Ask for an archive of photos and read it."""
        kinds = f"Archives ({' '.join(f'*{ending}' for ending in ARCHIVE_ENDINGS)})"
        chosen, _ = QFileDialog.getOpenFileName(self.parentWidget(), "Choose an archive of photos", "", kinds)
        if chosen:
            self._session.tab_requested.emit("dataset")
            self._session.photos.open_folder(Path(chosen))

    def _fill_copies(self) -> QAction:
        """Fill the menu of copies; the action for those with corrections."""
        for flat, words, tip in (
            (False, "Into train, validation and test…", "One folder for each part, with one for each class in it"),
            (
                True,
                "The same, with a flat test folder…",
                "The exam photos lie together, their class in their names",
            ),
        ):
            action = self._copies.addAction(words, partial(self._copy_shared_out, flat))
            action.setToolTip(f"{tip}. The photos themselves stay where they are")
        corrections = self._copies.addAction("With your corrections, in class folders…", self._copy_corrected)
        corrections.setToolTip(
            "One folder for each class as you named it, without what you left out. The photos themselves stay"
        )
        return corrections

    def _show_copies(self) -> None:
        """Offer only what can be done with the photos of now."""
        photos = self._session.photos
        usable = photos.dataset is not None and bool(photos.dataset.samples)
        self._corrections.setVisible(usable and photos.found is not None)
        for action in self._copies.actions():
            if action is not self._corrections:
                action.setVisible(photos.trainable)
        self._copies.menuAction().setVisible(photos.trainable or self._corrections.isVisible())

    def _copy_shared_out(self, flat_test: bool) -> None:
        self._desk.take(shared_out(self._session, flat_test=flat_test))

    def _copy_corrected(self) -> None:
        self._desk.take(corrected(self._session))

    def _submenu(self, title: str) -> QMenu:
        menu = self.addMenu(title)
        menu.setToolTipsVisible(True)
        menu.menuAction().setVisible(False)
        return menu

    def _fill_samples(self) -> None:
        self._samples.clear()
        for sample in SAMPLE_DATASETS:
            self._add_sample(sample, sample.title)
        self._samples.addSeparator()
        for download in DOWNLOADS:
            size = size_in_words(download.size)
            self._add_sample(download, f"{download.title}\t{'' if is_here(download) else f'{size} to download'}")

    def _add_sample(self, sample: SampleDataset, words: str) -> None:
        self._samples.addAction(words, partial(self._open_sample, sample.name)).setToolTip(sample.description)

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
            action.setToolTip(as_plain(f"With the photos in {entry.source}"))
        self._projects.menuAction().setVisible(bool(entries))

    def _fill_interrupted(self, trainings: list[Interrupted]) -> None:
        self._interrupted.clear()
        for training in trainings:
            menu = self._interrupted.addMenu(training.run.name.replace("&", "&&"))
            menu.setToolTipsVisible(True)
            go_on = menu.addAction("Resume", partial(self.leftovers.resume, training.run))
            go_on.setEnabled(not training.obstacle)
            go_on.setToolTip(as_plain(training.obstacle) or "Go on where it was interrupted")
            away = menu.addAction("Throw away", partial(self.leftovers.throw_away, training.run))
            away.setToolTip("Delete what it has learnt")
        self._interrupted.menuAction().setVisible(bool(trainings))

    def _fill(self, runs: list[StoredRun]) -> None:
        self._runs.clear()
        for stored in runs[:_SHOWN_RUNS]:
            self._runs.addAction(stored.run.name.replace("&", "&&"), partial(self._session.open_run, stored.folder))
        self._runs.menuAction().setVisible(bool(runs))
