"""Trainings that a crash, a loss of power or an error has interrupted: offered for resuming, and resumed."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal

from tlstudio import paths
from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.looks.looks import NOT_LOOKED_AT, Looks, looks_of
from tlstudio.datasets.problems import Problem, find_problems
from tlstudio.events import CancelToken, Emit, Event, Notice
from tlstudio.projects.project import runs_of
from tlstudio.ui.session import Session
from tlstudio.ui.widgets.message_bar import Message
from tlstudio.wording import counted
from tlstudio.workers.job import Job, Task
from tlstudio.workflows.resume import Interrupted, find_interrupted, resumption, throw_away
from tlstudio.workflows.train import TrainRequest

KEY: Final = "interrupted"
"""Of the messages that are about them."""

_Ready = tuple[TrainRequest, Dataset, tuple[Problem, ...], Looks]


class InterruptedTrainings(QObject):
    """Those among the runs of this computer.

    Attributes:
        found: Carries them (list of Interrupted), the last one first, whenever they were looked up.
    """

    found = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._offering = False
        session.training_failed.connect(lambda _run: self.look_up())

    def offer(self) -> None:
        """Look them up, and offer the last one."""
        self._offering = True
        self.look_up()

    def look_up(self) -> None:
        """Look them up; ``found`` brings them."""
        library = self._session.photos.library

        def task(_emit: Emit, _token: CancelToken) -> list[Interrupted]:
            return find_interrupted(paths.runs_dir(), *(runs_of(Path(entry.folder)) for entry in library.recent()))

        self._start(task).succeeded.connect(self._found)

    def _start(self, task: Task) -> Job:
        job = self._session.runner.start("resume", task)
        job.failed.connect(lambda error: self._session.report_failure(KEY, error))
        return job

    def _found(self, trainings: list[Interrupted]) -> None:
        offering, self._offering = self._offering, False
        self.found.emit(trainings)
        if offering and trainings and not self._session.training:
            self._session.posted.emit(self._message(trainings[0], len(trainings) - 1))

    def _message(self, training: Interrupted, others: int) -> Message:
        run = training.run
        more = f" {others:,} more in the project menu." if others else ""
        if training.obstacle:
            title, line, fix = training.obstacle, f"Throw it away, or leave it.{more}", ""
        else:
            title = f"The training “{run.name}” was interrupted"
            line = f"{counted(training.rounds, 'round')} learnt. Resume goes on from there.{more}"
            fix = "Resume"
        return Message(
            KEY,
            title,
            "unsure",
            line,
            fix=fix,
            on_fix=lambda: self.resume(run),
            choice="Throw away",
            on_choice=lambda: self.throw_away(run),
        )

    def resume(self, run: Path) -> None:
        """Go on with a training, as soon as its photos have been compared with those it began with."""
        session = self._session
        if session.training or session.occupied:
            line = "Resume is in the project menu. It can begin when that has ended."
            session.posted.emit(Message(KEY, "The computer is busy with something else.", "info", line))
            return
        title = f"Resuming “{run.name}”"
        session.posted.emit(Message(KEY, title, "info", "Its photos are compared with those it began with."))

        def task(emit: Emit, token: CancelToken) -> _Ready:
            request = resumption(run, emit=emit, token=token)
            assert isinstance(request.source, Dataset)  # noqa: S101 - its photos have just been read
            dataset = request.source
            return request, dataset, find_problems(dataset), looks_of(dataset, NOT_LOOKED_AT)

        job = self._start(task)
        job.reported.connect(self._tell)
        job.succeeded.connect(self._resume)

    def _tell(self, event: Event) -> None:
        if isinstance(event, Notice):
            self._session.posted.emit(Message("resumed photos", event.message, "unsure"))

    def _resume(self, ready: _Ready) -> None:
        request, dataset, problems, looks = ready
        session = self._session
        session.withdrawn.emit(KEY)
        if session.training or session.occupied or request.parts is None:
            return
        session.stored = session.report = None
        session.photos.show_shared_out(dataset, request.parts, request.split, problems, looks)
        session.run_changed.emit()
        session.begin_training(request)

    def throw_away(self, run: Path) -> None:
        """Delete what is kept of a training."""
        self._start(lambda _emit, _token: throw_away(run)).succeeded.connect(lambda _nothing: self.look_up())
