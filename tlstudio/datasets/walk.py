"""Every file under a folder, in a stable order, told apart by name alone."""

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from tlstudio.errors import TLStudioError
from tlstudio.paths import is_file

FoundKind = Literal["candidate", "hidden", "system", "other", "unreadable"]

_SYSTEM_FILES = frozenset(("thumbs.db", "ehthumbs.db", "desktop.ini", ".ds_store", "icon\r"))
_HIDDEN_FOLDERS = frozenset(("__macosx", "@eadir", "$recycle.bin", "system volume information"))


class Stamp(NamedTuple):
    """What changes when a file does.

    Attributes:
        size: In bytes.
        modified: Time of the last change, in nanoseconds.
    """

    size: int
    modified: int


class Found(NamedTuple):
    """One file, or one folder that can't be looked into.

    Attributes:
        path: Relative to the folder that was walked, with forward slashes.
        kind: "candidate" (its content decides), "hidden", "system", "other" (no plain file: a pipe, a device) or
            "unreadable" (a folder that can't be looked into).
        reason: Why, for "unreadable"; empty otherwise.
        stamp: Of a "candidate" that leads to a file; None otherwise.
    """

    path: str
    kind: FoundKind
    reason: str = ""
    stamp: Stamp | None = None


class _Folder(NamedTuple):
    """A folder that is still to be visited; ``above`` identifies the folders that it lies in."""

    path: str
    hidden: bool
    above: tuple[tuple[int, int], ...]


def walk(root: Path) -> Iterator[Found]:
    """All files under a folder, sorted by path.

    Links to folders are followed unless they lead to a folder that they lie in: its files are found anyway.

    Args:
        root: A folder.

    Raises:
        TLStudioError: If it isn't there, is no folder or can't be looked into.
    """
    _check_root(root)
    pending: list[Found | _Folder] = [_Folder("", hidden=False, above=())]
    while pending:
        entry = pending.pop()
        if isinstance(entry, Found):
            yield entry
            continue
        try:
            pending.extend(_children(root, entry))
        except OSError as error:
            reason = f"This folder can't be looked into: {(error.strerror or str(error)).lower()}."
            yield Found(entry.path, "hidden") if entry.hidden else Found(entry.path, "unreadable", reason)


def top_folders(root: Path) -> tuple[str, ...]:
    """Names of the folders directly in a folder that aren't hidden, sorted.

    Raises:
        TLStudioError: If it isn't there, is no folder or can't be looked into.
    """
    _check_root(root)
    with os.scandir(root) as entries:
        return tuple(sorted(entry.name for entry in entries if _is_folder(entry) and not _is_hidden_folder(entry)))


def _check_root(root: Path) -> None:
    if is_file(root):
        raise TLStudioError(f"{root} is a file, not a folder.", "Choose the folder that the photos lie in.")
    try:
        os.scandir(root).close()
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:  # ValueError: no name of a file at all
        raise TLStudioError(f"There is no folder {root}.", "Check the path, or choose the folder again.") from error
    except PermissionError as error:
        raise TLStudioError(
            f"{root} can't be opened: you may not read it.", "Choose a folder that you may read."
        ) from error
    except OSError as error:  # a drive that fails, a network that is gone
        raise TLStudioError(
            f"{root} can't be opened: {(error.strerror or str(error)).lower()}.",
            "See that its drive is connected, then open it again.",
        ) from error


def _children(root: Path, folder: _Folder) -> list[Found | _Folder]:
    """What lies directly in a folder, the last path first; nothing if it is a link back to where it lies."""
    absolute = root / folder.path
    status = absolute.stat()
    identity = (status.st_dev, status.st_ino)
    if identity in folder.above:
        return []
    above = (*folder.above, identity)
    prefix = f"{folder.path}/" if folder.path else ""
    children: dict[str, Found | _Folder] = {}
    with os.scandir(absolute) as entries:
        for entry in entries:
            path = prefix + entry.name
            if _is_folder(entry):
                # With the slash, a folder sorts where the paths of its files do.
                children[f"{path}/"] = _Folder(path, folder.hidden or _is_hidden_folder(entry), above)
            elif folder.hidden:
                children[path] = Found(path, "hidden")
            else:
                children[path] = _file(path, entry)
    return [children[key] for key in sorted(children, reverse=True)]


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_hidden_folder(entry: "os.DirEntry[str]") -> bool:
    return entry.name.startswith(".") or entry.name.lower() in _HIDDEN_FOLDERS or _has_hidden_attribute(entry)


def _file(path: str, entry: "os.DirEntry[str]") -> Found:
    name = entry.name
    if name.startswith("._") or name.lower() in _SYSTEM_FILES:
        return Found(path, "system")
    if name.startswith(".") or _has_hidden_attribute(entry):
        return Found(path, "hidden")
    try:
        # A link that leads nowhere is looked at like a file, so that its name decides what is said of it.
        if not entry.is_file() and not (entry.is_symlink() and not Path(entry.path).exists()):
            return Found(path, "other")
        status = entry.stat()
    except OSError:
        return Found(path, "candidate")
    return Found(path, "candidate", stamp=Stamp(status.st_size, status.st_mtime_ns))


def _has_hidden_attribute(entry: "os.DirEntry[str]") -> bool:
    if sys.platform == "win32":
        return bool(entry.stat(follow_symlinks=False).st_file_attributes & stat.FILE_ATTRIBUTE_HIDDEN)
    return False
