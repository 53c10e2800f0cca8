"""Layers as plain data, and what follows from them without Keras: shapes, numbers of weights, what can't be built.

A network that is trained from scratch is a ``LayerTable``; its last layer, which depends on the classes, belongs to the
head. The rows are msgspec's own structures instead of dataclasses: of those, msgspec reads no unions.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import msgspec

ActivationFunction = Literal["relu", "leaky_relu", "elu", "selu", "gelu", "silu", "tanh", "sigmoid", "linear"]
Padding = Literal["same", "valid"]
Shape = tuple[int, ...]
"""Of what one photo becomes: (height, width, channels) of a map, or (numbers,)."""

MOST_PARAMETERS: Final = 2_000_000_000  # 8 GB, and four times that while learning
MOST_NUMBERS: Final = 100_000_000  # of one layer for one photo: 400 MB


class LayerRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="layer"):
    """One layer; in JSON its kind stands under "layer"."""


class Conv2D(LayerRow, frozen=True, tag="conv2d"):
    """A convolution.

    Attributes:
        filters: Channels that it makes.
        kernel: Height and width of its window.
        stride: Points that the window moves on by.
        padding: "same" goes beyond the edge, "valid" does not.
        activation: Applied to what it gives.
        bias: Whether a number is added to each channel; batch normalisation right behind it makes that needless.
    """

    filters: int
    kernel: tuple[int, int] = (3, 3)
    stride: int = 1
    padding: Padding = "same"
    activation: ActivationFunction = "relu"
    bias: bool = True

    def __post_init__(self) -> None:
        _require_positive(filters=self.filters, stride=self.stride, kernel=min(self.kernel))


class _Pooling(LayerRow, frozen=True):
    """Attributes of both kinds of pooling.

    Attributes:
        size: Height and width of the window.
        stride: Points that the window moves on by; None for its size.
        padding: "same" goes beyond the edge, "valid" leaves out what doesn't fill a window.
    """

    size: int = 2
    stride: int | None = None
    padding: Padding = "valid"

    def __post_init__(self) -> None:
        _require_positive(size=self.size, stride=self.step)

    @property
    def step(self) -> int:
        """Points that the window moves on by."""
        return self.size if self.stride is None else self.stride


class MaxPooling(_Pooling, frozen=True, tag="max_pooling"):
    """The largest of each window."""


class AveragePooling(_Pooling, frozen=True, tag="average_pooling"):
    """The mean of each window."""


class BatchNormalization(LayerRow, frozen=True, tag="batch_normalization"):
    """Brings each channel to mean 0 and deviation 1, then to a scale that is learnt.

    Attributes:
        momentum: Share of the running mean that a batch leaves as it is. Keras's own 0.99 needs some 500 steps to
            settle; a small folder gives a few hundred in all.
    """

    momentum: float = 0.9

    def __post_init__(self) -> None:
        _require_share(momentum=self.momentum)


class Activation(LayerRow, frozen=True, tag="activation"):
    """A function of each number."""

    function: ActivationFunction = "relu"


class Dropout(LayerRow, frozen=True, tag="dropout"):
    """Leaves out a random share of the numbers while learning."""

    rate: float

    def __post_init__(self) -> None:
        _require_share(dropout=self.rate)


class Flatten(LayerRow, frozen=True, tag="flatten"):
    """All numbers of a map in one row."""


class GlobalAveragePooling(LayerRow, frozen=True, tag="global_average_pooling"):
    """The mean of each channel over all places."""


class GlobalMaxPooling(LayerRow, frozen=True, tag="global_max_pooling"):
    """The largest of each channel over all places."""


class Dense(LayerRow, frozen=True, tag="dense"):
    """A fully connected layer."""

    units: int
    activation: ActivationFunction = "relu"

    def __post_init__(self) -> None:
        _require_positive(units=self.units)


class Rescaling(LayerRow, frozen=True, tag="rescaling"):
    """Each number times ``scale``, plus ``offset``."""

    scale: float
    offset: float = 0.0

    def __post_init__(self) -> None:
        if not (math.isfinite(self.scale) and math.isfinite(self.offset)):
            raise ValueError(f"scale and offset must be numbers, not {self.scale} and {self.offset}")


Layer = (
    Conv2D
    | MaxPooling
    | AveragePooling
    | BatchNormalization
    | Activation
    | Dropout
    | Flatten
    | GlobalAveragePooling
    | GlobalMaxPooling
    | Dense
    | Rescaling
)


def _require_positive(**values: int) -> None:
    for name, value in values.items():
        if value < 1:
            raise ValueError(f"{name} must be at least 1, not {value}")


def _require_share(**values: float) -> None:
    for name, value in values.items():
        if not 0 <= value < 1:
            raise ValueError(f"{name} must be at least 0 and less than 1, not {value}")


@dataclass(frozen=True, slots=True)
class LayerTable:
    """A network from scratch, up to its last layer but one.

    Attributes:
        width: Of its input in pixels.
        height: Of its input in pixels.
        channels: 3 for colour, 1 for grey.
        rows: Its layers in order.
    """

    width: int
    height: int
    channels: Literal[1, 3]
    rows: tuple[Layer, ...]

    def __post_init__(self) -> None:
        _require_positive(width=self.width, height=self.height)

    @property
    def input_shape(self) -> Shape:
        """Height, width, channels."""
        return self.height, self.width, self.channels

    @property
    def side(self) -> int:
        """The longer side of its input: photos are decoded as squares of this size."""
        return max(self.width, self.height)

    def resized(self, side: int) -> "LayerTable":
        """The same layers for another size; ``side`` is the longer one, and the proportions stay."""
        width, height = (max(1, round(length * side / self.side)) for length in (self.width, self.height))
        return replace(self, width=width, height=height)


@dataclass(frozen=True, slots=True)
class LayerShape:
    """What a layer makes of one photo.

    Attributes:
        name: Of the layer in the network.
        shape: What comes out.
        parameters: Weights and biases, with the running means of batch normalisation.
        trainable: Those of them that are learnt.
    """

    name: str
    shape: Shape
    parameters: int
    trainable: int


@dataclass(frozen=True, slots=True)
class LayerProblem:
    """Why a network can't be built.

    Attributes:
        row: Index of the first layer that can't be.
        message: Why.
        hint: What helps.
    """

    row: int
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Shapes:
    """What all layers make of one photo.

    Attributes:
        input_shape: What goes in.
        layers: The layers in order, up to the one that can't be.
        problem: Which that is, and why; None if all can be.
    """

    input_shape: Shape
    layers: tuple[LayerShape, ...]
    problem: LayerProblem | None = None

    @property
    def output_shape(self) -> Shape:
        """What comes out of the last layer that can be."""
        return self.layers[-1].shape if self.layers else self.input_shape

    @property
    def parameters(self) -> int:
        """Weights and biases of all layers."""
        return sum(layer.parameters for layer in self.layers)

    @property
    def trainable(self) -> int:
        """Those of them that are learnt."""
        return sum(layer.trainable for layer in self.layers)


def shapes(table: LayerTable) -> Shapes:
    """Shapes and weights of a network from scratch, by formulas; a size beyond any computer is a problem, too."""
    found = shapes_of(table.rows, table.input_shape, layer_names(table.rows))
    total = 0
    for index, layer in enumerate(found.layers):
        total += layer.parameters
        reason = _excess(layer.shape, total)
        if reason is not None:
            return Shapes(found.input_shape, found.layers[:index], LayerProblem(index, *reason))
    return found


def shapes_of(rows: Sequence[Layer], shape: Shape, names: Sequence[str]) -> Shapes:
    """Shapes and weights of layers behind each other.

    Args:
        rows: The layers.
        shape: What goes in.
        names: Of each layer in the network.
    """
    found: list[LayerShape] = []
    before = shape
    for index, (row, name) in enumerate(zip(rows, names, strict=True)):
        reason = _obstacle(row, before)
        if reason is not None:
            return Shapes(shape, tuple(found), LayerProblem(index, *reason))
        after = _output_shape(row, before)
        found.append(LayerShape(name, after, *_parameters(row, before)))
        before = after
    return Shapes(shape, tuple(found))


def _obstacle(row: Layer, shape: Shape) -> tuple[str, str] | None:
    """Why a layer can't take this shape, and what helps; None if it can."""
    is_map = len(shape) == 3
    match row:
        case Dense() if not is_map:
            return None
        case Dense():
            return (
                f"a dense layer needs one row of numbers, and here is a map of {in_words(shape)}.",
                "Put “Flatten” or a global pooling before it.",
            )
        case Conv2D() | MaxPooling() | AveragePooling() | GlobalAveragePooling() | GlobalMaxPooling() if not is_map:
            return (
                "it needs a map with height and width, and here is one row of numbers.",
                "Put it before the layer that flattens the map.",
            )
        case Conv2D(kernel=window, padding="valid") if window[0] > shape[0] or window[1] > shape[1]:
            return _too_small(window, shape)
        case MaxPooling(size=size, padding="valid") | AveragePooling(size=size, padding="valid") if size > min(
            shape[:2]
        ):
            return _too_small((size, size), shape)
    return None


def _too_small(window: tuple[int, int], shape: Shape) -> tuple[str, str]:
    return (
        f"its window of {window[0]} × {window[1]} is larger than the map of {in_words(shape[:2])}.",
        "Use larger photos, less pooling before it, a smaller window, or padding “same”.",
    )


def _excess(shape: Shape, parameters: int) -> tuple[str, str] | None:
    """Why a layer is beyond any computer, and what helps; None if it isn't."""
    if parameters > MOST_PARAMETERS:
        return (
            f"with it, the network has {parameters:,} numbers to learn. More than {MOST_PARAMETERS:,} fit no computer.",
            "Make it smaller, or put pooling before it.",
        )
    if math.prod(shape) > MOST_NUMBERS:
        return (
            f"it makes {math.prod(shape):,} numbers of one photo. More than {MOST_NUMBERS:,} are too many.",
            "Use fewer filters, a larger stride or smaller photos.",
        )
    return None


def _output_shape(row: Layer, shape: Shape) -> Shape:
    match row:
        case Conv2D(filters=filters, kernel=kernel, stride=stride, padding=padding):
            return (
                _windows(shape[0], kernel[0], stride, padding),
                _windows(shape[1], kernel[1], stride, padding),
                filters,
            )
        case MaxPooling(size=size, padding=padding) | AveragePooling(size=size, padding=padding):
            high, wide = (_windows(length, size, row.step, padding) for length in shape[:2])
            return high, wide, shape[2]
        case Flatten():
            return (math.prod(shape),)
        case GlobalAveragePooling() | GlobalMaxPooling():
            return shape[-1:]
        case Dense(units=units):
            return (units,)
    return shape


def _windows(length: int, window: int, stride: int, padding: Padding) -> int:
    """Places that a window takes along one side, as in TensorFlow."""
    return -(-length // stride) if padding == "same" else (length - window) // stride + 1


def _parameters(row: Layer, shape: Shape) -> tuple[int, int]:
    """Weights of a layer, and those of them that are learnt."""
    match row:
        case Conv2D(filters=filters, kernel=(high, wide), bias=bias):
            count = filters * (high * wide * shape[2] + bias)
        case Dense(units=units):
            count = units * (shape[0] + 1)
        case BatchNormalization():
            return 4 * shape[-1], 2 * shape[-1]
        case _:
            count = 0
    return count, count


def in_words(shape: Shape) -> str:
    """A shape for people: "12 × 12 × 768"."""
    return " × ".join(f"{length:,}" for length in shape)


def layer_names(rows: Sequence[Layer]) -> tuple[str, ...]:
    """Names of the layers in the network: they say where each stands, as in ``block2_conv1_bn``.

    A pooling layer opens a block. What only changes the numbers of a layer is named after it.
    """
    used: Counter[str] = Counter()
    block, last, names = 1, "", []
    for row in rows:
        match row:
            case Conv2D():
                last = name = _numbered(f"block{block}_conv", used)
            case MaxPooling() | AveragePooling():
                block += 1
                last = name = f"block{block}_pool"
            case Dense():
                last = name = _numbered("dense", used)
            case _:
                name = _distinct(_suffixed(last, row), used)
        names.append(name)
    return tuple(names)


def _numbered(stem: str, used: Counter[str]) -> str:
    used[stem] += 1
    return f"{stem}{used[stem]}"


def _distinct(name: str, used: Counter[str]) -> str:
    used[name] += 1
    return name if used[name] == 1 else f"{name}_{used[name]}"


def _suffixed(last: str, row: Layer) -> str:
    """The name of a layer that has none of its own kind of place."""
    kind = row.function if isinstance(row, Activation) else _SUFFIXES.get(type(row))
    if kind is None:
        return str(row.__struct_config__.tag)
    return f"{last}_{kind}" if last else kind


_SUFFIXES: Final[dict[type[LayerRow], str]] = {BatchNormalization: "bn", Dropout: "dropout"}
