"""Varied copies of training photos."""

import hashlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tlstudio.errors import TLStudioError

AUGMENTATION_VERSION = 1
"""Part of the key of everything computed from varied copies; raise it when the same seed gives other pixels."""

Matrix = NDArray[np.float64]
Photo = NDArray[np.uint8]
Colours = NDArray[np.float32]

# Luma of ITU-R BT.601, which is also what Pillow's conversion to grey uses.
_LUMA = np.array((0.299, 0.587, 0.114), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class AugmentationConfig:
    """Which variations are applied, and how many varied copies of each training photo are kept.

    Attributes:
        names: Entries of ``AUGMENTATIONS``, applied in the order of that table.
        views: Varied copies of each training photo beside the photo itself; 0 switches augmentation off.
    """

    names: tuple[str, ...] = ()
    views: int = 0

    def __post_init__(self) -> None:
        if self.views < 0:
            raise ValueError(f"views must be 0 or more, not {self.views}")


def _flip(rng: np.random.Generator) -> Matrix:
    return np.diag((-1.0 if rng.random() < 0.5 else 1.0, 1.0, 1.0))


def _rotate(rng: np.random.Generator) -> Matrix:
    angle = math.radians(rng.uniform(-20, 20))
    cosine, sine = math.cos(angle), math.sin(angle)
    return np.array(((cosine, -sine, 0), (sine, cosine, 0), (0, 0, 1)))


def _shift(rng: np.random.Generator) -> Matrix:
    right, down = rng.uniform(-0.1, 0.1, 2)
    return np.array(((1, 0, right), (0, 1, down), (0, 0, 1)))


def _zoom(rng: np.random.Generator) -> Matrix:
    scale = rng.uniform(0.8, 1.2)
    return np.diag((scale, scale, 1.0))


def _shear(rng: np.random.Generator) -> Matrix:
    return np.array(((1, math.tan(math.radians(rng.uniform(-10, 10))), 0), (0, 1, 0), (0, 0, 1)))


def _brightness(colours: Colours, rng: np.random.Generator) -> Colours:
    return colours * np.float32(rng.uniform(0.8, 1.2))


def _contrast(colours: Colours, rng: np.random.Generator) -> Colours:
    mean = np.float32((colours @ _LUMA).mean())
    return np.asarray(mean + (colours - mean) * np.float32(rng.uniform(0.8, 1.2)), dtype=np.float32)


def _colour(colours: Colours, rng: np.random.Generator) -> Colours:
    grey = (colours @ _LUMA)[..., np.newaxis]
    return np.asarray(grey + (colours - grey) * np.float32(rng.uniform(0.7, 1.3)), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Augmentation:
    """One kind of variation; has either ``warp`` or ``recolour``.

    Attributes:
        name: Stable key.
        title: What a control calls it.
        description: One sentence with the range.
        warp: Draws a 3 x 3 matrix that maps points of the photo to points of the copy. The origin is the middle; the
            photo is 1 long on its longer side.
        recolour: Varies float32 colours of shape (height, width, 3) in 0..255; may leave that range.
    """

    name: str
    title: str
    description: str
    warp: Callable[[np.random.Generator], Matrix] | None = None
    recolour: Callable[[Colours, np.random.Generator], Colours] | None = None


AUGMENTATIONS: tuple[Augmentation, ...] = (
    Augmentation("flip", "Mirror", "Left and right change places in half of the copies.", warp=_flip),
    Augmentation("rotate", "Turn", "Turned by up to 20° to either side.", warp=_rotate),
    Augmentation("shift", "Shift", "Shifted by up to 10 % in each direction.", warp=_shift),
    Augmentation("zoom", "Zoom", "Up to 20 % larger or smaller.", warp=_zoom),
    Augmentation("shear", "Slant", "Slanted by up to 10° to either side.", warp=_shear),
    Augmentation("brightness", "Brightness", "Up to 20 % brighter or darker.", recolour=_brightness),
    Augmentation("contrast", "Contrast", "Up to 20 % more or less contrast.", recolour=_contrast),
    Augmentation("colour", "Colour", "Colours up to 30 % stronger or paler.", recolour=_colour),
)

DEFAULT_AUGMENTATIONS: tuple[str, ...] = ("flip", "rotate", "shift", "zoom", "brightness")
"""For photos taken by hand of things that have no left and right."""


def augment(image: Photo, names: Sequence[str], rng: np.random.Generator) -> Photo:
    """One varied copy.

    All geometric variations are one warp, so that the photo is interpolated once.

    Args:
        image: (height, width, 3) RGB; not changed.
        names: Entries of ``AUGMENTATIONS``, in any order.
        rng: Source of chance.

    Returns:
        (height, width, 3) RGB.

    Raises:
        TLStudioError: If a name is not in the table.
    """
    entries = _selected(names)
    matrix: Matrix = np.eye(3)
    for entry in entries:
        if entry.warp is not None:
            matrix = entry.warp(rng) @ matrix
    warped = image.copy() if np.array_equal(matrix, np.eye(3)) else _warped(image, matrix)
    recolours = [entry.recolour for entry in entries if entry.recolour is not None]
    if not recolours:
        return warped
    colours = warped.astype(np.float32)
    for recolour in recolours:
        colours = recolour(colours, rng)
    return np.rint(np.clip(colours, 0, 255)).astype(np.uint8)


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
        TLStudioError: If a name of the config is not in the table.
        ValueError: If there is no such view.
    """
    if not 0 <= view <= config.views:
        raise ValueError(f"view must be 0 to {config.views}, not {view}")
    if view == 0:
        return image
    return augment(image, config.names, np.random.default_rng(view_seed(seed, digest, view)))


def view_seed(seed: int, digest: str, view: int) -> int:
    """The seed of one varied copy: the same on every machine, whatever the order in which copies are made."""
    return int.from_bytes(hashlib.sha256(f"{seed}:{digest}:{view}".encode()).digest()[:16], "big")


def _selected(names: Sequence[str]) -> list[Augmentation]:
    known = {entry.name for entry in AUGMENTATIONS}
    unknown = [name for name in names if name not in known]
    if unknown:
        listed = ", ".join(entry.name for entry in AUGMENTATIONS)
        raise TLStudioError(f"There is no variation called “{unknown[0]}”.", f"The known ones are {listed}.")
    return [entry for entry in AUGMENTATIONS if entry.name in names]


def _warped(image: Photo, matrix: Matrix) -> Photo:
    """The photo moved by a matrix in units of the photo, its edges continued by reflection."""
    height, width = image.shape[:2]
    to_pixels = np.array(((width, 0, width / 2), (0, height, height / 2), (0, 0, 1)))
    # Turning and slanting act on pixels, not on a stretched square.
    square = np.diag((width / max(width, height), height / max(width, height), 1.0))
    inverse = to_pixels @ np.linalg.inv(square) @ np.linalg.inv(matrix) @ square @ np.linalg.inv(to_pixels)
    corners = inverse @ np.array(((0, width, 0, width), (0, 0, height, height), (1, 1, 1, 1)))
    left, top = (max(0, math.ceil(-side.min()) + 1) for side in corners[:2])
    right, bottom = (
        max(0, math.ceil(side.max() - length) + 1) for side, length in zip(corners[:2], (width, height), strict=True)
    )
    padded = Image.fromarray(np.pad(image, ((top, bottom), (left, right), (0, 0)), mode="symmetric"))
    inverse[0, 2] += left
    inverse[1, 2] += top
    moved = padded.transform(
        (width, height), Image.Transform.AFFINE, tuple(inverse[:2].ravel()), Image.Resampling.BILINEAR
    )
    return np.array(moved)
