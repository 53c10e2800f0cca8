"""What a training does, in sentences that a neighbour would understand. Knows no Qt."""

from dataclasses import dataclass, field
from typing import Final

from tlstudio.events import EpochEnded
from tlstudio.runs.run import Run
from tlstudio.ui.tabs.training.training_estimate import photos_a_second
from tlstudio.ui.tabs.training.training_judgement import Condition
from tlstudio.ui.tabs.training.training_progress import PhaseCourse, Reading, TrainingProgress
from tlstudio.ui.words.time_left import in_words
from tlstudio.wording import counted

_AGO: Final = 10.0
_LOOKED_BACK: Final = 1000  # rounds; that many in ten seconds are the shortest there are
_GAP: Final = 0.05
_TOLD_AGAIN_AFTER: Final = 20


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
        names: What the classes are called, in the order of the network's answers.
    """

    title: str
    photos: int
    classes: int
    names: tuple[str, ...] = ()


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
            return _learning(progress, subject, now)


def _reading(progress: TrainingProgress, now: float) -> Verdict:
    reading = progress.reading or Reading(now)
    rate = photos_a_second(progress, now)
    count = f"{reading.done:,} of {reading.total:,} read" + (f", {rate:.0f} a second" if rate else "")
    if progress.running > 0:
        return Verdict("Reading your photos again", f"{count}. Refining looks at them in more detail.")
    return Verdict("Reading your photos", f"{count}. Each is read only once.")


def _learning(progress: TrainingProgress, subject: Subject, now: float) -> Verdict:
    phase = progress.phases[-1]
    if not phase.epochs:
        first = "It sees the photos for the first time." if not progress.rounds else "The first round of refining."
        return Verdict("Still learning", first)
    match phase.diagnosis.condition:
        case "too_fast":
            return Verdict(
                "The steps are too large",
                f"The error grows or jumps instead of falling. {_kept_words(phase)} A lower learning rate helps.",
            )
        case "by_heart":
            return Verdict("It is learning the photos by heart", _by_heart(phase))
        case "ignoring":
            return _ignoring(phase, subject)
        case "stuck":
            return Verdict("It has stopped getting better", _stuck(progress, phase))
        case "learning":
            return Verdict("Still learning", _standing(progress, now))


def _kept_words(phase: PhaseCourse) -> str:
    return "The last round is kept." if phase.diagnosis.keeps_last else "The best round so far is kept."


def _by_heart(phase: PhaseCourse) -> str:
    last = phase.epochs[-1].epoch
    advice = "More photos or varied copies help."
    kept = "It ends on its last round." if phase.diagnosis.keeps_last else "The best round is kept."
    if last.accuracy - _shown(last) < _GAP:
        return f"Its error rises on photos it has not learnt from, and falls on the others. {kept} {advice}"
    shares = f"{of_100(last.accuracy)} of 100 it learnt from are right, but only {of_100(_shown(last))} of 100 others."
    return f"{shares} {kept} {advice}"


def _ignoring(phase: PhaseCourse, subject: Subject) -> Verdict:
    index, counts = phase.diagnosis.ignored, phase.diagnosis.counts
    if index is None or counts is None:
        return Verdict("One class is hardly ever found", "More photos of it, or classes that count alike, help.")
    name = subject.names[index] if index < len(subject.names) else f"class {index + 1}"
    found = f"{counts.right[index]:,} of {counts.total[index]:,} photos it has not learnt from are found."
    return Verdict(
        f"It hardly ever says {name}",
        f"{found} More photos of {name}, or class weights that make all classes count alike, help.",
    )


def _stuck(progress: TrainingProgress, phase: PhaseCourse) -> str:
    since_best = phase.diagnosis.since_best
    if phase.diagnosis.keeps_last:
        return "It ends on its last round. You can stop it here."
    if since_best >= len(phase.epochs):
        return "What it knew before is kept. You can stop it here."
    return f"The best round was {progress.rounds - since_best:,}; that one is kept. {_waiting(progress, phase)}"


def _waiting(progress: TrainingProgress, phase: PhaseCourse) -> str:
    """What follows if it goes on so."""
    left = progress.planned[phase.started.index].patience - phase.diagnosis.since_best
    if left < 1:
        return "You can stop it here."
    return f"It ends by itself after {left} more {'round' if left == 1 else 'rounds'} like this."


def _standing(progress: TrainingProgress, now: float) -> str:
    epochs = [timed for phase in progress.phases for timed in phase.epochs[-_LOOKED_BACK:]]
    last = epochs[-1].epoch
    unseen = last.val_accuracy is not None
    of_whom = "Of the photos it has not learnt from" if unseen else "Of the photos it learns from"
    sentence = f"{of_whom}, it now gets {of_100(_shown(last))} of 100 right."
    earlier = next((timed for timed in reversed(epochs[:-1]) if timed.ended <= now - _AGO), None)
    if earlier is not None:
        return f"{sentence} Ten seconds ago: {of_100(_shown(earlier.epoch))}."
    if progress.rounds > 1:
        first = next(phase.epochs[0].epoch for phase in progress.phases if phase.epochs)
        return f"{sentence} After the first round: {of_100(_shown(first))}."
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
    _told: dict[tuple[int, Condition], int] = field(default_factory=dict)

    def follow(self, progress: TrainingProgress, now: float) -> None:
        """Tell what has come to an end since the last call."""
        first = progress.readings[0] if progress.readings else None
        if not self._read and first is not None and first.ended is not None:
            self._read = True
            speed = "earlier" if first.earlier else f"once, {first.rate(now):.0f} a second"
            self.entries.append(Entry(now, f"Read all {self.subject.photos:,} photos {speed}."))
        self._tell_condition(progress, now)
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

    def _tell_condition(self, progress: TrainingProgress, now: float) -> None:
        """Tell that it goes differently now; the same again only if it was away for many rounds."""
        phase = progress.phase
        if phase is None or progress.stage != "learning" or phase.diagnosis.condition == "learning":
            return
        key = (len(progress.phases), phase.diagnosis.condition)
        if progress.rounds - self._told.get(key, -_TOLD_AGAIN_AFTER) >= _TOLD_AGAIN_AFTER:
            self.entries.append(Entry(now, f"{_learning(progress, self.subject, now).headline}."))
        self._told[key] = progress.rounds

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
    if run.origin:
        lines.append(f"It goes on from “{run.origin}”, after {counted(run.origin_rounds, 'round')}.")
    if run.status == "stopped":
        lines.append("It was stopped by hand; the best round until then is kept.")
    if best is not None:
        number = run.history.epochs.index(best) + 1
        lines.append(f"Round {number} of {len(run.history.epochs)} was the best; that one is kept.")
    return [Entry(None, line) for line in lines]
