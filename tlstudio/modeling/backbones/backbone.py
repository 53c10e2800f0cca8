"""What the table says of one pre-trained backbone."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

# How ``keras.applications`` prepares photos for a family: "tf" scales to -1..1, "caffe" subtracts the BGR means,
# "torch" standardises; "inside" means that the family's own first layers do it.
Preprocessing = Literal["tf", "caffe", "torch", "inside"]

# Where ready-made weights come from: Google's and others' ImageNet weights, through Keras, or this program itself.
Pretrained = Literal["imagenet", "bundled"]

KERAS_TABLE = "keras.io/api/applications"
"""Where most accuracies are published: measured with the very weights that Keras downloads."""

_MEGA = 1_000_000
_SIZES = (96, 128, 160, 192, 224, 256, 299, 384, 448, 512)


def sizes_around(input_size: int) -> tuple[int, ...]:
    """Input sizes worth offering, in pixels: the network's own, and others that are not all but the same."""
    others = {size for size in _SIZES if size <= max(input_size, 299) and abs(size - input_size) > 0.06 * input_size}
    return tuple(sorted(others | {input_size}))


@dataclass(frozen=True, slots=True)
class Backbone:
    """A pre-trained feature extractor: of ``keras.applications``, or of this program.

    Attributes:
        name: As on the command line.
        title: As in the window.
        constructor: Its function in ``keras.applications``; "" for a network of this program.
        layers: For a network of this program: maps preprocessed photos, a float32 KerasTensor (N, S, S, 3), to its
            last feature map.
        pretrained: Where its ready-made weights come from, as for ``ModelSpec.weights``.
        width: Width multiplier ("alpha"), or None where the family has none.
        preprocessing: What its weights expect.
        channel_scale: Factors for red, green and blue before the layer ``stem_conv``, which ``keras.applications``
            has in the network that it builds for its own weights and in no other; empty for none.
        input_size: Input in pixels that its weights were trained at.
        input_sizes: Sizes worth offering.
        min_size: Smallest input in pixels that it accepts.
        parameters: Weights without the ImageNet classifier.
        multiply_adds: Multiplications of weights with inputs for one photo of ``input_size``, in millions.
        depthwise: Whether depthwise convolutions make it: few multiplications, which take longer each.
        top1: Published top-1 accuracy on the ImageNet validation photos, 0 to 1; None where it never learnt them.
        top1_source: Where that is published.
        features: Channels of its last feature map.
        blocks: Blocks that it consists of, in the words of its authors, without the first convolutions.
        refined_blocks: How many of them, the last ones, lie behind ``unfreeze_from``.
        unfreeze_from: First layer that fine-tuning trains unless told otherwise: the last stage of the network.
        weights_file: Name of the file of ready-made weights without classifier: Keras's own, in which "{size}" stands
            for a size, or below the program's ``models`` folder.
        weights_hash: MD5 or SHA-256 of that file in hex, as ``keras.applications`` states it; "" where it states none.
        weights_sizes: Sizes that files exist for; the file of ``input_size`` serves all others.
        cut_layer: Layer whose output the head reads unless told otherwise; "" is the last.
        border: Pixels of the photo's side that padding costs (or, below 0, adds) before its last feature map, which is
            one thirty-second of the rest wide.
    """

    name: str
    title: str
    constructor: str
    preprocessing: Preprocessing
    parameters: int
    multiply_adds: float
    top1: float | None
    features: int
    blocks: int
    refined_blocks: int
    unfreeze_from: str
    weights_file: str
    weights_hash: str = ""
    width: float | None = None
    depthwise: bool = False
    channel_scale: tuple[float, ...] = ()
    input_size: int = 224
    input_sizes: tuple[int, ...] = sizes_around(224)
    min_size: int = 32
    weights_sizes: tuple[int, ...] = (224,)
    cut_layer: str = ""
    border: int = -31
    layers: Callable[[Any], Any] | None = None
    pretrained: Pretrained = "imagenet"
    top1_source: str = KERAS_TABLE

    @property
    def weights_bytes(self) -> int:
        """Size of the file of ready-made weights (the header is below 2 %): four bytes a parameter, two if bundled."""
        return (2 if self.pretrained == "bundled" else 4) * self.parameters

    def feature_map(self, input_size: int) -> tuple[int, int]:
        """Width (the height is the same) and channels of the last feature map for an input size in pixels."""
        return (input_size - self.border) // 32, self.features

    def multiplications(self, input_size: int) -> float:
        """Multiplications of weights with inputs for one photo of this size in pixels: they grow with its area."""
        return self.multiply_adds * _MEGA * (input_size / self.input_size) ** 2

    def imagenet_file(self, input_size: int) -> str:
        """Name of the file of ImageNet weights that Keras loads for this input size."""
        return self.weights_file.format(size=self.imagenet_size(input_size))

    def imagenet_size(self, input_size: int) -> int:
        """Size in pixels whose ImageNet weights serve this input size."""
        return input_size if input_size in self.weights_sizes else self.input_size
