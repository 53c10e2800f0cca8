"""What a photo looks like in a few numbers, found while it is decoded for the first time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

FACTS_SIDE = 128
"""Longest side, in pixels, at which photos are judged: what can't be seen there doesn't matter for learning either."""

_HASH_SIDE = 32
_HASH_FREQUENCIES = 8
_LAYOUT_SIDE = 16
_FINE, _COARSE = 1, 4
# The strongest structures count, not the mean: most of a good close-up is a soft background.
_PEAK = 0.99

_FREQUENCIES = np.arange(_HASH_FREQUENCIES)[:, np.newaxis]
_DCT = np.cos(np.pi / _HASH_SIDE * _FREQUENCIES * (np.arange(_HASH_SIDE) + 0.5)).astype(np.float32)


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """Numbers that tell blank, dark, blurred and similar photos.

    Attributes:
        brightness: Mean luma, 0 (black) to 1 (white).
        contrast: Standard deviation of the luma, 0 to 0.5.
        sharpness: Strength of the finest structures in proportion to coarser ones, 0 or more: about 0.9 for most
            photos, below 0.3 where one is blurred; 1 for a photo too small to tell.
        fingerprint: 64-bit perceptual hash: few bits differ between photos that look alike.
        taken: Capture time of the EXIF data, "2024-05-06T12:13:14"; "" where there is none.
        layout: Luma of the photo reduced to 16 x 16 pixels, row by row; empty where it was not kept.
    """

    brightness: float
    contrast: float
    sharpness: float
    fingerprint: int
    taken: str = ""
    layout: bytes = b""


def measure(photo: Image.Image, taken: str = "") -> PhotoFacts:
    """The facts of one photo.

    Args:
        photo: Upright, mode L, no side longer than ``FACTS_SIDE``.
        taken: Capture time, as ``PhotoFacts`` keeps it.
    """
    luma = np.asarray(photo, dtype=np.int16)
    return PhotoFacts(
        brightness=float(luma.mean()) / 255,
        contrast=float(luma.std()) / 255,
        sharpness=_sharpness(luma),
        fingerprint=_fingerprint(photo),
        taken=taken,
        layout=photo.resize((_LAYOUT_SIDE, _LAYOUT_SIDE), Image.Resampling.BOX).tobytes(),
    )


def _sharpness(luma: NDArray[np.int16]) -> float:
    """How strong the Laplacian is beside the differences over a few pixels; (height, width) luma, 0 to 255.

    The Laplacian's strength is a usual measure of focus (Pertuz, Puig and Garcia, "Analysis of focus measure operators
    for shape-from-focus", Pattern Recognition 46, 2013). Dividing it by the strength of coarser edges, as Crete et al.
    ("The blur effect", SPIE 6492, 2007) compare a photo with itself blurred, keeps fog and low contrast out of it.
    """
    if min(luma.shape) <= _COARSE:
        return 1.0
    centre = luma[_FINE:-_FINE, _FINE:-_FINE]
    around = luma[: -2 * _FINE, 1:-1] + luma[2 * _FINE :, 1:-1] + luma[1:-1, : -2 * _FINE] + luma[1:-1, 2 * _FINE :]
    fine = _peak(4 * centre - around)
    coarse = max(_peak(luma[:, _COARSE:] - luma[:, :-_COARSE]), _peak(luma[_COARSE:] - luma[:-_COARSE]))
    return fine / max(coarse, 1.0)


def _peak(differences: NDArray[np.int16]) -> float:
    """What only one in a hundred absolute values exceeds."""
    strengths = np.abs(differences).ravel()
    place = int(_PEAK * (strengths.size - 1))
    return float(np.partition(strengths, place)[place])


def _fingerprint(photo: Image.Image) -> int:
    """The perceptual hash pHash.

    Signs of the lowest 8 x 8 frequencies of the DCT-II of 32 x 32 pixels around their median (Zauner, "Implementation
    and benchmarking of perceptual image hash functions", 2010, 3.2.1); the mean of the photo has no say in the median.
    """
    small = np.asarray(photo.resize((_HASH_SIDE, _HASH_SIDE), Image.Resampling.BILINEAR), dtype=np.float32)
    coefficients = (_DCT @ small @ _DCT.T).ravel()
    bits = coefficients > np.median(coefficients[1:])
    return int.from_bytes(np.packbits(bits).tobytes(), "big")
