"""Training on from a run: which of its phases are left, and whether what it has learnt still means the same."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.splits.split import Split
from tlstudio.errors import TLStudioError
from tlstudio.runs.run import Run
from tlstudio.runs.store import StoredRun
from tlstudio.training.adjustment import refining_phase, unfrozen
from tlstudio.training.config import Phase, TrainConfig
from tlstudio.training.origin import Origin

_FROM_THE_BEGINNING = "Train from the beginning."


def phases_left(run: Run) -> tuple[Phase, ...]:
    """The phases that training on has unless told otherwise.

    Of a run that was stopped: the rounds that were left of its last phase, and the phases after it. Of any other: the
    last phase once more.
    """
    *_, last = _phases_begun(run)
    planned = run.config.phases[len(run.history.phases) :]
    missing = last.epochs - _rounds_of_last(run)
    if run.status == "stopped" and missing > 0:
        return (replace(last, epochs=missing), *planned)
    return planned or (last,)


def phases_of(
    run: Run, first_epochs: int | None = None, fine_tune_epochs: int | None = None, unfreeze_from: str = ""
) -> tuple[Phase, ...]:
    """The phases that training on has when their lengths are given; those that are left where none is.

    Args:
        run: The run.
        first_epochs: The most epochs of the last layers, or of all from scratch; as they learnt in the run.
        fine_tune_epochs: Epochs of refining; as in the run, or as usual for its network.
        unfreeze_from: First layer that is refined; "" for that of the run.
    """
    refined = [phase for phase in run.config.phases if phase.name == "fine_tune"]
    others = [phase for phase in run.config.phases if phase.name != "fine_tune"]
    phases: list[Phase] = []
    if first_epochs and others:
        phases.append(replace(others[-1], epochs=first_epochs))
    if fine_tune_epochs:
        usual = refined[-1] if refined else refining_phase(run.spec, fine_tune_epochs, run.config.phases[-1].batch_size)
        phases.append(replace(usual, epochs=fine_tune_epochs))
    left = tuple(phases) or phases_left(run)
    return unfrozen(left, unfreeze_from) if unfreeze_from else left


def continued(run: Run, phases: Iterable[Phase]) -> TrainConfig:
    """The training of a run as far as it went, with other phases after it.

    Raises:
        TLStudioError: If they can't follow it.
    """
    *before, last = _phases_begun(run)
    if run.status == "stopped":
        last = replace(last, epochs=max(_rounds_of_last(run), 1))
    try:
        return replace(run.config, phases=(*before, last, *phases))
    except ValueError as error:
        raise TLStudioError(
            f"{run.name} can't be trained on like this: {error}.",
            "Once the network has been refined, it can be refined further; the last layers don't learn alone again.",
        ) from error


def _phases_begun(run: Run) -> Sequence[Phase]:
    return run.config.phases[: len(run.history.phases)]


def _rounds_of_last(run: Run) -> int:
    index = len(run.history.phases) - 1
    return sum(epoch.phase == index for epoch in run.history.epochs)


def origin_of(stored: StoredRun) -> Origin:
    """What a training on from a run carries over."""
    return Origin(stored.run.history, stored.run.trained_from, stored.tail_weights)


def require_same_ground(run: Run, dataset: Dataset, parts: Split) -> None:
    """Refuse photos on which training on would say something that isn't so.

    Raises:
        TLStudioError: If the classes are others, or photos that the run has learnt from would judge it now.
    """
    if tuple(dataset.classes) != tuple(run.classes):
        raise TLStudioError(
            f"The classes are no longer those that {run.name} has learnt: {_some(run.classes)}.", _FROM_THE_BEGINNING
        )
    learnt = {run.samples[number].digest for number in run.split.train}
    judging = (*parts.validation, *parts.test)
    seen = sum(dataset.samples[number].digest in learnt for number in judging)
    if seen:
        raise TLStudioError(
            f"{run.name} has learnt from {seen:,} of the {len(judging):,} photos that would judge it now: it would "
            "know their answers by heart.",
            _FROM_THE_BEGINNING,
        )


def _some(classes: Sequence[str]) -> str:
    return ", ".join(classes[:8]) + (" and others" if len(classes) > 8 else "")
