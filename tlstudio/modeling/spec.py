"""What to build, as plain data."""

from dataclasses import dataclass, field
from typing import Literal

Pooling = Literal["avg", "max", "flatten"]
Activation = Literal["relu", "gelu", "selu", "tanh", "sigmoid", "linear"]


@dataclass(frozen=True, slots=True)
class HeadSpec:
    """The layers that come after the backbone; a softmax over the classes closes them.

    Attributes:
        pooling: How the last feature map becomes a vector.
        dense: Units of the hidden layers, in order; none is a linear classifier.
        activation: Of the hidden layers.
        dropout: Share of the inputs of each dense layer that is dropped while training, 0 up to but not including 1.
    """

    pooling: Pooling = "avg"
    dense: tuple[int, ...] = ()
    activation: Activation = "relu"
    dropout: float = 0.5

    def __post_init__(self) -> None:
        if not 0 <= self.dropout < 1:
            raise ValueError(f"dropout must be at least 0 and less than 1, not {self.dropout}")
        if any(units < 1 for units in self.dense):
            raise ValueError(f"a dense layer needs at least 1 unit: {self.dense}")


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """A network to build.

    Attributes:
        backbone: Name in ``BACKBONES`` or ``ARCHITECTURES``.
        weights: "bundled", "imagenet", "none" or the path of a file in Keras's layout.
        input_size: Width and height of the network's input in pixels.
        cut_layer: Layer of the backbone whose output the head reads; None for the backbone's own default.
        head: The layers after the cut.
    """

    backbone: str
    weights: str
    input_size: int
    cut_layer: str | None = None
    head: HeadSpec = field(default_factory=HeadSpec)

    def __post_init__(self) -> None:
        if self.input_size < 1:
            raise ValueError(f"input size must be positive, not {self.input_size}")
