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
from tlstudio.datasets.problems import Problem, find_problems
from tlstudio.datasets.samples import sample_folder
from tlstudio.datasets.split import Split, SplitConfig, split
from tlstudio.errors import TLStudioError
from tlstudio.evaluation.report import Report
from tlstudio.events import CancelToken, Emit
from tlstudio.modeling.spec import ModelSpec
from tlstudio.runs import store
from tlstudio.runs.store import StoredRun
from tlstudio.training.config import TrainConfig
from tlstudio.training.recipes import config_for, recommended_spec
from tlstudio.ui.widgets.message_bar import Message
from tlstudio.workers.job import Job
from tlstudio.workers.runner import JobRunner
from tlstudio.workflows.prepare import prepare_run, prepare_training
from tlstudio.workflows.scan import Scanned, scan
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
        split_changed: The photos are shared out differently; ``split`` says how.
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
    split_changed = Signal()
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
        self.dataset: Dataset | None = None
        self.problems: tuple[Problem, ...] = ()
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
        """Read a folder of photos; the one before stays until this one is read."""
        self._read(folder, lambda emit, token: scan(folder, emit=emit, token=token))

    def open_sample(self, name: str) -> None:
        """Read a sample data set, written first if need be."""

        def task(emit: Emit, token: CancelToken) -> Scanned:
            return scan(sample_folder(name, emit=emit, token=token), emit=emit, token=token)

        self._read(Path(name), task)

    def stop_scan(self) -> None:
        """Leave off reading the folder."""
        if self._scan is not None:
            self._scan.cancel()

    def _read(self, folder: Path, task: Callable[[Emit, CancelToken], Scanned]) -> None:
        self.withdrawn.emit("dataset")
        self.scan_started.emit(folder)
        config = self.split_config

        def shared_out(emit: Emit, token: CancelToken) -> tuple[Scanned, SplitConfig, Split]:
            scanned = task(emit, token)
            return scanned, config, split(scanned.dataset, config)

        job = self.runner.start("io", shared_out)
        self._scan = job
        job.reported.connect(self.scan_reported)
        job.succeeded.connect(self._scanned)
        job.failed.connect(self._scan_failed)
        job.cancelled.connect(self.scan_ended)

    def _scanned(self, answer: tuple[Scanned, SplitConfig, Split]) -> None:
        scanned, config, shared_out = answer
        self.stored = self.report = None
        self._set_dataset(scanned.dataset, scanned.problems, shared_out)
        self.scan_ended.emit()
        self.run_changed.emit()
        if config != self.split_config:  # changed while the folder was being read
            self.set_split(self.split_config)

    def _scan_failed(self, error: Exception) -> None:
        self.scan_ended.emit()
        self.report_failure("dataset", error)

    def _set_dataset(self, dataset: Dataset, problems: tuple[Problem, ...], shared_out: Split) -> None:
        self.dataset, self.problems, self.split = dataset, problems, shared_out
        self.dataset_changed.emit()
        self._prepare()

    def set_split(self, config: SplitConfig) -> None:
        """Share out the photos differently; ``split_changed`` tells when it is done."""
        self.split_config = config
        dataset = self.dataset
        if dataset is None or self.scanning:
            return
        # Half a second for 20,000 photos: too long for the thread of the window.
        job = self.runner.start("io", lambda _emit, _token: split(dataset, config))
        job.succeeded.connect(self._shared_out)
        job.failed.connect(lambda error: self.report_failure("dataset", error))

    def _shared_out(self, shared_out: Split) -> None:
        self.split = shared_out
        self.split_changed.emit()

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
        return paths.runs_dir() / f"{Path(self.dataset.root).name} {now:%Y-%m-%d %H.%M.%S}"

    # Runs

    def list_runs(self) -> None:
        """Look up the runs on disk; ``runs_listed`` brings them."""
        job = self.runner.start("list", lambda _emit, _token: store.list_runs(paths.runs_dir()))
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
        self.stored, self.report, dataset, problems = loaded
        run = self.stored.run
        self.split_config = run.split_config
        self._set_dataset(dataset, problems, run.split)
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
        if isinstance(error, TLStudioError):
            self.posted.emit(Message(key, error.message, "wrong", error.hint))
        else:
            self.crashed.emit("".join(traceback.format_exception(error)))


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
