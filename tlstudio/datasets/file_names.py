"""Names for folders and files that every system takes, no two alike."""

import os
import re
import unicodedata
from pathlib import PurePath

_LONGEST = 240  # bytes: file systems take 255, and a number may follow
# What Windows forbids in names (learn.microsoft.com, "Naming Files, Paths, and Namespaces"), which includes all that
# macOS and Linux forbid; and halves of characters that stand for no byte of a name.
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\ud800-\udc7f\udd00-\udfff]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)


def safe_name(name: str) -> str:
    """The same name where any system takes it as that of a visible folder or file, else the nearest one that is."""
    name = _FORBIDDEN.sub("_", name).strip(" ")
    if name.startswith(".") or _RESERVED.match(name):
        name = f"_{name}"
    stem, ending = _divided(name)
    shortened = _cut(stem, _LONGEST - len(os.fsencode(ending))) + ending
    # Windows drops dots and blanks at the end.
    return re.sub(r"[. ]+$", "_", shortened) or "_"


class DistinctNames:
    """Hands out names of which no two are equal, also where case and accents don't count."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._next: dict[str, int] = {}

    def distinct(self, name: str) -> str:
        """The name if it is free, else with the first free number: "photo (2).jpg"."""
        stem, ending = _divided(name)
        key, chosen = _key(name), name
        while _key(chosen) in self._taken:
            self._next[key] = self._next.get(key, 1) + 1
            chosen = f"{stem} ({self._next[key]}){ending}"
        self._taken.add(_key(chosen))
        return chosen


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _divided(name: str) -> tuple[str, str]:
    """A name before its last ending, and that ending if it is short enough to be one."""
    path = PurePath(name)
    is_ending = len(path.suffix) <= len(".jpeg2000") and " " not in path.suffix
    return (path.stem, path.suffix) if is_ending else (name, "")


def _cut(text: str, most: int) -> str:
    """The beginning of a text that takes no more than this many bytes."""
    while len(os.fsencode(text)) > most:
        text = text[:-1]
    return text
