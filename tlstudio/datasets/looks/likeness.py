"""Finding what looks alike among many photos, without comparing each with each."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint64]
Rows = NDArray[np.intp]
Judge = Callable[[Rows, Rows], NDArray[np.bool_]]

_BITS = 64
_CHUNK = 16
# Sorted by the rest of their bits, the most alike of a large bucket stand side by side; comparing only so many keeps
# thousands of frames of one film from being compared each with each.
_NEIGHBOURS = 32
_JUDGED_AT_ONCE = 1 << 13
_BITS_SET = np.array([value.bit_count() for value in range(256)], dtype=np.uint8)


def distance(first: Codes, second: Codes) -> NDArray[np.int64]:
    """Number of bits in which 64-bit codes differ (Hamming distance), element by element."""
    different = np.ascontiguousarray(first ^ second)
    counts = _BITS_SET[different.view(np.uint8)].reshape(-1, _BITS // 8)
    return np.asarray(counts.sum(axis=1), dtype=np.int64)


def correlation(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Pearson's correlation of small pictures, row by row; 0 where one of them has no contrast.

    Args:
        first: (n, pixels).
        second: (n, pixels).

    Returns:
        (n,), -1 to 1.
    """
    return cosine(_centred(first), _centred(second))


def cosine(first: NDArray[np.float32], second: NDArray[np.float32]) -> NDArray[np.float32]:
    """Cosine of the angle between vectors, row by row; 0 where one of them has no length.

    Args:
        first: (n, d).
        second: (n, d).

    Returns:
        (n,), -1 to 1.
    """
    products = np.einsum("nd,nd->n", first, second)
    lengths = np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1)
    return np.asarray(products / np.maximum(lengths, 1e-9), dtype=np.float32)


def link(codes: Codes, limit: int, judge: Judge) -> Rows:
    """Components of the graph whose edges are pairs with alike codes that a judge takes for alike.

    Multi-index hashing (Norouzi, Punjani and Fleet, "Fast search in Hamming space with multi-index hashing", CVPR
    2012): codes that differ in few bits agree in most of at least one of their four chunks of 16 bits, so that sorting
    by each chunk with each of its bits left out in turn brings them together. That finds every pair that differs in up
    to 7 bits, 96 % of those with 8 and 78 % of those with 10, as long as not more than 32 share a chunk; time and
    memory grow with n log n and n.

    Args:
        codes: (n,) 64-bit codes.
        limit: Greatest number of bits that may differ.
        judge: Given the rows of pairs, says which pairs are alike.

    Returns:
        (n,) number of the component that each row is in.
    """
    labels: Rows = np.arange(len(codes), dtype=np.intp)
    parts = codes.view(np.uint16).reshape(-1, _BITS // _CHUNK)
    for chunk in range(_BITS // _CHUNK):
        # Another chunk holds the highest bits each time, which decide the order.
        turned: Codes = np.roll(parts, chunk, axis=1).view(np.uint64).ravel()
        for bit in range(_BITS - _CHUNK, _BITS):
            kept = turned & ~np.uint64(1 << bit)
            order = np.argsort(kept)
            for first, second in _neighbours(kept[order] >> np.uint64(_BITS - _CHUNK), order):
                labels = _joined(labels, codes, limit, judge, first, second)
    return labels


def judged(judge: Judge, first: Rows, second: Rows) -> NDArray[np.bool_]:
    """The verdicts of a judge on pairs of rows, asked for some thousands at a time to keep memory flat."""
    slices = [slice(start, start + _JUDGED_AT_ONCE) for start in range(0, len(first), _JUDGED_AT_ONCE)]
    return np.concatenate([np.zeros(0, dtype=np.bool_), *(judge(first[part], second[part]) for part in slices)])


def components(count: int, first: Sequence[int] | Rows, second: Sequence[int] | Rows) -> Rows:
    """Number of the connected component of each of ``count`` nodes, for edges from ``first`` to ``second``."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    starts, ends = np.asarray(first, dtype=np.intp), np.asarray(second, dtype=np.intp)
    graph = coo_array((np.ones(len(starts), dtype=np.int8), (starts, ends)), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.intp)


def members(labels: Rows) -> list[tuple[int, ...]]:
    """Rows of each component that has more than one, ascending; the component with the smallest row first."""
    order = np.argsort(labels, kind="stable")
    ends = np.flatnonzero(np.diff(labels[order])) + 1
    parts = np.split(order, ends)
    return sorted(tuple(int(row) for row in part) for part in parts if len(part) > 1)


def _neighbours(sorted_keys: Codes, order: Rows) -> Iterator[tuple[Rows, Rows]]:
    """Pairs of rows with the same key, first those that are one place apart, then two, and so on."""
    places: Rows = np.arange(len(order), dtype=np.intp)
    for apart in range(1, _NEIGHBOURS + 1):
        places = places[places + apart < len(order)]
        places = places[sorted_keys[places] == sorted_keys[places + apart]]
        if not len(places):
            return
        yield order[places], order[places + apart]


def _joined(labels: Rows, codes: Codes, limit: int, judge: Judge, first: Rows, second: Rows) -> Rows:
    """The labels once pairs that are alike are in one component; those that are already are not compared."""
    new = labels[first] != labels[second]
    first, second = first[new], second[new]
    near = distance(codes[first], codes[second]) <= limit
    first, second = first[near], second[near]
    alike = judged(judge, first, second)
    return components(len(labels), labels[first[alike]], labels[second[alike]])[labels] if alike.any() else labels


def _centred(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
    values = pictures.astype(np.float32)
    return np.asarray(values - values.mean(axis=1, keepdims=True), dtype=np.float32)
