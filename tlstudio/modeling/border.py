"""What a network says of the border of photos alone: their middle, where most of what they show is, is grey."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tlstudio.modeling.features import Source

BORDER: Final = 0.1
"""Width of the border on each side, as a share of the photo: four fifths of its width and height are grey."""

_GREY: Final = 127


@dataclass(frozen=True, slots=True)
class BorderSource(Source):
    """Where features of the border come from; they are kept beside those of the whole photos."""

    def entry(self, digest: str, view: int) -> str:
        """Name of an entry; there is no varied copy of a border."""
        return f"{digest}:border:{view}"

    def variant(self, picture: NDArray[np.uint8], digest: str, view: int) -> NDArray[np.uint8]:  # noqa: ARG002
        """The photo with a grey middle."""
        return with_grey_middle(picture)


def with_grey_middle(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A photo of which only the border is left.

    Args:
        picture: (height, width, 3).

    Returns:
        A copy with ``BORDER`` of it on each side as it was, and grey inside.
    """
    height, width = picture.shape[:2]
    top, left = round(height * BORDER), round(width * BORDER)
    covered = picture.copy()
    covered[top : height - top, left : width - left] = _GREY
    return covered
