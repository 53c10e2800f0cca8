"""Photos that show the same: copies, near copies, and bursts of one moment."""

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tlstudio.datasets.dataset import Dataset, Sample
from tlstudio.datasets.facts import PhotoFacts
from tlstudio.datasets.looks.embeddings import Embedding, Vectors
from tlstudio.datasets.looks.likeness import Rows, components, correlation, distance, judged, link, members
from tlstudio.datasets.splits.split import Split

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

# Features never decide alone: those of a weak network also put different photos of one kind close together. What is
# roughly alike needs their word; what they take for the same needs to be laid out alike, if only roughly. Seen with
# four networks (the starter, MobileNet 0.25, MobileNetV2 0.35 and 1.0) on the 400,000 pairs above: this finds 3 to 4
# pairs more, all of the same scene. Of photos that show something else, none that are so few bits apart reach a cosine
# of 0.80 (the closest: 0.78), and none that are laid out alike one of 0.90. Of flowers cut to 90 % of their sides it
# finds 6 to 9 of 10 instead of none, of those turned by 3 degrees nearly all instead of a third.
ROUGH_BITS = 16
CONFIRMING_COSINE = 0.80
SAME_COSINE = 0.92
CONFIRMING_CORRELATION = 0.60

# Plain photos (skies, walls, black frames) are alike without showing the same thing.
LEAST_CONTRAST = 0.03

# Of one moment, each photo is compared with so many that follow; in longer bursts these make a chain.
_FOLLOWERS = 4
# Codes of 64 planes that differ in up to 20 bits hold nearly all pairs with a cosine of 0.80; by four such codes most
# of these pairs are brought together.
_CODE_SETS, _CODE_BITS = 4, 20
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


@dataclass(frozen=True, slots=True)
class Alike:
    """Which photos show the same, as sets of two or more digests: whatever their classes, and whether they are used.

    Attributes:
        near: The same picture saved otherwise, or almost the same picture.
        bursts: Taken one after the other of the same scene; not those that are ``near`` altogether.
    """

    near: tuple[tuple[str, ...], ...] = ()
    bursts: tuple[tuple[str, ...], ...] = ()


def find_duplicates(dataset: Dataset, features: Vectors | None = None) -> Duplicates:
    """Groups of photos that show the same: ``duplicates_of`` what ``find_alike`` tells of them."""
    return duplicates_of(dataset, find_alike(dataset, features))


def find_alike(dataset: Dataset, features: Vectors | None = None) -> Alike:
    """Compare photos by their looks.

    Photos without facts are not compared, and neither are plain ones, whose looks tell nothing.

    Args:
        dataset: Its ``samples`` are compared.
        features: (samples, d) of a pre-trained network, row by row as ``dataset.samples``. They find what is
            framed a little differently, and confirm what looks alike only roughly. They may lie on disk.

    Raises:
        ValueError: If there isn't one row of features for each sample.
    """
    if features is not None and len(features) != len(dataset.samples):
        raise ValueError(f"{len(features)} rows of features for {len(dataset.samples)} samples")
    looks = _Looks(dataset)
    near = looks.near(features)
    return Alike(near, looks.bursts(near))


def with_near(alike: Alike, near: Iterable[Sequence[str]]) -> Alike:
    """What is known of photos, and further sets that are nearly the same; sets that share a photo become one."""
    sets = [*alike.near, *near]
    row_of: dict[str, int] = {}
    for digest in chain.from_iterable(sets):
        row_of.setdefault(digest, len(row_of))
    edges = [(row_of[digests[0]], row_of[digest]) for digests in sets for digest in digests[1:]]
    joined = components(len(row_of), [start for start, _ in edges], [end for _, end in edges])
    digests = list(row_of)
    return replace(alike, near=tuple(tuple(digests[row] for row in rows) for rows in members(joined)))


def duplicates_of(dataset: Dataset, alike: Alike) -> Duplicates:
    """Groups of photos that show the same: byte by byte, and by their looks.

    Args:
        dataset: Its ``samples`` are told apart.
        alike: What ``find_alike`` told of these photos, or of more.
    """
    copies = _copies(dataset.samples)
    identical = [tuple(indices) for indices in copies.values() if len(indices) > 1]
    near = _spread(alike.near, copies)
    set_of = {index: number for number, indices in enumerate(near) for index in indices}
    bursts = [
        group for group in _spread(alike.bursts, copies) if len({set_of.get(index, -index - 1) for index in group}) > 1
    ]
    found = {"identical": identical, "near": near, "burst": bursts}
    groups = (_group(kind, indices, dataset.samples) for kind in KINDS for indices in sorted(found[kind]))
    return Duplicates(tuple(sorted(groups, key=lambda group: (not group.conflict, KINDS.index(group.kind)))))


def _copies(samples: Sequence[Sample]) -> dict[str, list[int]]:
    """Indices of the samples by digest."""
    copies: dict[str, list[int]] = defaultdict(list)
    for index, sample in enumerate(samples):
        copies[sample.digest].append(index)
    return copies


def _spread(sets: Iterable[Sequence[str]], copies: Mapping[str, Sequence[int]]) -> list[tuple[int, ...]]:
    """Samples of sets of digests, all copies of each included, where at least two of the digests are there."""
    there = ([copies[digest] for digest in digests if digest in copies] for digests in sets)
    return [tuple(sorted(chain.from_iterable(indices))) for indices in there if len(indices) > 1]


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


def more_sentence(count: int) -> str:
    """How many photos only a network takes for the same as another; empty without any."""
    if not count:
        return ""
    many = f"{count} more photos show" if count > 1 else "1 more photo shows"
    return f"{many} the same as another one, which only a network sees: look at them before you trust the exam."


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

    def __init__(self, dataset: Dataset) -> None:
        copies = _copies(dataset.samples)
        self._digests = [digest for digest in copies if _tells(dataset.facts.get(digest))]
        facts = [dataset.facts[digest] for digest in self._digests]
        self._paths = [[dataset.samples[index].path for index in copies[digest]] for digest in self._digests]
        self._taken = [fact.taken for fact in facts]
        self._codes = np.array([fact.fingerprint for fact in facts], dtype=np.uint64)
        self._layouts = np.frombuffer(b"".join(fact.layout for fact in facts), dtype=np.uint8)
        self._layouts = self._layouts.reshape(len(facts), -1 if facts else 0)
        self.first = np.array([copies[digest][0] for digest in self._digests], dtype=np.intp)

    def near(self, features: Vectors | None) -> tuple[tuple[str, ...], ...]:
        """Sets that are nearly the same; ``features`` has a row for each sample."""
        if features is None or not len(self.first):
            return self._sets(link(self._codes, NEAR_BITS, self._looks_same))
        embedding = Embedding(features, self.first)

        def same(first: Rows, second: Rows) -> NDArray[np.bool_]:
            return self._confirmed(embedding, first, second)

        seen = link(self._codes, ROUGH_BITS, same)
        return self._sets(_tied(seen, *(link(codes, _CODE_BITS, same) for codes in embedding.codes(_CODE_SETS))))

    def bursts(self, near: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
        """Sets of one moment, but for those that are ``near`` altogether."""
        pairs = np.array([*self._by_time(), *self._by_name()], dtype=np.intp).reshape(-1, 2)
        first, second = pairs[:, 0], pairs[:, 1]
        near_codes = distance(self._codes[first], self._codes[second]) <= BURST_BITS
        first, second = first[near_codes], second[near_codes]
        alike = judged(lambda one, other: self._correlated(one, other, BURST_CORRELATION), first, second)
        set_of = {digest: number for number, digests in enumerate(near) for digest in digests}
        found = self._sets(components(len(self._codes), first[alike], second[alike]))
        return tuple(group for group in found if len({set_of.get(digest, digest) for digest in group}) > 1)

    def _looks_same(self, first: Rows, second: Rows) -> NDArray[np.bool_]:
        return self._correlated(first, second, NEAR_CORRELATION)

    def _confirmed(self, embedding: Embedding, first: Rows, second: Rows) -> NDArray[np.bool_]:
        """Whether pairs look the same, or do so roughly to the eye and to a network; features are read if need be."""
        bits = distance(self._codes[first], self._codes[second])
        likeness = correlation(self._layouts[first], self._layouts[second])
        alike = (bits <= NEAR_BITS) & (likeness >= NEAR_CORRELATION)
        rough = bits <= ROUGH_BITS
        asked = np.flatnonzero(~alike & (rough | (likeness >= CONFIRMING_CORRELATION)))
        least = np.where(rough[asked], CONFIRMING_COSINE, SAME_COSINE)
        alike[asked] = embedding.cosine(first[asked], second[asked]) >= least
        return np.asarray(alike)

    def _correlated(self, first: Rows, second: Rows, least: float) -> NDArray[np.bool_]:
        return np.asarray(correlation(self._layouts[first], self._layouts[second]) >= least)

    def _sets(self, labels: Rows) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(self._digests[row] for row in rows) for rows in members(labels))

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
        for row, path in ((row, path) for row, paths in enumerate(self._paths) for path in paths):
            folder, name = posixpath.split(path)
            match = _LAST_NUMBER.fullmatch(posixpath.splitext(name)[0])
            if match:
                numbered[folder, match[1], match[3], int(match[2])] = row
        for (folder, before, after, number), row in numbered.items():
            follower = numbered.get((folder, before, after, number + 1), row)
            if follower != row and not (self._taken[row] and self._taken[follower]):
                yield row, follower


def _tells(facts: PhotoFacts | None) -> bool:
    return facts is not None and bool(facts.layout) and facts.contrast >= LEAST_CONTRAST


def _tied(*labellings: Rows) -> Rows:
    """Components of rows that share one in any of several labellings: a row is tied to each of its labels."""
    count = len(labellings[0])
    ends = [labels + number * count for number, labels in enumerate(labellings, start=1)]
    starts = np.tile(np.arange(count, dtype=np.intp), len(labellings))
    return components((len(labellings) + 1) * count, starts, np.concatenate(ends))[:count]
