"""What the list of phases says of each of them. Knows no Qt."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from tlstudio.errors import TLStudioError
from tlstudio.modeling.spec import ModelSpec
from tlstudio.modeling.summary.summary import Block
from tlstudio.training.adjustment import refining_phase
from tlstudio.training.class_weights import weights_of_classes
from tlstudio.training.config import Phase, PhaseName, TrainConfig
from tlstudio.training.fitting import Misfit, misfits
from tlstudio.training.schedules import LearningRate
from tlstudio.ui.words.phases import LAST_LAYERS, WHOLE, last_blocks, phase_facts, phase_title

BY_NAME = "by name"
"""Stands for a layer that is typed, in the choice of what learns."""

Offer = tuple[str, str, Phase]
"""A phase that can be added: words, what it is for, and the phase."""

_KINDS: Final[tuple[PhaseName, ...]] = ("head", "fine_tune")
_REFINING_ROUNDS = 10
_POINTS = 80
_STEPS = 20  # of a round, while nobody knows the photos


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a phase is for.

    Attributes:
        spec: The network.
        blocks: Its blocks, as far as it is cut; empty where they can't be known.
        layers: Names of its layers.
        classes: Names of the classes.
        photos: How many it learns from; 0 while nobody knows.
        done: Phases that are over before these; empty for a training from the beginning.
    """

    spec: ModelSpec
    blocks: tuple[Block, ...] = ()
    layers: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    photos: int = 0
    done: tuple[Phase, ...] = ()

    @property
    def scratch(self) -> bool:
        """Whether all of it begins with random weights."""
        return self.spec.weights == "none"


@dataclass(frozen=True, slots=True)
class PhaseLine:
    """One phase of the list.

    Attributes:
        phase: Its settings.
        around: What it is for.
        misfits: What can't be.
        kinds: What it may be at its place among the others.
    """

    phase: Phase
    around: Surroundings
    misfits: tuple[Misfit, ...] = ()
    kinds: tuple[PhaseName, ...] = _KINDS

    @property
    def title(self) -> str:
        """What it does, in words."""
        return phase_title(self.phase, self.around.blocks)

    @property
    def facts(self) -> str:
        """What matters most of its settings."""
        return phase_facts(self.phase, self.around.spec.input_size)

    def problem(self, setting: str) -> str:
        """What can't be about a setting; "" for nothing."""
        found = (f"{misfit.message} {misfit.hint}" for misfit in self.misfits if misfit.setting == setting)
        return next(found, "")

    def spoken(self, number: int) -> str:
        """All of it for a screen reader; ``number`` counts from 1."""
        wrong = [misfit.message for misfit in self.misfits]
        return ". ".join((f"Phase {number}: {self.title}", self.facts, *wrong))


def phase_lines(config: TrainConfig, around: Surroundings) -> tuple[PhaseLine, ...]:
    """A line for each phase of a training."""
    found = [*misfits(around.spec, config), *_unknown_layers(config, around), *_wrong_weights(config, around)]
    return tuple(
        PhaseLine(
            phase, around, tuple(misfit for misfit in found if misfit.phase == index), _kinds(config, index, around)
        )
        for index, phase in enumerate(config.phases)
    )


def _kinds(config: TrainConfig, index: int, around: Surroundings) -> tuple[PhaseName, ...]:
    """What a phase may be: the last layers learn alone before the network is refined, not after it."""
    phases = (*around.done, *config.phases)
    place = len(around.done) + index
    if phases[place].name == "scratch":
        return _KINDS
    return tuple(
        name
        for name in _KINDS
        if is_possible((*phases[:place], replace(phases[place], name=name), *phases[place + 1 :]))
    )


def _unknown_layers(config: TrainConfig, around: Surroundings) -> list[Misfit]:
    known = {"", *around.layers}
    return [
        Misfit(
            f"The network has no layer called “{phase.unfreeze_from}” before its cut.",
            "Choose how many blocks learn.",
            index,
            "unfreeze_from",
        )
        for index, phase in enumerate(config.phases)
        if around.layers and phase.unfreeze_from not in known
    ]


def _wrong_weights(config: TrainConfig, around: Surroundings) -> list[Misfit]:
    found, classes = [], around.classes
    for index, phase in enumerate(config.phases):
        try:
            if classes:
                weights_of_classes(phase.class_weights, np.arange(len(classes)), classes)
        except TLStudioError as error:
            found.append(Misfit(error.message, error.hint, index, "class_weights"))
    return found


def part_choices(line: PhaseLine) -> tuple[tuple[str | None, str], ...]:
    """What may learn in a phase: the layer that it is refined from, None for the last layers alone, and words."""
    blocks = line.around.blocks
    # All blocks without what stands before the first are nothing that anybody wants.
    counts = range(1, len(blocks))
    named = tuple((blocks[-count].first_layer, last_blocks(count)) for count in counts)
    head = ((None, LAST_LAYERS),) if "head" in line.kinds else ()
    return (*head, *named, ("", WHOLE), (BY_NAME, "from a layer by name")) if "fine_tune" in line.kinds else head


def with_part(phase: Phase, spec: ModelSpec, layer: str | None) -> Phase:
    """A phase that trains something else, with the learning rate that is usual for it if it was so before."""
    usual_refining, usual_head = refining_phase(spec, 1).learning_rate, Phase("head", 1, 1e-3).learning_rate
    if layer is None:
        rate = usual_head if phase.learning_rate == usual_refining else phase.learning_rate
        return replace(phase, name="head", unfreeze_from="", learning_rate=rate, batch_norm="keep")
    rate = usual_refining if phase.name == "head" and phase.learning_rate == usual_head else phase.learning_rate
    return replace(phase, name="fine_tune", unfreeze_from=layer, learning_rate=rate)


def offers(config: TrainConfig, around: Surroundings) -> tuple[Offer, ...]:
    """Phases that can be added to a training."""
    return tuple(offer for offer in _offers(config, around.spec) if is_possible((*around.done, offer[2])))


def _offers(config: TrainConfig, spec: ModelSpec) -> tuple[Offer, ...]:
    last = config.phases[-1]
    larger = replace(last, input_size=_larger(last.input_size or spec.input_size))
    again = (
        "The same at another size",
        "Goes on with what was learnt, on larger photos (progressive resizing)",
        larger,
    )
    if spec.weights == "none":
        return (("All layers once more", "With other steps, for instance smaller ones", last), again)
    head = next((phase for phase in config.phases if phase.name == "head"), None)
    refining = refining_phase(spec, _REFINING_ROUNDS, last.batch_size)
    return (
        ("Last layers", "Only the new layers learn; the network stays as it is", head or Phase("head", 200, 1e-3)),
        ("Refine the last blocks", "The end of the network goes on learning, in small steps (fine-tuning)", refining),
        ("Refine the whole network", "All of it goes on learning, in small steps", replace(refining, unfreeze_from="")),
        again,
    )


def _larger(size: int) -> int:
    """Half as large again, in steps that networks like."""
    return round(size * 1.5 / 32) * 32 or size


def is_possible(phases: Sequence[Phase]) -> bool:
    """Whether there may be these phases in this order."""
    try:
        TrainConfig(tuple(phases))
    except ValueError:
        return False
    return True


def rate_course(line: PhaseLine) -> tuple[tuple[float, float], ...]:
    """Points of the learning rate over the rounds of a phase, each from 0 to 1; "plateau" as if it stalled at once."""
    phase = line.phase
    steps = phase.steps_per_epoch or -(-line.around.photos // phase.batch_size) or _STEPS
    rate, whole = LearningRate(phase, steps), phase.epochs * steps
    places = [round(point * (whole - 1) / (_POINTS - 1)) for point in range(_POINTS)]
    values = [rate.at(place) * _reduced(phase, place // steps) for place in places]
    top = max(values)
    return tuple((place / max(whole - 1, 1), value / top) for place, value in zip(places, values, strict=True))


def _reduced(phase: Phase, epoch: int) -> float:
    schedule = phase.schedule
    if schedule.kind != "plateau":
        return 1.0
    factor: float = schedule.factor ** (epoch // schedule.every)
    return factor
