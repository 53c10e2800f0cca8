"""Sentences on the phases of a training."""

from collections.abc import Iterator, Sequence
from typing import Final

from tlstudio.modeling.summary.summary import Block
from tlstudio.training.config import Metric, OptimizerName, Phase, Schedule, ScheduleKind, Stop
from tlstudio.wording import counted

OPTIMIZERS: Final[dict[OptimizerName, str]] = {"adam": "Adam", "adamw": "AdamW", "rmsprop": "RMSprop", "sgd": "SGD"}

METRICS: Final[dict[Metric, str]] = {
    "val_loss": "error (validation)",
    "val_accuracy": "photos right (validation)",
    "loss": "error (training)",
    "accuracy": "photos right (training)",
}
"""The figures that a phase can be watched by, those of photos that it doesn't learn from first."""

SCHEDULES: Final[dict[ScheduleKind, str]] = {
    "constant": "stays the same",
    "step": "falls in stairs",
    "cosine": "falls in a curve",
    "plateau": "falls when it stalls",
}

WHOLE: Final = "the whole network"
LAST_LAYERS: Final = "last layers only"


def phase_title(phase: Phase, blocks: Sequence[Block]) -> str:
    """A phase in a few words: "Last layers only, until it stops getting better".

    Args:
        phase: Its settings.
        blocks: Of the network, in order.
    """
    words = f"{part_words(phase, blocks)}, {length_words(phase)}"
    return words[0].upper() + words[1:]


def part_words(phase: Phase, blocks: Sequence[Block]) -> str:
    """What learns."""
    if phase.name == "head":
        return LAST_LAYERS
    if phase.name == "scratch":
        return "all layers"
    if not phase.unfreeze_from:
        return WHOLE
    count = refined_blocks(phase.unfreeze_from, blocks)
    return last_blocks(count) if count else f"everything from {phase.unfreeze_from} on"


def refined_blocks(layer: str, blocks: Sequence[Block]) -> int:
    """How many blocks at the end learn from a layer on; 0 if that is no whole number of them."""
    flat = [found for block in blocks for found in block.layers]
    place = next((index for index, found in enumerate(flat) if found.name == layer), len(flat))
    first = next((found.name for found in flat[place:] if found.parameters), "")
    firsts = [block.first_layer for block in blocks]
    return len(firsts) - firsts.index(first) if first in firsts else 0


def last_blocks(count: int) -> str:
    """Blocks at the end of a network that learn together with the last layers."""
    return "also the last block" if count == 1 else f"also the last {count} blocks"


def length_words(phase: Phase) -> str:
    """How long it goes on."""
    if phase.patience:
        return "until it stops getting better"
    reached = next((stop for stop in phase.stops if stop.at_least is not None or stop.at_most is not None), None)
    return f"until {_threshold(reached)}" if reached else counted(phase.epochs, "round")


def _threshold(stop: Stop) -> str:
    if stop.at_least is not None:
        return f"{METRICS[stop.metric]} is {stop.at_least:g}"
    return f"{METRICS[stop.metric]} is down to {stop.at_most:g}"


def phase_facts(phase: Phase, input_size: int) -> str:
    """What matters most of its settings, in a line.

    Args:
        phase: Its settings.
        input_size: Width and height in pixels of the photos of the network.
    """
    return ", ".join(_facts(phase, input_size))


def _facts(phase: Phase, input_size: int) -> Iterator[str]:
    if phase.stops:
        yield f"at most {counted(phase.epochs, 'round')}"
    yield f"{OPTIMIZERS[phase.optimizer.name]} at {written_number(phase.learning_rate)}"
    yield f"{counted(phase.batch_size, 'photo')} a step"
    if phase.input_size not in (0, input_size):
        yield f"{phase.input_size} pixels"
    if phase.data == "live":
        yield "varied anew each round"
    if phase.class_weights != "none":
        yield "classes weighted"


def rate_words(phase: Phase) -> str:
    """How the learning rate goes, in a sentence for who can't see its picture."""
    schedule, rate = phase.schedule, written_number(phase.learning_rate)
    course = {
        "constant": f"The learning rate stays at {rate}.",
        "step": f"The learning rate begins at {rate} and is multiplied by {schedule.factor:g} "
        f"every {counted(schedule.every, 'round')}.",
        "cosine": f"The learning rate falls from {rate} to 0 along a curve.",
        "plateau": f"The learning rate begins at {rate} and is multiplied by {schedule.factor:g} when the error has "
        f"not fallen for {counted(schedule.every, 'round')}.",
    }[schedule.kind]
    return course + _sides(schedule)


def _sides(schedule: Schedule) -> str:
    warm = f" It is reached slowly, over {counted(schedule.warm_up, 'round')}." if schedule.warm_up else ""
    return f"{warm} It falls a little with each step." if schedule.decay else warm


def written_number(value: float) -> str:
    """A number as people write it: "0.001", "1e-5"."""
    return f"{value:g}".replace("e-0", "e-")
