"""What to build, as plain data."""

from dataclasses import dataclass, field, replace
from typing import Literal

from tlstudio.modeling.layer_table import (
    Activation,
    ActivationFunction,
    BatchNormalization,
    Dense,
    Dropout,
    LayerTable,
)

Pooling = Literal["avg", "max", "flatten"]

# "softmax" gives one score a class. "sigmoid" is for two classes: one number, the score of the second.
Output = Literal["softmax", "sigmoid"]

# "auto" is the cross-entropy of the whole answer. "binary" judges the scores of two classes each by itself and takes
# the mean; for a softmax over two that is the same but for rounding, and what some recipes ask for.
Loss = Literal["auto", "binary"]

# What photos become before the first layer of a network: "" what it was made for, "raw" 0 to 255, "unit" 0 to 1,
# "symmetric" -1 to 1, "caffe" blue, green, red without the mean colour of ImageNet.
Preprocessing = Literal["", "raw", "unit", "symmetric", "caffe"]

HeadLayer = Dense | Dropout | BatchNormalization | Activation

OWN = "own"
"""Name under which a network goes that a person put together."""

FOREIGN = "foreign"
"""Name under which a network goes that another program made: all there is of it is an engine."""


@dataclass(frozen=True, slots=True)
class HeadSpec:
    """The layers that come after the backbone.

    Attributes:
        pooling: How the last feature map becomes a vector; nothing happens to what is a vector already.
        layers: Between pooling and answer, in order.
        l1: How strongly the sum of the absolute weights counts as loss while learning; of all dense layers.
        l2: The same for the sum of their squares.
        output: What the answer is made by. Scores have one column a class in any case.
        loss: What is made small while learning.
    """

    pooling: Pooling = "avg"
    layers: tuple[HeadLayer, ...] = (Dropout(0.5),)
    l1: float = 0.0
    l2: float = 0.0
    output: Output = "softmax"
    loss: Loss = "auto"

    def __post_init__(self) -> None:
        for name, strength in (("l1", self.l1), ("l2", self.l2)):
            if not 0 <= strength < float("inf"):
                raise ValueError(f"{name} must be at least 0, not {strength}")

    @classmethod
    def plain(
        cls,
        pooling: Pooling = "avg",
        units: tuple[int, ...] = (),
        activation: ActivationFunction = "relu",
        dropout: float = 0.5,
    ) -> "HeadSpec":
        """Hidden layers of one kind, with dropout before each dense layer, the last one included.

        Args:
            pooling: How the last feature map becomes a vector.
            units: Units of the hidden layers, in order; none is a linear classifier.
            activation: Of the hidden layers.
            dropout: Share that is dropped while learning; 0 for none.
        """
        dropped = (Dropout(dropout),) if dropout else ()
        hidden = (layer for count in units for layer in (*dropped, Dense(count, activation)))
        return cls(pooling, (*hidden, *dropped))

    @property
    def hidden(self) -> tuple[Dense, ...]:
        """The dense layers before the answer."""
        return tuple(layer for layer in self.layers if isinstance(layer, Dense))


BARE_HEAD = HeadSpec(layers=())
"""Pooling and answer alone."""


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """A network to build.

    Attributes:
        backbone: Name in ``BACKBONES`` or ``ARCHITECTURES``, or ``OWN``.
        weights: "bundled", "imagenet", "none" or the path of a file in Keras's layout.
        input_size: Width and height in pixels that photos are brought to; of an own network, its longer side.
        cut_layer: Layer of the backbone whose output the head reads; None for the backbone's own default.
        head: The layers after the cut.
        layers: The network that a person put together; None for one of the tables.
        preprocessing: What the pixels become before the first layer; "" for what the network was made for. Rescaling
            among a network's own layers comes on top of it.

    Of a network from elsewhere, ``weights`` is the file that it was opened from, and the head says nothing.
    """

    backbone: str
    weights: str
    input_size: int
    cut_layer: str | None = None
    head: HeadSpec = field(default_factory=HeadSpec)
    layers: LayerTable | None = None
    preprocessing: Preprocessing = ""

    def __post_init__(self) -> None:
        if self.input_size < 1:
            raise ValueError(f"input size must be positive, not {self.input_size}")
        if (self.backbone == OWN) != (self.layers is not None):
            raise ValueError(f"a network goes by the name “{OWN}” exactly if its layers are given")
        if self.layers is not None and self.layers.side != self.input_size:
            raise ValueError(f"the layers are for {self.layers.side} pixels, not {self.input_size}")

    def with_input_size(self, size: int) -> "ModelSpec":
        """The same network for photos of another size in pixels."""
        return replace(self, input_size=size, layers=self.layers and self.layers.resized(size))
