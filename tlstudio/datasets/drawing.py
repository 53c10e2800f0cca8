"""A few photos of each class: drawn at random, or by their number."""

import zlib
from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

_GOLDEN: Final = 0x9E3779B97F4A7C15
_MASK: Final = (1 << 64) - 1


def lots_of(paths: Iterable[str]) -> NDArray[np.uint64]:
    """(n,) A number for each photo by which it is drawn; it depends on its path alone."""
    return np.fromiter((zlib.crc32(path.encode("utf-8", "surrogateescape")) for path in paths), np.uint64)


def draw_per_class(classes: NDArray[np.int64], lots: NDArray[np.uint64], count: int, seed: int) -> NDArray[np.int64]:
    """Draw some photos of each class.

    The same seed draws the same photos. A photo that comes or goes changes at most one of those drawn of its class.

    Args:
        classes: (n,) Class of each photo.
        lots: (n,) Their numbers from ``lots_of``.
        count: Photos of each class; a class that has fewer gives all.
        seed: Any whole number.

    Returns:
        Places of the photos drawn: class by class, in the order in which they were drawn.
    """
    order = np.lexsort((_mixed(lots, seed), classes))
    ordered = classes[order]
    first = np.searchsorted(ordered, ordered)  # where the class of each begins
    return order[np.arange(len(order)) - first < count]


def nth_per_class(classes: NDArray[np.int64], number: int) -> NDArray[np.int64]:
    """Choose the photo of one number, from 1, in each class.

    Args:
        classes: (n,) Class of each photo.
        number: Which photo; classes that have fewer give none.

    Returns:
        Places of the photos chosen, class by class.
    """
    order = np.argsort(classes, kind="stable")
    ordered = classes[order]
    first = np.searchsorted(ordered, ordered)
    chosen: NDArray[np.int64] = order[np.arange(len(order)) - first == number - 1]
    return chosen


def _mixed(lots: NDArray[np.uint64], seed: int) -> NDArray[np.uint64]:
    """Numbers without any pattern: the finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014, figure 17)."""
    mixed = lots + np.uint64((seed + 1) * _GOLDEN & _MASK)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
