"""The head in numbers, without Keras: its layers, what they weigh, and a warning before they get absurd."""

import math
from collections.abc import Sequence
from typing import Final

from tlstudio.errors import TLStudioError
from tlstudio.modeling.layer_table import (
    MOST_PARAMETERS,
    Activation,
    BatchNormalization,
    Dense,
    Flatten,
    GlobalAveragePooling,
    GlobalMaxPooling,
    Layer,
    LayerShape,
    Shape,
    in_words,
    shapes_of,
)
from tlstudio.modeling.part import POOLING, SCORES
from tlstudio.modeling.spec import HeadLayer, HeadSpec, Pooling
from tlstudio.wording import percent

MANY_PARAMETERS: Final = 20_000_000
"""Above this a warning is due: learning takes some 300 MB for the numbers alone, and few photos can settle them."""

HEAD_PREFIX: Final = "head_"
"""Of the names of all layers between pooling and answer."""

_POOLING: Final[dict[Pooling, Layer]] = {
    "avg": GlobalAveragePooling(),
    "max": GlobalMaxPooling(),
    "flatten": Flatten(),
}
_NEARLY_ALL: Final = 0.995
_BYTES: Final = 4
_BYTES_LEARNING: Final = 16  # the number, its gradient and the two moments of Adam


def pooling_layer(pooling: Pooling, shape: Shape) -> Layer:
    """The layer that makes a vector of a feature map; for what is a vector already, one that does nothing."""
    return _POOLING[pooling] if len(shape) == 3 else Flatten()


def head_names(layers: Sequence[HeadLayer]) -> tuple[str, ...]:
    """Names of the layers between pooling and answer: ``head_dense_2`` is the second dense one."""
    kinds = [_kind(layer) for layer in layers]
    return tuple(f"{HEAD_PREFIX}{kind}_{kinds[: index + 1].count(kind)}" for index, kind in enumerate(kinds))


def _kind(layer: HeadLayer) -> str:
    match layer:
        case Dense():
            return "dense"
        case BatchNormalization():
            return "bn"
        case Activation():
            return "activation"
    return "dropout"


def head_layers(head: HeadSpec, shape: Shape, n_classes: int) -> tuple[LayerShape, ...]:
    """All layers of a head with shapes and weights: pooling, what comes between, answer.

    Args:
        head: The head.
        shape: What it reads: (height, width, channels), or (numbers,).
        n_classes: Number of classes.
    """
    pooled = shapes_of([pooling_layer(head.pooling, shape)], shape, [POOLING])
    between = shapes_of(head.layers, pooled.output_shape, head_names(head.layers))
    units = 1 if head.output == "sigmoid" else n_classes
    answer = shapes_of([Dense(units, "linear")], between.output_shape, [SCORES])
    return (*pooled.layers, *between.layers, *answer.layers)


def head_parameters(head: HeadSpec, shape: Shape, n_classes: int) -> int:
    """Weights and biases of a head, equal to those that Keras builds.

    Args:
        head: The head.
        shape: What it reads: (height, width, channels), or (numbers,).
        n_classes: Number of classes.
    """
    return sum(layer.parameters for layer in head_layers(head, shape, n_classes))


def head_warning(head: HeadSpec, shape: Shape, n_classes: int) -> str:
    """What to know before a head gets absurd, with its numbers; "" for a reasonable one."""
    warning = size_warning(head_layers(head, shape, n_classes), "the last layers")
    if not warning or head.pooling != "flatten" or len(shape) != 3:
        return warning
    smaller = head_parameters(HeadSpec("avg", head.layers, output=head.output), shape, n_classes)
    return (
        f"{warning} It reads every place of a map of {in_words(shape)} by itself; the mean over all places "
        f"needs only {smaller:,}."
    )


def size_warning(layers: Sequence[LayerShape], where: str) -> str:
    """What layers cost in numbers and memory; "" up to ``MANY_PARAMETERS``.

    Args:
        layers: Layers with their weights, as ``head_layers`` and ``shapes`` give them.
        where: What a person calls them together.
    """
    total = sum(layer.parameters for layer in layers)
    if total <= MANY_PARAMETERS:
        return ""
    largest = max(layers, key=lambda layer: layer.parameters)
    share = largest.parameters / total
    amount = "nearly all" if share > _NEARLY_ALL else percent(share)
    return (
        f"There are {total:,} numbers to learn in {where}, {amount} of them in “{largest.name}”: "
        f"{memory_in_words(total * _BYTES)} on disk, and {memory_in_words(total * _BYTES_LEARNING)} of memory while "
        "learning. It takes long, and few photos are soon learnt by heart."
    )


def memory_in_words(amount: int) -> str:
    """An amount of bytes for people."""
    return f"{amount / 1e9:.1f} GB" if amount >= 1e9 else f"{math.ceil(amount / 1e6):,} MB"


def require_possible(head: HeadSpec, n_classes: int, shape: Shape = ()) -> None:
    """Refuse a head that is made for another number of classes, or that no computer can hold.

    Args:
        head: The head.
        n_classes: Number of classes.
        shape: What it reads; empty where that isn't known yet.

    Raises:
        TLStudioError: If it can't be.
    """
    if n_classes != 2 and head.output == "sigmoid":
        raise TLStudioError(
            f"A single sigmoid tells two classes apart, and there are {n_classes}.", "Choose the output “softmax”."
        )
    if n_classes != 2 and head.loss == "binary":
        raise TLStudioError(
            f"Binary cross-entropy is for two classes, and there are {n_classes}.", "Leave the loss as it is."
        )
    if shape and head_parameters(head, shape, n_classes) > MOST_PARAMETERS:
        raise TLStudioError(
            f"{head_warning(head, shape, n_classes)} No computer holds that.",
            "Choose fewer units, or a global pooling instead of “flatten”.",
        )
