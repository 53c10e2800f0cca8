"""The photos of a data set, and which of them a filter lets through."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final, Literal, overload

from tlstudio.datasets.dataset import Dataset, Sample
from tlstudio.datasets.facts import PhotoFacts
from tlstudio.datasets.looks.looks import Looks
from tlstudio.datasets.looks.quality import Flag
from tlstudio.datasets.photo_order import PhotoOrder
from tlstudio.datasets.size_rule import SizeRule
from tlstudio.datasets.splits.split import Split
from tlstudio.ui.widgets.left_out_tile import LeftOutItem
from tlstudio.ui.widgets.photo_tile import PhotoItem

FilterKey = Literal[
    "all", "train", "validation", "test", "unlabelled", "two_classes", "twice", "alike", "flagged", "left_out"
]
Use = Literal["used", "no_class", "left_out", "wrong_size", "class_off"]
"""Whether a photo is used; if not, because it has no class, was left out itself, is outside the rule for sizes, or its
class is switched off."""


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
    Filter("alike", "Look alike", "Photos that show nearly the same as another one (near duplicates, bursts)"),
    Filter("flagged", "Hard to see", "Photos that are blank, very dark or very blurred"),
    Filter("left_out", "Left out", "Photos that you don't want used, and those of classes that are switched off"),
)

_PARTS: Final[dict[FilterKey, str]] = {
    "train": "to learn from",
    "validation": "to check while learning",
    "test": "for the final exam",
}
_WHY_NOT: Final[dict[Use, str]] = {"left_out": "Left out", "wrong_size": "Other size", "class_off": "Class is off"}
_NEUTRAL: Final = 6
"""Index of a class that has no colour: one that is switched off, or so new that its place isn't known yet."""


class PhotoFilter:
    """Sorts the photos of a data set by filter.

    Photos are known by their numbers in a ``PhotoOrder``.

    Attributes:
        dataset: All photos.
        looks: What is known of how they look.
        classes: Names of the classes in use.
        size_rule: What leaves photos out by their size; None for nothing.
    """

    def __init__(self, dataset: Dataset, split: Split | None, looks: Looks, order: PhotoOrder | None = None) -> None:
        """Sort photos.

        Args:
            dataset: All photos.
            split: How they are shared out, if that is known.
            looks: How they look.
            order: Their order, if it is known: to find it out takes long for many photos.
        """
        self.dataset, self.looks = dataset, looks
        self.size_rule: SizeRule | None = None
        self._order = order or PhotoOrder.of(dataset)
        self._samples = self._order.samples
        self._root = dataset.root
        self.classes = dataset.classes
        self._class_indices = {name: index for index, name in enumerate(dataset.classes)}
        self._items: dict[int, PhotoItem] = {}
        self._expected_class: dict[int, str] = {}
        self._expected_out: dict[int, bool] = {}
        self._labelled, self._known = len(dataset.samples), len(dataset.samples) + len(dataset.unlabelled)
        self._numbers: dict[FilterKey, Sequence[int]] = {
            "all": self._order.by_path,
            "unlabelled": range(self._labelled, self._known),
            "two_classes": [*chain.from_iterable(looks.two_classes)],
            "twice": [*chain.from_iterable(looks.twice)],
            "alike": [*chain.from_iterable(looks.alike)],
            "flagged": tuple(looks.flagged),
            "left_out": range(self._known, len(self._samples)),
        }
        self.set_split(split)

    def set_split(self, split: Split | None) -> None:
        """Take over how the photos are shared out."""
        parts = (split.train, split.validation, split.test) if split is not None else ((), (), ())
        for key, numbers in zip(_PARTS, parts, strict=True):
            self._numbers[key] = numbers

    def count(self, key: FilterKey, class_name: str = "") -> int:
        """How many photos a filter lets through."""
        numbers = self._among(key, class_name)
        if not class_name:
            return len(numbers)
        return sum(self._samples[number].class_name == class_name for number in numbers)

    def photos(self, key: FilterKey, class_name: str = "", words: str = "", *, in_order: bool = False) -> "Photos":
        """The photos that a filter lets through, of one class (empty: of all), with ``words`` in their path.

        All photos together come mixed, so that each screen shows every class, unless they are wanted ``in_order``;
        anything narrower is in order.
        """
        wanted = words.strip().casefold()
        if not class_name and not wanted:
            return Photos(self, self._order.mixed if key == "all" and not in_order else self._numbers[key])

        def passes(sample: Sample) -> bool:
            return class_name in ("", sample.class_name) and wanted in sample.path.casefold()

        numbers = self._among(key, class_name)
        return Photos(self, [number for number in numbers if passes(self._samples[number])])

    def photos_at(self, paths: Iterable[str]) -> "Photos":
        """The photos of these files (relative paths), in this order; a file that isn't among them is passed over."""
        numbers = {path: number for number, path in enumerate(self._order.paths)}
        return Photos(self, [numbers[path] for path in paths if path in numbers])

    def paths(self, numbers: Iterable[int]) -> list[str]:
        """The files of photos, relative to the root of the data set."""
        return [self._order.paths[number] for number in numbers]

    def sample(self, number: int) -> Sample:
        """What is known of a photo."""
        return self._samples[number]

    def class_name(self, number: int) -> str:
        """The class of a photo, the one it is being moved to included; empty for none."""
        return self._expected_class.get(number, self._samples[number].class_name)

    def use(self, number: int) -> Use:
        """Whether a photo is used, and why not."""
        if number >= self._labelled and number not in self._expected_class:
            if number < self._known:
                return "no_class"
            if self._samples[number].class_name not in self._class_indices:
                return "class_off"
            if self.objection(number):
                return "wrong_size"
        return "left_out" if self._expected_out.get(number, number >= self._known) else "used"

    def objection(self, number: int) -> str:
        """Why a photo that is left out is outside the rule for sizes; empty where it isn't."""
        if self.size_rule is None or number < self._known:
            return ""
        return self.size_rule.objection(self._samples[number].width, self._samples[number].height)

    def alike(self, number: int) -> list[int]:
        """Photos that show the same as one in use, itself among them, ascending; empty for none."""
        found = {other for group in self.looks.duplicates.groups if number in group.indices for other in group.indices}
        return sorted(found)

    def part(self, number: int) -> str:
        """What a photo is for, in words; empty for one that is not used."""
        return next((words for key, words in _PARTS.items() if _holds(self._numbers[key], number)), "")

    def item(self, number: int) -> PhotoItem:
        """A photo as the grid wants it."""
        found = self._items.get(number)
        if found is None:
            path, name, use = (
                Path(f"{self._root}/{self._samples[number].path}"),
                self.class_name(number),
                self.use(number),
            )
            index = self._class_indices.get(name, _NEUTRAL)
            if use in ("left_out", "wrong_size", "class_off"):
                found = LeftOutItem(path, name, index, flag=_WHY_NOT[use], note=self.objection(number))
            else:
                found = PhotoItem(path, name, index)
            self._items[number] = found
        return found

    def expect_class(self, numbers: Sequence[int], name: str) -> None:
        """Show photos under the class that they are being moved to: saving that takes a while with many photos."""
        self._expected_class.update(dict.fromkeys(numbers, name))
        self._forget_items(numbers)

    def expect_left_out(self, numbers: Sequence[int], left_out: bool) -> None:
        """Show photos as left out, or as in use again, while that is being saved."""
        self._expected_out.update(dict.fromkeys(numbers, left_out))
        self._forget_items(numbers)

    def numbers(self, key: FilterKey) -> Sequence[int]:
        """The photos that a filter lets through, by their numbers."""
        return self._numbers[key]

    @property
    def samples(self) -> Sequence[Sample]:
        """All photos by their numbers."""
        return self._samples

    def numbers_as(self, before: "PhotoFilter") -> bool:
        """Whether all photos have the same numbers in another filter: only classes are others, or shares."""
        return self._order.paths == before._order.paths and self._numbers["all"] == before._numbers["all"]

    def _forget_items(self, numbers: Sequence[int]) -> None:
        for number in numbers:
            self._items.pop(number, None)

    def _among(self, key: FilterKey, class_name: str) -> Sequence[int]:
        """What a filter lets through; all photos of a class that is switched off are left out."""
        off = class_name and class_name not in self._class_indices
        return self._numbers["left_out" if off and key == "all" else key]


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

    @property
    def source(self) -> PhotoFilter:
        """Where they come from."""
        return self._source

    def sample(self, position: int) -> Sample:
        """What is known of the photo at a position."""
        return self._source.sample(self.numbers[position])

    def part(self, position: int) -> str:
        """What the photo at a position is for, in words; empty for one without a class."""
        return self._source.part(self.numbers[position])

    def use(self, position: int) -> Use:
        """Whether the photo at a position is used, and why not."""
        return self._source.use(self.numbers[position])

    def facts(self, position: int) -> PhotoFacts | None:
        """What the photo at a position looks like; None if it was not looked at."""
        return self._source.dataset.facts.get(self.sample(position).digest)

    def flags(self, position: int) -> tuple[Flag, ...]:
        """What is the matter with the looks of the photo at a position."""
        return self._source.looks.flagged.get(self.numbers[position], ())

    def objection(self, position: int) -> str:
        """Why the photo at a position is outside the rule for sizes; empty where it isn't."""
        return self._source.objection(self.numbers[position])

    def alike(self, position: int, *, with_itself: bool = False) -> "Photos":
        """The photos that show the same as the one at a position."""
        number = self.numbers[position]
        found = self._source.alike(number)
        return Photos(self._source, found if with_itself else [other for other in found if other != number])

    def paths(self) -> list[str]:
        """The files, relative to the root of the data set."""
        return self._source.paths(self.numbers)

    def at(self, positions: Iterable[int]) -> "Photos":
        """Those of them at some positions."""
        return Photos(self._source, [self.numbers[position] for position in positions])

    def that_are(self, use: Use) -> "Photos":
        """Those of them that are used, or not used for this reason."""
        return Photos(self._source, [number for number in self.numbers if self._source.use(number) == use])

    def uses(self) -> frozenset[Use]:
        """Whether they are used, and the reasons why some are not."""
        return frozenset(map(self._source.use, self.numbers))

    def common_class(self) -> str:
        """The class that all of them have; empty if they have different ones, or none."""
        names = (self._source.class_name(number) for number in self.numbers)
        first = next(names, "")
        return first if all(name == first for name in names) else ""

    def classes(self) -> tuple[str, ...]:
        """Names of the classes in use, whether these photos have them or not."""
        return self._source.classes

    def expect_class(self, name: str) -> None:
        """Show them under the class that they are being moved to."""
        self._source.expect_class(self.numbers, name)

    def expect_left_out(self, left_out: bool) -> None:
        """Show them as left out, or as in use again, while that is being saved."""
        self._source.expect_left_out(self.numbers, left_out)

    def among(self, source: PhotoFilter) -> "Photos":
        """The same photos in another filter, in the same order."""
        return source.photos_at(self.paths())

    def position_of(self, number: int) -> int | None:
        """Position of a photo by its number; None if it isn't one of them."""
        return self.numbers.index(number) if number in self.numbers else None

    def places_of(self, before: "Photos") -> Callable[[int], int | None]:
        """Tells where here the photo is that is at a position there; None if it isn't here."""
        if self._source.numbers_as(before._source) and self.numbers == before.numbers:
            return lambda position: position
        old, places = before.paths(), {path: position for position, path in enumerate(self.paths())}
        return lambda position: places.get(old[position])

    def next_class(self, prefix: str, after: int) -> int | None:
        """Position of the next photo of another class whose name begins with ``prefix``, round the end; or None."""
        wanted, count = prefix.casefold(), len(self.numbers)
        here = self.sample(after).class_name if after >= 0 else ""
        for position in chain(range(after + 1, count), range(after + 1)):
            name = self.sample(position).class_name
            if name != here and name.casefold().startswith(wanted):
                return position
        return None


def _holds(numbers: Sequence[int], number: int) -> bool:
    """Whether an ascending sequence holds a number."""
    place = bisect_left(numbers, number)
    return place < len(numbers) and numbers[place] == number
