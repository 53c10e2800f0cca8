"""How much a photo counts, by its class."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from tlstudio.errors import TLStudioError
from tlstudio.training.config import ClassWeights, Phase


def weights_of_classes(
    wanted: ClassWeights, labels: NDArray[np.int64], classes: Sequence[str]
) -> NDArray[np.float32] | None:
    """The weight of each class.

    Args:
        wanted: As in ``Phase``.
        labels: Class index of every photo that is learnt from, shape (photos,).
        classes: Their names.

    Returns:
        Shape (classes,); None if all count alike. A class without photos has weight 1.

    Raises:
        TLStudioError: If a class is named that isn't there, or no photo counts.
    """
    if wanted == "none":
        return None
    counts = np.bincount(labels, minlength=len(classes)).astype(np.float64)
    there = counts > 0
    if not isinstance(wanted, str):
        found = _by_hand(dict(wanted), classes)
    else:
        whole = counts.max() if wanted == "max_count" else counts.sum() / there.sum()
        found = np.where(there, whole / np.maximum(counts, 1), 1.0)
    if not (found[there] > 0).any():
        raise TLStudioError("No class counts: all weights are 0.", "Give one class at least a weight above 0.")
    return found.astype(np.float32)


def require_weights_of(phases: Iterable[Phase], classes: Sequence[str]) -> None:
    """Refuse weights by hand that mean nothing for these classes, before anything is computed.

    Raises:
        TLStudioError: As ``weights_of_classes``.
    """
    for phase in phases:
        if classes and not isinstance(phase.class_weights, str):
            weights_of_classes(phase.class_weights, np.arange(len(classes)), classes)


def _by_hand(named: dict[str, float], classes: Sequence[str]) -> NDArray[np.float64]:
    unknown = [name for name in named if name not in classes]
    if unknown:
        raise TLStudioError(
            f"There is a weight for “{unknown[0]}”, and no class of that name.",
            f"The classes are {', '.join(classes[:8])}{' and others' if len(classes) > 8 else ''}.",
        )
    return np.array([named.get(name, 1.0) for name in classes], np.float64)
