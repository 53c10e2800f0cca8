"""Labelled features, served in batches."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tlstudio.modeling.features import Features


@dataclass(frozen=True, slots=True)
class Examples:
    """One part of the photos, ready to learn from or to check on.

    Attributes:
        features: Where the inputs are.
        locations: Segment and row of every view of every photo, shape (photos, views, 2).
        labels: Class index of every photo, shape (photos,).
    """

    features: Features
    locations: NDArray[np.int64]
    labels: NDArray[np.int64]

    @classmethod
    def of(
        cls, features: Features, photos: Sequence[int], labels: Sequence[int], views: Sequence[int] = (0,)
    ) -> "Examples":
        """Gather photos by their number in ``features``, each as these views of it: 0 is the photo itself."""
        located = [[features.locate(photo, view) for view in views] for photo in photos]
        return cls(
            features,
            np.array(located, dtype=np.int64).reshape(len(photos), len(views), 2),
            np.array(labels, dtype=np.int64),
        )

    def __len__(self) -> int:
        return len(self.labels)

    def inputs(self, start: int, stop: int) -> NDArray[Any]:
        """Inputs of a range of photos, each as the first of its views."""
        return self.features.take(self.locations[start:stop, 0])

    def shuffled(self, batch_size: int, rng: np.random.Generator) -> Iterator[tuple[NDArray[Any], NDArray[np.int64]]]:
        """One epoch: every photo once in random order, each as one of its views picked at random."""
        order = rng.permutation(len(self))
        views = rng.integers(self.locations.shape[1], size=len(self))
        for start in range(0, len(self), batch_size):
            chosen = order[start : start + batch_size]
            yield self.features.take(self.locations[chosen, views[chosen]]), self.labels[chosen]
