"""A whole training that comes from elsewhere, a preset or a run, made to suit: other lengths, another network."""

from collections.abc import Iterable
from dataclasses import replace

from tlstudio.modeling.spec import ModelSpec
from tlstudio.modeling.summary.summary import usual_unfreeze
from tlstudio.training.config import Phase, TrainConfig

REFINING_RATE = 1e-5
"""Learning rate of refining: small steps, lest what is known be forgotten."""


def adjusted(
    recipe: TrainConfig,
    spec: ModelSpec,
    *,
    first_epochs: int | None = None,
    fine_tune_epochs: int | None = None,
    unfreeze_from: str = "",
) -> TrainConfig:
    """A training with other lengths; what is not given stays.

    Args:
        recipe: The training.
        spec: The network that it is for.
        first_epochs: The most epochs of its first phase.
        fine_tune_epochs: Epochs of refining; 0 leaves it out, unless there is nothing else.
        unfreeze_from: First layer that is refined; "" for that of the training.
    """
    first, *others = recipe.phases
    if first_epochs is not None:
        first = replace(first, epochs=first_epochs)
    phases = [first, *others]
    if fine_tune_epochs is not None:
        kept = [phase for phase in phases if phase.name != "fine_tune"]
        refining = [phase for phase in phases if phase.name == "fine_tune"]
        if fine_tune_epochs:
            refining = refining or [refining_phase(spec, fine_tune_epochs, first.batch_size)]
            phases = [*kept, *(replace(phase, epochs=fine_tune_epochs) for phase in refining)]
        elif kept:
            phases = kept
    return replace(recipe, phases=unfrozen(phases, unfreeze_from) if unfreeze_from else tuple(phases))


def refining_phase(spec: ModelSpec, epochs: int, batch_size: int = 32, unfreeze_from: str = "") -> Phase:
    """The usual way to refine a network, from its own layer on unless told otherwise."""
    layer = unfreeze_from or usual_unfreeze(spec)
    return Phase("fine_tune", epochs, REFINING_RATE, batch_size, unfreeze_from=layer)


def carried_over(recipe: TrainConfig, before: ModelSpec, now: ModelSpec) -> TrainConfig | None:
    """The training of one network for another: a layer that it names becomes the other's own.

    Returns:
        None where one network starts with knowledge and the other without: they learn in different phases.
    """
    if (before.weights == "none") != (now.weights == "none"):
        return None
    if before.backbone == now.backbone:
        return recipe
    layer = usual_unfreeze(now)
    partly = (replace(phase, unfreeze_from=layer) if phase.unfreeze_from else phase for phase in recipe.phases)
    return replace(recipe, phases=tuple(partly))


def unfrozen(phases: Iterable[Phase], layer: str) -> tuple[Phase, ...]:
    """The same phases, those that refine from another layer on."""
    return tuple(replace(phase, unfreeze_from=layer) if phase.name == "fine_tune" else phase for phase in phases)
