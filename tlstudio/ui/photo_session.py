"""The photos that the window works on, with all that a person does to them."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal

from tlstudio import paths
from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.doctor.problem import read_instead
from tlstudio.datasets.looks.looks import Looks
from tlstudio.datasets.photo_order import PhotoOrder
from tlstudio.datasets.problems import Fix, Problem
from tlstudio.datasets.reading.reading import Reading, folder_inside, needs_scan
from tlstudio.datasets.size_rule import SizeRule
from tlstudio.datasets.sources.archives import archive_title
from tlstudio.datasets.sources.catalogue import find_sample
from tlstudio.datasets.splits.sharing import share_out
from tlstudio.datasets.splits.split import Split, SplitConfig
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Emit, Event, Notice
from tlstudio.paths import is_file
from tlstudio.projects.actions import Action, Actions
from tlstudio.projects.database import STATE, recover
from tlstudio.projects.library import Library
from tlstudio.projects.lock import unlock
from tlstudio.projects.project import Project, Steps
from tlstudio.runs.run import Run
from tlstudio.ui.widgets.message_bar import Message
from tlstudio.workers.job import Job
from tlstudio.workers.runner import JobRunner, Lane
from tlstudio.workers.turns import Turns
from tlstudio.workflows.look_closer import look_closer, look_closer_if_known
from tlstudio.workflows.open_photos import (
    Opened,
    keep_reading,
    keep_split,
    lock_split,
    open_photos,
    reading_of,
    reconsidered,
    wished_split,
)
from tlstudio.workflows.open_sample import open_sample

LOCK_MESSAGE: Final = "lock"
"""Key of the message that other shares have to wait."""

NOTICE_MESSAGE: Final = "notice"
"""Key of the message that something was left out of what was read, such as links in an archive."""


class PhotoSession(QObject):
    """A data set, its project, and how it is shared out; or the photos of a run, which can't be changed.

    Attributes:
        library: The projects there are.
        project: Where changes are kept; None for the photos of a run, and while there are none.
        steps: What can be undone and redone.
        found: The photos as the folder is read, before a person's changes.
        dataset: The photos as they are to be used.
        order: The order in which they are looked at, where it is known.
        title: What a person calls them: the name of the folder, or of the archive without its ending.
        class_counts: Photos of every class, in their order; a class that is switched off has as many as it would bring
            back.
        problems: What stands between them and a good classifier.
        looks: Which of them show the same, and which hardly anything.
        size_rule: What leaves photos out by their size; None for nothing.
        split: Which photo is in which part.
        split_config: How they are shared out.
        scan_started: Carries the folder (Path) that is being read.
        scan_reported: Carries an event of the reading.
        scan_ended: The reading is over, whatever came of it.
        changed: There are other photos now.
        opened: They are those of a folder that was read; comes after ``changed`` and ``scan_ended``.
        edited: They are still the same photos, with other labels, classes or shares.
        lock_changed: The shares were locked or unlocked.
        posted: Carries a Message for the message bar.
        failed: Carries the key of what went wrong (str) and the exception.
    """

    scan_started = Signal(object)
    scan_reported = Signal(object)
    scan_ended = Signal()
    changed = Signal()
    opened = Signal()
    edited = Signal()
    lock_changed = Signal()
    posted = Signal(object)
    failed = Signal(str, object)

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self.library = Library()
        self.project: Project | None = None
        self.steps = Steps()
        self._opened: Opened | None = None
        self.found: Dataset | None = None
        self.dataset: Dataset | None = None
        self.order: PhotoOrder | None = None
        self.title = ""
        self.class_counts: Mapping[str, int] = {}
        self.problems: tuple[Problem, ...] = ()
        self.looks = Looks()
        self.size_rule: SizeRule | None = None
        self.split: Split | None = None
        self.split_config = SplitConfig()
        self._scan: Job | None = None
        self._look: Job | None = None
        self._awaited: Job | None = None
        self._taking_over = False
        self._turns = Turns(parent=self)

    # What can be said of them

    @property
    def scanning(self) -> bool:
        """Whether a folder is being read, or what was read is being taken over."""
        return self._taking_over or self._reading

    @property
    def blocking(self) -> Problem | None:
        """The first problem of the folder that keeps it from being trained on."""
        return next((problem for problem in self.problems if problem.severity == "blocking"), None)

    @property
    def trainable(self) -> bool:
        """Whether there are photos to train on."""
        return self.dataset is not None and self.blocking is None

    @property
    def place(self) -> Path | None:
        """Where these photos belong, which tells them from others: their project, or their folder if they have none."""
        if self.project is not None:
            return self.project.folder
        return None if self.dataset is None else Path(self.dataset.root)

    @property
    def editable(self) -> bool:
        """Whether labels and classes can be changed: those of a run are as they were."""
        return self.project is not None and not self._reading and not self._run_awaited

    @property
    def _run_awaited(self) -> bool:
        return self._awaited is not None and self._awaited.active

    @property
    def _reading(self) -> bool:
        return self._scan is not None and self._scan.active

    @property
    def files(self) -> Dataset | None:
        """The photos as they lie on disk, labelled by the folders at the top; None for those of a run."""
        return None if self._opened is None else self._opened.files

    @property
    def reading(self) -> Reading | None:
        """How the folder is read; None for the photos of a run, and while there are none."""
        return None if self._opened is None else reading_of(self._opened.project, self._opened.files)

    @property
    def locked(self) -> bool:
        """Whether photos stay in their parts because they were trained on there."""
        return self.dataset is not None and self.dataset.lock is not None

    # Opening

    def open_folder(self, folder: Path) -> None:
        """Read a folder of photos and open its project; the one before stays until this one is read."""
        library, usual = self.library, SplitConfig()
        self._read(folder, lambda emit, token: open_photos(folder, library, usual, emit=emit, token=token))

    def open_sample(self, name: str) -> None:
        """Read a sample data set, downloaded or written first if need be."""
        library, usual, title = self.library, SplitConfig(), find_sample(name).title
        self._read(Path(title), lambda emit, token: open_sample(name, library, usual, emit=emit, token=token))

    def stop_scan(self) -> None:
        """Leave off reading the folder."""
        if self._scan is not None:
            self._scan.cancel()

    def _read(self, name: Path, task: Callable[[Emit, CancelToken], Opened]) -> None:
        self._turns.clear()
        self._taking_over = False
        job = self._runner.start("io", task)
        self._scan = job
        job.reported.connect(self._scan_report)
        job.succeeded.connect(self._scanned)
        job.failed.connect(self._scan_failed)
        job.cancelled.connect(self.scan_ended)
        self.scan_started.emit(name)  # now: who hears it may ask whether a folder is being read

    def _scan_report(self, event: Event) -> None:
        if isinstance(event, Notice):
            self.posted.emit(Message(NOTICE_MESSAGE, event.message, "unsure"))
        self.scan_reported.emit(event)

    def _scanned(self, opened: Opened) -> None:
        """Take over what was read, a part in each turn of the event loop: all at once would stall the window."""
        self._taking_over, before = True, [self._opened]
        self._take(opened)
        source = Path(self._source_of(opened.project.folder) or opened.files.root)
        self.title = archive_title(source) if is_file(source) else source.name
        self._turns.add(self.changed.emit, self._end_scan, partial(self._tell_opened, opened), before.clear)

    def _end_scan(self) -> None:
        self._taking_over = False
        self.scan_ended.emit()

    def _tell_opened(self, opened: Opened) -> None:
        self.opened.emit()
        if opened.moved_from:
            line = f"They were in {opened.moved_from} before. Your changes of labels and classes are still here."
            self.posted.emit(Message("project", "These photos are known", "info", line))

    def _scan_failed(self, error: Exception) -> None:
        self.scan_ended.emit()
        self.failed.emit("dataset", error)

    def _take(self, opened: Opened) -> None:
        self._opened, self.project, self.found, self.steps = opened, opened.project, opened.found, opened.steps
        self.dataset, self.order, self.problems = opened.dataset, opened.order, opened.problems
        self.looks, self.size_rule = opened.looks, opened.project.size_rule()
        self.class_counts = opened.class_counts
        self.split, self.split_config = opened.split, opened.split_config

    def show_run(self, run: Run, dataset: Dataset, problems: tuple[Problem, ...], looks: Looks) -> None:
        """Show the photos of a run, as it learnt from them."""
        self.show_shared_out(dataset, run.split, run.split_config, problems, looks)

    def show_shared_out(
        self, dataset: Dataset, split: Split, config: SplitConfig, problems: tuple[Problem, ...], looks: Looks
    ) -> None:
        """Show photos that are shared out already, and belong to no project."""
        self._turns.clear()
        self._taking_over = False
        self._opened = self.project = self.found = self.order = None
        self.steps, self.size_rule = Steps(), None
        self.dataset, self.problems, self.looks = dataset, problems, looks
        self.class_counts = dataset.counts()
        self.title = Path(dataset.root).name
        self.split, self.split_config = split, config
        self.changed.emit()

    def recover(self, folder: Path, backup: Path) -> None:
        """Put a backup in the place of a damaged project, and open its photos."""
        source = self._source_of(folder)
        job = self._runner.start("io", lambda _emit, _token: recover(folder, backup))
        job.succeeded.connect(lambda _nothing: self.open_folder(Path(source)) if source else None)
        job.failed.connect(lambda error: self.failed.emit("project", error))

    def _source_of(self, folder: Path) -> str:
        """What a person opened for the project in a folder; "" if it isn't known."""
        return next((entry.source for entry in self.library.recent() if Path(entry.folder) == folder), "")

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
        self._changed_by(lambda project: self._step(project, project.undo))

    def redo(self) -> None:
        """Do again what was taken back last."""
        self._changed_by(lambda project: self._step(project, project.redo))

    def _step(self, project: Project, step: Callable[[], str]) -> bool:
        before = wished_split(project)
        sentence = step()
        if self.locked and wished_split(project) != before:
            line = "The shares are locked. Other ones count again when you unlock them."
            self.posted.emit(Message(LOCK_MESSAGE, "Every photo stays in its part", "info", line))
        return bool(sentence)

    def take_fix(self, fix: Fix) -> None:
        """Read the folder as a problem's fix proposes; another folder or an archive is opened.

        What was unpacked stays one project with what it was in: a folder inside is read by another level.
        """
        files, root = self.files, Path(fix.reading.root)
        if files is not None and root == Path(files.root):
            self.set_reading(fix.reading, fix.title)
        elif files is not None and _is_unpacked(files) and root.is_relative_to(files.root):
            self.set_reading(folder_inside(files, root), fix.title)
        else:
            self.open_folder(root)

    def read_instead(self, folder: Path) -> None:
        """Read another folder, as if it had been chosen."""
        self.take_fix(read_instead(str(folder)))

    def set_reading(self, reading: Reading, sentence: str) -> None:
        """Read the same folder otherwise; ``edited`` tells when it is done, ``opened`` where files had to be opened."""
        opened = self._opened
        if opened is not None:
            self._changed_by(lambda project: keep_reading(project, opened.files, reading, sentence))

    def set_split(self, config: SplitConfig) -> None:
        """Share out the photos differently, unless they are locked; ``edited`` tells when it is done."""
        opened, dataset = self._opened, self.dataset
        if opened is not None:
            if not self.locked:
                self._changed_by(lambda project: keep_split(project, config, opened.usual))
            return
        self.split_config = config
        if dataset is not None:  # that of a run
            job = self._runner.start("io", lambda _emit, _token: share_out(dataset, config))
            job.succeeded.connect(self._shared_out)
            job.failed.connect(lambda error: self.failed.emit("dataset", error))

    def lock(self) -> None:
        """Keep every photo in its part, since a training begins; ``lock_changed`` tells when it is done."""
        opened = self._opened
        if opened is not None:
            job = self._runner.start("keep", lambda _emit, _token: lock_split(opened))
            job.succeeded.connect(lambda with_lock: self._locked(opened, with_lock))
            job.failed.connect(lambda error: self.failed.emit("project", error))

    def _locked(self, before: Opened, with_lock: Opened) -> None:
        if self._takes_place(before, with_lock):
            self.lock_changed.emit()

    def _takes_place(self, before: Opened, after: Opened) -> bool:
        """Take what came of the photos beside a person's work; where that went on meanwhile, ``edited`` tells of both.

        Args:
            before: The photos it was made of.
            after: What came of them.

        Returns:
            Whether it has been taken as it is.
        """
        if self._opened is before and not self._runner.busy("io"):
            self._take(after)
            return True
        if self._opened is not None and self._opened.project.folder == after.project.folder:
            self._changed_by(lambda _project: True)  # what came between, maybe from a new reading, may not know of it
        return False

    def await_run(self, job: Job) -> None:
        """Let these photos be until a job has brought a run in their place: what is ready meanwhile would stop it."""
        self._awaited = job
        job.failed.connect(lambda _error: self.stay())

    def stay(self) -> None:
        """Go on with these photos, and with what came since: the run that was awaited brings none."""
        self._changed_by(lambda _project: True)

    # How the photos look

    def look_closer(self, *, known_only: bool = False) -> Job | None:
        """Compare the photos by what a network says of them; ``edited`` tells when everything follows.

        Args:
            known_only: Compare them only if the network has read them before, which takes no time.

        Returns:
            The job, for its progress; None for the photos of a run, and while there are none.
        """
        opened = self._opened
        if opened is None:
            return None
        look = look_closer_if_known if known_only else look_closer
        lane: Lane = "keep" if known_only else "compute"
        job = self._runner.start(lane, lambda emit, token: look(opened, emit=emit, token=token), later=known_only)
        if not known_only:
            self._look = job
        job.succeeded.connect(lambda looked: self._looked(opened, looked))
        job.failed.connect(lambda error: self.failed.emit("dataset", error))
        return job

    @property
    def looking_closer(self) -> bool:
        """Whether the photos are being compared; a training needn't wait for that, since nothing of it is lost."""
        return self._look is not None and self._look.active

    def _looked(self, before: Opened, looked: Opened | None) -> None:
        if looked is not None and self._takes_place(before, looked):
            self.edited.emit()

    def unlock(self) -> None:
        """Share the photos out as wished again; ``lock_changed`` tells when it is done."""
        self._changed_by(unlock)

    def _shared_out(self, shared_out: Split) -> None:
        self.split = shared_out
        self.edited.emit()

    def _changed_by(self, change: Callable[[Project], bool]) -> None:
        opened = self._opened
        if opened is None or not self.editable:
            return
        try:
            if not change(opened.project):
                return
        except TLStudioError as error:
            self.failed.emit("project", error)
            self.edited.emit()  # views that were ahead go back
            return
        reading = reading_of(opened.project, opened.files)
        if reading != opened.reading and needs_scan(opened.files, reading):
            self.open_folder(Path(self._source_of(opened.project.folder) or opened.files.root))
            return
        job = self._runner.start("io", lambda _emit, _token: reconsidered(opened))
        job.succeeded.connect(self._edited)
        job.failed.connect(lambda error: self.failed.emit("dataset", error))

    def catch_up(self) -> None:
        """Follow what another window has done to the same project; ``edited`` tells when it is done."""
        opened = self._opened
        if opened is None or self._runner.closed or self._runner.busy("io"):
            return
        try:
            changed = opened.project.setting(STATE) != opened.state
        except TLStudioError as error:
            self.failed.emit("project", error)
            return
        if changed:
            self._changed_by(lambda _project: True)

    def _edited(self, opened: Opened) -> None:
        if opened.project is self.project:
            was_locked = self.locked
            self._take(opened)
            self.edited.emit()
            if self.locked != was_locked:
                self.lock_changed.emit()


def _is_unpacked(files: Dataset) -> bool:
    """Whether photos lie in the cache, where their archive was unpacked to."""
    return Path(files.root).is_relative_to(paths.cache_dir())
