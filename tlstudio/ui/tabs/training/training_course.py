"""One training as the window follows it: where it is, how it goes, how long it still takes. Knows no Qt."""

from collections.abc import Callable
from typing import Final

from tlstudio.events import BatchEnded, Continued, EpochEnded, Event, Paused
from tlstudio.training.config import Phase
from tlstudio.ui.tabs.training import training_story
from tlstudio.ui.tabs.training.training_estimate import ShareDone, seconds_left
from tlstudio.ui.tabs.training.training_progress import TrainingProgress
from tlstudio.ui.tabs.training.training_story import Story, Subject, Verdict
from tlstudio.ui.words.time_left import TimeLeft, in_words, rounded

_MINUTE: Final = 60
_SHORT: Final = {
    "preparing": "Preparing",
    "downloading": "Downloading",
    "reading": "Reading",
    "learning": "Learning",
    "judging": "Final exam",
}


class Course:
    """One training from its start to its end, with the moment of every event."""

    def __init__(
        self,
        phases: tuple[Phase, ...],
        n_train: int,
        subject: Subject,
        clock: Callable[[], float],
        *,
        resumed: bool = False,
    ) -> None:
        """Begins.

        Args:
            phases: The phases that are planned.
            n_train: Photos to learn from.
            subject: What is trained on what.
            clock: Tells seconds; stands still while the computer sleeps.
            resumed: Whether it goes on where it was interrupted, and tells first what was before.
        """
        self._resumed = resumed
        self._paused_at: float | None = None
        self._clock = clock
        self._began = clock()
        self.progress = TrainingProgress(phases, n_train)
        self.story = Story(subject)
        self.stopping = False
        self.left: int | None = None
        self.whole = 0
        self.share: float | None = None
        self._time_left = TimeLeft()
        self._share = ShareDone()

    @property
    def now(self) -> float:
        """Seconds since the start, without pauses."""
        return (self._clock() if self._paused_at is None else self._paused_at) - self._began

    @property
    def paused(self) -> bool:
        """Whether it waits."""
        return self._paused_at is not None

    def take(self, event: Event) -> None:
        """An event came."""
        if isinstance(event, Paused):
            self._paused_at = self._clock()
        elif isinstance(event, Continued) and self._paused_at is not None:
            self._began += self._clock() - self._paused_at
            self._paused_at = None
        elif isinstance(event, EpochEnded) and self._is_told_again():
            self._began -= event.seconds
        now = self.now
        self.progress.take(event, now)
        if not isinstance(event, BatchEnded):  # they come by the thousand, and bring nothing to tell
            self.story.follow(self.progress, now)

    def _is_told_again(self) -> bool:
        """Whether an epoch that ends now was before the interruption."""
        phase = self.progress.phase
        return self._resumed and phase is not None and phase.batch is None

    def look(self) -> None:
        """Estimate anew what is left."""
        now = self.now
        left = self._time_left.update(seconds_left(self.progress, now), now)
        if left is not None and left != self.left:
            self.whole = rounded(now + left)
        self.left = left
        self.share = self._share.update(self.progress, now)

    def verdict(self) -> Verdict:
        """How it goes."""
        if self.stopping:
            return Verdict("Stopping", "The best round so far is kept and judged.")
        if self.paused:
            return Verdict("Paused", "The processor is free. Resume goes on where it was.")
        return training_story.verdict(self.progress, self.story.subject, self.now)

    def words_now(self) -> str:
        """What it is at, in a sentence."""
        return "It waits until you resume it." if self.paused else self.story.now(self.progress)

    def state_words(self, *, brief: bool = False) -> str:
        """Where it is in two to four words; ``brief`` where they have little room."""
        if self.paused:
            return "Paused"
        word = "Refining" if self.progress.refining else _SHORT[self.progress.stage]
        if self.left is None or self.stopping:
            return word
        left = in_words(self.left if self.left < _MINUTE else round(self.left / _MINUTE) * _MINUTE)
        return f"{left} left" if brief else f"{word}, {left} left"

    def time_words(self) -> tuple[str, str]:
        """The time left and the whole time; empty while nobody knows."""
        if self.left is None or self.stopping:
            return "", ""
        return f"{in_words(self.left)} left", f"of about {in_words(self.whole)}"


def job_title(progress: TrainingProgress) -> str:
    """What it does."""
    if progress.stage == "learning":
        return "Refining" if progress.refining else "Learning the classes"
    return {
        "preparing": "Preparing the network",
        "downloading": "Downloading the network",
        "reading": "Reading photos",
        "judging": "Final exam",
    }[progress.stage]


def job_detail(progress: TrainingProgress) -> str:
    """Where it is."""
    if progress.stage == "reading" and progress.reading is not None:
        return f"{progress.reading.done:,} of {progress.reading.total:,}"
    if progress.stage == "downloading":
        done, total = progress.download
        return f"{done / 1e6:.0f} of about {total / 1e6:.0f} MB"
    phase = progress.phase
    if progress.stage != "learning" or phase is None:
        return ""
    words = f"round {phase.round} of {phase.started.epochs}"
    return f"{words}, batch {phase.batch.step} of {phase.batch.steps}" if phase.batch else words
