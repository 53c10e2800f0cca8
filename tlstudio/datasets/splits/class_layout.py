"""Where photos lie once they are copied into new folders, one for each class."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.file_names import DistinctNames, shown_name

UNLABELLED_FOLDER = "unlabelled"
"""What the folder of photos without a class is called, unless a class is called so."""


@dataclass(frozen=True, slots=True)
class ClassLayout:
    """Places relative to the new folder, with forward slashes.

    Attributes:
        targets: The place of each photo, by its path in the data set.
        class_folders: Folder name of each class that has photos, in the order of ``Dataset.classes``.
        unlabelled_folder: Folder of the photos without a class; "" if they have no place.
    """

    targets: Mapping[str, str]
    class_folders: Mapping[str, str]
    unlabelled_folder: str = ""

    @property
    def folders(self) -> tuple[str, ...]:
        """All folders to make."""
        return (*self.class_folders.values(), *([self.unlabelled_folder] if self.unlabelled_folder else []))


def lay_out_classes(dataset: Dataset, *, unlabelled: bool = False, taken: str = "") -> ClassLayout:
    """Give each photo in use its place: ``CLASS/NAME``.

    Names that a folder can't have are changed as little as needed; photos of one name, from different folders of a
    class, are numbered.

    Args:
        dataset: The photos, with a person's corrections.
        unlabelled: Whether photos without a class have a place, too: a folder of their own.
        taken: A name that no folder may have.
    """
    distinct = DistinctNames()
    distinct.distinct(taken)
    counts = dataset.counts()
    folders = {name: distinct.distinct(shown_name(name)) for name in dataset.classes if counts[name]}
    others = distinct.distinct(UNLABELLED_FOLDER) if unlabelled and dataset.unlabelled else ""
    names: defaultdict[str, DistinctNames] = defaultdict(DistinctNames)
    targets = {}
    for sample in (*dataset.samples, *(dataset.unlabelled if others else ())):
        folder = folders.get(sample.class_name, others)
        targets[sample.path] = f"{folder}/{names[folder].distinct(shown_name(sample.path.rpartition('/')[2]))}"
    return ClassLayout(targets, folders, others)
