"""How fast a training is and how long it will still take, from what is known of it. Knows no Qt."""

from typing import Final

from tlstudio.runs.run import Run
from tlstudio.training.config import Phase
from tlstudio.ui.tabs.training.training_progress import PhaseCourse, TrainingProgress

# First guesses, replaced by what is measured as soon as such a round runs. A round of refining took twice as long as
# reading the same photos (MobileNet V2 0.35); before the first, an engine for the layers that stay has to be made and
# TensorFlow traces the others. What turns out to be less simply falls away: a time left may fall, but not rise.
_REFINING_SHARE: Final = 2.0
_REFINING_START_SECONDS: Final = 15.0
_HEAD_SECONDS: Final = 1e-4  # a photo and round
_EXAM_SECONDS: Final = 0.5
_CHECK_SHARE: Final = 1.2  # a round takes that much longer than its batches: checking
_FEWEST_READ: Final = 20
_READING_SECONDS: Final = 1.0
_FEWEST_BATCHES: Final = 3
_RECENT: Final = 3
_LIKELY_ROUNDS: Final = 40  # most phases stop getting better by then; one that goes on may stop any time soon


def photos_a_second(progress: TrainingProgress, now: float) -> float | None:
    """Speed of reading or learning; None where there is nothing to tell."""
    if progress.stage == "reading" and progress.reading is not None:
        return progress.reading.rate(now) or None if progress.reading.done >= _FEWEST_READ else None
    if progress.stage == "learning" and progress.phase is not None:
        seconds = _round_seconds(progress.phase)
        return progress.n_train / seconds if seconds else None
    return None


def learnt_a_second(run: Run) -> float | None:
    """Mean speed of learning in a finished run; None where nothing was measured."""
    seconds = sum(epoch.seconds for epoch in run.history.epochs)
    return len(run.split.train) * len(run.history.epochs) / seconds if seconds else None


def seconds_left(progress: TrainingProgress, now: float) -> float | None:
    """Seconds left if every phase takes as many rounds as most do; None while nobody knows."""
    if progress.stage == "judging":
        return _EXAM_SECONDS
    here = _phase_left(progress, now) if progress.stage == "learning" else _reading_left(progress, now)
    later = _later(progress, now)
    return None if here is None or later is None else here + later + _EXAM_SECONDS


def _phase_left(progress: TrainingProgress, now: float) -> float | None:
    phase = progress.phase
    seconds = _round_seconds(phase) if phase is not None else None
    if phase is None or seconds is None:
        return None
    rounds = _rounds_left(progress.planned[phase.started.index], len(phase.epochs))
    return max(rounds * seconds - (now - phase.ended), 0.0)


def _rounds_left(phase: Phase, done: int) -> int:
    if not phase.patience:
        return phase.epochs - done
    return min(phase.epochs - done, max(_LIKELY_ROUNDS - done, phase.patience))


def _round_seconds(phase: PhaseCourse) -> float | None:
    """Seconds that a round takes. The first round is slow, since TensorFlow traces the network, and counts last."""
    if len(phase.epochs) > 1:
        recent = phase.epochs[max(len(phase.epochs) - _RECENT, 1) :]
        return sum(timed.epoch.seconds for timed in recent) / len(recent)
    if phase.batch is not None and phase.first_batch is not None:
        step, since = phase.first_batch
        done = phase.batch.step - step
        if phase.batch.epoch == 0 and done >= _FEWEST_BATCHES:
            return (phase.heard - since) / done * phase.batch.steps * _CHECK_SHARE
    return phase.epochs[0].epoch.seconds if phase.epochs else None


def _reading_left(progress: TrainingProgress, now: float) -> float | None:
    reading = progress.reading
    if reading is None:
        return None
    measured = now - reading.began >= _READING_SECONDS or reading.done >= reading.total
    if progress.stage == "reading" and reading.done >= min(_FEWEST_READ, reading.total) and measured:
        rate = reading.rate(now)
        return (reading.total - reading.done) / rate if rate else 0.0
    first = progress.readings[0].rate(now)
    if progress.phase is None or not first:
        return None
    waited = now - progress.phase.ended
    return max(_REFINING_START_SECONDS - waited, 0.0) + reading.total / first


def _later(progress: TrainingProgress, now: float) -> float | None:
    """Seconds of the phases that have not begun, the reading of the running one apart."""
    total = 0.0
    reading = progress.readings[0] if progress.readings else None
    rate = reading.rate(now) if reading is not None else 0.0
    for index, phase in enumerate(progress.planned):
        if index < len(progress.phases):
            continue
        if phase.name == "head":
            total += _rounds_left(phase, 0) * progress.n_train * _HEAD_SECONDS
        elif phase.name == "fine_tune" and reading is not None and rate:
            total += _rounds_left(phase, 0) * progress.n_train / rate * _REFINING_SHARE
            total += 0.0 if progress.running >= index else _REFINING_START_SECONDS + reading.total / rate
        else:
            return None
    return total


class ShareDone:
    """How far a training is, 0 to 1; never falls once the time left is known."""

    def __init__(self) -> None:
        self._share = 0.0

    def update(self, progress: TrainingProgress, now: float) -> float | None:
        """The share at this moment; None while nobody knows."""
        left = seconds_left(progress, now)
        if left is not None and now > 0:
            self._share = max(self._share, now / (now + left))
        if self._share:
            return self._share
        if progress.stage == "downloading":
            done, total = progress.download
        else:
            done, total = (progress.reading.done, progress.reading.total) if progress.reading else (0, 0)
        return done / total if total and progress.stage != "learning" else None
