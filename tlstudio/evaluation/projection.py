"""Photos as points in a plane: those that the network finds alike lie near each other."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tlstudio.evaluation.threads import threads_for
from tlstudio.events import CancelToken, Emit, Progress

MOST_PHOTOS: Final = 5_000
"""More points can't be told apart, and t-SNE would take minutes."""

_TSNE_INPUT: Final = 50
_ROUNDS: Final = 4
_STEPS: Final = 250
_PERPLEXITY: Final = 30.0
_FIRST_WIDTH: Final = 1e-4
_COST_OF_POINT: Final = 50_000


def some_of(count: int, most: int = MOST_PHOTOS) -> NDArray[np.int64]:
    """Which of so many photos are shown: all, or ``most`` of them picked at random, the same ones each time."""
    if count <= most:
        return np.arange(count, dtype=np.int64)
    return np.sort(np.random.default_rng(0).permutation(count)[:most]).astype(np.int64)


def principal_components(vectors: NDArray[np.float32], count: int = 2) -> NDArray[np.float32]:
    """The directions in which photos differ most (PCA).

    Args:
        vectors: (n, d) features.
        count: How many directions.

    Returns:
        (n, count); directions that so few photos don't have are 0.
    """
    from sklearn.decomposition import PCA

    possible = min(count, *vectors.shape)
    points = np.zeros((len(vectors), count), dtype=np.float32)
    if len(vectors) > 1:
        points[:, :possible] = PCA(possible, svd_solver="randomized", random_state=0).fit_transform(vectors)
    return points


def neighbour_map(vectors: NDArray[np.float32], *, emit: Emit, token: CancelToken) -> NDArray[np.float32]:
    """A map that keeps neighbours together (t-SNE; L. van der Maaten and G. Hinton, JMLR 9, 2008).

    It is made in several rounds, each from where the one before has ended, so that it can be stopped in between.

    Args:
        vectors: (n, d) features.
        emit: Told ``Progress("map", ...)``.
        token: Stops it.

    Returns:
        (n, 2); distances between far groups mean nothing.

    Raises:
        Cancelled: If a stop was asked for.
    """
    from sklearn.manifold import TSNE

    reduced = principal_components(vectors, min(_TSNE_INPUT, *vectors.shape))
    points = principal_components(vectors)
    if len(vectors) < 4:
        return points
    points *= np.float32(_FIRST_WIDTH / max(float(points[:, 0].std()), 1e-12))
    for number in range(_ROUNDS):
        token.check()
        emit(Progress("map", number, _ROUNDS))
        method: Any = TSNE(
            perplexity=min(_PERPLEXITY, (len(vectors) - 1) / 3),
            early_exaggeration=12.0 if number == 0 else 1.0,
            max_iter=_STEPS,
            init=points,
            random_state=0,
        )
        with threads_for(len(vectors) * _COST_OF_POINT):
            points = np.asarray(method.fit_transform(reduced), dtype=np.float32)
    emit(Progress("map", _ROUNDS, _ROUNDS))
    return points
