"""Classes that are probably one, by what they are called."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.doctor.problem import Fix, Problem
from tlstudio.datasets.doctor.wording import listed
from tlstudio.datasets.reading.reading import Reading
from tlstudio.wording import in_quotes

LONG_NAME = 8
"""Letters that a word needs, so that one letter that differs is a slip rather than another word."""

_SHORTEST_KEY = 3
_MOST_CLASSES = 2_000

_COPY = re.compile(r"(?:[\s_-]+copy|\s*\(\d+\))+$")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s_.,-]+(?=\d)")
# Other signs mean something: A+, C#, 5 %.
_MEANS_NOTHING = re.compile(r"[\s_.,'’()-]+")


def near_equal_classes(dataset: Dataset, reading: Reading) -> Iterator[Problem]:
    """Class names that differ only in case, blanks, signs or plural, and long ones that differ by one letter."""
    counts = {name: count for name, count in dataset.counts().items() if count}
    groups = _groups(counts)
    if groups:
        yield _problem(
            "near_equal_classes",
            "These classes are called almost the same",
            "If they are one class, read them as one. Otherwise the model learns to tell apart what is the same.",
            _Groups(groups, counts),
            reading,
        )
    alike = _one_letter_apart([max(group, key=lambda name: counts[name]) for group in _by_key(counts).values()])
    if alike:
        yield _problem(
            "misspelt_classes",
            "These class names differ by one letter",
            "If that is a slip, read them as one class.",
            _Groups(alike, counts),
            reading,
        )


class _Groups:
    """Groups of class names, the name with the most photos first."""

    def __init__(self, groups: Iterable[Sequence[str]], counts: Mapping[str, int]) -> None:
        self.names = [sorted(group, key=lambda name: (-counts[name], name)) for group in groups]

    def merged(self) -> dict[str, str]:
        return {name: first for first, *others in self.names for name in others}

    def __str__(self) -> str:
        return listed([" = ".join(in_quotes(name) for name in group) for group in self.names])


def _problem(code: str, message: str, hint: str, groups: _Groups, reading: Reading) -> Problem:
    title = "Read them as one class" if len(groups.names) == 1 else "Read each group as one class"
    merged = _chained(reading.merged, groups.merged())
    return Problem(code, f"{message}: {groups}.", hint, "warning", fix=Fix(title, replace(reading, merged=merged)))


def _chained(before: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """One table that does what the two do after each other."""
    return {**now, **{old: now.get(new, new) for old, new in before.items()}}


def _groups(names: Iterable[str]) -> list[list[str]]:
    return [group for group in _by_key(names).values() if len(group) > 1]


def _by_key(names: Iterable[str]) -> dict[str, list[str]]:
    """Names by what is left of them without case, signs and plural."""
    groups: dict[str, list[str]] = defaultdict(list)
    for name in names:
        groups[canonical(name)].append(name)
    return groups


def canonical(name: str) -> str:
    """What two names have in common that only differ in case, blanks, signs, stored form of letters, or plural."""
    folded = unicodedata.normalize("NFKC", name).casefold().strip()
    bare = _BETWEEN_DIGITS.sub("\0", _COPY.sub("", folded))
    # A minus before a number means something.
    sign, rest = (bare[:1], bare[1:]) if re.match(r"-\d", bare) else ("", bare)
    key = sign + _MEANS_NOTHING.sub("", rest)
    return _singular(key) if len(key) >= _SHORTEST_KEY else folded


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def _one_letter_apart(names: Sequence[str]) -> list[list[str]]:
    """Groups of names of which one long word differs by one letter, and not by the first one."""
    if len(names) > _MOST_CLASSES:
        return []
    words = {name: tuple(_words(name)) for name in names}
    shelves: dict[tuple[int, str], list[str]] = defaultdict(list)
    for name, parts in words.items():
        shelves[len(parts), "".join(part[0] for part in parts)].append(name)
    groups: dict[str, list[str]] = {}
    for first, second in (pair for shelf in shelves.values() for pair in combinations(shelf, 2)):
        if _differ_by_a_slip(words[first], words[second]):
            # Names are shared between groups, so that three spellings of one word become one group.
            one, other = groups.setdefault(first, [first]), groups.setdefault(second, [second])
            if one is not other:
                one.extend(other)
                groups.update(dict.fromkeys(other, one))
    return list({id(group): group for group in groups.values()}.values())


def _words(name: str) -> list[str]:
    return re.findall(r"[^\W\d_]+|\d+", unicodedata.normalize("NFKC", name).casefold())


def _differ_by_a_slip(first: Sequence[str], second: Sequence[str]) -> bool:
    pairs = [pair for pair in zip(first, second, strict=True) if pair[0] != pair[1]]
    if len(pairs) != 1:
        return False
    one, other = pairs[0]
    return min(len(one), len(other)) >= LONG_NAME and one.isalpha() and _one_edit(one, other)


def _one_edit(one: str, other: str) -> bool:
    """Whether one letter is another, missing or exchanged with its neighbour (Damerau's four slips)."""
    if len(one) > len(other):
        one, other = other, one
    start = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    if len(one) < len(other):
        return one[start:] == other[start + 1 :]
    swapped = one[start + 1 : start + 2] + one[start : start + 1] + one[start + 2 :]
    return one[start + 1 :] == other[start + 1 :] or swapped == other[start:]
