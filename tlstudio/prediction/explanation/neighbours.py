"""The photos that a model learnt from and that it finds most like another one."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tlstudio.datasets.looks.embeddings import Vectors
from tlstudio.events import CancelToken

_CHUNK_BYTES: Final = 32 << 20


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A photo that was learnt from.

    Attributes:
        path: Relative to the root of the run's photos.
        class_index: Its label.
        likeness: Cosine of the angle between the features of the two photos, up to 1 for the same.
    """

    path: str
    class_index: int
    likeness: float


class NeighbourIndex:
    """Rows of features to be looked through; they stay on disk, and their lengths are computed once."""

    def __init__(self, vectors: Vectors) -> None:
        self._vectors = vectors
        self._lengths: NDArray[np.float32] | None = None

    def nearest(
        self, vector: NDArray[np.float32], count: int, *, token: CancelToken
    ) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """The rows that are most like a vector, the most alike first.

        Exact: all rows are read in chunks of 32 MB. 100,000 rows of 1280 numbers are 0.5 GB.

        Args:
            vector: (d,), or (..., ) with as many numbers as a row has.
            count: How many are wanted.
            token: Stops it.

        Returns:
            Row numbers and cosines, at most ``count`` of each.

        Raises:
            Cancelled: If a stop was asked for.
        """
        total = len(self._vectors)
        wanted = vector.ravel().astype(np.float32)
        products = np.empty(total, np.float32)
        lengths = np.empty(total, np.float32) if self._lengths is None else self._lengths
        step = max(_CHUNK_BYTES // max(wanted.nbytes, 1), 1)
        for start in range(0, total, step):
            token.check()
            rows = np.arange(start, min(start + step, total), dtype=np.intp)
            block = np.asarray(self._vectors[rows], dtype=np.float32).reshape(len(rows), -1)
            products[rows] = block @ wanted
            if self._lengths is None:
                lengths[rows] = np.sqrt(np.einsum("nd,nd->n", block, block))
        self._lengths = lengths
        cosines = products / np.maximum(lengths * np.float32(np.linalg.norm(wanted)), np.float32(1e-9))
        best = np.argpartition(-cosines, min(count, total) - 1)[:count] if total else np.zeros(0, np.intp)
        best = best[np.argsort(-cosines[best], kind="stable")]
        return best, cosines[best]
