"""In which order photos are reviewed, and which are asked about together."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Order = Literal["least_sure", "by_class", "unlike_first"]

SUGGESTED_TOGETHER = 40
"""Photos of one suggestion that are looked at together: what fits a screen."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A photo that waits for a person.

    Attributes:
        path: Its absolute path.
        batch: Number of the batch that its answer belongs to.
        place: Of the answer in the batch.
        label: The model's answer.
        score: How sure the model is, 0 to 1.
        unlike: Whether it is held back because it is unlike everything that was learnt from.
        novelty: Share of known photos that are less unlike, 0 to 1; None where nobody knows.
        digest: SHA-256 of the file as it was answered, in hex; empty where it isn't known.
    """

    path: str
    batch: int
    place: int
    label: str
    score: float
    unlike: bool = False
    novelty: float | None = None
    digest: str = ""


def ordered(candidates: Iterable[Candidate], order: Order) -> list[Candidate]:
    """Candidates in the order in which they are asked about.

    Args:
        candidates: In any order.
        order: "least_sure" first; "by_class": suggestion by suggestion, the frequent ones first, in each the surest
            first; "unlike_first": what is unlike everything that was learnt from, the least alike first.
    """
    every = list(candidates)
    if order == "by_class":
        counts = Counter(each.label for each in every)
        return sorted(every, key=lambda each: (-counts[each.label], each.label, -each.score, each.path))
    if order == "unlike_first":
        return sorted(every, key=lambda each: (not each.unlike, -(each.novelty or 0.0), each.score, each.path))
    return sorted(every, key=lambda each: (each.score, each.path))


@dataclass(frozen=True, slots=True)
class Lineup:
    """Candidates in order, and where to find them.

    Attributes:
        candidates: In the order in which they are asked about.
        places: Position of each in it, by path.
        folders: Paths of those in each folder, by name.
    """

    candidates: tuple[Candidate, ...] = ()
    places: Mapping[str, int] = field(default_factory=dict)
    folders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, candidates: Iterable[Candidate], order: Order) -> "Lineup":
        """Line candidates up."""
        line = tuple(ordered(candidates, order))
        folders: dict[str, list[str]] = defaultdict(list)
        for each in line:
            folders[str(Path(each.path).parent)].append(each.path)
        by_name = {folder: tuple(sorted(paths)) for folder, paths in folders.items()}
        return cls(line, {each.path: place for place, each in enumerate(line)}, by_name)

    def beside(self, path: str, count: int) -> list[str]:
        """A photo of the line and so many before and after it in its folder."""
        paths = self.folders[str(Path(path).parent)]
        at = paths.index(path)
        return list(paths[max(at - count, 0) : at + count + 1])


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Photos for which the model suggests the same class.

    Attributes:
        label: The class.
        photos: Some of them, the surest first.
        total: How many there are in all.
    """

    label: str
    photos: tuple[Candidate, ...]
    total: int


def suggestions(candidates: Sequence[Candidate]) -> list[Suggestion]:
    """Candidates by their suggested class, those with the most photos first; photos that are unlike anything apart."""
    by_label: dict[str, list[Candidate]] = defaultdict(list)
    for each in candidates:
        if not each.unlike:
            by_label[each.label].append(each)
    found = [
        Suggestion(label, tuple(ordered(members, "by_class")[:SUGGESTED_TOGETHER]), len(members))
        for label, members in by_label.items()
    ]
    return sorted(found, key=lambda suggestion: (-suggestion.total, suggestion.label))
