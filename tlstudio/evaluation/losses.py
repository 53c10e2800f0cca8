"""The error that training lowers."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

KERAS_EPSILON: Final = 1e-7


def log_loss(scores: NDArray[np.floating[Any]], labels: NDArray[np.integer[Any]]) -> float:
    """Mean negative natural logarithm of the score given to the label, as Keras computes it.

    Args:
        scores: Softmax outputs, shape (n, classes); n is at least 1. Scores of 0 count as Keras's epsilon.
        labels: True class indices, shape (n,).
    """
    given = scores[np.arange(len(labels)), labels].astype(np.float64)
    return float(-np.log(np.clip(given, KERAS_EPSILON, 1.0)).mean())
