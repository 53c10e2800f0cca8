"""Sharing out the photos: to learn from, to check while learning, for the final exam."""

import hashlib
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from tlstudio.datasets.dataset import Dataset, Sample
from tlstudio.errors import TLStudioError

_TRAIN, _VALIDATION, _TEST = range(3)
# Who is served first when a class has too few photos for all.
_PRIORITY = (_TRAIN, _TEST, _VALIDATION)


@dataclass(frozen=True, slots=True)
class SplitConfig:
    """How to share out. Shares that don't sum to 1 are scaled so that they do.

    Attributes:
        train: Share of the photos to learn from; more than 0.
        validation: Share to check on while learning.
        test: Share for the final exam.
        seed: Same seed, same photos: same split.

    Raises:
        ValueError: If a share is negative or not a number, or ``train`` is 0.
    """

    train: float = 0.70
    validation: float = 0.15
    test: float = 0.15
    seed: int = 0

    def __post_init__(self) -> None:
        shares = self.shares
        if not all(math.isfinite(share) and share >= 0 for share in shares) or self.train == 0:
            raise ValueError(f"shares must be 0 or more, and more than 0 to learn from: {shares}")
        total = math.fsum(shares)
        if not math.isclose(total, 1):
            for name, share in zip(("train", "validation", "test"), shares, strict=True):
                object.__setattr__(self, name, share / total)

    @property
    def shares(self) -> tuple[float, float, float]:
        """Train, validation, test."""
        return self.train, self.validation, self.test

    @classmethod
    def parse(cls, text: str, seed: int = 0) -> "SplitConfig":
        """Read "70/15/15" (any three numbers in these proportions).

        Raises:
            TLStudioError: If the text is not three numbers that can be shares.
        """
        try:
            train, validation, test = (float(part) for part in text.split("/"))
            return cls(train, validation, test, seed)
        except ValueError:
            raise TLStudioError(
                f"“{text}” doesn't say how to share out the photos.",
                "Write three numbers of 0 or more with slashes between them, the first above 0, such as 70/15/15.",
            ) from None


@dataclass(frozen=True, slots=True)
class Split:
    """Indices into ``Dataset.samples``, ascending; together every sample exactly once."""

    train: tuple[int, ...]
    validation: tuple[int, ...]
    test: tuple[int, ...]


def split(dataset: Dataset, config: SplitConfig) -> Split:
    """Share out the photos of each class by the same proportions.

    Byte-identical photos stay together, also where they lie in different classes. Each part with a share above 0 gets a
    photo of each class that has enough different ones: 3 for three parts; with 2 the exam goes before the check, with 1
    there is only learning. (Where classes share photos, this can be impossible and is only sought.) Beyond that, each
    class misses its shares by less than one photo, or by as little as its groups of copies allow. The result depends on
    the photos' contents and the seed, not on names or order.

    scikit-learn has no splitter for this: ``StratifiedGroupKFold`` knows groups but neither free fractions nor a third
    part nor minima; ``train_test_split`` and ``StratifiedShuffleSplit`` know no groups.

    Args:
        dataset: Its ``samples`` are shared out.
        config: Shares and seed.
    """
    groups: dict[str, list[int]] = defaultdict(list)
    for index, sample in enumerate(dataset.samples):
        groups[sample.digest].append(index)
    shelves = _Shelves(dataset.samples, groups, config.shares)
    for digest in _order(dataset.samples, groups, config.seed):
        shelves.place(groups[digest])
    train, validation, test = (tuple(sorted(part)) for part in shelves.parts)
    return Split(train, validation, test)


def _order(samples: Sequence[Sample], groups: dict[str, list[int]], seed: int) -> list[str]:
    """Digests in the order of placing: photos of several classes first, then large groups, then by seed."""

    def key(digest: str) -> tuple[int, int, str]:
        members = groups[digest]
        classes = {samples[index].class_name for index in members}
        return -len(classes), -len(members), hashlib.sha256(f"{seed}:{digest}".encode()).hexdigest()

    return sorted(groups, key=key)


class _ClassShelf:
    """How much of one class each part still lacks."""

    def __init__(self, photos: int, groups: int, shares: Sequence[float]) -> None:
        self.lacking = [photos * share for share in shares]
        self._groups_left = groups
        wanting = [part for part in _PRIORITY if shares[part] > 0]
        self._empty = set(wanting[:groups])

    def must_have(self, part: int) -> bool:
        """Whether the part is empty and there are only as many groups left as empty parts."""
        return part in self._empty and self._groups_left <= len(self._empty)

    def put(self, part: int, photos: int) -> None:
        self.lacking[part] -= photos
        self._groups_left -= 1
        self._empty.discard(part)


class _Shelves:
    """Three parts that are filled group by group, each group where it is lacking most."""

    def __init__(self, samples: Sequence[Sample], groups: dict[str, list[int]], shares: Sequence[float]) -> None:
        self.parts: tuple[list[int], list[int], list[int]] = ([], [], [])
        self._samples = samples
        self._open = [part for part in _PRIORITY if shares[part] > 0]
        photos: dict[str, int] = defaultdict(int)
        different: dict[str, int] = defaultdict(int)
        for members in groups.values():
            for name, count in self._counts(members).items():
                photos[name] += count
                different[name] += 1
        self._shelves = {name: _ClassShelf(photos[name], different[name], shares) for name in photos}

    def place(self, members: Sequence[int]) -> None:
        """Put byte-identical photos into one part."""
        counts = self._counts(members)
        shelves = [self._shelves[name] for name in sorted(counts)]

        def urgency(part: int) -> tuple[int, float]:
            return sum(shelf.must_have(part) for shelf in shelves), math.fsum(shelf.lacking[part] for shelf in shelves)

        chosen = max(self._open, key=urgency)  # the first of equals, so that _PRIORITY decides
        self.parts[chosen].extend(members)
        for name, count in counts.items():
            self._shelves[name].put(chosen, count)

    def _counts(self, members: Sequence[int]) -> dict[str, int]:
        counts: dict[str, int] = defaultdict(int)
        for index in members:
            counts[self._samples[index].class_name] += 1
        return counts
