"""All photos of a data set by number, and the orders in which they are looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from tlstudio.datasets.dataset import Dataset, Sample

_DIGITS: Final = 16
"""Of a digest: two photos of 100,000 have the same with a chance of one in four billion."""


@dataclass(frozen=True, slots=True)
class PhotoOrder:
    """Numbers of photos: those in use first, as in the data set, then those without a class, then those left out.

    To find it out for 100,000 photos takes too long for the thread of the window.

    Attributes:
        samples: All photos by their numbers.
        paths: Their files, relative to the root of the data set.
        by_path: Numbers of those that count among all photos: in use, left out of a class in use, without a class.
        mixed: The same in a random order that never changes, so that a screen of them shows every class; those without
            a class come last here, too.
    """

    samples: tuple[Sample, ...]
    paths: tuple[str, ...]
    by_path: Sequence[int]
    mixed: Sequence[int]

    @classmethod
    def of(cls, dataset: Dataset) -> "PhotoOrder":
        """The orders of all photos of a data set."""
        samples = (*dataset.samples, *dataset.unlabelled, *dataset.left_out)
        used, known = len(dataset.samples), len(dataset.samples) + len(dataset.unlabelled)
        classes = frozenset(dataset.classes)
        # A photo that was left out keeps its place; a class that is switched off goes.
        kept = [number for number in range(known, len(samples)) if samples[number].class_name in classes]
        counted = [*range(used), *kept]
        unlabelled = range(used, known)
        paths = tuple(sample.path for sample in samples)
        by_path = sorted(counted, key=paths.__getitem__) if kept else counted
        return cls(samples, paths, (*by_path, *unlabelled), (*_mixed(samples, counted), *unlabelled))


def _mixed(samples: Sequence[Sample], numbers: list[int]) -> list[int]:
    """Numbers in the order of the photos' digests; NumPy sorts while other threads go on."""
    if not numbers:
        return []
    digests = np.array([samples[number].digest[:_DIGITS] for number in numbers])
    mixed: list[int] = np.asarray(numbers)[np.argsort(digests, kind="stable")].tolist()
    return mixed
