"""The Dataset tab: from a folder to photos that can be trained on."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QStackedLayout, QWidget

from tlstudio import paths
from tlstudio.datasets.augmentation.amounts import AugmentationConfig
from tlstudio.datasets.dataset import Dataset
from tlstudio.events import CancelToken, Event, Progress
from tlstudio.paths import is_folder, is_there
from tlstudio.runs.store import StoredRun
from tlstudio.ui.opening_models import is_model
from tlstudio.ui.opening_projects import open_project
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.dataset.classes.classes_card import FEWEST_CLASSES
from tlstudio.ui.tabs.dataset.dataset_page import DatasetPage
from tlstudio.ui.tabs.dataset.dropped_folder import KEY as DROP_KEY
from tlstudio.ui.tabs.dataset.dropped_folder import describe_drop, folder_of, refusal, table_of
from tlstudio.ui.tabs.dataset.reading.progress_page import ReadingPage
from tlstudio.ui.tabs.dataset.welcome.recent_projects import look_up
from tlstudio.ui.tabs.dataset.welcome.welcome_page import WelcomePage
from tlstudio.ui.tabs.quiet_job import QuietJob
from tlstudio.ui.tabs.tab import Tab
from tlstudio.ui.widgets.drop_area import DropArea, dropped_paths
from tlstudio.ui.widgets.message_bar import Message
from tlstudio.ui.widgets.next_step_bar import JobStatus, NextStep
from tlstudio.ui.widgets.tab_strip import TabState
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.ui.words.readings import ABOUT_READING, MORE_WAYS
from tlstudio.ui.words.wording import split_message
from tlstudio.wording import counted
from tlstudio.workflows.open_sample import delete_download

_KEY = "dataset"
_LOOKED_UP = 500


class DatasetTab(Tab):
    """Welcome while there are no photos, a count while they are read, then the photos."""

    def __init__(self, session: Session, thumbnails: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._thumbnails = thumbnails
        self._gone = 0
        self._table: Path | None = None
        self._lookup = QuietJob(session, self)
        self._projects = QuietJob(session, self)
        self._deletions = QuietJob(session, self)
        self._welcome = WelcomePage(thumbnails, describe_drop)
        self._reading = ReadingPage()
        self._page = DatasetPage(session, thumbnails, describe_drop)
        self._pages = QStackedLayout(self)
        for page in (self._welcome, self._reading, self._page):
            self._pages.addWidget(page)
        self.setAcceptDrops(True)
        self._connect_pages()
        self._connect_session()
        session.list_runs()

    # What the window asks

    def state(self) -> TabState:
        """Start here, reading, needs a look, or the number of photos."""
        dataset = self.session.photos.dataset
        if self.session.photos.scanning:
            return TabState("running", "Reading", self._reading.share)
        if dataset is None:
            return TabState("number", "Start here")
        if not self.session.photos.trainable or self._all_gone(dataset):
            return TabState("attention", "Needs a look")
        if self._page.closer.status() is not None:
            return TabState("running", "Looking closer", self._page.closer.share)
        return TabState("done", counted(len(dataset.samples), "photo"))

    def next_step(self) -> NextStep:
        """Train, or what is missing for it."""
        dataset = self.session.photos.dataset
        if dataset is None:
            # The filled button of the welcome page is in its middle.
            return NextStep("Begin with your photos", "Drop a folder of photos, choose one, or try a sample.")
        if self.session.training:
            return NextStep("It is learning now", _contents(dataset), choice="Watch it learn")
        if not self.session.photos.trainable:
            return NextStep("Not ready to train yet", self._obstacle(dataset), "Train", enabled=False)
        if self._all_gone(dataset):
            line = "The photos aren't where they were. Choose their folder again."
            return NextStep("Not ready to train yet", line, "Train", enabled=False, choice="Choose a folder")
        if self.session.occupied:
            line = "Photos are being classified. Training can begin after that."
            return NextStep("Ready to train", line, "Train", enabled=False, choice="Choose the model")
        return NextStep("Ready to train", _contents(dataset), "Train", choice="Choose the model")

    def job_status(self) -> JobStatus | None:
        """How far the reading is, or the closer look."""
        return self._reading.status() if self.session.photos.scanning else self._page.closer.status()

    def take_action(self) -> None:
        """Train."""
        self.session.train()

    def take_choice(self) -> None:
        """Go to the model, to the training that runs, or choose the folder that is missing."""
        choice = self.next_step().choice
        if choice == "Choose a folder":
            self.choose_folder()
        else:
            self.session.tab_requested.emit("training" if self.session.training else "model")

    def stop_job(self) -> None:
        """Leave off reading, or looking closer."""
        if self.session.photos.scanning:
            self.session.photos.stop_scan()
        else:
            self._page.closer.stop()

    # Folders

    def choose_folder(self) -> None:
        """Ask for a folder of photos and read it."""
        dataset = self.session.photos.dataset
        start = Path(dataset.root).parent if dataset is not None else Path.home()
        self._ask("Choose the folder that holds the class folders", start).fileSelected.connect(
            lambda folder: self.session.photos.open_folder(Path(folder))
        )

    def choose_run(self) -> None:
        """Ask for the folder of a run and open it."""
        self._ask("Choose the folder of a run", paths.runs_dir()).fileSelected.connect(
            lambda folder: self.session.open_run(Path(folder))
        )

    def _ask(self, title: str, start: Path) -> QFileDialog:
        dialog = QFileDialog(self, title, str(start))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        return dialog

    def _delete_download(self, name: str) -> None:
        self._deletions.start(lambda _emit, _token: delete_download(name))

    def _tell_deleted(self, title: str) -> None:
        self._welcome.show_samples()
        line = "What you changed in projects with these photos is kept."
        self.session.posted.emit(Message(DROP_KEY, f"The download of {title} is deleted", "done", line))

    # Drops: the areas take them themselves, the rest of the tab does as they do.

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome files and folders anywhere."""
        dropped = dropped_paths(event.mimeData())
        if dropped:
            event.acceptProposedAction()
            self._area().show_hover(dropped)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Go back to rest."""
        super().dragLeaveEvent(event)
        self._area().show_hover(None)

    def dropEvent(self, event: QDropEvent) -> None:
        """Read the folder."""
        self._area().show_hover(None)
        event.acceptProposedAction()
        self._take_drop(dropped_paths(event.mimeData()))

    def _area(self) -> DropArea:
        return self._page.area if self._pages.currentWidget() is self._page else self._welcome.area

    def _take_drop(self, dropped: list[Path]) -> None:
        folder = folder_of(dropped)
        if folder is not None:
            self.session.photos.open_folder(folder)
        elif len(dropped) == 1 and is_model(dropped[0]):
            self.session.model_requested.emit(dropped[0])
        elif (table := table_of(dropped)) is not None:
            self._take_table(table)
        elif dropped:
            self.session.posted.emit(refusal(dropped, self.session.photos.open_folder))

    def _take_table(self, table: Path) -> None:
        """Offer to take the classes from a table: those of the photos that are open, or that lie where it does."""
        photos = self.session.photos
        if photos.files is not None and photos.editable:
            self._page.ask_reading(table)
        else:
            self._table = table
            photos.open_folder(table.parent)

    def _ask_for_table(self) -> None:
        table, self._table = self._table, None
        files = self.session.photos.files
        if table is not None and files is not None and Path(files.root) == table.parent:
            self._page.ask_reading(table)

    # What the session tells

    def _connect_pages(self) -> None:
        self._welcome.area.dropped.connect(self._take_drop)
        self._welcome.folder_wanted.connect(self.choose_folder)
        self._welcome.run_wanted.connect(self.choose_run)
        self._welcome.run_chosen.connect(self.session.open_run)
        self._welcome.project_chosen.connect(lambda entry: open_project(self.session, entry))
        self._projects.succeeded.connect(self._welcome.set_projects)
        self._welcome.sample_chosen.connect(self.session.photos.open_sample)
        self._welcome.deletion_wanted.connect(self._delete_download)
        self._deletions.succeeded.connect(self._tell_deleted)
        self._page.area.dropped.connect(self._take_drop)
        self._page.folder_wanted.connect(lambda folder: self.session.photos.read_instead(Path(folder)))
        self._page.split_chosen.connect(self.session.photos.set_split)
        self._page.augmentation_chosen.connect(self._choose_augmentation)
        self._page.closer.changed.connect(self.changed)
        self._page.closer.switched.connect(self._show_health)
        self._lookup.succeeded.connect(self._show_gone)

    def _connect_session(self) -> None:
        session = self.session
        session.photos.scan_started.connect(self._begin_reading)
        session.photos.scan_reported.connect(self._report_reading)
        session.photos.scan_ended.connect(self._show_page)
        session.photos.changed.connect(self._show_dataset)
        session.photos.opened.connect(self._ask_for_table)
        session.photos.edited.connect(self._show_edited)
        session.choices_changed.connect(self._page.show_choices)
        session.runs_listed.connect(self._show_recent)
        session.training_started.connect(self.changed)
        session.training_ended.connect(self.changed)
        session.runner.busy_changed.connect(self._tell_busy)

    def _show_recent(self, runs: list[StoredRun]) -> None:
        """What was done before, on the first page."""
        self._welcome.set_runs(runs)
        library = self.session.photos.library
        self._projects.start(lambda _emit, token: look_up(library.recent(), runs, token))

    def _begin_reading(self, folder: Path) -> None:
        self.session.withdrawn.emit(DROP_KEY)
        self._reading.begin(folder.name or str(folder))
        self._pages.setCurrentWidget(self._reading)
        self._page.show_editable()
        self.changed.emit()

    def _report_reading(self, event: Event) -> None:
        if isinstance(event, Progress):
            self._reading.show_progress(event)
            self.changed.emit()

    def _tell_busy(self, lane: str, _busy: bool) -> None:
        if lane in ("compute", "io"):
            self.changed.emit()

    def _show_page(self) -> None:
        self._pages.setCurrentWidget(self._welcome if self.session.photos.dataset is None else self._page)
        self._page.show_editable()
        self.changed.emit()

    def _show_dataset(self) -> None:
        dataset = self.session.photos.dataset
        if dataset is None:
            return
        self._gone = 0
        self._thumbnails.clear()  # the files may have changed since the last time
        self._page.show_dataset(dataset)
        self._tell_problem()
        if self.session.stored is not None:
            self._lookup.start(lambda _emit, token: (dataset, _count_gone(dataset, token)))
        else:
            self._lookup.cancel()
        if not self.session.photos.scanning:  # else the page is shown in a turn of its own
            self._show_page()

    def _show_edited(self) -> None:
        """Follow a change of labels, classes or shares where the person is."""
        if self.session.photos.dataset is not None:
            self._page.show_edited(self.session.photos.dataset, self._gone)
            self._tell_problem()
            self.changed.emit()

    def _show_health(self) -> None:
        if self.session.photos.dataset is not None:
            self._page.show_health(self.session.photos.dataset, self._gone)

    def _show_gone(self, answer: tuple[Dataset, int]) -> None:
        dataset, gone = answer
        if dataset is self.session.photos.dataset and gone:
            self._gone = gone
            self._page.show_health(dataset, gone)
            self.changed.emit()

    def _all_gone(self, dataset: Dataset) -> bool:
        return 0 < len(dataset.samples) <= self._gone

    # Problems

    def _obstacle(self, dataset: Dataset) -> str:
        """Why there can be no training, in one sentence."""
        classes = sum(count > 0 for count in dataset.counts().values())
        if dataset.samples and classes < FEWEST_CLASSES:
            return f"At least {FEWEST_CLASSES} classes are needed. There is {classes}."
        problem = self.session.photos.blocking
        return problem.message if problem is not None else ""

    def _tell_problem(self) -> None:
        problem = self.session.photos.blocking
        if problem is None:
            self.session.withdrawn.emit(_KEY)
            return
        title, rest = split_message(problem.message)
        fix = problem.fix
        if fix is None:
            message = Message(_KEY, title, "wrong", f"{rest} {problem.hint}".strip())
        else:
            line = rest or problem.hint
            message = Message(
                _KEY, title, "wrong", line, fix=fix.title, on_fix=lambda: self.session.photos.take_fix(fix)
            )
        if problem.code in ABOUT_READING and self.session.photos.reading is not None:
            message = replace(message, choice=MORE_WAYS, on_choice=self._page.ask_reading)
        self.session.posted.emit(message)

    def _choose_augmentation(self, augmentation: AugmentationConfig) -> None:
        self.session.set_choices(replace(self.session.choices, augmentation=augmentation))


def _contents(dataset: Dataset) -> str:
    classes = sum(count > 0 for count in dataset.counts().values())
    return f"{counted(len(dataset.samples), 'photo')} in {counted(classes, 'class', 'classes')}."


def _count_gone(dataset: Dataset, token: CancelToken) -> int:
    """Photos that aren't there any more: all if the folder isn't, else as many as a look at some finds."""
    samples = dataset.samples
    if not is_folder(Path(dataset.root)):
        return len(samples)
    gone = 0
    for sample in samples[:: max(len(samples) // _LOOKED_UP, 1)]:
        token.check()
        gone += not is_there(dataset.absolute(sample.path))
    return gone
