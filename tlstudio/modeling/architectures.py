"""The table of networks that are trained from scratch. A new one is one entry here and one function."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tlstudio.errors import TLStudioError
from tlstudio.modeling.backbones import find_backbone


@dataclass(frozen=True, slots=True)
class Architecture:
    """A convolutional network without pre-trained weights.

    Attributes:
        name: As on the command line.
        title: As in the window.
        description: One sentence for a person.
        input_size: Input in pixels that it was designed for.
        input_sizes: Sizes worth offering.
        min_size: Smallest input in pixels that it accepts.
        parameters: Weights without the last layers.
        features: Channels of its last feature map.
        blocks: Blocks that it consists of.
        stride: Pixels of the photo behind one pixel of that map.
        layers: Maps a float32 KerasTensor of shape (N, S, S, 3) with values 0 to 255 to a feature map.
    """

    name: str
    title: str
    description: str
    input_size: int
    input_sizes: tuple[int, ...]
    min_size: int
    parameters: int
    features: int
    blocks: int
    stride: int
    layers: Callable[[Any], Any]

    def feature_map(self, input_size: int) -> tuple[int, int]:
        """Width (the height is the same) and channels of the last feature map for an input size in pixels."""
        return input_size // self.stride, self.features


def _small_cnn(x: Any) -> Any:  # noqa: ANN401 - Keras tensors have no public type
    """Four blocks of two 3 x 3 convolutions with batch norm, as in VGG but 16 to 96 filters wide.

    The first convolution halves the picture: 27 million multiplications a photo at 96 px, a ninth of what they are
    without (measured on two busy cores: 40 and 140 photos learnt per second).
    """
    from keras import layers

    x = layers.Rescaling(1 / 127.5, offset=-1)(x)
    for block, filters in enumerate((16, 32, 64, 96), start=1):
        if block > 1:
            x = layers.MaxPooling2D(2, name=f"block{block}_pool")(x)
        for conv in (1, 2):
            name = f"block{block}_conv{conv}"
            strides = 2 if (block, conv) == (1, 1) else 1
            x = layers.Conv2D(filters, 3, strides=strides, padding="same", use_bias=False, name=name)(x)
            # Keras's momentum of 0.99 needs some 500 steps to settle; a small folder gives a few hundred in all.
            x = layers.BatchNormalization(momentum=0.9, name=f"{name}_bn")(x)
            x = layers.Activation("relu", name=f"{name}_relu")(x)
    return x


ARCHITECTURES: tuple[Architecture, ...] = (
    Architecture(
        name="small_cnn",
        title="Small network",
        description="Eight convolutions, learnt from your photos alone.",
        input_size=96,
        input_sizes=(64, 96, 128, 160),
        min_size=16,
        parameters=421_768,
        features=128,
        blocks=4,
        stride=16,
        layers=_small_cnn,
    ),
)


def find_architecture(name: str) -> Architecture | None:
    """The entry of this name, or None."""
    return next((entry for entry in ARCHITECTURES if entry.name == name), None)


def title_of(name: str) -> str:
    """What a person calls the backbone or architecture of this name.

    Raises:
        TLStudioError: If there is neither.
    """
    entry = find_backbone(name) or find_architecture(name)
    if entry is None:
        raise TLStudioError(
            f"There is no network called “{name}”.",
            "“tlstudio list backbones” and “tlstudio list architectures” name them all.",
        )
    return entry.title
