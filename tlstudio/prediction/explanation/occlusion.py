"""Occlusion sensitivity (Zeiler and Fergus, "Visualizing and understanding convolutional networks", ECCV 2014).

Parts of a photo are covered one after the other; where the score of a class falls, there was what spoke for it. It
needs nothing but answers, so it holds for every network.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tlstudio.events import CancelToken
from tlstudio.modeling.engine import BATCH
from tlstudio.prediction.explanation.heat_map import HeatMap, normalised

Compute = Callable[[NDArray[np.uint8]], NDArray[np.float32]]
"""Scores of photos: from (n, S, S, 3) to (n, classes)."""

CELLS: Final = 14
"""Places in each direction; a patch covers three of them, so that each place is under up to nine patches."""

_COVERED: Final = 3


def occlusion_map(compute: Compute, picture: NDArray[np.uint8], class_index: int, *, token: CancelToken) -> HeatMap:
    """What speaks for a class: how much its score falls where the photo is covered with its mean colour.

    Args:
        compute: Asks the network.
        picture: (S, S, 3) RGB.
        class_index: The class.
        token: Stops it.

    Raises:
        Cancelled: If a stop was asked for.
    """
    cells = min(CELLS, picture.shape[0])
    edges = np.linspace(0, picture.shape[0], cells + 1).round().astype(int)
    span = min(_COVERED, cells)
    places = [(row, column) for row in range(cells - span + 1) for column in range(cells - span + 1)]
    mean = picture.reshape(-1, 3).mean(axis=0).round().astype(np.uint8)
    whole = float(compute(picture[None])[0, class_index])
    falls, times = np.zeros((cells, cells), np.float32), np.zeros((cells, cells), np.float32)
    for start in range(0, len(places), BATCH):
        token.check()
        some = places[start : start + BATCH]
        covered = np.repeat(picture[None], len(some), axis=0)
        for number, (row, column) in enumerate(some):
            covered[number, edges[row] : edges[row + span], edges[column] : edges[column + span]] = mean
        for (row, column), score in zip(some, compute(covered)[:, class_index], strict=True):
            falls[row : row + span, column : column + span] += whole - float(score)
            times[row : row + span, column : column + span] += 1
    return HeatMap(normalised(falls / times), class_index, "occlusion")
