"""In which order the classes of a confusion matrix stand. Knows no Qt."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tlstudio.ui.widgets.matrix_layout import row_shares

ClassSort = Literal["given", "name", "size", "confused", "clustered"]
"""As in the data set; by name; the most photos first; the most mistakes first; those that are confused side by side."""


def class_order(classes: Sequence[str], counts: ArrayLike, sort: ClassSort) -> list[int]:
    """The n indices of the classes, each once, in the order in which they stand; equal ones as in the data set.

    Args:
        classes: n names.
        counts: (n, n) photos; rows what they are, columns what the model says.
        sort: What decides. "clustered" imports SciPy's clustering, which takes a moment: not in the GUI thread.
    """
    matrix = np.asarray(counts)
    indices = range(len(classes))
    match sort:
        case "name":
            return sorted(indices, key=lambda index: classes[index].casefold())
        case "size":
            return _largest_first(matrix.sum(axis=1))
        case "confused":
            return _largest_first(matrix.sum(axis=0) + matrix.sum(axis=1) - 2 * matrix.diagonal())
        case "clustered":
            return clustered(matrix)
    return list(indices)


def clustered(counts: ArrayLike) -> list[int]:
    """An order in which classes that are confused with each other lie side by side.

    Hierarchical clustering with average linkage on the symmetrised shares of the confusions, and of the orders that the
    tree allows the one whose neighbours are the most alike (Bar-Joseph, Gifford and Jaakkola, "Fast optimal leaf
    ordering for hierarchical clustering", Bioinformatics 17, 2001).

    Args:
        counts: (n, n) photos; rows what they are, columns what the model says.

    Returns:
        The n indices, each once; as they are where nothing is confused.
    """
    distances = _distances(counts)
    if len(distances) < 3 or (distances[~np.eye(len(distances), dtype=bool)] == 1).all():
        return list(range(len(distances)))
    from scipy.cluster.hierarchy import leaves_list, linkage
    from scipy.spatial.distance import squareform

    tree = linkage(squareform(distances, checks=False), method="average", optimal_ordering=True)
    order: list[int] = leaves_list(tree).tolist()
    return order if order.index(0) <= len(order) // 2 else order[::-1]


def _distances(counts: ArrayLike) -> NDArray[np.float64]:
    """How little two classes are confused, 0 to 1, (n, n): 1 for never, near 0 for the pair that is confused most."""
    shares = row_shares(counts)
    alike = (shares + shares.T) / 2
    np.fill_diagonal(alike, 0)
    distances: NDArray[np.float64] = 1 - alike / max(float(alike.max(initial=0)), 1e-12) * 0.99
    np.fill_diagonal(distances, 0)
    return distances


def _largest_first(sizes: NDArray[np.int64]) -> list[int]:
    order: list[int] = np.argsort(-sizes, kind="stable").tolist()
    return order
