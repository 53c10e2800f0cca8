"""The steps of a training: planned, under way, finished."""

from collections.abc import Sequence
from typing import Final

from tlstudio.runs.run import Run
from tlstudio.training.config import Phase
from tlstudio.ui.tabs.training.training_progress import TrainingProgress
from tlstudio.ui.widgets.steps import Step
from tlstudio.ui.words.time_left import in_words
from tlstudio.ui.words.wording import rounds_in_words

_STEP_NAMES: Final = {"head": "Learn the classes", "scratch": "Learn the classes", "fine_tune": "Refine"}


def _names(phases: Sequence[Phase]) -> list[str]:
    """What the phases are called; with a number from the second of a kind on."""
    names: list[str] = []
    for place, phase in enumerate(phases):
        name = _STEP_NAMES[phase.name]
        earlier = sum(_STEP_NAMES[other.name] == name for other in phases[:place])
        names.append(f"{name} {earlier + 1}" if earlier else name)
    return names


def planned_steps(phases: Sequence[Phase], photos: int, exam: int) -> list[Step]:
    """What will happen."""
    learning = [
        Step(name, detail=rounds_in_words(phase.epochs) if photos else "")
        for name, phase in zip(_names(phases), phases, strict=True)
    ]
    return [
        Step("Read photos", detail=f"{photos:,}, once each" if photos else ""),
        *learning,
        Step("Final exam", detail=f"{exam:,} photos" if exam else ""),
    ]


def running_steps(progress: TrainingProgress, now: float) -> list[Step]:
    """Where a training is."""
    reading = progress.reading
    count = f"{reading.done:,} of {reading.total:,}" if reading is not None else ""
    first = Step("Read photos", "running", count)
    if progress.phases:
        first = Step("Read photos", "done", _spent(progress.read_seconds(now)))
    exam, over = progress.exam_seconds(now), progress.ended is not None
    last = Step("Final exam") if exam is None else Step("Final exam", "running")
    if exam is not None and over:
        last = Step("Final exam", "done", _spent(exam))
    return [first, *(_phase_step(progress, index, now) for index in range(len(progress.planned))), last]


def _phase_step(progress: TrainingProgress, index: int, now: float) -> Step:
    name = _names(progress.planned)[index]
    seconds = progress.phase_seconds(index, now)
    if seconds is None:
        if progress.running == index > 0 and progress.exam_began is None:
            return Step(name, "running", "reading photos")
        return Step(name, "to_come", "" if progress.exam_began is None else "left out")
    if progress.running == index and progress.stage == "learning" and progress.ended is None:
        phase = progress.phases[index]
        return Step(name, "running", f"round {phase.round} of {phase.started.epochs}")
    return Step(name, "done", _spent(seconds))


def finished_steps(run: Run) -> list[Step]:
    """How long everything took in a run on disk."""
    spent = run.seconds
    steps = [Step("Read photos", "done", _spent(spent.get("scan", 0) + spent.get("features", 0)))]
    for index, name in enumerate(_names(run.config.phases)):
        took = index < len(run.history.phases)
        spent_on = _spent(_phase_seconds(run, index))
        steps.append(Step(name, "done", spent_on) if took else Step(name, "to_come", "left out"))
    return [*steps, Step("Final exam", "done", _spent(spent.get("evaluate", 0)))]


def _phase_seconds(run: Run, index: int) -> float:
    """Seconds of a phase: those on the clock, or those of its rounds where the clock ran for several like it."""
    kinds = ["fine_tune" if phase.name == "fine_tune" else "head" for phase in run.config.phases]
    if kinds.count(kinds[index]) == 1:
        return run.seconds.get(kinds[index], 0.0)
    return sum(epoch.seconds for epoch in run.history.epochs if epoch.phase == index)


def _spent(seconds: float) -> str:
    return in_words(max(seconds, 1))
