"""Photos that belong on one side of a split: copies, look-alikes, those of one folder, day or value of a column."""

import posixpath
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import count
from typing import Literal

from tlstudio.datasets.added import is_added
from tlstudio.datasets.dataset import Dataset, Sample

GroupBy = Literal["none", "folder", "day", "column"]

_DAY_CHARACTERS = len("2024-05-06")
# Folders that bear the classes: nearly all photos of each have one class (a few may have been corrected since), and
# there are about as many as classes (several where spellings are read as one class).
_PURITY = 0.9
_MOST_FOLDERS_PER_CLASS = 2


def group_photos(
    dataset: Dataset,
    group_by: GroupBy,
    keep_together: bool,
    together: Iterable[Sequence[int]] = (),
    column: str = "",
) -> list[list[int]]:
    """Sort the photos into the smallest groups that no reason to stay together crosses.

    Args:
        dataset: Its ``samples`` are grouped.
        group_by: "folder" for the photo's own folder (below the class folder, where folders give the classes), "day"
            for the day that it was taken on, "column" for what a column of the table of labels says of it (a patient,
            a camera); photos without one have no such group.
        keep_together: Whether byte-identical photos and those of ``together`` are kept together.
        together: Groups of indices into ``dataset.samples``; they may overlap.
        column: Name of the column, for "column"; one that the data set doesn't have makes no groups.

    Returns:
        Every index exactly once; the indices of a group ascend, and so do the first ones of the groups.
    """
    sets = _Sets(len(dataset.samples))
    if keep_together:
        sets.join_equal(sample.digest for sample in dataset.samples)
        for members in together:
            for other in members[1:]:
                sets.join(members[0], other)
    match group_by:
        case "folder":
            sets.join_equal(_own_folders(dataset.samples))
        case "day":
            sets.join_equal(_days(dataset))
        case "column":
            values = dataset.columns.get(column, {})
            sets.join_equal(values.get(sample.path) for sample in dataset.samples)
    return sets.groups()


def _days(dataset: Dataset) -> Iterator[str | None]:
    for sample in dataset.samples:
        facts = dataset.facts.get(sample.digest)
        yield facts.taken[:_DAY_CHARACTERS] or None if facts else None


def _own_folders(samples: Sequence[Sample]) -> list[str | None]:
    """For each photo the whole path of its folder; None for one directly in a class folder or at the top."""
    folders = [posixpath.dirname(sample.path) for sample in samples]
    own = [number for number, sample in enumerate(samples) if not is_added(sample.path)]
    parts = [folders[number].split("/") if folders[number] else [] for number in own]
    depth = _class_depth(parts, [samples[number] for number in own])
    return [folder if folder and folder.count("/") >= depth else None for folder in folders]


def _class_depth(folders: Sequence[Sequence[str]], samples: Sequence[Sample]) -> int:
    """How far down the folders lie that give the classes: 1 at the top, 2 in train/val/test folders, 0 if none do.

    Told by what the folders hold, not by their names: classes may have been renamed since.
    """
    classes = {sample.class_name for sample in samples}
    for depth in count(1):
        held: dict[str, Counter[str]] = defaultdict(Counter)
        for names, sample in zip(folders, samples, strict=True):
            if len(names) >= depth:
                held[names[depth - 1]][sample.class_name] += 1
        photos = sum(counts.total() for counts in held.values())
        if photos * 2 < len(samples) or not held:
            break
        commonest = [counts.most_common(1)[0] for counts in held.values()]
        pure = sum(number for _, number in commonest) >= _PURITY * photos
        told_apart = len({name for name, _ in commonest}) * 2 > len(classes)
        if pure and told_apart and len(held) <= _MOST_FOLDERS_PER_CLASS * len(classes):
            return depth
    return 0


class _Sets:
    """Disjoint sets of the numbers from 0 (union-find with path halving)."""

    def __init__(self, size: int) -> None:
        self._above = list(range(size))

    def join(self, one: int, other: int) -> None:
        """Make the sets of two numbers one."""
        top, below = sorted((self._top(one), self._top(other)))
        self._above[below] = top

    def join_equal(self, keys: Iterable[Hashable]) -> None:
        """Join all numbers that have the same key; None is no key."""
        first: dict[Hashable, int] = {}
        for number, key in enumerate(keys):
            if key is not None and first.setdefault(key, number) != number:
                self.join(first[key], number)

    def groups(self) -> list[list[int]]:
        """The sets, by their smallest numbers."""
        found: dict[int, list[int]] = {}
        for number in range(len(self._above)):
            found.setdefault(self._top(number), []).append(number)
        return list(found.values())

    def _top(self, number: int) -> int:
        above = self._above
        while above[number] != number:
            above[number] = above[above[number]]
            number = above[number]
        return number
