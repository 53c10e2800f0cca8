"""What the photos of a data set are like: sizes, balance, and photos from which little can be learnt."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tlstudio.datasets.dataset import Dataset, Sample
from tlstudio.datasets.facts import PhotoFacts
from tlstudio.datasets.problems import GREATEST_IMBALANCE
from tlstudio.datasets.size_rule import SizeRule

Flag = Literal["blank", "dark", "blurred"]
FLAGS: tuple[Flag, ...] = ("blank", "dark", "blurred")

BLANK_CONTRAST = 0.02
"""Luma that deviates by less than 5 of 255 steps: paper, a lens cap. The least among 1,381 real photos is 0.064."""

DARK_LIGHTS = 0.2
"""Where even the lights (mean and two standard deviations) reach only a fifth of white, nothing can be made out. The
least among 1,381 real photos, flowers on black, is 0.246."""

BLURRED_SHARPNESS = 0.3
"""The least among 1,381 real photos is 0.38; blurred with a Gaussian of 1 % of their longer side, 19 of 20 fall below
0.31 and half below 0.24; of 1.5 %, all."""

EVEN_IMBALANCE = 1.2

_SQUARE = 0.02


@dataclass(frozen=True, slots=True)
class Sizes:
    """The sizes of all photos in short; sizes are (width, height) of real photos, ordered by their number of pixels.

    Attributes:
        smallest: The fewest pixels.
        median: Half of the photos have as many pixels or fewer.
        largest: The most pixels.
        portrait: Share of photos that are higher than wide, 0 to 1.
        landscape: Share of photos that are wider than high.
        square: Share of photos whose sides differ by 2 % or less.
    """

    smallest: tuple[int, int]
    median: tuple[int, int]
    largest: tuple[int, int]
    portrait: float
    landscape: float
    square: float


@dataclass(frozen=True, slots=True)
class Imbalance:
    """How unevenly photos are spread over the classes that have any.

    Attributes:
        most: The class with the most photos.
        fewest: The class with the fewest photos.
        ratio: How many times as many photos the one has; 1 or more.
    """

    most: str
    fewest: str
    ratio: float


def outside(dataset: Dataset, rule: SizeRule) -> tuple[int, ...]:
    """Indices of the samples whose size a rule doesn't allow, ascending."""
    return tuple(index for index, sample in enumerate(dataset.samples) if not rule.allows(sample.width, sample.height))


def flags(dataset: Dataset) -> dict[int, tuple[Flag, ...]]:
    """What is the matter with the looks of samples, by index, ascending; those with nothing are left out."""
    judged = ((index, _flags(dataset.facts.get(sample.digest))) for index, sample in enumerate(dataset.samples))
    return {index: found for index, found in judged if found}


def flags_sentence(flagged: Mapping[int, tuple[Flag, ...]]) -> str:
    """How many photos are blank, very dark or blurred, and what to do; empty without any."""
    if not flagged:
        return ""
    words: dict[Flag, str] = {"blank": "blank", "dark": "very dark", "blurred": "very blurred"}
    counts = Counter(flag for found in flagged.values() for flag in found)
    listed = ", ".join(f"{counts[flag]} {words[flag]}" for flag in FLAGS if counts[flag])
    return f"Photos from which little can be learnt: {listed}. Look at them, and leave out those that show nothing."


def sizes(dataset: Dataset) -> Sizes | None:
    """The sizes of all samples in short; None without samples."""
    if not dataset.samples:
        return None
    ordered = sorted((sample.width * sample.height, sample.width, sample.height) for sample in dataset.samples)
    smallest, median, largest = (ordered[place][1:] for place in (0, (len(ordered) - 1) // 2, -1))
    shapes = Counter(_shape(sample) for sample in dataset.samples)
    return Sizes(
        smallest,
        median,
        largest,
        portrait=shapes["portrait"] / len(ordered),
        landscape=shapes["landscape"] / len(ordered),
        square=shapes["square"] / len(ordered),
    )


def imbalance(dataset: Dataset) -> Imbalance | None:
    """How unevenly photos are spread; None with fewer than two classes that have photos."""
    counts = {name: count for name, count in dataset.counts().items() if count}
    if len(counts) < 2:
        return None
    most, fewest = max(counts, key=lambda name: counts[name]), min(counts, key=lambda name: counts[name])
    return Imbalance(most, fewest, counts[most] / counts[fewest])


def counts_sentence(dataset: Dataset) -> str:
    """What the numbers of photos per class mean for the answers; empty with fewer than two classes."""
    found = imbalance(dataset)
    if found is None:
        return ""
    if found.ratio < EVEN_IMBALANCE:
        return "All classes have about as many photos. That is best."
    compared = f"“{found.fewest}” has the fewest photos: “{found.most}” has {found.ratio:.1f} times as many."
    if found.ratio < GREATEST_IMBALANCE:
        return f"{compared} That is fine."
    share = 100 * dataset.counts()[found.most] // len(dataset.samples)
    return (
        f"{compared} Answers will lean towards “{found.most}”: who always says so is right {share} times of 100 "
        f"without having learnt anything. More photos of “{found.fewest}” help most."
    )


def _flags(facts: PhotoFacts | None) -> tuple[Flag, ...]:
    if facts is None:
        return ()
    if facts.contrast < BLANK_CONTRAST:  # it is dark and blurred for the same reason
        return ("blank",)
    judged: dict[Flag, bool] = {
        "dark": facts.brightness + 2 * facts.contrast < DARK_LIGHTS,
        "blurred": facts.sharpness < BLURRED_SHARPNESS,
    }
    return tuple(flag for flag, true in judged.items() if true)


def _shape(sample: Sample) -> Literal["portrait", "landscape", "square"]:
    if abs(sample.width - sample.height) <= _SQUARE * max(sample.width, sample.height):
        return "square"
    return "portrait" if sample.height > sample.width else "landscape"
