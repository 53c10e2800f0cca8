"""What a training does, in sentences that a neighbour would understand. Knows no Qt."""

from dataclasses import dataclass, field
from typing import Final

from tlstudio.events import EpochEnded
from tlstudio.runs.run import Run
from tlstudio.ui.tabs.training.training_estimate import photos_a_second
from tlstudio.ui.tabs.training.training_progress import Reading, TimedEpoch, TrainingProgress
from tlstudio.ui.words.time_left import in_words

_AGO: Final = 10.0
_WORSE_ROUNDS: Final = 2  # a single one is chance
_STUCK_ROUNDS: Final = 3
_BY_HEART_GAP: Final = 0.15
_BY_HEART_FROM: Final = 0.9
_GROWN: Final = 2.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """How it goes.

    Attributes:
        headline: A few words.
        sentence: What they stand on.
    """

    headline: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One sentence of the story.

    Attributes:
        seconds: When it was so, since the start; None for now.
        words: The sentence.
    """

    seconds: float | None
    words: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What is trained on what.

    Attributes:
        title: The network.
        photos: Photos in all.
        classes: Classes.
    """

    title: str
    photos: int
    classes: int


def of_100(share: float) -> int:
    """A share in points of 100; only all is 100."""
    return 100 if share >= 1 else min(round(share * 100), 99)


def verdict(progress: TrainingProgress, subject: Subject, now: float) -> Verdict:
    """How a running training goes."""
    match progress.stage:
        case "preparing":
            return Verdict(
                "Preparing the network", f"{subject.title} is made ready. The first time, this takes some seconds."
            )
        case "downloading":
            done, total = (amount / 1e6 for amount in progress.download)
            sentence = f"{done:.0f} of about {total:.0f} MB of {subject.title} are here. This happens once."
            return Verdict("Downloading the network", sentence)
        case "reading":
            return _reading(progress, now)
        case "judging":
            return Verdict("Final exam", "It answers photos that it has never seen.")
        case "learning":
            return _learning(progress, now)


def _reading(progress: TrainingProgress, now: float) -> Verdict:
    reading = progress.reading or Reading(now)
    rate = photos_a_second(progress, now)
    count = f"{reading.done:,} of {reading.total:,} read" + (f", {rate:.0f} a second" if rate else "")
    if progress.running > 0:
        return Verdict("Reading your photos again", f"{count}. Refining looks at them in more detail.")
    return Verdict("Reading your photos", f"{count}. Each is read only once.")


def _learning(progress: TrainingProgress, now: float) -> Verdict:
    epochs = [timed.epoch for timed in progress.phases[-1].epochs]
    if not epochs:
        first = "It sees the photos for the first time." if not progress.epochs() else "The first round of refining."
        return Verdict("Still learning", first)
    last = epochs[-1]
    best = max((number for number, epoch in enumerate(epochs) if epoch.best), default=-1)
    since_best = len(epochs) - 1 - best
    if _grows(epochs):
        return Verdict("The error grows: the steps are too large", "The best round so far is kept.")
    if _by_heart(last) and since_best >= _WORSE_ROUNDS:
        return Verdict(
            "It is learning the photos by heart",
            f"{of_100(last.accuracy)} of 100 it learnt from are right, but only {of_100(_shown(last))} of 100 others. "
            "The best round is kept.",
        )
    if since_best >= _STUCK_ROUNDS:
        number = len(progress.epochs()) - since_best
        kept = f"The best round was {number}; that one is kept." if best >= 0 else "What it knew before is kept."
        return Verdict("It has stopped getting better", kept)
    return Verdict("Still learning", _standing(progress.epochs(), now))


def _grows(epochs: list[EpochEnded]) -> bool:
    figures = [epoch.loss if epoch.val_loss is None else epoch.val_loss for epoch in epochs]
    recent = figures[-_WORSE_ROUNDS - 1 :]
    rising = len(recent) > _WORSE_ROUNDS and recent == sorted(recent)
    return rising and figures[-1] > _GROWN * min(figures) and figures[-1] > figures[0]


def _by_heart(last: EpochEnded) -> bool:
    if last.val_accuracy is None:
        return False
    return last.accuracy >= _BY_HEART_FROM and last.accuracy - last.val_accuracy >= _BY_HEART_GAP


def _standing(epochs: list[TimedEpoch], now: float) -> str:
    last = epochs[-1].epoch
    unseen = last.val_accuracy is not None
    of_whom = "Of the photos it has not learnt from" if unseen else "Of the photos it learns from"
    sentence = f"{of_whom}, it now gets {of_100(_shown(last))} of 100 right."
    earlier = [timed for timed in epochs[:-1] if timed.ended <= now - _AGO]
    if earlier:
        return f"{sentence} Ten seconds ago: {of_100(_shown(earlier[-1].epoch))}."
    if len(epochs) > 1:
        return f"{sentence} After the first round: {of_100(_shown(epochs[0].epoch))}."
    return sentence


def _shown(epoch: EpochEnded) -> float:
    return epoch.accuracy if epoch.val_accuracy is None else epoch.val_accuracy


@dataclass(slots=True)
class Story:
    """The sentences of one training, gathered as it goes.

    Attributes:
        subject: What is trained on what.
        entries: What is past, oldest first.
    """

    subject: Subject
    entries: list[Entry] = field(default_factory=list)
    _read: bool = False
    _told_phases: int = 0
    _told_notices: int = 0

    def follow(self, progress: TrainingProgress, now: float) -> None:
        """Tell what has come to an end since the last call."""
        first = progress.readings[0] if progress.readings else None
        if not self._read and first is not None and first.ended is not None:
            self._read = True
            speed = "earlier" if first.earlier else f"once, {first.rate(now):.0f} a second"
            self.entries.append(Entry(now, f"Read all {self.subject.photos:,} photos {speed}."))
        over = len(progress.phases) - (progress.stage == "learning" and progress.ended is None)
        while self._told_phases < over:
            self._tell_phase(progress, self._told_phases, now)
            self._told_phases += 1
        for moment, message in progress.notices[self._told_notices :]:
            self.entries.append(Entry(moment, message))
        self._told_notices = len(progress.notices)

    def now(self, progress: TrainingProgress) -> str:
        """What it is at."""
        if progress.stage != "learning" or progress.phase is None:
            return {
                "preparing": "The network is made ready.",
                "downloading": "The network comes over the net.",
                "reading": "It looks at every photo and notes what it sees.",
                "judging": "The final exam: photos it has never seen.",
            }.get(progress.stage, "")
        if progress.refining:
            return _refining_helps(progress)
        return f"It learns to tell the {self.subject.classes} classes apart."

    def _tell_phase(self, progress: TrainingProgress, index: int, now: float) -> None:
        epochs = [timed.epoch for timed in progress.phases[index].epochs]
        if not epochs:
            return
        planned = progress.planned[index].epochs
        early = f" It needed {len(epochs)} of {planned} rounds." if len(epochs) < planned else ""
        if progress.planned[index].name == "fine_tune":
            words = _refining_helps(progress)
        else:
            words = f"Learnt the {self.subject.classes} classes: {of_100(_kept(epochs))} of 100 photos right."
        self.entries.append(Entry(now, words + early))


def _kept(epochs: list[EpochEnded]) -> float:
    """Share right of the round that is kept."""
    return _shown(next((epoch for epoch in reversed(epochs) if epoch.best), epochs[-1]))


def _refining_helps(progress: TrainingProgress) -> str:
    epochs = [timed.epoch for timed in progress.epochs()]
    before = [epoch for epoch in epochs if progress.planned[epoch.phase].name != "fine_tune"]
    after = [epoch for epoch in epochs if progress.planned[epoch.phase].name == "fine_tune"]
    if not before or not after:
        return "Refining has begun: the last blocks of the network learn, too."
    gain = of_100(_kept(after)) - of_100(_kept(before)) if any(epoch.best for epoch in after) else 0
    if gain > 0:
        return f"Refining helps: {gain} more of 100 photos right since it began."
    return "Refining has not made it better so far."


def told_run(run: Run) -> list[Entry]:
    """The sentences on a run that was opened, oldest first."""
    photos = len(run.samples)
    best = run.history.best()
    spent = in_words(run.seconds.get("total", 0))
    lines = [f"Trained on {photos:,} photos in {len(run.classes)} classes, in {spent}."]
    if run.status == "stopped":
        lines.append("It was stopped by hand; the best round until then is kept.")
    if best is not None:
        number = run.history.epochs.index(best) + 1
        lines.append(f"Round {number} of {len(run.history.epochs)} was the best; that one is kept.")
    return [Entry(None, line) for line in lines]
