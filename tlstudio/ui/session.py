"""What the window works on: a data set, a choice of network, a training, a run. Tabs know it, never each other."""

import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from tlstudio import paths
from tlstudio.datasets.augmentation import AugmentationConfig
from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.looks import Looks
from tlstudio.datasets.problems import Fix, Problem, find_problems
from tlstudio.datasets.reading import needs_scan
from tlstudio.datasets.samples import sample_folder
from tlstudio.datasets.sharing import share_out
from tlstudio.datasets.split import Split, SplitConfig
from tlstudio.errors import TLStudioError
from tlstudio.evaluation.report import Report
from tlstudio.events import CancelToken, Emit
from tlstudio.modeling.spec import ModelSpec
from tlstudio.projects.actions import Action, Actions
from tlstudio.projects.database import DamagedProjectError, recover
from tlstudio.projects.library import Library
from tlstudio.projects.project import Project, Steps, runs_of
from tlstudio.runs import store
from tlstudio.runs.store import StoredRun
from tlstudio.training.config import TrainConfig
from tlstudio.training.recipes import config_for, recommended_spec
from tlstudio.ui.widgets.message_bar import Message
from tlstudio.workers.job import Job
from tlstudio.workers.runner import JobRunner
from tlstudio.workflows.open_photos import Opened, keep_fix, keep_split, open_photos, reconsidered
from tlstudio.workflows.prepare import prepare_run, prepare_training
from tlstudio.workflows.train import Trained, TrainRequest, train

_CHECK_PHOTOS = 8

REPRODUCIBLE: Final = "reproducible"
"""Setting that survives the program: TensorFlow takes its number of threads once, when it starts."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What is to be built and how it is to be trained.

    Attributes:
        spec: The network.
        why: A sentence for it; empty for an own choice.
        recommended: Whether it is the recommended network, untouched.
        head_epochs: The most rounds for the last layers; None for the recipe's own number.
        fine_tune_epochs: Rounds of refining; 0 for none.
        unfreeze_from: First layer that is refined; "" for the network's own default.
        augmentation: Varied copies; None for the recipe's own.
        seed: Of the split and of everything random.
        reproducible: Compute with one thread, so that the same seed gives the same run bit for bit.
    """

    spec: ModelSpec
    why: str = ""
    recommended: bool = False
    head_epochs: int | None = None
    fine_tune_epochs: int = 0
    unfreeze_from: str = ""
    augmentation: AugmentationConfig | None = None
    seed: int = 0
    reproducible: bool = False

    @classmethod
    def recommendation(cls) -> "Choices":
        """What is used when nobody chooses."""
        spec, why = recommended_spec()
        return cls(spec, why, recommended=True)

    def with_spec(self, spec: ModelSpec) -> "Choices":
        """The same training of another network; settings that mean nothing to it are dropped."""
        best, why = recommended_spec()
        return replace(
            self,
            spec=spec,
            why=why if spec == best else "",
            recommended=spec == best,
            fine_tune_epochs=0 if spec.weights == "none" else self.fine_tune_epochs,
            unfreeze_from=self.unfreeze_from if spec.backbone == self.spec.backbone else "",
        )

    def config(self) -> TrainConfig:
        """The training that these choices ask for.

        Raises:
            TLStudioError: If they contradict each other.
        """
        return config_for(
            self.spec,
            head_epochs=self.head_epochs,
            fine_tune_epochs=self.fine_tune_epochs,
            unfreeze_from=self.unfreeze_from,
            augmentation=self.augmentation,
            seed=self.seed,
            reproducible=self.reproducible,
        )


class Session(QObject):
    """The state of one window, with one signal for each thing that changes.

    Attributes:
        scan_started: Carries the folder (Path) that is being read.
        scan_reported: Carries an event of the reading.
        scan_ended: The reading is over, whatever came of it.
        dataset_changed: ``dataset``, ``problems`` and ``split`` are others now.
        dataset_edited: They are still those of the same photos, with other labels, classes or shares.
        choices_changed: ``choices`` are others now.
        training_started: Carries the TrainRequest.
        training_reported: Carries an event of the training.
        training_ended: Carries the Trained, or None where nothing came of it.
        run_changed: ``stored`` and ``report`` are others now.
        runs_listed: Carries the runs on disk (list of StoredRun), newest first.
        posted: Carries a Message for the message bar.
        withdrawn: Carries the key of a message that no longer holds.
        tab_requested: Carries the key of the tab to show.
        crashed: Carries the traceback of a bug.
    """

    scan_started = Signal(object)
    scan_reported = Signal(object)
    scan_ended = Signal()
    dataset_changed = Signal()
    dataset_edited = Signal()
    choices_changed = Signal()
    training_started = Signal(object)
    training_reported = Signal(object)
    training_ended = Signal(object)
    run_changed = Signal()
    runs_listed = Signal(object)
    posted = Signal(object)
    withdrawn = Signal(str)
    tab_requested = Signal(str)
    crashed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.runner = JobRunner(self)
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
        self.choices = Choices.recommendation()
        self.stored: StoredRun | None = None
        self.report: Report | None = None
        self._training: Job | None = None
        self._scan: Job | None = None

    # Data set

    @property
    def scanning(self) -> bool:
        """Whether a folder is being read."""
        return self._scan is not None and self._scan.active

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

        self.withdrawn.emit("dataset")
        self.scan_started.emit(name)
        job = self.runner.start("io", task)
        self._scan = job
        job.reported.connect(self.scan_reported)
        job.succeeded.connect(self._scanned)
        job.failed.connect(self._scan_failed)
        job.cancelled.connect(self.scan_ended)

    def _scanned(self, opened: Opened) -> None:
        self.stored = self.report = None
        self._take(opened)
        self.dataset_changed.emit()
        self._prepare()
        self.scan_ended.emit()
        self.run_changed.emit()
        if opened.moved_from:
            line = f"They were in {opened.moved_from} before. Your changes of labels and classes are still here."
            self.posted.emit(Message("project", "These photos are known", "info", line))

    def _scan_failed(self, error: Exception) -> None:
        self.scan_ended.emit()
        self.report_failure("dataset", error)

    def _take(self, opened: Opened) -> None:
        self.project, self._files, self.found, self.steps = opened.project, opened.files, opened.found, opened.steps
        self.dataset, self.problems, self.split = opened.dataset, opened.problems, opened.split
        self.looks = opened.looks
        self.split_config = opened.split_config

    # Changes of labels, classes and shares, which can be undone

    @property
    def editable(self) -> bool:
        """Whether labels and classes can be changed: those of a run are as they were."""
        return self.project is not None and not self.scanning

    @property
    def actions(self) -> Actions | None:
        """Makes what ``do`` takes; None where nothing can be changed."""
        if self.project is None or self.found is None or not self.editable:
            return None
        return Actions(self.found, self.project.edits())

    def do(self, action: Action) -> None:
        """Change labels or classes; ``dataset_edited`` tells when everything follows."""
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
        """Share out the photos differently; ``dataset_edited`` tells when it is done."""
        dataset = self.dataset
        if self.project is not None:
            self._changed_by(lambda project: keep_split(project, config))
            return
        self.split_config = config
        if dataset is not None:  # that of a run
            job = self.runner.start("io", lambda _emit, _token: share_out(dataset, config))
            job.succeeded.connect(self._shared_out)
            job.failed.connect(lambda error: self.report_failure("dataset", error))

    def _shared_out(self, shared_out: Split) -> None:
        self.split = shared_out
        self.dataset_edited.emit()

    def _changed_by(self, change: Callable[[Project], bool]) -> None:
        project, files, usual = self.project, self._files, self.split_config
        if project is None or files is None or not self.editable:
            return
        try:
            if not change(project):
                return
        except TLStudioError as error:
            self.report_failure("project", error)
            self.dataset_edited.emit()  # views that were ahead go back
            return
        # Half a second for 20,000 photos: too long for the thread of the window.
        job = self.runner.start("io", lambda _emit, _token: reconsidered(project, files, usual))
        job.succeeded.connect(self._edited)
        job.failed.connect(lambda error: self.report_failure("dataset", error))

    def _edited(self, opened: Opened) -> None:
        if opened.project is self.project:
            self._take(opened)
            self.dataset_edited.emit()

    @property
    def blocking(self) -> Problem | None:
        """The first problem of the folder that keeps it from being trained on."""
        return next((problem for problem in self.problems if problem.severity == "blocking"), None)

    @property
    def trainable(self) -> bool:
        """Whether there are photos to train on."""
        return self.dataset is not None and self.blocking is None

    # Model

    def set_choices(self, choices: Choices) -> None:
        """Choose what to build and how to train it."""
        renewed = choices.spec != self.choices.spec
        self.choices = choices
        self.choices_changed.emit()
        if renewed:
            self._prepare()

    def recommend(self) -> None:
        """Go back to what is recommended; the settings of the training stay."""
        self.set_choices(self.choices.with_spec(Choices.recommendation().spec))

    def _prepare(self) -> None:
        """Make the engine ahead of need; whoever trains before it is ready waits for the same file."""
        if self.dataset is None or self.training:
            return
        spec = self.choices.spec
        photos = [self.dataset.absolute(sample.path) for sample in self.dataset.samples[:_CHECK_PHOTOS]]
        self._prepare_quietly(lambda emit, token: prepare_training(spec, photos, emit=emit, token=token))

    def _prepare_quietly(self, task: Callable[[Emit, CancelToken], None]) -> None:
        job = self.runner.start("prepare", task)
        job.failed.connect(self._preparing_failed)

    def _preparing_failed(self, error: Exception) -> None:
        if not isinstance(error, TLStudioError):  # those fail again, and are said, when they are in the way
            self.report_failure("training", error)

    # Training

    @property
    def training(self) -> bool:
        """Whether a training runs."""
        return self._training is not None and self._training.active

    @property
    def obstacle(self) -> str:
        """Why no training can begin now, in a sentence; empty if one can."""
        if self.dataset is None:
            return "Open a folder of photos first."
        if self.blocking is not None:
            return self.blocking.message
        return "The computer is busy with something else." if self.runner.busy("compute") else ""

    def train(self) -> None:
        """Train on the photos with the present choices, and show the Training tab."""
        if self.dataset is None or not self.trainable or self.training:
            return
        if self.runner.busy("compute"):
            line = "Training can begin when that has ended, or when you stop it in the Predict tab."
            self.posted.emit(Message("training", "Photos are being classified now.", "info", line))
            return
        try:
            config = self.choices.config()
        except TLStudioError as error:
            self.report_failure("training", error)
            return
        request = TrainRequest(self.dataset, self._new_run_folder(), self.choices.spec, config, self.split_config)
        self.withdrawn.emit("training")
        job = self.runner.start("compute", lambda emit, token: train(request, emit=emit, token=token))
        self._training = job
        job.reported.connect(self.training_reported)
        job.succeeded.connect(self._trained)
        job.failed.connect(self._training_failed)
        job.cancelled.connect(lambda: self.training_ended.emit(None))
        self.training_started.emit(request)
        self.tab_requested.emit("training")

    def stop_training(self) -> None:
        """Stop at the next batch; the best weights so far are judged and saved."""
        if self._training is not None:
            self._training.cancel()

    def _trained(self, trained: Trained) -> None:
        self.stored, self.report = trained.stored, trained.report
        self.training_ended.emit(trained)
        self._show_run(trained.stored)

    def _training_failed(self, error: Exception) -> None:
        self.training_ended.emit(None)
        self.report_failure("training", error)

    def _new_run_folder(self) -> Path:
        assert self.dataset is not None  # noqa: S101 - for the type checker
        now = datetime.now().astimezone()
        project = self.project.folder if self.project else None
        folder = runs_of(project) if project else paths.runs_dir()
        return folder / f"{(project or Path(self.dataset.root)).name} {now:%Y-%m-%d %H.%M.%S}"

    # Runs

    def list_runs(self) -> None:
        """Look up the runs on disk; ``runs_listed`` brings them."""
        library = self.library

        def task(_emit: Emit, _token: CancelToken) -> tuple[list[StoredRun], list[TLStudioError]]:
            return store.list_runs(paths.runs_dir(), *(runs_of(Path(entry.folder)) for entry in library.recent()))

        job = self.runner.start("list", task)
        job.succeeded.connect(self._listed)

    def _listed(self, answer: tuple[list[StoredRun], list[TLStudioError]]) -> None:
        runs, damaged = answer
        for error in damaged[:1]:
            self.report_failure("runs", error)
        self.runs_listed.emit(runs)

    def open_run(self, folder: Path) -> None:
        """Open a run with the photos it was trained on."""
        interrupted = self.scanning
        job = self.runner.start("io", lambda _emit, _token: _load(folder))
        if interrupted:
            self.scan_ended.emit()
        job.succeeded.connect(self._opened)
        job.failed.connect(lambda error: self.report_failure("runs", error))

    def _opened(self, loaded: tuple[StoredRun, Report | None, Dataset, tuple[Problem, ...]]) -> None:
        self.stored, self.report, self.dataset, self.problems = loaded
        run = self.stored.run
        self.project = self._files = self.found = self.looks = None
        self.steps = Steps()
        self.split, self.split_config = run.split, run.split_config
        self.dataset_changed.emit()
        self._prepare()
        self.set_choices(_choices_of(self.stored))
        self._show_run(self.stored)

    def _show_run(self, stored: StoredRun) -> None:
        self.run_changed.emit()
        root, samples = Path(stored.run.root), stored.run.samples[:_CHECK_PHOTOS]
        photos = [root / sample.path for sample in samples]
        self._prepare_quietly(lambda emit, token: prepare_run(stored, photos, emit=emit, token=token))

    # What goes wrong

    def report_failure(self, key: str, error: Exception) -> None:
        """Say what a person can mend in the message bar; show anything else as a bug."""
        if isinstance(error, DamagedProjectError) and error.backups:
            self._offer_backup(key, error)
        elif isinstance(error, TLStudioError):
            self.posted.emit(Message(key, error.message, "wrong", error.hint))
        else:
            self.crashed.emit("".join(traceback.format_exception(error)))

    def _offer_backup(self, key: str, error: DamagedProjectError) -> None:
        folder, backup = error.folder, error.backups[0]
        line = f"The newest backup is of {_moment_of(backup)}. The damaged file is kept beside it."
        self.posted.emit(
            Message(
                key,
                error.message,
                "wrong",
                line,
                fix="Recover from backup",
                on_fix=lambda: self._recover(folder, backup),
            )
        )

    def _recover(self, folder: Path, backup: Path) -> None:
        source = next((entry.source for entry in self.library.recent() if Path(entry.folder) == folder), "")
        job = self.runner.start("io", lambda _emit, _token: recover(folder, backup))
        job.succeeded.connect(lambda _nothing: self.open_folder(Path(source)) if source else None)
        job.failed.connect(lambda error: self.report_failure("project", error))


def _moment_of(backup: Path) -> str:
    """When a backup was made, as far as its name tells: "2026-11-21 10.20"."""
    return backup.stem[:16]


def _load(folder: Path) -> tuple[StoredRun, Report | None, Dataset, tuple[Problem, ...]]:
    stored = store.load(folder)
    run = stored.run
    dataset = Dataset(run.root, run.classes, run.samples, rejected=run.rejected)
    return stored, stored.report(), dataset, find_problems(dataset)


def _choices_of(stored: StoredRun) -> Choices:
    config = stored.run.config
    tuned: Any = next((phase for phase in config.phases if phase.name == "fine_tune"), None)
    return Choices(
        spec=stored.run.spec,
        head_epochs=config.phases[0].epochs,
        fine_tune_epochs=tuned.epochs if tuned else 0,
        unfreeze_from=tuned.unfreeze_from if tuned else "",
        augmentation=config.augmentation,
        seed=config.seed,
        reproducible=config.reproducible,
    )
