"""From any of Pillow's pixel modes to plain 8-bit RGB, in two steps around the resizing."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_WIDE_MODES = frozenset(("I", "F", "I;16", "I;16L", "I;16B", "I;16N"))
_ALPHA_MODES = frozenset(("RGBA", "LA", "PA", "RGBa", "La"))


def interpolatable(image: Image.Image) -> Image.Image:
    """The same picture in a mode whose values can be averaged: L, LA, RGB, RGBA, CMYK, YCbCr or LAB.

    Args:
        image: Loaded, in any mode.
    """
    if image.mode in _WIDE_MODES:
        return Image.fromarray(_eight_bits(np.asarray(image), image.mode))
    if "transparency" in image.info and image.mode in ("1", "L", "RGB", "P"):
        return image.convert("RGBA")
    target = {"1": "L", "P": "RGB", "PA": "RGBA", "La": "LA", "RGBa": "RGBA", "HSV": "RGB", "RGBX": "RGB"}
    if image.mode == "P" and image.palette is not None and image.palette.mode == "RGBA":
        return image.convert("RGBA")
    return image.convert(target[image.mode]) if image.mode in target else image


def flatten(image: Image.Image) -> Image.Image:
    """RGB, with what is transparent on white.

    Args:
        image: In one of the modes that ``interpolatable`` returns.
    """
    if image.mode == "RGB":
        return image
    if image.mode not in _ALPHA_MODES:
        return image.convert("RGB")
    with_alpha = image.convert("RGBA")
    white = Image.new("RGBA", with_alpha.size, "white")
    return Image.alpha_composite(white, with_alpha).convert("RGB")


def _eight_bits(values: NDArray[np.generic], mode: str) -> NDArray[np.uint8]:
    """Grey of more than 8 bits, scaled to 0..255 by the range it is made for.

    16 bits are divided by 257. 32 bits say nothing of their range: values that fit 0..1 (floating point), 0..255 or
    0..65535 are taken for that; all others are stretched from their darkest to their brightest.

    Args:
        values: (height, width) of any number type.
        mode: Pillow's mode of the picture.
    """
    grey: NDArray[np.float32] = np.nan_to_num(np.asarray(values, dtype=np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    low, high = float(grey.min()), float(grey.max())
    if mode.startswith("I;16"):
        scale = 1 / 257
    elif low >= 0 and mode == "F" and high <= 1:
        scale = 255.0
    elif low >= 0 and high <= 255:
        scale = 1.0
    elif low >= 0 and high <= 65535:
        scale = 1 / 257
    else:
        grey, scale = grey - np.float32(low), 255 / max(high - low, 1e-12)
    return np.asarray(np.rint(grey * np.float32(scale)), dtype=np.uint8)
