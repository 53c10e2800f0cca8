"""Where a training is, gathered from its events. Knows no Qt and no clock: every event comes with its time."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from tlstudio.events import BatchEnded, ClassesChecked, EpochEnded, Event, Notice, PhaseStarted, Progress
from tlstudio.training.config import Phase
from tlstudio.training.history import History
from tlstudio.ui.tabs.training.training_judgement import Diagnosis

Stage = Literal["preparing", "downloading", "reading", "learning", "judging"]

_STAGES: Final[dict[str, Stage]] = {
    "download": "downloading",
    "engine": "preparing",
    "features": "reading",
    "evaluate": "judging",
}


@dataclass(frozen=True, slots=True)
class TimedEpoch:
    """A finished round and when it ended, in seconds since the start of the training."""

    ended: float
    epoch: EpochEnded


@dataclass(slots=True)
class Reading:
    """One pass over all photos.

    Attributes:
        began: When, in seconds since the start of the training; a wait for the engine doesn't count.
        done: Photos read.
        total: Photos in all.
        ended: When; None while it goes on.
        earlier: Whether all of them were in the store already.
    """

    began: float
    done: int = 0
    total: int = 0
    ended: float | None = None
    earlier: bool = False

    def rate(self, now: float) -> float:
        """Photos a second; 0 while unknown."""
        spent = (now if self.ended is None else self.ended) - self.began
        return self.done / spent if spent > 0 and not self.earlier else 0.0


@dataclass(slots=True)
class PhaseCourse:
    """How far one phase is.

    Attributes:
        started: The event that began it.
        began: When.
        ended: End of its last round so far.
        epochs: Finished rounds.
        batch: The last batch of the running round; None between rounds.
        first_batch: Number and time of the first batch that was heard of.
        heard: When the last batch was heard of.
        diagnosis: How it goes.
    """

    started: PhaseStarted
    began: float
    ended: float
    epochs: list[TimedEpoch] = field(default_factory=list)
    batch: BatchEnded | None = None
    first_batch: tuple[int, float] | None = None
    heard: float = 0.0
    diagnosis: Diagnosis = field(default_factory=Diagnosis)

    @property
    def round(self) -> int:
        """Number of the running round in this phase, from 1."""
        return min(len(self.epochs) + 1, self.started.epochs)

    def take(self, event: BatchEnded | ClassesChecked | EpochEnded, now: float) -> None:
        """A batch or a round is over, or the classes were checked."""
        if isinstance(event, EpochEnded):
            self.epochs.append(TimedEpoch(now, event))
            self.batch, self.ended = None, now
            self.diagnosis.take(event)
            return
        if isinstance(event, ClassesChecked):
            self.diagnosis.check(event)
            return
        self.batch, self.heard = event, now
        if self.first_batch is None:
            self.first_batch = (event.step, now)


@dataclass(slots=True)
class TrainingProgress:
    """The state of one training.

    Attributes:
        planned: The phases that are planned.
        n_train: Photos to learn from.
        stage: What is going on.
        running: Index of the phase that runs or is being read for; -1 before the first.
        phases: The phases that have begun.
        readings: The passes over the photos, one before each phase.
        notices: Sentences of the training, with their times.
        download: Bytes that have come, and all.
        exam_began: When the exam began; None before.
        ended: Seconds in all; None while it runs.
    """

    planned: Sequence[Phase]
    n_train: int
    stage: Stage = "preparing"
    running: int = -1
    phases: list[PhaseCourse] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    notices: list[tuple[float, str]] = field(default_factory=list)
    download: tuple[int, int] = (0, 0)
    exam_began: float | None = None
    ended: float | None = None

    def take(self, event: Event, now: float) -> None:
        """Take an event that came ``now`` seconds after the start."""
        match event:
            case Progress():
                self._progress(event, now)
            case PhaseStarted():
                self.stage, self.running = "learning", event.index
                keeps_last = self.planned[event.index].keep == "last"
                self.phases.append(PhaseCourse(event, now, now, diagnosis=Diagnosis(keeps_last)))
            case BatchEnded() | ClassesChecked() | EpochEnded():
                self.phases[-1].take(event, now)
            case Notice():
                self.notices.append((now, event.message))

    def end(self, now: float) -> None:
        """The training is over."""
        self.ended = now

    def _progress(self, event: Progress, now: float) -> None:
        self.stage = _STAGES.get(event.stage, self.stage)
        match event.stage:
            case "download":
                self.download = (event.done, event.total)
            case "engine" if self.reading is not None and not self.reading.done:
                self.reading.began = now
            case "features":
                self._read(event, now)
            case "evaluate" if self.exam_began is None:
                self.exam_began = now

    def _read(self, event: Progress, now: float) -> None:
        self.running = len(self.phases)
        while len(self.readings) < self.running:  # of phases that were over when the training was interrupted
            self.readings.append(Reading(now, ended=now, earlier=True))
        if len(self.readings) <= self.running:
            self.readings.append(Reading(now, earlier=event.done > 0))
        reading = self.readings[-1]
        reading.done, reading.total = event.done, event.total
        if event.done >= event.total:
            reading.ended = now

    @property
    def phase(self) -> PhaseCourse | None:
        """The last phase that began."""
        return self.phases[-1] if self.phases else None

    @property
    def reading(self) -> Reading | None:
        """The last pass over the photos."""
        return self.readings[-1] if self.readings else None

    @property
    def refining(self) -> bool:
        """Whether the running phase, or the one that photos are being read for, is refining."""
        return self.running >= 0 and self.planned[self.running].name == "fine_tune"

    @property
    def rounds(self) -> int:
        """Finished rounds of all phases."""
        return sum(len(phase.epochs) for phase in self.phases)

    def history(self) -> History:
        """What is to be remembered of it so far."""
        names = tuple(phase.started.name for phase in self.phases)
        places = {phase.started.index: place for place, phase in enumerate(self.phases)}
        epochs = (timed.epoch for timed in self.epochs())
        return History(names, tuple(replace(epoch, phase=places[epoch.phase]) for epoch in epochs))

    def epochs(self) -> list[TimedEpoch]:
        """Finished rounds of all phases."""
        return [timed for phase in self.phases for timed in phase.epochs]

    def read_seconds(self, now: float) -> float:
        """Seconds from the start to the first phase."""
        return self.phases[0].began if self.phases else now

    def phase_seconds(self, index: int, now: float) -> float | None:
        """Seconds of a phase; None before it began."""
        if index >= len(self.phases):
            return None
        runs = self.stage == "learning" and index == self.running and self.ended is None
        return (now if runs else self.phases[index].ended) - self.phases[index].began

    def exam_seconds(self, now: float) -> float | None:
        """Seconds of the exam; None before it began."""
        return None if self.exam_began is None else (now if self.ended is None else self.ended) - self.exam_began
