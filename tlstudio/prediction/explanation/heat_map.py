"""What a network looked at in a photo, as plain data, and its colours."""

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Method = Literal["grad_cam", "occlusion"]

DEFAULT_STRENGTH: Final = 0.5

_NOTHING = 1e-9
_LEAST_ALPHA, _MOST_ALPHA = 0.25, 0.75
_LUMA = np.array((0.299, 0.587, 0.114), np.float32)  # ITU-R BT.601

# Inferno by Nathaniel Smith and Stéfan van der Walt (CC0): evenly bright steps that colour-blind people see, too.
_INFERNO = np.array(
    [tuple(bytes.fromhex(colour)) for colour in (
        "000004", "1b0c41", "4a0c6b", "781c6d", "a52c60", "cf4446", "ed6925", "fb9b06", "f7d13d", "fcffa4",
    )],
    dtype=np.float32,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MapLayer:
    """A layer at which Grad-CAM can look.

    Attributes:
        name: Of the layer.
        height: Of its feature maps, in cells.
        width: Of its feature maps, in cells.
    """

    name: str
    height: int
    width: int


@dataclass(frozen=True, slots=True)
class Wish:
    """Which heat map is wanted.

    Attributes:
        class_index: Of what speaks for this class.
        method: How; None for Grad-CAM where the network has feature maps, else occlusion.
        layer: Where Grad-CAM looks; "" for the last feature map.
    """

    class_index: int
    method: Method | None = None
    layer: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class HeatMap:
    """What speaks for a class in a photo.

    Attributes:
        values: 0 for little to 1 for much, (height, width) over the whole photo; all 0 where nothing speaks for it.
        class_index: The class.
        method: How it was found.
        layer: Where Grad-CAM looked; "" for occlusion.
        layers: Where Grad-CAM can look in this network, the last first; empty where it means nothing.
    """

    values: NDArray[np.float32]
    class_index: int
    method: Method
    layer: str = ""
    layers: tuple[MapLayer, ...] = ()


def normalised(values: NDArray[Any]) -> NDArray[np.float32]:
    """What speaks for a class, from 0 to 1 for the most; what speaks against it counts as nothing."""
    positive = np.maximum(np.nan_to_num(values.astype(np.float32)), 0)
    most = float(positive.max(initial=0))
    return np.asarray(positive / most if most > _NOTHING else np.zeros_like(positive), dtype=np.float32)


def enlarged(values: NDArray[np.float32], width: int, height: int) -> NDArray[np.float32]:
    """Values of a heat map for every pixel, (height, width); bicubic, kept within 0 to 1."""
    picture = Image.fromarray(values).resize((width, height), Image.Resampling.BICUBIC)
    return np.clip(np.asarray(picture, dtype=np.float32), 0, 1)


def colours(values: NDArray[np.float32], strength: float = DEFAULT_STRENGTH) -> NDArray[np.uint8]:
    """Inferno, more opaque where there is more.

    Args:
        values: (height, width), 0 to 1.
        strength: 0 for nothing to be seen, 0.5 for an opacity of 25 to 75 %, 1 for twice that.

    Returns:
        (height, width, 4) RGBA, the colours not multiplied by the opacity.
    """
    steps = np.linspace(0, 1, len(_INFERNO), dtype=np.float32)
    shades = [np.interp(values, steps, _INFERNO[:, channel]) for channel in range(3)]
    alpha = np.clip(2 * strength * (_LEAST_ALPHA + (_MOST_ALPHA - _LEAST_ALPHA) * values), 0, 1) * 255
    return np.asarray(np.rint(np.stack([*shades, alpha], axis=-1)), dtype=np.uint8)


def overlay(photo: NDArray[np.uint8], heat: HeatMap, strength: float = DEFAULT_STRENGTH) -> NDArray[np.uint8]:
    """A photo, partly greyed, under its heat map.

    Args:
        photo: (height, width, 3) RGB.
        heat: Of the whole photo.
        strength: 0 to 1, see ``colours``; the photo is greyed by as much.

    Returns:
        (height, width, 3) RGB.
    """
    height, width, _ = photo.shape
    pixels = photo.astype(np.float32)
    grey = (pixels @ _LUMA)[..., None]
    greyed = pixels + (grey - pixels) * strength
    layer = colours(enlarged(heat.values, width, height), strength).astype(np.float32)
    alpha = layer[..., 3:] / 255
    return np.asarray(np.rint(greyed + (layer[..., :3] - greyed) * alpha), dtype=np.uint8)
