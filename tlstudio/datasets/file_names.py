"""Names for folders and files that every system takes, no two alike."""

import re
import unicodedata
from pathlib import PurePath

_LONGEST = 200  # bytes: file systems take 255, and a number or the name of a class may be added
# What Windows forbids in names (learn.microsoft.com, "Naming Files, Paths, and Namespaces"), which includes all that
# macOS and Linux forbid. Treated alike everywhere, so that an archive gives the same classes on every computer.
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')
# Halves of characters, as names that are no UTF-8 have them; nothing but the disk they come from can store them.
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)


def safe_name(name: str) -> str:
    """The same name where any system takes it as that of one folder or file, else the nearest one that is.

    Names that begin with a dot stay as they are, and so hidden; ``shown_name`` changes that.

    Args:
        name: Any text, one step of a path.
    """
    readable = _SURROGATES.sub("\ufffd", unicodedata.normalize("NFC", name))
    plain = _stripped(_FORBIDDEN.sub("_", readable))
    if _RESERVED.match(plain):
        plain = f"_{plain}"
    stem, ending = _divided(plain)
    return _stripped(_cut(stem, _LONGEST - len(ending.encode())) + ending) or "_"


def shown_name(name: str) -> str:
    """The same for the name of a folder or file that has to be visible: no dot at its beginning."""
    name = name.strip(" ")
    return safe_name(f"_{name}" if name.startswith(".") else name)


def _stripped(name: str) -> str:
    """A name without the blanks around it, and the dots at its end, which Windows drops."""
    return name.lstrip(" ").rstrip(". ")


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
    return text.encode()[:most].decode(errors="ignore")
