"""Photos that show the same: copies, near copies, and bursts of one moment."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import PurePosixPath
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tlstudio.datasets.dataset import Dataset, Sample
from tlstudio.datasets.facts import PhotoFacts
from tlstudio.datasets.likeness import Rows, components, correlation, cosine, distance, judged, link, members
from tlstudio.datasets.split import Split

Kind = Literal["identical", "near", "burst"]
KINDS: tuple[Kind, ...] = ("identical", "near", "burst")

# Seen on real photos: a photo scaled, saved again at low quality, brightened or turned by a degree mostly differs
# in up to 8 bits and correlates by 0.93 or more. Of 400,000 pairs of flowers, cats, dogs, birds and leaves, 7 are
# 10 bits or less apart; 6 show the same scene, and the other, two leaves on white, correlates by 0.88.
NEAR_BITS = 10
NEAR_CORRELATION = 0.92

# Photos that follow each other are likely to show the same, so that less likeness is asked for.
BURST_BITS = 16
BURST_CORRELATION = 0.70
BURST_SECONDS = 10.0

# Of features less their mean over the data set, so that what all photos have in common doesn't count. Those of a weak
# network also put different photos of one kind that close, so that they never decide alone.
CONFIRMING_COSINE = 0.95
CONFIRMED_CORRELATION = 0.80

# Plain photos (skies, walls, black frames) are alike without showing the same thing.
LEAST_CONTRAST = 0.03

# Of one moment, each photo is compared with so many that follow; in longer bursts these make a chain.
_FOLLOWERS = 4
_LAST_NUMBER = re.compile(r"(.*?)(\d{1,18})(\D*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Group:
    """Photos that show the same.

    Attributes:
        kind: "identical" (the same bytes), "near" (the same picture saved otherwise, or almost the same picture) or
            "burst" (taken one after the other of the same scene).
        indices: Into ``Dataset.samples``, ascending; two or more.
        classes: Their classes, sorted.
    """

    kind: Kind
    indices: tuple[int, ...]
    classes: tuple[str, ...]

    @property
    def conflict(self) -> bool:
        """Whether they lie in more than one class."""
        return len(self.classes) > 1


@dataclass(frozen=True, slots=True)
class Duplicates:
    """All groups of a data set: conflicts first, then by kind, then by their first photo. Kinds may overlap."""

    groups: tuple[Group, ...]

    def of(self, kind: Kind) -> tuple[Group, ...]:
        """The groups of one kind."""
        return tuple(group for group in self.groups if group.kind == kind)

    @property
    def conflicts(self) -> tuple[Group, ...]:
        """The groups that lie in more than one class."""
        return tuple(group for group in self.groups if group.conflict)


def find_duplicates(dataset: Dataset, features: NDArray[np.float32] | None = None) -> Duplicates:
    """Groups of photos that show the same.

    Photos without facts are only compared byte by byte, and so are plain ones, whose looks tell nothing.

    Args:
        dataset: Its ``samples`` are compared.
        features: (samples, d) of a pre-trained network, row by row as ``dataset.samples``. They find what is
            framed a little differently, and confirm what looks alike only roughly.

    Raises:
        ValueError: If there isn't one row of features for each sample.
    """
    samples = dataset.samples
    if features is not None and len(features) != len(samples):
        raise ValueError(f"{len(features)} rows of features for {len(samples)} samples")
    copies: dict[str, list[int]] = defaultdict(list)
    for index, sample in enumerate(samples):
        copies[sample.digest].append(index)
    identical = [tuple(indices) for indices in copies.values() if len(indices) > 1]
    looks = _Looks(dataset, copies)
    near = looks.near(None if features is None else features[looks.first])
    bursts = looks.bursts(near)
    found = {"identical": identical, "near": near, "burst": bursts}
    groups = (_group(kind, indices, samples) for kind in KINDS for indices in found[kind])
    return Duplicates(tuple(sorted(groups, key=lambda group: (not group.conflict, KINDS.index(group.kind)))))


def together(duplicates: Duplicates) -> tuple[tuple[int, ...], ...]:
    """Disjoint sets of samples, ascending, that a split keeps in one part: groups that share a photo are one set."""
    groups = duplicates.groups
    count = 1 + max((group.indices[-1] for group in groups), default=-1)
    edges = [(group.indices[0], index) for group in groups for index in group.indices[1:]]
    return tuple(members(components(count, [start for start, _ in edges], [end for _, end in edges])))


def leaks(dataset: Dataset, split: Split, duplicates: Duplicates) -> tuple[Group, ...]:
    """The groups that lie in more than one part of a split, so that the exam asks what was learnt by heart."""
    part_of = np.zeros(len(dataset.samples), dtype=np.int8)
    for number, part in enumerate((split.train, split.validation, split.test)):
        part_of[list(part)] = number
    return tuple(group for group in duplicates.groups if len(set(part_of[list(group.indices)].tolist())) > 1)


def duplicates_sentence(duplicates: Duplicates) -> str:
    """How many photos show the same as another, and what is done about it; empty without any."""
    photos = sum(len(indices) for indices in together(duplicates))
    if not photos:
        return ""
    return (
        f"{photos} photos show the same as another one. They stay on one side of the split, so that the exam is fair."
    )


def conflicts_sentence(duplicates: Duplicates) -> str:
    """How many groups lie in more than one class, and what to do; empty without any."""
    count = len(duplicates.conflicts)
    if not count:
        return ""
    many = f"{count} groups of photos show the same and lie" if count > 1 else "Photos that show the same lie"
    return f"{many} in more than one class. Choose the right class, or the model learns two answers for them."


def leaks_sentence(found: Sequence[Group]) -> str:
    """How many groups lie on both sides of a split, and what that means; empty without any."""
    if not found:
        return ""
    many = (
        f"{len(found)} groups of photos that show the same lie" if len(found) > 1 else "Photos that show the same lie"
    )
    return f"{many} in more than one part of the split. The exam will look better than new photos will."


def _group(kind: Kind, indices: tuple[int, ...], samples: Sequence[Sample]) -> Group:
    return Group(kind, indices, tuple(sorted({samples[index].class_name for index in indices})))


class _Looks:
    """What the different photos of a data set look like, one row for each digest that has telling facts."""

    def __init__(self, dataset: Dataset, copies: dict[str, list[int]]) -> None:
        telling = [digest for digest in copies if _tells(dataset.facts.get(digest))]
        facts = [dataset.facts[digest] for digest in telling]
        self._samples = dataset.samples
        self._copies = [copies[digest] for digest in telling]
        self._taken = [fact.taken for fact in facts]
        self._codes = np.array([fact.fingerprint for fact in facts], dtype=np.uint64)
        self._layouts = np.frombuffer(b"".join(fact.layout for fact in facts), dtype=np.uint8)
        self._layouts = self._layouts.reshape(len(facts), -1 if facts else 0)
        self.first = np.array([indices[0] for indices in self._copies], dtype=np.intp)

    def near(self, features: NDArray[np.float32] | None) -> list[tuple[int, ...]]:
        """Samples that are nearly the same, all copies of each included; ``features`` has a row for each row here."""
        if features is None:
            return self._spread(link(self._codes, NEAR_BITS, self._looks_same))
        centred = np.asarray(features - features.mean(axis=0), dtype=np.float32)

        def confirmed(first: Rows, second: Rows) -> NDArray[np.bool_]:
            close = cosine(centred[first], centred[second]) >= CONFIRMING_COSINE
            return self._looks_same(first, second) | (close & self._correlated(first, second, CONFIRMED_CORRELATION))

        seen, understood = link(self._codes, NEAR_BITS, confirmed), link(_signs(centred), NEAR_BITS, confirmed)
        # A photo is tied to what it is seen as and to what it is understood as.
        rows = np.arange(len(seen))
        ties = components(3 * len(rows), np.tile(rows, 2), np.concatenate((seen, understood + len(rows))) + len(rows))
        return self._spread(ties[: len(rows)])

    def bursts(self, near: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
        """Samples of one moment, all copies of each included, but for sets that are ``near`` altogether."""
        pairs = np.array([*self._by_time(), *self._by_name()], dtype=np.intp).reshape(-1, 2)
        first, second = pairs[:, 0], pairs[:, 1]
        near_codes = distance(self._codes[first], self._codes[second]) <= BURST_BITS
        first, second = first[near_codes], second[near_codes]
        alike = judged(lambda one, other: self._correlated(one, other, BURST_CORRELATION), first, second)
        found = self._spread(components(len(self._codes), first[alike], second[alike]))
        set_of = {index: number for number, indices in enumerate(near) for index in indices}
        return [group for group in found if len({set_of.get(index, -index - 1) for index in group}) > 1]

    def _looks_same(self, first: Rows, second: Rows) -> NDArray[np.bool_]:
        return self._correlated(first, second, NEAR_CORRELATION)

    def _correlated(self, first: Rows, second: Rows, least: float) -> NDArray[np.bool_]:
        return np.asarray(correlation(self._layouts[first], self._layouts[second]) >= least)

    def _spread(self, labels: Rows) -> list[tuple[int, ...]]:
        return [tuple(sorted(chain.from_iterable(self._copies[row] for row in rows))) for rows in members(labels)]

    def _by_time(self) -> Iterator[tuple[int, int]]:
        """Pairs of rows whose capture times are close."""
        timed = sorted((datetime.fromisoformat(taken), row) for row, taken in enumerate(self._taken) if taken)
        for place, (time, row) in enumerate(timed):
            for later, other in timed[place + 1 : place + 1 + _FOLLOWERS]:
                if (later - time).total_seconds() > BURST_SECONDS:
                    break
                yield row, other

    def _by_name(self) -> Iterator[tuple[int, int]]:
        """Pairs of rows whose files are numbered one after the other in one folder, unless the camera's clock knows."""
        numbered: dict[tuple[str, str, str, int], int] = {}
        for row, index in ((row, index) for row, indices in enumerate(self._copies) for index in indices):
            path = PurePosixPath(self._samples[index].path)
            match = _LAST_NUMBER.fullmatch(path.stem)
            if match:
                numbered[str(path.parent), match[1], match[3], int(match[2])] = row
        for (folder, before, after, number), row in numbered.items():
            follower = numbered.get((folder, before, after, number + 1), row)
            if follower != row and not (self._taken[row] and self._taken[follower]):
                yield row, follower


def _tells(facts: PhotoFacts | None) -> bool:
    return facts is not None and bool(facts.layout) and facts.contrast >= LEAST_CONTRAST


def _signs(features: NDArray[np.float32]) -> NDArray[np.uint64]:
    """64-bit codes of vectors: the share of bits that differ is their angle in half-turns.

    Random hyperplanes (Charikar, "Similarity estimation techniques from rounding algorithms", STOC 2002).

    Args:
        features: (n, d), centred.
    """
    planes = np.random.default_rng(0).standard_normal((features.shape[1], 64)).astype(np.float32)
    return np.packbits(features @ planes > 0, axis=1).view(np.uint64).ravel()
