"""What the panel of sizes and filters asks for, and which photos that leaves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from tlstudio.datasets.dataset import Part
from tlstudio.datasets.drawing import draw_per_class, lots_of, nth_per_class
from tlstudio.datasets.looks.quality import FLAGS, Flag
from tlstudio.datasets.photo_sizes import EVERY_SIZE, PhotoSizes, SizeChoice
from tlstudio.ui.tabs.dataset.narrowing.size_dots import Dots
from tlstudio.ui.tabs.dataset.photos.photo_filter import PhotoFilter

Look = Literal["", "any", "blank", "dark", "blurred", "fine"]

PART_WORDS: Final[dict[Part, str]] = {"train": "To learn from", "validation": "To check", "test": "Final exam"}
LOOK_WORDS: Final[dict[Look, str]] = {
    "any": "Hard to see",
    "blank": "Blank",
    "dark": "Very dark",
    "blurred": "Very blurred",
    "fine": "Easy to see",
}


@dataclass(frozen=True, slots=True)
class PerClass:
    """A few photos of each class.

    Attributes:
        count: So many of each.
        seed: Which ones.
    """

    count: int
    seed: int = 0


@dataclass(frozen=True, slots=True)
class NthOfClass:
    """One photo of each class, by its number.

    Attributes:
        number: Which one, from 1, in the order of the files.
    """

    number: int


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What narrows the photos down beside chip, class and search; everything that is given narrows further.

    Attributes:
        sizes: Sizes and shapes.
        part: What the photos are for; empty for anything.
        look: Whether they are hard to see; empty for either.
        per_class: Show only a few or one of each class, of those that are left.
    """

    sizes: SizeChoice = EVERY_SIZE
    part: Literal["", "train", "validation", "test"] = ""
    look: Look = ""
    per_class: PerClass | NthOfClass | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Overview:
    """What the panel shows of photos.

    Attributes:
        source: The filter that they are from.
        dots: Them in the plot.
        names: Names of the classes in use.
        of_one_class: Whether they are all of a class that was chosen.
        summary: The sentence on their sizes.
        shapes: How many have each shape, by its key.
        under_rule: The sizes of all photos that are used, or would be without the rule for sizes.
    """

    source: PhotoFilter
    dots: Dots
    names: tuple[str, ...]
    of_one_class: bool
    summary: str
    shapes: Mapping[str, int]
    under_rule: PhotoSizes


class Narrower:
    """Narrows the photos of a ``PhotoFilter`` down; made anew for another one.

    What takes long for 100,000 photos is only found out when it is asked for.

    Attributes:
        source: The filter, by whose numbers photos are known here.
    """

    def __init__(self, source: PhotoFilter) -> None:
        self.source = source

    @cached_property
    def sizes(self) -> PhotoSizes:
        """The sizes of all photos."""
        return PhotoSizes.of(self.source.samples)

    @cached_property
    def class_indices(self) -> NDArray[np.int64]:
        """(n,) Position of each photo's class; the number of classes for one without, or with one that is not used."""
        samples, names = self.source.samples, self.source.classes
        indices, none = {name: index for index, name in enumerate(names)}, len(names)
        return np.fromiter((indices.get(sample.class_name, none) for sample in samples), np.int64, len(samples))

    @cached_property
    def lots(self) -> NDArray[np.uint64]:
        """(n,) Numbers by which photos are drawn at random."""
        return lots_of(sample.path for sample in self.source.samples)

    def before_sizes(self, numbers: Sequence[int], narrowing: Narrowing) -> NDArray[np.int64]:
        """Those of some photos that part and look let through, whatever their sizes."""
        wanted = np.asarray(numbers, np.int64)
        if narrowing.part:
            wanted = wanted[self._marked(self.source.numbers(narrowing.part))[wanted]]
        if narrowing.look:
            wanted = wanted[self._looking(narrowing.look)[wanted]]
        return wanted

    def narrowed(self, numbers: NDArray[np.int64], narrowing: Narrowing) -> NDArray[np.int64]:
        """Those of what ``before_sizes`` returned that have the sizes wanted; or a few of each class of these."""
        if narrowing.sizes.narrows:
            numbers = numbers[self.sizes.at(numbers).chosen(narrowing.sizes)]
        match narrowing.per_class:
            case PerClass(count, seed):
                return numbers[draw_per_class(self.class_indices[numbers], self.lots[numbers], count, seed)]
            case NthOfClass(number):
                return numbers[nth_per_class(self.class_indices[numbers], number)]
        return numbers

    def overview(self, numbers: Sequence[int], narrowing: Narrowing, *, of_one_class: bool) -> Overview:
        """What the panel shows, whatever sizes are chosen; takes too long for the thread of the window.

        Args:
            numbers: What chip, class and search let through.
            narrowing: Part and look count.
            of_one_class: Whether the photos are all of a class that was chosen.
        """
        wanted = self.before_sizes(numbers, narrowing)
        sizes, source = self.sizes.at(wanted), self.source
        dots = Dots.of(sizes, self.class_indices[wanted])
        self.lots.any()  # found out here, so that drawing is quick when it is wanted
        return Overview(
            source, dots, source.classes, of_one_class, sizes.in_words(), sizes.shapes(), self._under_rule()
        )

    def _under_rule(self) -> PhotoSizes:
        """The sizes of the photos that are used, or would be without the rule for sizes."""
        source, sizes = self.source, self.sizes
        left_out = np.asarray(source.numbers("left_out"), np.int64)
        used = np.arange(len(sizes) - len(left_out) - len(source.numbers("unlabelled")))
        if source.size_rule is None:
            return sizes.at(used)
        ruled_out = ~sizes.at(left_out).inside(source.size_rule) & (self.class_indices[left_out] < len(source.classes))
        return sizes.at(np.concatenate((used, left_out[ruled_out])))

    def _looking(self, look: Look) -> NDArray[np.bool_]:
        flagged = self.source.looks.flagged
        wanted: set[Flag] = {flag for flag in FLAGS if look in ("any", "fine", flag)}
        marked = self._marked([number for number, flags in flagged.items() if wanted.intersection(flags)])
        return ~marked if look == "fine" else marked

    def _marked(self, numbers: Sequence[int]) -> NDArray[np.bool_]:
        marked = np.zeros(len(self.source.samples), np.bool_)
        marked[np.asarray(numbers, np.int64)] = True
        return marked
