"""Use case: lay the photos of a run out in a plane, those that are alike beside each other."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tlstudio.datasets.dataset import Dataset, Sample
from tlstudio.evaluation.projection import neighbour_map, principal_components, some_of
from tlstudio.events import CancelToken, Emit
from tlstudio.runs.store import StoredRun
from tlstudio.workflows.frozen_features import frozen_features

Method = Literal["pca", "tsne"]


@dataclass(frozen=True, slots=True, eq=False)
class PhotoMap:
    """Photos and their places.

    Attributes:
        root: Folder that the photos' paths are relative to.
        classes: Class names.
        samples: (n,) The photos.
        labels: (n,) Their class indices.
        points: (n, 2) Their places.
        left_aside: Photos that are not shown, since there are so many.
    """

    root: str
    classes: tuple[str, ...]
    samples: tuple[Sample, ...]
    labels: NDArray[np.int64]
    points: NDArray[np.float32]
    left_aside: int


def map_photos(
    dataset: Dataset, stored: StoredRun, method: Method = "pca", *, emit: Emit, token: CancelToken
) -> PhotoMap:
    """Lay photos out by what the network under a run says of them.

    Args:
        dataset: The photos.
        stored: The run.
        method: "pca" takes no time; "tsne" shows groups plainer.
        emit: Told ``Progress("features", ...)`` and ``Progress("map", ...)``.
        token: Stops it.

    Raises:
        TLStudioError: If the network can't be used or no photo can be read.
        Cancelled: If a stop was asked for.
    """
    features = frozen_features(dataset, stored, emit=emit, token=token)
    shown = some_of(len(features.samples))
    vectors = features.vectors[shown]
    points = principal_components(vectors) if method == "pca" else neighbour_map(vectors, emit=emit, token=token)
    samples = tuple(features.samples[number] for number in shown)
    left_aside = len(features.samples) - len(shown)
    return PhotoMap(dataset.root, features.classes, samples, features.labels[shown], points, left_aside)
