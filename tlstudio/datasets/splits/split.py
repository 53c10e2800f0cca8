"""Sharing out the photos: to learn from, to check while learning, for the final exam."""

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain
from types import MappingProxyType
from typing import Literal, get_args

from tlstudio.datasets.dataset import Dataset, Part
from tlstudio.datasets.sorting import sorted_in_turns, sorted_numbers
from tlstudio.datasets.splits.allotment import Group, Quotas, allot
from tlstudio.datasets.splits.grouping import GroupBy, group_photos
from tlstudio.errors import TLStudioError

Method = Literal["stratified", "plain", "nested"]

PARTS: tuple[Part, ...] = get_args(Part)
_GROUPS: tuple[GroupBy, ...] = get_args(GroupBy)
_TINY = 1e-9  # what a product of fractions may be off a whole number


@dataclass(frozen=True, slots=True)
class SplitConfig:
    """How to share out. Shares that don't sum to 1 are scaled so that they do.

    Attributes:
        train: Share of the photos to learn from; more than 0.
        validation: Share to check on while learning.
        test: Share for the final exam.
        seed: Same seed, same photos: same split.
        method: "stratified" shares out each class alike; "plain" all photos at once, whatever their class; "nested"
            each class, first the check and then the exam from what is left, both rounded up (the rule of collection
            001; see ``nested``).
        group_by: What else keeps photos on one side: their own "folder", the "day" they were taken on, what a "column"
            of the table of labels says of them, or "none".
        keep_together: Whether copies and photos that are all but copies stay on one side.
        use_given: Whether photos stay in the part that the data set says they belong to.
        group_column: Name of the column, where ``group_by`` is "column".

    Raises:
        ValueError: If a share is negative or not a number, ``train`` is 0, there is no such method or group, or the
            column has no name.
    """

    train: float = 0.70
    validation: float = 0.15
    test: float = 0.15
    seed: int = 0
    method: Method = "stratified"
    group_by: GroupBy = "none"
    keep_together: bool = True
    use_given: bool = True
    group_column: str = ""

    def __post_init__(self) -> None:
        shares = self.shares
        if not all(math.isfinite(share) and share >= 0 for share in shares) or self.train == 0:
            raise ValueError(f"shares must be 0 or more, and more than 0 to learn from: {shares}")
        if self.method not in get_args(Method) or self.group_by not in _GROUPS:
            raise ValueError(f"no such way to share out: {self.method}, {self.group_by}")
        if self.group_by == "column" and not self.group_column:
            raise ValueError("the column that groups the photos has no name")
        total = math.fsum(shares)
        if not math.isclose(total, 1):
            for name, share in zip(PARTS, shares, strict=True):
                object.__setattr__(self, name, share / total)

    @property
    def shares(self) -> tuple[float, float, float]:
        """Train, validation, test."""
        return self.train, self.validation, self.test

    @property
    def test_of_rest(self) -> float:
        """Share of the exam in what the check leaves over: the test fraction of the nested method."""
        return self.test / (self.train + self.test)

    @classmethod
    def nested(cls, validation: float = 0.2, test_of_rest: float = 0.1, seed: int = 0) -> "SplitConfig":
        """The nested method, as collection 001 states it: the exam as a fraction of what the check leaves over.

        Raises:
            ValueError: If a fraction is below 0, or 1 or more.
        """
        rest = 1 - validation
        return cls(rest * (1 - test_of_rest), validation, rest * test_of_rest, seed, "nested")

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

    def grouped_by(self, text: str) -> "SplitConfig":
        """The same with other groups: "none", "folder", "day" or "column:NAME".

        Raises:
            TLStudioError: If the text is none of these.
        """
        kind, _, column = text.partition(":")
        for group_by in _GROUPS:
            if group_by == kind and (kind == "column") == bool(column):
                return replace(self, group_by=group_by, group_column=column)
        raise TLStudioError(
            f"“{text}” doesn't say which photos stay together.", "Use none, folder, day or column:NAME."
        )


@dataclass(frozen=True, slots=True)
class Split:
    """Indices into ``Dataset.samples``, ascending; together every sample exactly once."""

    train: tuple[int, ...]
    validation: tuple[int, ...]
    test: tuple[int, ...]


def split(dataset: Dataset, config: SplitConfig, together: Iterable[Sequence[int]] = ()) -> Split:
    """Share out the photos.

    Unless the config says otherwise, byte-identical photos and those of ``together`` stay in one part, also where they
    lie in different classes. Within that, ``allot`` says how near the shares are met and what small classes get;
    "nested" meets its rule exactly where no group has two photos, but for classes so small that nothing would be left
    to learn from. The result depends on the photos' contents and the seed, not on their order, and on their names only
    where copies may part or folders count.

    Photos that the data set gives to a part stay there. Where no photo is given to validation (or test), that part gets
    its share of those given to train. Photos given to no part go where a given photo of their group is; the others are
    shared out as if nothing were given. A group in two given parts stays where each photo is given.

    Before all that, ``dataset.lock`` keeps photos in their parts, and new photos of their groups follow them. The
    others are shared out around them, so that all together come near the shares.

    scikit-learn has no splitter for this: ``StratifiedGroupKFold`` knows groups but neither free fractions nor a third
    part nor minima; ``train_test_split`` and ``StratifiedShuffleSplit`` know no groups.

    Args:
        dataset: Its ``samples`` are shared out.
        config: How.
        together: Groups of indices into ``samples`` that are to stay together (near-duplicates, bursts).
    """
    groups = group_photos(dataset, config.group_by, config.keep_together, together, config.group_column)
    held, loose = _locked(dataset, groups)
    standing = _given_parts(dataset, loose, dataset.given if config.use_given else {})
    validation_share, test_share = (
        0.0 if part in standing.given else share for part, share in zip(PARTS[1:], config.shares[1:], strict=True)
    )
    learning = replace(config, validation=validation_share, test=test_share)
    shared_out = (_share_out(dataset, standing.open_train, learning), _share_out(dataset, standing.free, config, held))
    train, validation, test = (
        sorted_numbers(chain(standing.fixed[part], *(parts[number] for parts in shared_out)))
        for number, part in enumerate(PARTS)
    )
    return Split(train, validation, test)


def require_column(dataset: Dataset, config: SplitConfig) -> None:
    """See that there is the column that photos are grouped by.

    Raises:
        TLStudioError: If there is none.
    """
    if config.group_by == "column" and config.group_column not in dataset.columns:
        known = ", ".join(dataset.columns)
        raise TLStudioError(
            f"The labels have no column “{config.group_column}” by which photos can be grouped.",
            f"There are: {known}." if known else "Labels from a table can have one: --labels csv:FILE.",
        )


def counts(dataset: Dataset, shared_out: Split) -> dict[str, dict[Part, int]]:
    """Photos per class and part, in the order of ``dataset.classes``; 0 where there are none."""
    counted = {
        part: Counter(dataset.samples[index].class_name for index in members)
        for part, members in zip(PARTS, (shared_out.train, shared_out.validation, shared_out.test), strict=True)
    }
    return {name: {part: counted[part][name] for part in PARTS} for name in dataset.classes}


@dataclass(frozen=True, slots=True)
class _Standing:
    """Where photos stand before anything is shared out.

    Attributes:
        given: Parts that at least one photo is given to.
        fixed: Photos that stay in a part.
        open_train: Groups that are given to train, from which parts that nothing is given to are taken.
        free: Groups that may go anywhere.
    """

    given: frozenset[Part]
    fixed: Mapping[Part, list[int]]
    open_train: list[list[int]]
    free: list[list[int]]


def _locked(dataset: Dataset, groups: Sequence[list[int]]) -> tuple[list[tuple[Part, list[int]]], Sequence[list[int]]]:
    """Groups, or pieces of them, that the lock keeps in a part; and the groups that it says nothing of."""
    if dataset.lock is None:
        return [], groups
    held: list[tuple[Part, list[int]]] = []
    loose = []
    for group in groups:
        part_of = {index: part for index in group if (part := dataset.lock.part_of(dataset.samples[index]))}
        if part_of:
            held += _staying(group, part_of).items()
        else:
            loose.append(group)
    return held, loose


def _given_parts(dataset: Dataset, groups: Iterable[list[int]], given: Mapping[str, Part]) -> _Standing:
    part_of = {index: given[sample.path] for index, sample in enumerate(dataset.samples) if sample.path in given}
    fixed: dict[Part, list[int]] = {part: [] for part in PARTS}
    open_train, free = [], []
    for group in groups:
        held = {part_of[index] for index in group if index in part_of}
        if not held:
            free.append(group)
        elif held == {"train"}:
            open_train.append(group)
        else:
            for part, members in _staying(group, part_of).items():
                fixed[part] += members
    return _Standing(frozenset(part_of.values()), fixed, open_train, free)


def _staying(group: Sequence[int], part_of: Mapping[int, Part]) -> dict[Part, list[int]]:
    """Each photo of a group in its part, and those that have none where most of the others are."""
    parts = [part_of[index] for index in group if index in part_of]
    most = max(PARTS, key=parts.count)
    staying: dict[Part, list[int]] = defaultdict(list)
    for index in group:
        staying[part_of.get(index, most)].append(index)
    return staying


def _share_out(
    dataset: Dataset,
    groups: Sequence[Sequence[int]],
    config: SplitConfig,
    held: Iterable[tuple[Part, Sequence[int]]] = (),
) -> tuple[list[int], list[int], list[int]]:
    """Members of the groups in each part: those of several classes are placed first, then large ones, then by seed."""

    def order(entry: tuple[Group, str]) -> tuple[int, int, str]:
        return -len(entry[0].counts), -len(entry[0].members), entry[1]

    by_class = config.method != "plain"
    made = ((_group(dataset, members, by_class), _lot(dataset, members, config.seed)) for members in groups)
    entries = sorted_in_turns(made, order)
    placed = [(_group(dataset, members, by_class), PARTS.index(part)) for part, members in held]
    return allot([group for group, _ in entries], lambda photos: _quotas(config, photos), placed)


def _group(dataset: Dataset, members: Sequence[int], by_class: bool) -> Group:
    if len(members) == 1:
        return Group((members[0],), _one_of(dataset.samples[members[0]].class_name if by_class else ""))
    strata: dict[str, int] = {}
    for index in members:  # a Counter would take longer than all the rest: nearly all groups have one photo
        name = dataset.samples[index].class_name if by_class else ""
        strata[name] = strata.get(name, 0) + 1
    return Group(tuple(members), strata)


@cache
def _one_of(stratum: str) -> Mapping[str, int]:
    """What nearly all groups count: one object for all of them, since to free 100,000 stalls other threads."""
    return MappingProxyType({stratum: 1})


def _lot(dataset: Dataset, members: Sequence[int], seed: int) -> str:
    """A group's place in the draw. The path only tells copies apart that needn't stay together."""
    digest, path = min((dataset.samples[index].digest, dataset.samples[index].path) for index in members)
    return hashlib.sha256(f"{seed}:{digest}".encode()).hexdigest() + path


def _quotas(config: SplitConfig, photos: int) -> Quotas:
    """How many of the photos of one class go to each part."""
    if config.method != "nested":
        return photos * config.train, photos * config.validation, photos * config.test
    validation = min(math.ceil(photos * config.validation - _TINY), photos - 1)
    rest = photos - validation
    test = min(math.ceil(rest * config.test_of_rest - _TINY), rest - 1)
    return rest - test, validation, test
