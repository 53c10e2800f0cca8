"""The photos that the window works on, with all that a person does to them."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.looks import Looks
from tlstudio.datasets.problems import Fix, Problem
from tlstudio.datasets.reading import needs_scan
from tlstudio.datasets.samples import sample_folder
from tlstudio.datasets.sharing import share_out
from tlstudio.datasets.split import Split, SplitConfig
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Emit
from tlstudio.projects.actions import Action, Actions
from tlstudio.projects.database import recover
from tlstudio.projects.library import Library
from tlstudio.projects.project import Project, Steps
from tlstudio.runs.run import Run
from tlstudio.ui.widgets.message_bar import Message
from tlstudio.workers.job import Job
from tlstudio.workers.runner import JobRunner
from tlstudio.workflows.open_photos import Opened, keep_fix, keep_split, open_photos, reconsidered


class PhotoSession(QObject):
    """A data set, its project, and how it is shared out; or the photos of a run, which can't be changed.

    Attributes:
        library: The projects there are.
        project: Where changes are kept; None for the photos of a run, and while there are none.
        steps: What can be undone and redone.
        found: The photos as the folder is read, before a person's changes.
        dataset: The photos as they are to be used.
        problems: What stands between them and a good classifier.
        looks: Which of them show the same, and which hardly anything.
        split: Which photo is in which part.
        split_config: How they are shared out.
        scan_started: Carries the folder (Path) that is being read.
        scan_reported: Carries an event of the reading.
        scan_ended: The reading is over, whatever came of it.
        changed: There are other photos now.
        opened: They are those of a folder that was read; comes after ``changed`` and ``scan_ended``.
        edited: They are still the same photos, with other labels, classes or shares.
        posted: Carries a Message for the message bar.
        failed: Carries the key of what went wrong (str) and the exception.
    """

    scan_started = Signal(object)
    scan_reported = Signal(object)
    scan_ended = Signal()
    changed = Signal()
    opened = Signal()
    edited = Signal()
    posted = Signal(object)
    failed = Signal(str, object)

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self.library = Library()
        self.project: Project | None = None
        self.steps = Steps()
        self._files: Dataset | None = None
        self.found: Dataset | None = None
        self.dataset: Dataset | None = None
        self.problems: tuple[Problem, ...] = ()
        self.looks: Looks | None = None
        self.split: Split | None = None
        self.split_config = SplitConfig()
        self._scan: Job | None = None

    # What can be said of them

    @property
    def scanning(self) -> bool:
        """Whether a folder is being read."""
        return self._scan is not None and self._scan.active

    @property
    def blocking(self) -> Problem | None:
        """The first problem of the folder that keeps it from being trained on."""
        return next((problem for problem in self.problems if problem.severity == "blocking"), None)

    @property
    def trainable(self) -> bool:
        """Whether there are photos to train on."""
        return self.dataset is not None and self.blocking is None

    @property
    def editable(self) -> bool:
        """Whether labels and classes can be changed: those of a run are as they were."""
        return self.project is not None and not self.scanning

    # Opening

    def open_folder(self, folder: Path) -> None:
        """Read a folder of photos and open its project; the one before stays until this one is read."""
        self._read(folder, lambda _emit, _token: folder)

    def open_sample(self, name: str) -> None:
        """Read a sample data set, written first if need be."""
        self._read(Path(name), lambda emit, token: sample_folder(name, emit=emit, token=token))

    def stop_scan(self) -> None:
        """Leave off reading the folder."""
        if self._scan is not None:
            self._scan.cancel()

    def _read(self, name: Path, place: Callable[[Emit, CancelToken], Path]) -> None:
        library, usual = self.library, self.split_config

        def task(emit: Emit, token: CancelToken) -> Opened:
            return open_photos(place(emit, token), library, usual, emit=emit, token=token)

        self.scan_started.emit(name)
        job = self._runner.start("io", task)
        self._scan = job
        job.reported.connect(self.scan_reported)
        job.succeeded.connect(self._scanned)
        job.failed.connect(self._scan_failed)
        job.cancelled.connect(self.scan_ended)

    def _scanned(self, opened: Opened) -> None:
        self._take(opened)
        self.changed.emit()
        self.scan_ended.emit()
        self.opened.emit()
        if opened.moved_from:
            line = f"They were in {opened.moved_from} before. Your changes of labels and classes are still here."
            self.posted.emit(Message("project", "These photos are known", "info", line))

    def _scan_failed(self, error: Exception) -> None:
        self.scan_ended.emit()
        self.failed.emit("dataset", error)

    def _take(self, opened: Opened) -> None:
        self.project, self._files, self.found, self.steps = opened.project, opened.files, opened.found, opened.steps
        self.dataset, self.problems, self.split = opened.dataset, opened.problems, opened.split
        self.looks = opened.looks
        self.split_config = opened.split_config

    def show_run(self, run: Run, dataset: Dataset, problems: tuple[Problem, ...]) -> None:
        """Show the photos of a run, as it learnt from them."""
        self.project = self._files = self.found = self.looks = None
        self.steps = Steps()
        self.dataset, self.problems = dataset, problems
        self.split, self.split_config = run.split, run.split_config
        self.changed.emit()

    def recover(self, folder: Path, backup: Path) -> None:
        """Put a backup in the place of a damaged project, and open its photos."""
        source = next((entry.source for entry in self.library.recent() if Path(entry.folder) == folder), "")
        job = self._runner.start("io", lambda _emit, _token: recover(folder, backup))
        job.succeeded.connect(lambda _nothing: self.open_folder(Path(source)) if source else None)
        job.failed.connect(lambda error: self.failed.emit("project", error))

    # Changes of labels, classes and shares, which can be undone

    @property
    def actions(self) -> Actions | None:
        """Makes what ``do`` takes; None where nothing can be changed."""
        if self.project is None or self.found is None or not self.editable:
            return None
        return Actions(self.found, self.project.edits())

    def do(self, action: Action) -> None:
        """Change labels or classes; ``edited`` tells when everything follows."""
        if self.project is not None and self.editable:
            self._changed_by(lambda project: project.change(action.sentence, action.changes))

    def undo(self) -> None:
        """Take back the last change."""
        self._changed_by(lambda project: bool(project.undo()))

    def redo(self) -> None:
        """Do again what was taken back last."""
        self._changed_by(lambda project: bool(project.redo()))

    def take_fix(self, fix: Fix) -> None:
        """Read the folder as a problem's fix proposes; another folder or an archive is opened."""
        project, files = self.project, self._files
        if project is None or files is None or Path(fix.reading.root) != Path(files.root):
            self.open_folder(Path(fix.reading.root))
        elif needs_scan(files, fix.reading):
            keep_fix(project, files, fix)
            self.open_folder(Path(files.root))
        else:
            self._changed_by(lambda project: keep_fix(project, files, fix))

    def set_split(self, config: SplitConfig) -> None:
        """Share out the photos differently; ``edited`` tells when it is done."""
        dataset = self.dataset
        if self.project is not None:
            self._changed_by(lambda project: keep_split(project, config))
            return
        self.split_config = config
        if dataset is not None:  # that of a run
            job = self._runner.start("io", lambda _emit, _token: share_out(dataset, config))
            job.succeeded.connect(self._shared_out)
            job.failed.connect(lambda error: self.failed.emit("dataset", error))

    def _shared_out(self, shared_out: Split) -> None:
        self.split = shared_out
        self.edited.emit()

    def _changed_by(self, change: Callable[[Project], bool]) -> None:
        project, files, usual = self.project, self._files, self.split_config
        if project is None or files is None or not self.editable:
            return
        try:
            if not change(project):
                return
        except TLStudioError as error:
            self.failed.emit("project", error)
            self.edited.emit()  # views that were ahead go back
            return
        # Half a second for 20,000 photos: too long for the thread of the window.
        job = self._runner.start("io", lambda _emit, _token: reconsidered(project, files, usual))
        job.succeeded.connect(self._edited)
        job.failed.connect(lambda error: self.failed.emit("dataset", error))

    def _edited(self, opened: Opened) -> None:
        if opened.project is self.project:
            self._take(opened)
            self.edited.emit()
