"""What can be told of photos by looking at them: which show the same, and which show hardly anything."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.looks.duplicates import Alike, Duplicates, duplicates_of, find_alike, together, with_near
from tlstudio.datasets.looks.embeddings import Vectors
from tlstudio.datasets.looks.quality import Flag, flags
from tlstudio.datasets.reading.relabel import photos


@dataclass(frozen=True, slots=True)
class Looks:
    """How the samples of a data set look.

    Attributes:
        duplicates: Which of them show the same.
        flagged: What is the matter with some of them, by index.
        unseen: How many of them no network has looked at.
        more: How many of them show the same as another one only by what a network says; None if none was asked.
    """

    duplicates: Duplicates = field(default_factory=lambda: Duplicates(()))
    flagged: Mapping[int, tuple[Flag, ...]] = field(default_factory=dict)
    unseen: int = 0
    more: int | None = None

    @property
    def two_classes(self) -> tuple[tuple[int, ...], ...]:
        """Groups of the same file that lie in several classes."""
        return tuple(group.indices for group in self.duplicates.of("identical") if group.conflict)

    @property
    def twice(self) -> tuple[tuple[int, ...], ...]:
        """Groups of the same file within one class."""
        return tuple(group.indices for group in self.duplicates.of("identical") if not group.conflict)

    @property
    def alike(self) -> tuple[tuple[int, ...], ...]:
        """Groups that show nearly the same without being the same file, those in several classes first."""
        return tuple(group.indices for group in self.duplicates.groups if group.kind != "identical")


@dataclass(frozen=True, slots=True)
class Appearance:
    """How the photos of a folder look, by digest: the same whatever their classes, and whether they are used.

    Attributes:
        alike: Which of them show the same.
        flagged: What is the matter with some of them.
    """

    alike: Alike
    flagged: Mapping[str, tuple[Flag, ...]]


NOT_LOOKED_AT: Final = Appearance(Alike(), {})
"""What is known of photos by their digests alone."""


def look_at(dataset: Dataset) -> Appearance:
    """How all photos of a data set look, with a class or without, from what is known of them; no file is read."""
    every = replace(dataset, samples=tuple(photos(dataset)))
    return Appearance(find_alike(every), {every.samples[index].digest: found for index, found in flags(every).items()})


@dataclass(frozen=True, slots=True)
class CloserLook:
    """What a network says of photos, by digest: the same whatever their classes, and whatever else is in the folder.

    Attributes:
        network: Name of its backbone.
        seen: The photos that it has looked at.
        near: Which of them are nearly the same.
    """

    network: str
    seen: frozenset[str]
    near: tuple[tuple[str, ...], ...]

    def with_earlier(self, earlier: "CloserLook") -> "CloserLook":
        """This look and one before it, which may have seen other photos."""
        return replace(self, seen=self.seen | earlier.seen, near=with_near(Alike(self.near), earlier.near).near)


def look_closer_at(dataset: Dataset, features: Vectors, network: str) -> CloserLook:
    """How the samples of a data set look to a network.

    Args:
        dataset: The photos.
        features: (samples, d) of the network, row by row as ``dataset.samples``.
        network: Name of its backbone.

    Raises:
        ValueError: If there isn't one row of features for each sample.
    """
    seen = frozenset(sample.digest for sample in dataset.samples)
    return CloserLook(network, seen, find_alike(dataset, features).near)


def looks_of(dataset: Dataset, appearance: Appearance, closer: CloserLook | None = None) -> Looks:
    """How the samples of a data set look.

    Args:
        dataset: Photos that ``look_at`` has seen, with other classes or with some left out.
        appearance: What it said.
        closer: What a network said of some of them; None if none was asked.
    """
    known = appearance.flagged
    flagged = {index: known[sample.digest] for index, sample in enumerate(dataset.samples) if sample.digest in known}
    plain = duplicates_of(dataset, appearance.alike)
    if closer is None:
        return Looks(plain, flagged, unseen=len(dataset.samples))
    duplicates = duplicates_of(dataset, with_near(appearance.alike, closer.near))
    unseen = sum(sample.digest not in closer.seen for sample in dataset.samples)
    return Looks(duplicates, flagged, unseen, more=_photos(duplicates) - _photos(plain))


def _photos(duplicates: Duplicates) -> int:
    """How many photos show the same as another one."""
    return sum(map(len, together(duplicates)))
