"""A linear classifier on features, solved to its optimum: the quick stand-in for a plain head trained in epochs."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tlstudio.evaluation.threads import threads_for

RIDGE: Final = 3e-4
"""Weight of the squared kernel in the loss: dropout before a linear layer acts as such a penalty (Wager 2013)."""

_ITERATIONS: Final = 300
_FLATNESS: Final = 1e-5
"""Largest entry of the gradient at which the optimum counts as reached; scores are settled to about 1e-3 by then."""

Vectors = NDArray[np.float32]
Labels = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class LinearHead:
    """Softmax of an affine map.

    Attributes:
        kernel: (d, classes), float32, for centred and scaled features.
        bias: (classes,), float32.
        centre: (d,) What is taken off the features.
        scale: What they are divided by then.
    """

    kernel: NDArray[np.float32]
    bias: NDArray[np.float32]
    centre: NDArray[np.float32]
    scale: float

    def scores(self, vectors: Vectors) -> NDArray[np.float32]:
        """From features (n, d) to scores (n, classes)."""
        logits = (vectors - self.centre) / np.float32(self.scale) @ self.kernel + self.bias
        return np.exp(_log_softmax(logits))


def fit_linear_head(
    vectors: Vectors, labels: Labels, n_classes: int, start: LinearHead | None = None, ridge: float = RIDGE
) -> LinearHead:
    """Minimise mean cross-entropy + ridge / 2 · |kernel|² with L-BFGS (Liu and Nocedal 1989).

    The loss is strictly convex in the kernel, so the optimum is the same wherever the search starts; a start near it,
    from almost the same labels, takes fewer steps.

    Args:
        vectors: (n, d) features; n is at least 1.
        labels: (n,) class indices.
        n_classes: How many classes there are, those without photos included.
        start: A head for almost the same photos; None to start from zero.
        ridge: Weight of the penalty.
    """
    from scipy.optimize import minimize

    centre = vectors.mean(axis=0)
    centred = vectors - centre
    scale = float(np.sqrt(np.mean(np.sum(centred**2, axis=1)))) or 1.0
    inputs = centred / np.float32(scale)
    d = inputs.shape[1]
    targets = np.eye(n_classes, dtype=np.float32)[labels]

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(d + 1, n_classes)
        logs = _log_softmax(inputs @ weights[:d].astype(np.float32) + weights[d].astype(np.float32))
        wrong = (np.exp(logs) - targets) / np.float32(len(labels))
        gradient = np.vstack((inputs.T @ wrong, wrong.sum(axis=0))).astype(np.float64)
        gradient[:d] += ridge * weights[:d]
        value = -float(np.sum(logs * targets, dtype=np.float64)) / len(labels)
        return value + ridge / 2 * float(np.sum(weights[:d] ** 2)), gradient.ravel()

    begin = _starting_weights(start, centre, scale, n_classes)
    with threads_for(vectors.size * n_classes):
        found = minimize(
            loss, begin.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": _ITERATIONS, "gtol": _FLATNESS}
        )
    weights = found.x.reshape(d + 1, n_classes).astype(np.float32)
    return LinearHead(weights[:d], weights[d], centre, scale)


def _starting_weights(
    start: LinearHead | None, centre: NDArray[np.float32], scale: float, n_classes: int
) -> NDArray[np.float64]:
    """(d + 1, classes): those of ``start`` for this centre and scale, or zeros."""
    shape = (len(centre), n_classes)
    if start is None or start.kernel.shape != shape:
        return np.zeros((shape[0] + 1, n_classes))
    kernel = start.kernel * np.float32(scale / start.scale)
    bias = start.bias + (centre - start.centre) / np.float32(start.scale) @ start.kernel
    return np.vstack((kernel, bias)).astype(np.float64)


def _log_softmax(logits: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    shifted = logits - logits.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True)), dtype=np.float32)
