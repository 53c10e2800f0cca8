"""What a network wants the pixels to be: found in its layers where they say so, else left to a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from tlstudio.foreign.layers import Config

Pixels = Literal["raw", "unit", "symmetric", "caffe"]

PIXELS: Final[tuple[Pixels, ...]] = get_args(Pixels)

PIXELS_IN_WORDS: Final[dict[Pixels, str]] = {
    "raw": "0 to 255, as they are",
    "unit": "0 to 1 (divided by 255)",
    "symmetric": "−1 to 1 (divided by 127.5, less 1)",
    "caffe": "blue, green, red, less ImageNet's mean",
}

_USUAL: Final[tuple[Pixels, ...]] = ("raw", "unit", "symmetric")
_MANY: Final = 30.0  # divisors from here on are made for pixels of 0 to 255
_SHAPING: Final = (
    "InputLayer Identity Cast Resizing CenterCrop RandomFlip RandomRotation RandomZoom RandomTranslation "
    "RandomContrast RandomBrightness RandomCrop Dropout GaussianNoise ZeroPadding2D GetItem"
)
_PASSED_OVER: Final = frozenset(_SHAPING.split())  # they leave the range of the pixels as it is

# Layers by which the families of keras.applications can be known, and what each of them was made for. Where the
# preprocessing is among the layers (EfficientNet, MobileNetV3), the layers say so themselves.
_FAMILIES: Final[tuple[tuple[str, str, Pixels], ...]] = (
    ("expanded_conv_depthwise", "MobileNetV2", "symmetric"),
    ("conv_dw_1", "MobileNet", "symmetric"),
    ("reduction_conv_1_stem_1", "NASNet", "symmetric"),
    ("block14_sepconv2", "Xception", "symmetric"),
    ("mixed10", "InceptionV3", "symmetric"),
    ("conv_7b", "InceptionResNetV2", "symmetric"),
    ("conv2_block1_preact_bn", "ResNetV2", "symmetric"),
    ("conv2_block1_0_conv", "ResNet", "caffe"),
    ("block5_conv3", "VGG", "caffe"),
)


@dataclass(frozen=True, slots=True)
class PixelEvidence:
    """What a network's layers say of the pixels it wants.

    Attributes:
        proven: What follows from the layers themselves; None where they don't tell.
        likely: What networks with layers of these names are made for; None where nothing speaks for any.
        why: A sentence for either; empty for none.
    """

    proven: Pixels | None = None
    likely: Pixels | None = None
    why: str = ""

    @property
    def candidates(self) -> tuple[Pixels, ...]:
        """What there is to choose from; one alone where it is proven."""
        if self.proven is not None:
            return (self.proven,)
        return (*_USUAL, "caffe") if self.likely == "caffe" else _USUAL


def pixel_evidence(layers: Sequence[Config]) -> PixelEvidence:
    """Judge by the first layers that do anything, then by the names of all.

    Args:
        layers: Those of a checked config, in its order.
    """
    first = next((layer for layer in layers if layer["class_name"] not in _PASSED_OVER), None)
    proven = _wanted_by(first) if first is not None else None
    if proven is not None:
        return PixelEvidence(proven, why=_PROOFS[proven])
    names = {str(layer["config"].get("name", "")) for layer in layers}
    for name, family, pixels in _FAMILIES:
        if name in names:
            why = f"Its layers are called as those of {family}, which is made for pixels of {PIXELS_IN_WORDS[pixels]}."
            return PixelEvidence(likely=pixels, why=why)
    return PixelEvidence()


_PROOFS: Final[dict[Pixels, str]] = {
    "raw": "It brings the pixels from 0 to 255 to its own range by itself: its first layer does.",
    "unit": "Its first layer brings pixels of 0 to 1 to −1 to 1.",
}


def _wanted_by(layer: Config) -> Pixels | None:
    """What goes into a layer that changes the range of pixels; None for any other layer."""
    match layer["class_name"]:
        case "Rescaling":
            return _by_factor(layer["config"].get("scale"), layer["config"].get("offset"))
        case "TrueDivide" | "Divide":
            divisor = _operand(layer)
            return "raw" if divisor is not None and divisor >= _MANY else None
        case "Multiply":
            factor = _operand(layer)
            return "raw" if factor is not None and 0 < factor <= 1 / _MANY else None
    return None


def _by_factor(scale: Any, offset: Any) -> Pixels | None:  # noqa: ANN401 - whatever a config holds
    if not isinstance(scale, int | float):
        return None
    if 0 < scale <= 1 / _MANY:
        return "raw"
    return "unit" if scale == 2 and offset == -1 else None  # from 0..1 to -1..1


def _operand(layer: Config) -> float | None:
    """The number that an arithmetic layer is given beside its input."""
    try:
        value = layer["inbound_nodes"][0]["args"][1]
    except (LookupError, TypeError):
        return None
    return float(value) if isinstance(value, int | float) else None
