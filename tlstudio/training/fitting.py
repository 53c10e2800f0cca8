"""Whether a network and a training go together; said before anything is read, loaded or computed."""

from collections.abc import Iterator
from dataclasses import dataclass

from tlstudio.errors import TLStudioError
from tlstudio.modeling.architectures import architecture_of, feature_shape, require_possible_layers, table_of
from tlstudio.modeling.backbones import find_backbone
from tlstudio.modeling.layer_table import Flatten, Rescaling
from tlstudio.modeling.spec import ModelSpec
from tlstudio.training.config import Phase, TrainConfig

_TITLES = {"adam": "Adam", "adamw": "AdamW"}


@dataclass(frozen=True, slots=True)
class Misfit:
    """Something that can't be.

    Attributes:
        message: What, in a sentence.
        hint: What helps.
        phase: Position of the phase that it is about; None for the whole.
        setting: Attribute of the phase that it is about, as in "optimizer.momentum"; "" for none.
    """

    message: str
    hint: str
    phase: int | None = None
    setting: str = ""


def require_fitting(spec: ModelSpec, config: TrainConfig) -> None:
    """Refuse a network that can't be built, and phases that can't work with it.

    Raises:
        TLStudioError: If its layers can't be built, if a phase needs pre-trained weights and there are none, or if
            settings contradict each other.
    """
    table = table_of(spec)
    if table is not None:
        require_possible_layers(table)
    for misfit in misfits(spec, config):
        raise TLStudioError(misfit.message, misfit.hint)


def misfits(spec: ModelSpec, config: TrainConfig) -> Iterator[Misfit]:
    """All that contradicts itself in a network, whose layers can be built, and its training."""
    if spec.weights == "none" and any(phase.name != "scratch" for phase in config.phases):
        yield Misfit(
            "A network without pre-trained weights learns as a whole: its random layers tell a head nothing.",
            "Train it from scratch, or choose a network with weights.",
        )
    yield from _rescaled_twice(spec)
    for index, phase in enumerate(config.phases):
        yield from _of_optimizer(phase, index)
        yield from _of_batches(phase, index)
    yield from _of_sizes(spec, config)


def _rescaled_twice(spec: ModelSpec) -> Iterator[Misfit]:
    table = table_of(spec)
    rescales = table is not None and any(isinstance(row, Rescaling) for row in table.rows)
    if rescales and spec.preprocessing not in ("", "raw"):
        yield Misfit(
            f"This network rescales the photos itself, and “{spec.preprocessing}” would do so once more.",
            "Leave the preprocessing as it is, or take the rescaling out of the layers.",
        )


def _of_optimizer(phase: Phase, index: int) -> Iterator[Misfit]:
    optimizer = phase.optimizer
    if optimizer.momentum and optimizer.name in _TITLES:
        yield Misfit(
            f"Phase {index + 1} gives {_TITLES[optimizer.name]} a momentum, and it has its own.",
            "Choose SGD or RMSprop, or a momentum of 0.",
            index,
            "optimizer.momentum",
        )
    if optimizer.nesterov and (optimizer.name != "sgd" or not optimizer.momentum):
        yield Misfit(
            f"Phase {index + 1} asks for Nesterov's method, which SGD with a momentum has.",
            "Choose SGD and a momentum such as 0.9, or leave Nesterov's method out.",
            index,
            "optimizer.nesterov",
        )


def _of_batches(phase: Phase, index: int) -> Iterator[Misfit]:
    if phase.name == "fine_tune" and phase.batch_norm == "learn" and phase.batch_size < 2:
        yield Misfit(
            f"Phase {index + 1} lets batch norm learn from one photo at a time, which tells it nothing.",
            "Choose a batch size of 8 or more, or keep batch norm as it is.",
            index,
            "batch_norm",
        )


def _of_sizes(spec: ModelSpec, config: TrainConfig) -> Iterator[Misfit]:
    sizes = config.input_sizes(spec.input_size)
    if set(sizes) == {spec.input_size}:
        return  # what a network of one size can't do is said where it is built
    entry = architecture_of(spec) or find_backbone(spec.backbone)
    for index, size in enumerate(sizes):
        if entry is not None and size < entry.min_size:
            yield Misfit(
                f"Photos of {size} x {size} pixels in phase {index + 1} are too small for {entry.title}.",
                f"Choose {entry.min_size} or more.",
                index,
                "input_size",
            )
    if len(set(sizes)) > 1 and _is_tied_to_its_size(spec):
        words = ", then ".join(str(size) for size in dict.fromkeys(sizes))
        yield Misfit(
            f"The phases use photos of {words} pixels, and this network can't change its size: a layer reads every "
            "place of a map by itself.",
            "Choose a global pooling instead of “flatten”, or one size for all phases.",
            next(index for index, size in enumerate(sizes) if size != sizes[0]),
            "input_size",
        )


def _is_tied_to_its_size(spec: ModelSpec) -> bool:
    """Whether the number of weights follows from the size of the photos."""
    table = table_of(spec)
    if table is not None and any(isinstance(row, Flatten) for row in table.rows):
        return True
    shape = feature_shape(spec)
    return spec.head.pooling == "flatten" and (shape is None or len(shape) == 3)
