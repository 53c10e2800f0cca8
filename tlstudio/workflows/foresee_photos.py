"""Use case: what more photos would likely bring."""

from dataclasses import dataclass

import numpy as np

from tlstudio.datasets.dataset import Dataset
from tlstudio.errors import TLStudioError
from tlstudio.evaluation.learning_curve import LearningCurve, measure_learning_curve
from tlstudio.events import CancelToken, Emit
from tlstudio.runs.store import StoredRun
from tlstudio.workflows.frozen_features import frozen_features, groups_of, readable

_LEAST_PHOTOS = 40
_LEAST_OF_CLASS = 5


@dataclass(frozen=True, slots=True, eq=False)
class Foresight:
    """What was measured, and of which classes.

    Attributes:
        classes: Class names.
        counts: Photos of each.
        curve: How the share wrong falls.
    """

    classes: tuple[str, ...]
    counts: tuple[int, ...]
    curve: LearningCurve


def foresee_photos(dataset: Dataset, stored: StoredRun, *, emit: Emit, token: CancelToken) -> Foresight:
    """Learn from growing shares of the photos, and follow the curve on to twice as many.

    Args:
        dataset: The photos.
        stored: The run whose network looks at them.
        emit: Told ``Progress("features", ...)`` and ``Progress("curve", ...)``.
        token: Stops it.

    Raises:
        TLStudioError: If there are too few photos to tell, or the network can't be used.
        Cancelled: If a stop was asked for.
    """
    features = frozen_features(dataset, stored, emit=emit, token=token)
    counts = np.bincount(features.labels, minlength=len(features.classes))
    groups = groups_of(readable(dataset, features), stored)
    if len(features.labels) < _LEAST_PHOTOS or counts.min() < _LEAST_OF_CLASS:
        raise TLStudioError(
            "There are too few photos to tell what more would bring.",
            f"It takes {_LEAST_PHOTOS} in all and {_LEAST_OF_CLASS} of each class: more will surely help.",
        )
    curve = measure_learning_curve(
        features.vectors, features.labels, groups, len(features.classes), emit=emit, token=token
    )
    return Foresight(features.classes, tuple(counts.tolist()), curve)
