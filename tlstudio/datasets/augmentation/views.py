"""Varied copies of photos: the same for training, for the feature store and for what the window shows of them."""

import hashlib
import math
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from tlstudio.datasets.augmentation.amounts import BLUR_WIDTH, AugmentationConfig, FillMode

Matrix = NDArray[np.float64]
Photo = NDArray[np.uint8]
Colours = NDArray[np.float32]
PadMode = Literal["symmetric", "edge", "constant", "wrap"]

# Luma of ITU-R BT.601, which is also what Pillow's conversion to grey uses.
_LUMA: Final = np.array((0.299, 0.587, 0.114), dtype=np.float32)

# What Keras calls "reflect" repeats the outermost pixel, which NumPy calls "symmetric".
_PADDING: Final[dict[FillMode, PadMode]] = {
    "reflect": "symmetric",
    "nearest": "edge",
    "constant": "constant",
    "wrap": "wrap",
}

# New ones come last: the place of a name decides which number it draws.
_DRAWN: Final = (
    "horizontal_flip", "vertical_flip", "rotation", "width_shift", "height_shift", "shear", "zoom",
    "crop", "crop_x", "crop_y", "brightness", "contrast", "colour", "blur",
)  # fmt: skip


class _Chance:
    """The random numbers of one copy.

    Each amount has its own, drawn whether it is needed or not: so a change of one amount leaves what the others do to
    a copy as it was, and a preview does not jump.
    """

    def __init__(self, rng: np.random.Generator) -> None:
        self._numbers: dict[str, float] = dict(zip(_DRAWN, rng.random(len(_DRAWN)).tolist(), strict=True))

    def between(self, name: str, low: float, high: float) -> float:
        return low + (high - low) * self._numbers[name]

    def within(self, name: str, amount: float) -> float:
        return self.between(name, -amount, amount)

    def heads(self, name: str) -> bool:
        return self._numbers[name] < 0.5


def augmented_view(image: Photo, config: AugmentationConfig, *, seed: int, digest: str, view: int) -> Photo:
    """The photo itself, or one of its varied copies; always the same for the same arguments.

    Args:
        image: (height, width, 3) RGB; not changed.
        config: What varies.
        seed: Of the training.
        digest: Of the photo's file.
        view: 0 for the photo itself, 1 to ``config.views`` for the copies.

    Returns:
        (height, width, 3) RGB.

    Raises:
        ValueError: If there is no such view.
    """
    if not 0 <= view <= config.views:
        raise ValueError(f"view must be 0 to {config.views}, not {view}")
    if view == 0:
        return image
    return augment(image, config, np.random.default_rng(view_seed(seed, digest, view)))


def view_seed(seed: int, digest: str, view: int) -> int:
    """The seed of one varied copy: the same on every machine, whatever the order in which copies are made."""
    return int.from_bytes(hashlib.sha256(f"{seed}:{digest}:{view}".encode()).digest()[:16], "big")


def augment(image: Photo, config: AugmentationConfig, rng: np.random.Generator) -> Photo:
    """One varied copy.

    All geometric variations are one warp, so that the photo is interpolated once.

    Args:
        image: (height, width, 3) RGB; not changed.
        config: What varies; its ``views`` and ``validation`` don't matter here.
        rng: Source of chance.

    Returns:
        (height, width, 3) RGB.
    """
    chance = _Chance(rng)
    height, width = image.shape[:2]
    matrix = _matrix(config, chance, width / max(width, height), height / max(width, height))
    warped = image.copy() if np.array_equal(matrix, np.eye(3)) else _warped(image, matrix, config.fill)
    return _recoloured(_blurred(warped, chance.between("blur", 0, config.blur)), config, chance)


def _matrix(config: AugmentationConfig, chance: _Chance, width: float, height: float) -> Matrix:
    """Maps points of the photo to points of the copy.

    The origin is the middle, and the photo is ``width`` by ``height``, the longer of which is 1: turning and slanting
    act on pixels, not on a stretched square. Shifts come last, so that they are shares of the copy's own size.
    """
    flip = np.diag((
        -1.0 if config.horizontal_flip and chance.heads("horizontal_flip") else 1.0,
        -1.0 if config.vertical_flip and chance.heads("vertical_flip") else 1.0,
        1.0,
    ))  # fmt: skip
    angle = math.radians(chance.within("rotation", config.rotation))
    cosine, sine = math.cos(angle), math.sin(angle)
    turn = np.array(((cosine, -sine, 0), (sine, cosine, 0), (0, 0, 1)))
    slant = np.array(((1, math.tan(math.radians(chance.within("shear", config.shear))), 0), (0, 1, 0), (0, 0, 1)))
    scale = 1 + chance.between("zoom", config.zoom_low, config.zoom_high)
    zoom = np.diag((scale, scale, 1.0))
    right = chance.within("width_shift", config.width_shift) * width
    down = chance.within("height_shift", config.height_shift) * height
    shift = np.array(((1, 0, right), (0, 1, down), (0, 0, 1)))
    moved: Matrix = shift @ zoom @ slant @ turn @ flip @ _cut_out(config.crop, chance, width, height)
    return moved


def _cut_out(least: float, chance: _Chance, width: float, height: float) -> Matrix:
    """Takes a part of the photo, of at least this share of its area and of its proportions, to the whole copy."""
    side = math.sqrt(chance.between("crop", least, 1))
    right = chance.within("crop_x", (1 - side) / 2) * width
    down = chance.within("crop_y", (1 - side) / 2) * height
    return np.array(((1, 0, -right), (0, 1, -down), (0, 0, side))) / side


def _warped(image: Photo, matrix: Matrix, fill: FillMode) -> Photo:
    """The photo moved by a matrix in units of its longer side, interpolated bilinearly."""
    height, width = image.shape[:2]
    longer = max(width, height)
    to_pixels = np.array(((longer, 0, width / 2), (0, longer, height / 2), (0, 0, 1)))
    inverse = to_pixels @ np.linalg.inv(matrix) @ np.linalg.inv(to_pixels)
    corners = inverse @ np.array(((0, width, 0, width), (0, 0, height, height), (1, 1, 1, 1)))
    left, top = (max(0, math.ceil(-side.min()) + 1) for side in corners[:2])
    right, bottom = (
        max(0, math.ceil(side.max() - length) + 1) for side, length in zip(corners[:2], (width, height), strict=True)
    )
    padded = Image.fromarray(np.pad(image, ((top, bottom), (left, right), (0, 0)), mode=_PADDING[fill]))
    inverse[0, 2] += left
    inverse[1, 2] += top
    moved = padded.transform(
        (width, height), Image.Transform.AFFINE, tuple(inverse[:2].ravel()), Image.Resampling.BILINEAR
    )
    return np.array(moved)


def _blurred(image: Photo, radius: float) -> Photo:
    """Blurred by so many px of a photo ``BLUR_WIDTH`` wide."""
    if radius == 0:
        return image
    return np.array(Image.fromarray(image).filter(ImageFilter.GaussianBlur(radius * image.shape[1] / BLUR_WIDTH)))


def _recoloured(image: Photo, config: AugmentationConfig, chance: _Chance) -> Photo:
    """With other brightness, contrast and strength of colours; clipped once, at the end."""
    if not (config.brightness or config.contrast or config.colour):
        return image
    colours: Colours = image.astype(np.float32)
    if config.brightness:
        colours *= np.float32(1 + chance.within("brightness", config.brightness))
    if config.contrast:
        mean = np.float32((colours @ _LUMA).mean())
        _scale(colours, mean, 1 + chance.within("contrast", config.contrast))
    if config.colour:
        _scale(colours, (colours @ _LUMA)[..., np.newaxis], 1 + chance.within("colour", config.colour))
    return np.rint(np.clip(colours, 0, 255)).astype(np.uint8)


def _scale(colours: Colours, middle: Colours | np.float32, factor: float) -> None:
    """Move colours, in place, to ``factor`` times their distance from the middle."""
    colours -= middle
    colours *= np.float32(factor)
    colours += middle
