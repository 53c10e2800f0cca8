"""Widths and heights of many photos at once: which of them lie in a range, what shapes they have."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tlstudio.datasets.dataset import Sample
from tlstudio.datasets.size_rule import SizeRule

_TOLERANCE: Final = 0.02
"""Sides of photos are whole numbers and often cut by a pixel or two: 500 × 333 is 3:2."""

_SQUARE_RATIO: Final = 1 / (1 - _TOLERANCE) + 1e-9  # 98 × 100 is square, whatever the last bit says
_CODE_BITS: Final = 32
_ANY_AREA: Final = SizeRule()


@dataclass(frozen=True, slots=True)
class Shape:
    """A proportion of the sides that photos have.

    Attributes:
        key: Stable key.
        words: What people call it.
        least: Greater than this is the ratio of the longer to the shorter side.
        most: At most this is the ratio.
        orientation: 1 for photos that are wider than high only, -1 for the others only, 0 for both.
    """

    key: str
    words: str
    least: float
    most: float
    orientation: int = 0


def _ratio(longer: int, shorter: int) -> Shape:
    ratio, name = longer / shorter, f"{longer}:{shorter}"
    return Shape(name, name, ratio * (1 - _TOLERANCE), ratio * (1 + _TOLERANCE))


ORIENTATIONS: Final = (
    Shape("landscape", "Wider than high", _SQUARE_RATIO, np.inf, 1),
    Shape("portrait", "Higher than wide", _SQUARE_RATIO, np.inf, -1),
    Shape("square", "Square (1:1)", 0.0, _SQUARE_RATIO),
)
"""Every photo has exactly one of these."""

RATIOS: Final = tuple(_ratio(*sides) for sides in ((5, 4), (4, 3), (3, 2), (8, 5), (16, 9), (2, 1)))
"""Ratios that cameras, screens and picture formats have, upright or not."""

SHAPES: Final = (*ORIENTATIONS, *RATIOS)


@dataclass(frozen=True, slots=True)
class SizeChoice:
    """Which sizes are looked at; everything that is given narrows further.

    Attributes:
        area: Bounds of width and height.
        codes: Sizes drawn around, ascending, as ``PhotoSizes.codes`` has them; None for any.
        shape: Key of one of ``SHAPES``; empty for any.
    """

    area: SizeRule = _ANY_AREA
    codes: tuple[int, ...] | None = None
    shape: str = ""

    @property
    def narrows(self) -> bool:
        """Whether anything is asked for."""
        return self != EVERY_SIZE


EVERY_SIZE: Final = SizeChoice()


@dataclass(frozen=True, slots=True, eq=False)
class PhotoSizes:
    """Sizes of photos, one entry a photo.

    Attributes:
        widths: (n,) in pixels.
        heights: (n,) in pixels.
    """

    widths: NDArray[np.int64]
    heights: NDArray[np.int64]

    @classmethod
    def of(cls, samples: Sequence[Sample]) -> "PhotoSizes":
        """The sizes of samples, in their order."""
        count = len(samples)
        return cls(
            np.fromiter((sample.width for sample in samples), np.int64, count),
            np.fromiter((sample.height for sample in samples), np.int64, count),
        )

    def __len__(self) -> int:
        return len(self.widths)

    @property
    def codes(self) -> NDArray[np.int64]:
        """(n,) One number for each size: two photos have the same number if they have the same size."""
        return (self.widths << _CODE_BITS) | self.heights

    def at(self, numbers: Sequence[int] | NDArray[np.int64]) -> "PhotoSizes":
        """The sizes of some of the photos."""
        places = np.asarray(numbers, np.int64)
        return PhotoSizes(self.widths[places], self.heights[places])

    def inside(self, rule: SizeRule) -> NDArray[np.bool_]:
        """(n,) Which photos a rule allows."""
        allowed = (self.widths >= rule.min_width) & (self.heights >= rule.min_height)
        if rule.max_width is not None:
            allowed &= self.widths <= rule.max_width
        if rule.max_height is not None:
            allowed &= self.heights <= rule.max_height
        if rule.exact is not None:
            allowed &= (self.widths == rule.exact[0]) & (self.heights == rule.exact[1])
        return allowed

    def objections(self, rule: SizeRule) -> dict[str, int]:
        """How many photos are outside a rule for each reason; each photo counts for the first one that it gives."""
        left, counts = np.ones(len(self), np.bool_), {}
        for words, bound in rule.bounds():
            outside = left & ~self.inside(bound)
            counts[words] = int(outside.sum())
            left &= ~outside
        return {words: count for words, count in counts.items() if count}

    def shaped(self, shape: Shape) -> NDArray[np.bool_]:
        """(n,) Which photos have a shape."""
        ratio = np.maximum(self.widths, self.heights) / np.maximum(np.minimum(self.widths, self.heights), 1)
        fits = (ratio > shape.least) & (ratio <= shape.most)
        if shape.orientation:
            fits &= (self.widths > self.heights) == (shape.orientation > 0)
        return fits

    def chosen(self, choice: SizeChoice) -> NDArray[np.bool_]:
        """(n,) Which photos a choice lets through."""
        found = self.inside(choice.area)
        if choice.codes is not None:
            found &= _among(self.codes, np.array(choice.codes, np.int64))
        for shape in SHAPES:
            if shape.key == choice.shape:
                found &= self.shaped(shape)
        return found

    def shapes(self) -> dict[str, int]:
        """How many photos have each shape, by its key."""
        return {shape.key: int(self.shaped(shape).sum()) for shape in SHAPES}

    def in_words(self) -> str:
        """The smallest, the middle and the largest size in a sentence; empty without photos."""
        if not len(self):
            return ""
        order = np.argsort(self.widths * self.heights, kind="stable")
        smallest, middle, largest = (self._size(int(order[place])) for place in (0, (len(order) - 1) // 2, -1))
        if smallest == largest:
            return f"All have {smallest} px." if len(self) > 1 else f"It has {smallest} px."
        return f"From {smallest} to {largest} px; half have {middle} px or less."

    def _size(self, place: int) -> str:
        return f"{int(self.widths[place]):,} × {int(self.heights[place]):,}"


def _among(values: NDArray[np.int64], ascending: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which values are among others: ``numpy.isin`` takes three times as long, since it doesn't know of their order."""
    if not len(ascending):
        return np.zeros(len(values), np.bool_)
    places = np.minimum(np.searchsorted(ascending, values), len(ascending) - 1)
    return np.asarray(ascending[places] == values)
