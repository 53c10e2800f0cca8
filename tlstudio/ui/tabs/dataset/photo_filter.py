"""The photos of a data set, and which of them a filter lets through."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final, Literal, overload

from tlstudio.datasets.dataset import Dataset, Sample
from tlstudio.datasets.split import Split
from tlstudio.ui.widgets.photo_tile import PhotoItem

FilterKey = Literal["all", "train", "validation", "test", "unlabelled", "two_classes", "twice"]


@dataclass(frozen=True, slots=True)
class Filter:
    """One way to narrow the photos down.

    Attributes:
        key: Stable key.
        words: What stands on its chip.
        hint: What it shows, in a sentence, and the field's own word for it.
    """

    key: FilterKey
    words: str
    hint: str


FILTERS: Final = (
    Filter("all", "All photos", "Every photo that can be read"),
    Filter("train", "To learn from", "Photos the model learns from (training)"),
    Filter("validation", "To check", "Photos to check on while learning (validation)"),
    Filter("test", "Final exam", "Photos for the final exam, never learnt from (test)"),
    Filter("unlabelled", "No class", "Photos that lie in no class folder"),
    Filter("two_classes", "In two classes", "The same file lies in more than one class"),
    Filter("twice", "There twice", "The same file lies in a class more than once"),
)

_PARTS: Final[dict[FilterKey, str]] = {
    "train": "to learn from",
    "validation": "to check while learning",
    "test": "for the final exam",
}


class PhotoFilter:
    """Sorts the photos of a data set by filter; photos are numbered, those with a class first."""

    def __init__(self, dataset: Dataset, split: Split | None) -> None:
        self._samples = (*dataset.samples, *dataset.unlabelled)
        self._root = dataset.root
        self._class_indices = {name: index for index, name in enumerate(dataset.classes)}
        self._items: dict[int, PhotoItem] = {}
        labelled = len(dataset.samples)
        digests = [sample.digest for sample in dataset.samples]
        self.identical = _identical(dataset, digests)
        self._numbers: dict[FilterKey, Sequence[int]] = {
            "all": range(len(self._samples)),
            "unlabelled": range(labelled, len(self._samples)),
            "two_classes": [number for group in self.identical.two_classes for number in group],
            "twice": [number for group in self.identical.twice for number in group],
        }
        self._mixed = (*sorted(range(labelled), key=digests.__getitem__), *self._numbers["unlabelled"])
        self.set_split(split)

    def set_split(self, split: Split | None) -> None:
        """Take over how the photos are shared out."""
        parts = (split.train, split.validation, split.test) if split is not None else ((), (), ())
        for key, numbers in zip(_PARTS, parts, strict=True):
            self._numbers[key] = numbers

    def count(self, key: FilterKey, class_name: str = "") -> int:
        """How many photos a filter lets through."""
        numbers = self._numbers[key]
        if not class_name:
            return len(numbers)
        return sum(self._samples[number].class_name == class_name for number in numbers)

    def photos(self, key: FilterKey, class_name: str = "", words: str = "") -> "Photos":
        """The photos that a filter lets through, of one class (empty: of all), with ``words`` in their path.

        All photos together come mixed, so that each screen shows every class; anything narrower is in order.
        """
        wanted = words.strip().casefold()
        if not class_name and not wanted:
            return Photos(self, self._mixed if key == "all" else self._numbers[key])

        def passes(sample: Sample) -> bool:
            return class_name in ("", sample.class_name) and wanted in sample.path.casefold()

        return Photos(self, [number for number in self._numbers[key] if passes(self._samples[number])])

    def sample(self, number: int) -> Sample:
        """What is known of a photo."""
        return self._samples[number]

    def part(self, number: int) -> str:
        """What a photo is for, in words; empty for one without a class."""
        return next((words for key, words in _PARTS.items() if _holds(self._numbers[key], number)), "")

    def item(self, number: int) -> PhotoItem:
        """A photo as the grid wants it."""
        found = self._items.get(number)
        if found is None:
            sample = self._samples[number]
            index = self._class_indices.get(sample.class_name, 0)
            found = self._items[number] = PhotoItem(Path(f"{self._root}/{sample.path}"), sample.class_name, index)
        return found


class Photos(Sequence[PhotoItem]):
    """Some photos of a filter. Their items are made when looked at: for 20,000 at once that takes too long."""

    def __init__(self, source: PhotoFilter, numbers: Sequence[int]) -> None:
        self._source = source
        self.numbers = numbers

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, position: int) -> PhotoItem: ...
    @overload
    def __getitem__(self, position: slice) -> "Photos": ...
    def __getitem__(self, position: int | slice) -> "PhotoItem | Photos":
        if isinstance(position, slice):
            return Photos(self._source, self.numbers[position])
        return self._source.item(self.numbers[position])

    def sample(self, position: int) -> Sample:
        """What is known of the photo at a position."""
        return self._source.sample(self.numbers[position])

    def part(self, position: int) -> str:
        """What the photo at a position is for, in words; empty for one without a class."""
        return self._source.part(self.numbers[position])

    def next_class(self, prefix: str, after: int) -> int | None:
        """Position of the next photo of another class whose name begins with ``prefix``, round the end; or None."""
        wanted, count = prefix.casefold(), len(self.numbers)
        here = self.sample(after).class_name if after >= 0 else ""
        for position in chain(range(after + 1, count), range(after + 1)):
            name = self.sample(position).class_name
            if name != here and name.casefold().startswith(wanted):
                return position
        return None


@dataclass(frozen=True, slots=True)
class IdenticalPhotos:
    """Groups of byte-identical photos, as positions in ``Dataset.samples``.

    Attributes:
        two_classes: Groups that lie in more than one class.
        twice: Groups within one class.
    """

    two_classes: tuple[tuple[int, ...], ...]
    twice: tuple[tuple[int, ...], ...]


def _identical(dataset: Dataset, digests: Sequence[str]) -> IdenticalPhotos:
    repeated = {digest for digest, count in Counter(digests).items() if count > 1}
    groups: dict[str, list[int]] = defaultdict(list)
    for number, digest in enumerate(digests):
        if digest in repeated:
            groups[digest].append(number)
    two_classes: list[tuple[int, ...]] = []
    twice: list[tuple[int, ...]] = []
    for group in groups.values():
        several = len({dataset.samples[number].class_name for number in group}) > 1
        (two_classes if several else twice).append(tuple(group))
    return IdenticalPhotos(tuple(two_classes), tuple(twice))


def _holds(numbers: Sequence[int], number: int) -> bool:
    """Whether an ascending sequence holds a number."""
    place = bisect_left(numbers, number)
    return place < len(numbers) and numbers[place] == number
