"""Filling the three parts of a split, group by group, each where most is lacking."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

Quotas = tuple[float, float, float]

_TRAIN, _VALIDATION, _TEST = range(3)
# Who is served first when there are too few photos for all.
_PRIORITY = (_TRAIN, _TEST, _VALIDATION)


@dataclass(frozen=True, slots=True)
class Group:
    """Photos that go to one part together.

    Attributes:
        members: Indices into ``Dataset.samples``.
        counts: How many of them are of each stratum (a class, or all photos alike).
    """

    members: tuple[int, ...]
    counts: Mapping[str, int]


def allot(
    groups: Sequence[Group], quotas: Callable[[int], Quotas], placed: Sequence[tuple[Group, int]] = ()
) -> tuple[list[int], list[int], list[int]]:
    """Put each group into one of three parts: train, validation, test.

    Each part with a quota above 0 gets a photo of each stratum that has enough groups: 3 for three parts; with 2 the
    exam goes before the check, with 1 there is only learning. (Where strata share groups, this can be impossible and is
    only sought.) Beyond that, each stratum misses its quotas by less than one photo, or by as little as its groups
    allow; whole quotas are met exactly where no group has two photos.

    Args:
        groups: In the order of placing; those that are hard to place belong first.
        quotas: How many of that many photos of one stratum each part is to get; they sum to the argument.
        placed: Groups that have their part (0 to 2) already; the others fill up around them.

    Returns:
        The members of the groups in each part, those of the placed ones first.
    """
    photos: dict[str, int] = defaultdict(int)
    different: dict[str, int] = defaultdict(int)
    for group in (*(group for group, _ in placed), *groups):
        for name, number in group.counts.items():
            photos[name] += number
            different[name] += 1
    shelves = {name: _Shelf(quotas(photos[name]), different[name]) for name in photos}
    open_parts = [part for part in _PRIORITY if any(shelf.lacking[part] > 0 for shelf in shelves.values())]
    parts: tuple[list[int], list[int], list[int]] = ([], [], [])

    def put(group: Group, part: int) -> None:
        parts[part].extend(group.members)
        for name, number in group.counts.items():
            shelves[name].put(part, number)

    for group, part in placed:
        put(group, part)
    for group in groups:
        put(group, _neediest([shelves[name] for name in group.counts], open_parts))
    return parts


class _Shelf:
    """How much of one stratum each part still lacks."""

    def __init__(self, quotas: Quotas, groups: int) -> None:
        self.lacking = list(quotas)
        self._groups_left = groups
        wanting = [part for part in _PRIORITY if quotas[part] > 0]
        self._empty = set(wanting[:groups])

    def need(self, part: int) -> tuple[int, float]:
        """How much a part needs a group: first, whether it is empty with only as many groups left as empty parts."""
        must_have = part in self._empty and self._groups_left <= len(self._empty)
        return int(must_have), self.lacking[part]

    def put(self, part: int, photos: int) -> None:
        self.lacking[part] -= photos
        self._groups_left -= 1
        self._empty.discard(part)


def _neediest(shelves: Sequence[_Shelf], parts: Iterable[int]) -> int:
    """The part that the shelves together need a group for most."""

    def need(part: int) -> tuple[int, float]:
        musts, lacks = zip(*(shelf.need(part) for shelf in shelves), strict=True)
        return sum(musts), fsum(lacks)

    # The first of equals, so that _PRIORITY decides.
    return max(parts, key=shelves[0].need if len(shelves) == 1 else need)
