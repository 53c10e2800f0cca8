"""Sidecar files: what other programs note of a photo in XMP beside it, and what goes where the photo goes."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

ENDING: Final = ".xmp"

# Notes on a photo as well, of which no other program thinks that the sidecar is theirs.
_NOTES: Final = frozenset((".aae", ".dop", ".json", ".pp3", ".txt"))


@dataclass(frozen=True, slots=True)
class Beside:
    """The sidecars of one photo.

    Attributes:
        own: Names of those that are there and are its alone: "photo.jpg.xmp", then "photo.xmp".
        shared: Name of one that is there for several files ("photo.xmp" for "photo.jpg" and "photo.cr2"); else empty.
        alone: Whether no other file has its name before the ending, so that it may have a "photo.xmp".
    """

    own: tuple[str, ...]
    shared: str
    alone: bool


@dataclass(frozen=True, slots=True)
class _Listing:
    """What matters of the names in a folder.

    Attributes:
        sidecars: As they are spelled, by the same without case.
        stems: How many other files have a name before their ending.
    """

    sidecars: Mapping[str, str]
    stems: Mapping[str, int]


class SidecarFolders:
    """Knows which sidecars photos have; each folder is looked into once."""

    def __init__(self) -> None:
        self._known: dict[str, _Listing] = {}

    def beside(self, folder: str, photo: str) -> Beside:
        """The sidecars of a photo.

        Args:
            folder: Path of its folder; text, since there may be 100,000 photos.
            photo: Its name.

        Raises:
            OSError: If its folder can't be looked into.
        """
        listing, stem = self._listing(folder), PurePath(photo).stem
        full, short = (listing.sidecars.get(f"{name}{ENDING}".casefold(), "") for name in (photo, stem))
        alone = listing.stems.get(stem.casefold(), 0) < 2
        own = dict.fromkeys(name for name in (full, short if alone else "") if name)
        return Beside(tuple(own), "" if alone else short, alone)

    def _listing(self, folder: str) -> _Listing:
        if folder not in self._known:
            names = [PurePath(path.name) for path in Path(folder).iterdir()]
            sidecars = {name.name.casefold(): name.name for name in names if name.suffix.casefold() == ENDING}
            others = (name for name in names if name.suffix.casefold() not in {ENDING, *_NOTES})
            self._known[folder] = _Listing(sidecars, Counter(name.stem.casefold() for name in others))
        return self._known[folder]


def name_beside(sidecar: str, photo: str, now: str) -> str:
    """What a sidecar is called when its photo gets another name.

    Args:
        sidecar: Its name.
        photo: The name of its photo.
        now: The other name.
    """
    is_full = sidecar.casefold().startswith(photo.casefold())
    return f"{now if is_full else PurePath(now).stem}{PurePath(sidecar).suffix}"
