"""Which of a person's photos a preset would not use, for their size."""

from dataclasses import dataclass

import numpy as np

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.photo_sizes import PhotoSizes
from tlstudio.datasets.size_rule import SizeRule


@dataclass(frozen=True, slots=True)
class Outsiders:
    """What a rule for sizes leaves out.

    Attributes:
        photos: How many photos.
        classes_left: Classes of which at least one photo stays.
    """

    photos: int
    classes_left: int


def outsiders(dataset: Dataset, rule: SizeRule) -> Outsiders:
    """What a rule would leave out of a data set."""
    inside = PhotoSizes.of(dataset.samples).inside(rule)
    staying = {dataset.samples[place].class_name for place in np.flatnonzero(inside).tolist()}
    return Outsiders(int((~inside).sum()), len(staying))
