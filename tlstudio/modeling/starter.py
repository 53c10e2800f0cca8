"""The starter backbone: a small network of this project, whose weights ship in ``models/starter``.

Four stages of residual blocks. Each block looks around with a 3 x 3 convolution over a quarter of its channels and
then mixes all of them with two 1 x 1 convolutions: a "partial convolution" (Chen et al. 2023, "Run, Don't Walk:
Chasing Higher FLOPS for Faster Neural Networks"), here with ReLU, another stem and other widths. On a CPU, plain
convolutions over few pixels reach far more of the processor's speed than depthwise ones of equal cost.

The figures below are all that its twin in ``tools/pretrain`` needs to know.
"""

from dataclasses import dataclass
from typing import Any

import msgspec

from tlstudio.paths import models_dir

WIDTHS = (40, 80, 160, 320)
DEPTHS = (1, 2, 8, 2)
FEATURES = 1280
EXPANSION = 2
STEM_KERNEL = 7
STEM_STRIDE = 4
LOOKS_AROUND = 4
"""One in so many channels goes through the 3 x 3 convolution."""


def starter_layers(x: Any) -> Any:  # noqa: ANN401 - Keras tensors have no public type
    """From float32 (N, S, S, 3) with values -1 to 1 to a feature map (N, S/32, S/32, FEATURES)."""
    from keras import layers

    def convolved(x: Any, filters: int, kernel: int, name: str, stride: int = 1, *, relu: bool = True) -> Any:  # noqa: ANN401
        if stride > 1 and kernel > stride:
            # As PyTorch pads: alike on both sides, where TensorFlow's "same" depends on the size of the picture.
            x = layers.ZeroPadding2D(kernel // 2, name=f"{name}_pad")(x)
        padding = "same" if stride == 1 else "valid"
        x = layers.Conv2D(filters, kernel, strides=stride, padding=padding, use_bias=False, name=f"{name}_conv")(x)
        x = layers.BatchNormalization(epsilon=1e-5, name=f"{name}_bn")(x)
        return layers.ReLU(name=f"{name}_relu")(x) if relu else x

    x = convolved(x, WIDTHS[0], STEM_KERNEL, "stem", STEM_STRIDE)
    for stage, (width, depth) in enumerate(zip(WIDTHS, DEPTHS, strict=True), start=1):
        if stage > 1:
            x = convolved(x, width, 2, f"stage{stage}_merge", 2, relu=False)
        for block in range(1, depth + 1):
            name = f"stage{stage}_block{block}"
            some = width // LOOKS_AROUND
            near = layers.Conv2D(some, 3, padding="same", use_bias=False, name=f"{name}_near")(x[..., :some])
            mixed = layers.Concatenate(name=f"{name}_concat")([near, x[..., some:]])
            mixed = convolved(mixed, EXPANSION * width, 1, f"{name}_expand")
            mixed = layers.Conv2D(width, 1, use_bias=False, name=f"{name}_project")(mixed)
            x = layers.Add(name=f"{name}_add")([x, mixed])
    return convolved(x, FEATURES, 1, "last")


@dataclass(frozen=True, slots=True)
class StarterFigures:
    """How good the shipped weights are, as ``benchmarks/probe.py`` measured it.

    Attributes:
        mean: Mean accuracy of a linear probe over the test sets, 0 to 1.
        compared_with: Name of the backbone with ImageNet weights that was measured beside it.
        compared: Its mean accuracy.
    """

    mean: float
    compared_with: str
    compared: float


def starter_figures() -> StarterFigures:
    """The figures that ship beside the weights."""
    return msgspec.json.decode((models_dir() / "starter" / "figures.json").read_bytes(), type=StarterFigures)
