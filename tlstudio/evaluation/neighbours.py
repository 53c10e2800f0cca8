"""Which photos are like which others in feature space."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tlstudio.events import CancelToken

_BLOCK_NUMBERS: Final = 1 << 24
"""Similarities that are held at a time, in float32: 64 MB."""


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """The nearest photos of some photos.

    Attributes:
        rows: (n, k) Rows of the nearest ones, nearest first.
        likeness: (n, k) Their cosine similarity, -1 to 1.
    """

    rows: NDArray[np.int64]
    likeness: NDArray[np.float32]


def nearest_others(vectors: NDArray[np.float32], count: int, *, token: CancelToken | None = None) -> Neighbours:
    """The nearest other photos of every photo, by cosine.

    Args:
        vectors: (n, d) features.
        count: How many; all others if there are fewer.
        token: Stops it.

    Raises:
        Cancelled: If a stop was asked for.
    """
    units = _units(vectors)
    count = max(min(count, len(units) - 1), 0)
    found = []
    for start, likeness in _blocks(units, units):
        if token is not None:
            token.check()
        own = np.arange(len(likeness))
        likeness[own, own + start] = -np.inf
        found.append(_best(likeness, count))
    return _joined(found, count)


def _blocks(queries: NDArray[np.float32], units: NDArray[np.float32]) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Similarities of as many queries at a time as memory allows, with the number of the first of them."""
    step = max(_BLOCK_NUMBERS // max(len(units), 1), 1)
    for start in range(0, len(queries), step):
        yield start, queries[start : start + step] @ units.T


def _units(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, np.float32(1e-12)), dtype=np.float32)


def _best(likeness: NDArray[np.float32], count: int) -> Neighbours:
    some = np.argpartition(-likeness, max(count - 1, 0), axis=1)[:, :count]
    order = np.argsort(-np.take_along_axis(likeness, some, axis=1), axis=1, kind="stable")
    rows = np.take_along_axis(some, order, axis=1).astype(np.int64)
    return Neighbours(rows, np.take_along_axis(likeness, rows, axis=1))


def _joined(found: list[Neighbours], count: int) -> Neighbours:
    if not found:
        return Neighbours(np.zeros((0, count), np.int64), np.zeros((0, count), np.float32))
    return Neighbours(np.concatenate([part.rows for part in found]), np.concatenate([part.likeness for part in found]))
