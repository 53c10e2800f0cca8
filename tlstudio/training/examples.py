"""Labelled photos, served in batches from the feature store."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tlstudio.modeling.features import Features

Batch = tuple[NDArray[Any], NDArray[np.int64]]
"""Inputs, shape (n, ...), and labels, shape (n,)."""


class ShuffledPhotos(Protocol):
    """Photos to learn from."""

    @property
    def missing(self) -> dict[int, str]:
        """Photos that can't be read any more, by their number among all photos, and why."""

    def __len__(self) -> int:
        """Number of photos."""

    def shuffled(self, batch_size: int, rng: np.random.Generator, skip: int = 0) -> Iterator[Batch]:
        """One pass: every photo once in random order, but for so many batches at the beginning."""


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

    @property
    def missing(self) -> dict[int, str]:
        """Photos that can't be read any more, by their number in ``features``, and why."""
        return self.features.missing

    def inputs(self, start: int, stop: int) -> NDArray[Any]:
        """Inputs of a range of photos, each as the first of its views."""
        return self.features.take(self.locations[start:stop, 0])

    def some(self, count: int, rng: np.random.Generator) -> "Examples":
        """So many of the photos, picked at random; all if there are fewer."""
        chosen = np.sort(rng.permutation(len(self))[:count])
        return Examples(self.features, self.locations[chosen], self.labels[chosen])

    def shuffled(self, batch_size: int, rng: np.random.Generator, skip: int = 0) -> Iterator[Batch]:
        """One pass: every photo once in random order, each as one of its views picked at random.

        Args:
            batch_size: Photos in a batch.
            rng: Decides on the order and on the views.
            skip: Batches to leave out at the beginning.
        """
        order = rng.permutation(len(self))
        views = rng.integers(self.locations.shape[1], size=len(self))
        for start in range(skip * batch_size, len(self), batch_size):
            chosen = order[start : start + batch_size]
            yield self.features.take(self.locations[chosen, views[chosen]]), self.labels[chosen]
