"""What a network says of photos, as vectors whose angles tell how alike it finds them."""

from collections.abc import Iterator
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from tlstudio.datasets.looks.likeness import Codes, Rows, cosine

_AT_ONCE = 4096  # rows: 20 MB of the widest features in use
_CODE_BITS: Final = 64


class Vectors(Protocol):
    """Rows of features, which may lie on disk; an array of shape (n, d) is one."""

    def __len__(self) -> int:
        """Number of rows."""

    def __getitem__(self, rows: Rows, /) -> NDArray[np.float32]:
        """Some of the rows, (len(rows), d)."""


class Embedding:
    """Some rows of features less their mean, so that what all photos have in common doesn't count."""

    def __init__(self, features: Vectors, rows: Rows) -> None:
        """Read all rows once; they are not kept.

        Args:
            features: Of more rows, maybe.
            rows: Which of them count, at least one.
        """
        self._features = features
        self._rows = rows
        total = sum(np.asarray(part.sum(axis=0, dtype=np.float64)) for part in self._parts())
        self._mean = np.asarray(total / len(rows), dtype=np.float32)

    def cosine(self, first: Rows, second: Rows) -> NDArray[np.float32]:
        """Cosine of the angle between pairs of rows, -1 to 1."""
        one, other = self._features[self._rows[first]], self._features[self._rows[second]]
        return cosine(one - self._mean, other - self._mean)

    def codes(self, sets: int) -> list[Codes]:
        """Several 64-bit codes of each row: the share of bits that differ is the angle in half-turns.

        Random hyperplanes (Charikar, "Similarity estimation techniques from rounding algorithms", STOC 2002).

        Returns:
            ``sets`` arrays of shape (n,), each with planes of its own.
        """
        planes = np.random.default_rng(0).standard_normal((len(self._mean), sets * _CODE_BITS)).astype(np.float32)
        bits = [np.packbits((part - self._mean) @ planes > 0, axis=1) for part in self._parts()]
        codes = np.ascontiguousarray(np.concatenate(bits)).view(np.uint64)
        return [np.ascontiguousarray(codes[:, number]) for number in range(sets)]

    def _parts(self) -> Iterator[NDArray[np.float32]]:
        for start in range(0, len(self._rows), _AT_ONCE):
            yield self._features[self._rows[start : start + _AT_ONCE]]
