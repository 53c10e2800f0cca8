"""What can be told of photos by looking at them: which show the same, and which show hardly anything."""

from collections.abc import Mapping
from dataclasses import dataclass

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.duplicates import Duplicates, find_duplicates
from tlstudio.datasets.quality import Flag, flags


@dataclass(frozen=True, slots=True)
class Looks:
    """How the samples of a data set look.

    Attributes:
        duplicates: Which of them show the same.
        flagged: What is the matter with some of them, by index.
    """

    duplicates: Duplicates
    flagged: Mapping[int, tuple[Flag, ...]]

    @property
    def alike(self) -> tuple[tuple[int, ...], ...]:
        """Groups that show nearly the same without being the same file, those in several classes first."""
        return tuple(group.indices for group in self.duplicates.groups if group.kind != "identical")


def look_at(dataset: Dataset) -> Looks:
    """How the samples of a data set look, from what is known of them; no file is read."""
    return Looks(find_duplicates(dataset), flags(dataset))
