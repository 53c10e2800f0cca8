"""Names for folders and files in a target: any system takes them, and none is taken."""

import os
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tlstudio.datasets.file_names import DistinctNames, shown_name
from tlstudio.filing.sidecars import name_beside


class _Folder:
    """The names in one folder, those there and those to come."""

    def __init__(self, path: Path) -> None:
        self._names = DistinctNames()
        self._spellings: dict[str, str] = {}
        for name, is_folder in _listed(path):
            self._names.distinct(name)
            if is_folder:
                self._spellings.setdefault(_key(name), name)

    def folder(self, wanted: str) -> str:
        """A folder of this name, as it is spelled here, where files don't have its name."""
        key = _key(wanted)
        if key not in self._spellings:
            self._spellings[key] = self._names.distinct(wanted)
        return self._spellings[key]

    def files(self, wanted: str, photo: str, sidecars: Sequence[str]) -> tuple[str, ...]:
        """Names that nothing here has: for a photo, and for its sidecars, which are called after it."""
        while True:
            name = self._names.distinct(wanted)
            beside = [name_beside(sidecar, photo, name) for sidecar in sidecars]
            free = [self._names.distinct(other) for other in beside]
            if free == beside or len(set(beside)) < len(beside):  # where its name loses its ending, two become one
                return name, *free


class Places:
    """Where photos go in a target folder.

    Two names that differ in case or accents alone count as one everywhere, so that the tree is the same on any system.
    """

    def __init__(self, target: Path, classes: Iterable[str], known: Mapping[str, str]) -> None:
        """Look at what is there.

        Args:
            target: The folder.
            classes: Names of the classes that photos go to.
            known: Folders of classes that earlier filings have made; two classes never share one.
        """
        self._target = target
        self._folders: dict[str, _Folder] = {}
        self._insides: dict[tuple[str, tuple[str, ...]], str] = {}
        names = DistinctNames()
        self.class_folders = {name: names.distinct(folder) for name, folder in known.items()}
        for name in sorted(set(classes) - self.class_folders.keys()):
            self.class_folders[name] = names.distinct(self._at("").folder(shown_name(name)))

    def places(
        self, class_name: str, folders: tuple[str, ...], name: str, photo: str, sidecars: Sequence[str]
    ) -> tuple[str, ...]:
        """Free places for a photo and for its sidecars, which are called after it.

        Args:
            class_name: Its class.
            folders: Names of the folders between that of the class and the photo.
            name: The name that it is to have, if that is free.
            photo: The name that it has now.
            sidecars: Names of its sidecars now, beside it.
        """
        key = (class_name, folders)
        if key not in self._insides:
            inside = self.class_folders[class_name]
            for folder in folders:
                inside = os.path.join(inside, self._at(inside).folder(shown_name(folder)))  # noqa: PTH118
            self._insides[key] = inside
        inside = self._insides[key]
        free = self._at(inside).files(shown_name(name), photo, sidecars)
        return tuple(os.path.join(self._target, inside, name) for name in free)  # noqa: PTH118

    def _at(self, inside: str) -> _Folder:
        if inside not in self._folders:
            self._folders[inside] = _Folder(self._target / inside)
        return self._folders[inside]


def _listed(path: Path) -> list[tuple[str, bool]]:
    try:
        with os.scandir(path) as entries:
            return [(entry.name, entry.is_dir()) for entry in entries]
    except OSError:  # not there yet; what can't be looked into is told when photos go there
        return []


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
