"""Folders called train, test and the like that hold class folders: a split that somebody has made already."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Protocol

from tlstudio.datasets.dataset import Part
from tlstudio.datasets.reading.labels import LabelRule

_SPELLINGS: Mapping[Part, frozenset[str]] = {
    "train": frozenset(("train", "training", "trn", "tr", "learn", "learning")),
    "validation": frozenset(
        ("val", "valid", "validation", "validate", "validating", "dev", "devel", "eval", "evaluation")
    ),
    "test": frozenset(("test", "testing", "tst", "holdout", "heldout")),
}
# "trainset", "test_images": words that say that it is a folder of photos, not what is on them.
_SUFFIXES = ("", "set", "data", "dataset", "images", "imgs", "photos", "pics", "split")
_PART_OF_WORD: Mapping[str, Part] = {
    word + suffix: part for part, words in _SPELLINGS.items() for word in words for suffix in _SUFFIXES
}
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_SEPARATOR = re.compile(r"[^0-9a-z]+")
_MOST_WRAPPERS = 3


class PartRule(LabelRule, Protocol):
    """A rule that also tells which part of the split a photo belongs to."""

    def part(self, path: str) -> Part | None:
        """The part, or None where nothing says so."""
        ...


def part_of(name: str) -> Part | None:
    """The part of a split that a folder's name speaks of: "Test set", "01_train", "flowers_validate", "valImages".

    Returns:
        None where the name speaks of none, or of several.
    """
    words = [word.lower() for word in _WORD.findall(unicodedata.normalize("NFKC", name))]
    words += [first + second for first, second in pairwise(words)]  # "hold-out", "TRAIN ing"
    parts = {_PART_OF_WORD[word] for word in words if word in _PART_OF_WORD}
    return parts.pop() if len(parts) == 1 else None


def beside_part(name: str) -> tuple[str, ...]:
    """What a name says besides the part: nothing for "Test" and "val_2", "tube" for "test tube"."""
    words = (word.lower() for word in _WORD.findall(unicodedata.normalize("NFKC", name)))
    return tuple(word for word in words if word not in _PART_OF_WORD and word not in _SUFFIXES)


def parts_of(folders: Collection[str]) -> dict[str, Part] | None:
    """Part by folder, if all speak of a part, one of training and one of something else; otherwise None."""
    parts = {folder: part for folder in folders if (part := part_of(folder)) is not None}
    given = set(parts.values())
    return parts if len(parts) == len(folders) and "train" in given and len(given) > 1 else None


@dataclass(frozen=True, slots=True)
class NestLabels:
    """The folder below the one that names the part: ``train/roses/1.jpg``.

    A photo that lies in no folder below its part (collection 001: ``flowers_test/roses_1.jpg``) has the class whose
    name its own name begins with, if there is such a class.

    Attributes:
        parts: Part of the split by folder, as a path below the root without a slash at its end; no folder lies in
            another one.
        names: Classes that photos may name in their file names.
    """

    parts: Mapping[str, Part]
    names: tuple[str, ...] = ()
    _by_key: dict[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_key", {_key(name): name for name in self.names})

    def label(self, path: str) -> str | None:
        """The folder below the part, or the class at the beginning of the name; None outside of the parts."""
        folder = self._folder(path)
        if folder is None:
            return None
        first, slash, _ = path[len(folder) + 1 :].partition("/")
        return first if slash else self._named_in(first)

    def part(self, path: str) -> Part | None:
        """The part that the folder names; None outside of the parts."""
        folder = self._folder(path)
        return None if folder is None else self.parts[folder]

    def classes(self, folders: Sequence[str]) -> tuple[str, ...]:  # noqa: ARG002
        """None: the folders at the top are no classes."""
        return ()

    def missing(self, found: Collection[str]) -> tuple[str, ...]:  # noqa: ARG002
        """None: folders name no files."""
        return ()

    def under(self, root: Path) -> "NestLabels":  # noqa: ARG002
        """The rule itself."""
        return self

    def _folder(self, path: str) -> str | None:
        end = path.find("/")
        while end != -1:
            if path[:end] in self.parts:
                return path[:end]
            end = path.find("/", end + 1)
        return None

    def _named_in(self, name: str) -> str | None:
        """The longest class name that ends where a word of the file's name ends."""
        stem = _key(name.rpartition(".")[0])
        ends = [match.start() for match in _SEPARATOR.finditer(stem)]
        return next((self._by_key[stem[:end]] for end in reversed(ends) if stem[:end] in self._by_key), None)


@dataclass(frozen=True, slots=True)
class InnerParts:
    """Class folders that hold the parts: ``roses/train/1.jpg``."""

    def label(self, path: str) -> str | None:
        """The folder at the top."""
        top, slash, _ = path.partition("/")
        return top if slash else None

    def part(self, path: str) -> Part | None:
        """The part that the second folder names."""
        folders = path.split("/")[:-1]
        return part_of(folders[1]) if len(folders) > 1 else None

    def classes(self, folders: Sequence[str]) -> tuple[str, ...]:
        """All folders at the top."""
        return tuple(folders)

    def missing(self, found: Collection[str]) -> tuple[str, ...]:  # noqa: ARG002
        """None: folders name no files."""
        return ()

    def under(self, root: Path) -> "InnerParts":  # noqa: ARG002
        """The rule itself."""
        return self


def find_nest(paths: Iterable[str]) -> PartRule | None:
    """The rule by which photos that are shared out into folders are read.

    Photos that lie in no folder at all are left aside.

    Args:
        paths: Of all photos, relative to the folder, with forward slashes.

    Returns:
        None if no part of the split, or not all folders at the top speak of a part, or if the parts hold no classes.
    """
    inside = [path for path in paths if "/" in path]
    tops = {path.split("/", 1)[0] for path in inside}
    parts = parts_of(tops)
    if parts is None:
        return _inner_parts(inside)
    tree = _Tree(inside)
    folders: dict[str, Part] = {tree.below_wrappers(top): "train" for top in tops if parts[top] == "train"}
    learnt = {name for folder in folders for name in tree.folders(folder)}
    keys = {_key(name) for name in learnt}
    if not learnt:
        return None
    for top, part in parts.items():
        if part != "train":
            folder = tree.below_wrappers(top, keys)
            names = tree.folders(folder)
            if names and not keys.intersection(map(_key, names)):
                return None
            folders[folder] = part
    everywhere = learnt.union(*(tree.folders(folder) for folder in folders))
    return NestLabels(folders, tuple(sorted(everywhere)))


def _inner_parts(inside: Sequence[str]) -> InnerParts | None:
    second = {path.split("/")[1] if path.count("/") > 1 else "" for path in inside}
    tops = {path.split("/", 1)[0] for path in inside}
    return InnerParts() if len(tops) > 1 and parts_of(second) is not None else None


def _key(name: str) -> str:
    """The same for names that differ in case or in how their letters are stored."""
    return unicodedata.normalize("NFKC", name).casefold()


class _Tree:
    """Which folders lie in which, as far as photos lie in them."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._folders: dict[str, set[str]] = defaultdict(set)
        self._loose: set[str] = set()
        for folder in {path.rpartition("/")[0] for path in paths}:
            self._loose.add(folder)
            names = folder.split("/")
            for depth in range(1, len(names)):
                self._folders["/".join(names[:depth])].add(names[depth])

    def folders(self, folder: str) -> frozenset[str]:
        """Names of the folders in a folder."""
        return frozenset(self._folders.get(folder, ()))

    def below_wrappers(self, folder: str, classes: Collection[str] | None = None) -> str:
        """The folder that holds the classes, or the photos: ``test/images`` where ``test`` holds nothing else.

        Args:
            folder: At the top.
            classes: Keys of the classes that are learnt, which are no wrappers; None where they aren't known yet. A
                wrapper then holds two folders or more, or is called like a part itself.
        """
        for _ in range(_MOST_WRAPPERS):
            names = self.folders(folder)
            if folder in self._loose or len(names) != 1:
                break
            (name,) = names
            inner = f"{folder}/{name}"
            if classes is None:
                wraps = len(self.folders(inner)) > 1 or part_of(name) is not None
            else:
                wraps = _key(name) not in classes
            if not wraps:
                break
            folder = inner
        return folder
