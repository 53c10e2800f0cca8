"""What the window works on: photos, a choice of network, a training, a run. Tabs know it, never each other."""

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from tlstudio import paths
from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.looks.looks import NOT_LOOKED_AT, Looks, looks_of
from tlstudio.datasets.problems import Problem, find_problems
from tlstudio.errors import TLStudioError, of_the_computer
from tlstudio.evaluation.report import Report
from tlstudio.events import CancelToken, Emit
from tlstudio.projects.database import DamagedProjectError
from tlstudio.projects.project import runs_of
from tlstudio.runs import store
from tlstudio.runs.store import StoredRun
from tlstudio.ui import computing_settings
from tlstudio.ui.choices import Choices, choices_of
from tlstudio.ui.photo_session import LOCK_MESSAGE, NOTICE_MESSAGE, PhotoSession
from tlstudio.ui.widgets.message_bar import Message
from tlstudio.workers.job import Job
from tlstudio.workers.runner import JobRunner
from tlstudio.workflows.prepare import prepare_run, prepare_training
from tlstudio.workflows.recommend import facts_of
from tlstudio.workflows.train import Trained, TrainRequest, train

_CHECK_PHOTOS = 8
_TYPING_MS = 200

TRAINED_MESSAGE: Final = "trained"
"""Key of the message that a training is done; it holds, whatever photos are opened after it."""

REPRODUCIBLE: Final = "reproducible"
"""Setting that survives the program: TensorFlow takes its number of threads once, when it starts."""


class Session(QObject):
    """The state of one window, with one signal for each thing that changes.

    Attributes:
        photos: The data set, its project and its shares.
        own_network: The choices with the last network that the person put together, kept while another is looked at;
            None before there is one.
        choices_changed: ``choices`` are others now.
        training_started: Carries the TrainRequest.
        training_reported: Carries an event of the training.
        training_ended: Carries the Trained, or None where nothing came of it. Its run is ``stored`` now, unless other
            photos have been opened while it trained.
        training_failed: Carries the folder of the run that was to be; comes after what was wrong has been said.
        run_changed: ``stored`` and ``report`` are others now.
        runs_listed: Carries the runs on disk (list of StoredRun), newest first.
        posted: Carries a Message for the message bar.
        withdrawn: Carries the key of a message that no longer holds.
        tab_requested: Carries the key of the tab to show.
        learning_requested: How it trains is to be shown, where it can be changed.
        model_requested: A model that another program made is to be opened; carries its file (Path), None to ask for it.
        crashed: Carries the traceback of a bug.
    """

    choices_changed = Signal()
    training_started = Signal(object)
    training_reported = Signal(object)
    training_ended = Signal(object)
    training_failed = Signal(object)
    run_changed = Signal()
    runs_listed = Signal(object)
    posted = Signal(object)
    withdrawn = Signal(str)
    tab_requested = Signal(str)
    learning_requested = Signal()
    model_requested = Signal(object)
    crashed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.runner = JobRunner(self)
        self.photos = PhotoSession(self.runner, self)
        self.choices = Choices.recommendation()
        self.own_network: Choices | None = None
        self._told_spec = self.choices.spec
        self._typing = QTimer(self, interval=_TYPING_MS, singleShot=True)
        self._typing.timeout.connect(self._tell_choices)
        self.stored: StoredRun | None = None
        self.report: Report | None = None
        self._training: Job | None = None
        for key in ("dataset", LOCK_MESSAGE, NOTICE_MESSAGE):
            self.photos.scan_started.connect(lambda _folder, key=key: self.withdrawn.emit(key))
        self.photos.lock_changed.connect(self._lock_changed)
        self.photos.changed.connect(self._leave_run)  # first of all who follow: they may look at the run
        self.photos.opened.connect(self._photos_opened)
        self.photos.edited.connect(self._advise)  # other photos, classes or labels may want another network
        self.photos.posted.connect(self.posted)
        self.photos.failed.connect(self.report_failure)

    # Photos

    def _leave_run(self) -> None:
        """Photos of a folder are those of no run."""
        if not self.training:
            self.withdrawn.emit("training")  # what went wrong with the photos before
        if self.photos.project is not None:
            self.stored = self.report = None

    def _lock_changed(self) -> None:
        if not self.photos.locked:
            self.withdrawn.emit(LOCK_MESSAGE)

    def _photos_opened(self) -> None:
        self._advise()
        self._prepare()
        self.run_changed.emit()

    # Model

    def set_choices(self, choices: Choices, *, typing: bool = False) -> None:
        """Choose what to build and how to train it.

        Args:
            choices: All choices, in force at once.
            typing: Whether more is likely to follow within moments: ``choices_changed`` waits for the end of it.
        """
        self.choices = choices
        if choices.spec.layers is not None:
            self.own_network = choices
        if typing:
            self._typing.start()
        else:
            self._tell_choices()

    def _tell_choices(self) -> None:
        self._typing.stop()
        told, self._told_spec = self._told_spec, self.choices.spec
        self.choices_changed.emit()
        if self._told_spec != told:
            self._prepare()

    def show_learning(self) -> None:
        """Show how it trains, where it can be changed."""
        self.learning_requested.emit()
        self.tab_requested.emit("model")

    def recommend(self) -> None:
        """Go back to what is recommended; the settings of the training stay, unless they are a preset's or a run's."""
        self.set_choices(self.choices.back_to_recommended())

    def _advise(self) -> None:
        """Recommend anew: there are other photos."""
        choices = self.choices.advised(facts_of(self.photos.dataset))
        if choices != self.choices:
            self.set_choices(choices)

    def _prepare(self) -> None:
        """Make the engine ahead of need; whoever trains before it is ready waits for the same file."""
        dataset, spec = self.photos.dataset, self.choices.spec
        if dataset is None or self.training or self.runner.closed or self.choices.refusal(dataset.classes):
            return
        photos = [dataset.absolute(sample.path) for sample in dataset.samples[:_CHECK_PHOTOS]]
        self._prepare_quietly(lambda emit, token: prepare_training(spec, photos, emit=emit, token=token))

    def _prepare_quietly(self, task: Callable[[Emit, CancelToken], None]) -> None:
        job = self.runner.start("prepare", task, later=True)
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
        if self.photos.dataset is None:
            return "Open a folder of photos first."
        if self.photos.blocking is not None:
            return self.photos.blocking.message
        refusal = self.choices.refusal(self.photos.dataset.classes)
        if refusal:
            return refusal
        return "The computer is busy with something else." if self.occupied else ""

    @property
    def occupied(self) -> bool:
        """Whether the processor is taken by what a training has to wait for; a closer look makes way for it."""
        return self.runner.busy("compute") and not self.photos.looking_closer

    def train(self) -> None:
        """Train on the photos with the present choices, and show the Training tab."""
        dataset = self.photos.dataset
        if dataset is None or not self.photos.trainable or self.training:
            return
        if self.choices.refusal(dataset.classes):
            return  # said where Train is offered, and beside what has to be changed
        if self.occupied:
            line = "Training can begin when that has ended, or when you stop it where it was started."
            self.posted.emit(Message("training", "The computer is busy with something else.", "info", line))
            return
        config = self.choices.config()
        folder = self._new_run_folder(dataset)
        # The parts that are shown, not found anew: they are what is locked.
        request = TrainRequest(
            dataset,
            folder,
            self.choices.spec,
            config,
            self.photos.split_config,
            parts=self.photos.split,
            tensorboard=computing_settings.event_folder() if computing_settings.writes_event_files() else None,
        )
        self.begin_training(request)

    def begin_training(self, request: TrainRequest) -> None:
        """Train on the photos that are shown, and show the Training tab."""
        for key in ("training", TRAINED_MESSAGE):
            self.withdrawn.emit(key)
        job = self.runner.start("compute", lambda emit, token: train(request, emit=emit, token=token))
        self._training, learnt_from = job, self.photos.place
        job.reported.connect(self.training_reported)
        job.succeeded.connect(lambda trained: self._trained(trained, learnt_from))
        job.failed.connect(lambda error: self._training_failed(request.out, error))
        job.cancelled.connect(lambda: self.training_ended.emit(None))
        self.photos.lock()
        self.training_started.emit(request)
        self.tab_requested.emit("training")

    def stop_training(self) -> None:
        """Stop at the next batch; the best weights so far are judged and saved."""
        if self._training is not None:
            self._training.cancel()

    @property
    def training_paused(self) -> bool:
        """Whether the training waits, or is about to."""
        return self._training is not None and self._training.active and self._training.paused

    def pause_training(self, paused: bool) -> None:
        """Let the training wait at the next batch, or go on."""
        if self._training is None or not self._training.active:
            return
        if paused:
            self._training.pause()
        else:
            self._training.go_on()

    def _trained(self, trained: Trained, learnt_from: Path | None) -> None:
        shown = self.photos.place == learnt_from  # or the run would be corrected in the project of other photos
        if shown:
            self.stored, self.report = trained.stored, trained.report
        self.training_ended.emit(trained)
        if shown:
            self._show_run(trained.stored)

    def _training_failed(self, run: Path, error: Exception) -> None:
        self.training_ended.emit(None)
        self.report_failure("training", error)
        self.training_failed.emit(run)

    def _new_run_folder(self, dataset: Dataset) -> Path:
        project = self.photos.project.folder if self.photos.project else None
        folder = runs_of(project) if project else paths.runs_dir()
        return store.folder_of_now(folder, (project or Path(dataset.root)).name)

    # Runs

    def shown_photos_of(self, stored: StoredRun) -> Dataset | None:
        """The photos of a run with all that is known of them now; None while others are open, or none."""
        shown = self.photos.dataset
        return shown if shown is not None and shown.root == stored.run.root else None

    def list_runs(self) -> None:
        """Look up the runs on disk; ``runs_listed`` brings them."""
        library = self.photos.library

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
        interrupted = self.photos.scanning
        job = self.runner.start("io", lambda _emit, _token: _load(folder))
        self.photos.await_run(job)
        if interrupted:
            self.photos.scan_ended.emit()
        job.succeeded.connect(self._opened)
        job.failed.connect(lambda error: self.report_failure("runs", error))

    def is_open(self, stored: StoredRun) -> bool:
        """Whether this run is the one that is open."""
        return self.stored is not None and self.stored.folder == stored.folder

    def show_model(self, stored: StoredRun) -> None:
        """Open the run of a model from elsewhere, which brings no photos: those that are open stay."""
        self.stored, self.report = stored, None
        self._show_run(stored)

    def _opened(self, loaded: tuple[StoredRun, Report | None, Dataset, tuple[Problem, ...], Looks]) -> None:
        self.stored, self.report, dataset, problems, looks = loaded
        if self.stored.run.foreign:
            self.photos.stay()
            self.show_model(self.stored)
            return
        self.photos.show_run(self.stored.run, dataset, problems, looks)
        self.set_choices(choices_of(self.stored, facts_of(dataset)))
        self._show_run(self.stored)

    def _show_run(self, stored: StoredRun) -> None:
        self.run_changed.emit()
        root, samples = Path(stored.run.root), stored.run.samples[:_CHECK_PHOTOS]
        photos = [root / sample.path for sample in samples]
        self._prepare_quietly(lambda emit, token: prepare_run(stored, photos, emit=emit, token=token))

    # What goes wrong

    def report_failure(self, key: str, error: Exception) -> None:
        """Say what a person can mend in the message bar; show anything else as a bug."""
        told = error if isinstance(error, TLStudioError) else of_the_computer(error)
        if isinstance(error, DamagedProjectError) and error.backups:
            self._offer_backup(key, error)
        elif told is not None:
            self.posted.emit(Message(key, told.message, "wrong", told.hint))
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
                on_fix=lambda: self.photos.recover(folder, backup),
            )
        )


def _moment_of(backup: Path) -> str:
    """When a backup was made, as far as its name tells: "2026-11-21 10.20"."""
    return backup.stem[:16]


def _load(folder: Path) -> tuple[StoredRun, Report | None, Dataset, tuple[Problem, ...], Looks]:
    stored = store.load(folder)
    run = stored.run
    dataset = Dataset(run.root, run.classes, run.samples, rejected=run.rejected)
    return stored, stored.report(), dataset, find_problems(dataset), looks_of(dataset, NOT_LOOKED_AT)
