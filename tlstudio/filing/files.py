"""Files as they are told apart, copied, and made to last on the disk."""

import hashlib
import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tlstudio.digests import digest_of
from tlstudio.errors import TLStudioError
from tlstudio.whole_files import flush_folder

_BLOCK: Final = 1 << 20  # bytes


class RefusedError(Exception):
    """One file can't be filed, or put back; the sentence says why. The others go on."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the file system knows of a file or link.

    Attributes:
        size: In bytes.
        modified: When it was changed last, in nanoseconds, and so the next two.
        accessed: When it was read last.
        changed: When anything about it was changed, its name included; nobody can set this (Windows: its creation).
        inode: Its number on its disk.
        mode: Its type and permissions.
    """

    size: int
    modified: int
    accessed: int
    changed: int
    inode: int
    mode: int

    @property
    def is_link(self) -> bool:
        """Whether it is a symbolic link."""
        return stat.S_ISLNK(self.mode)


def facts_of(path: Path, *, follow: bool = False) -> Facts:
    """Look at a file.

    Args:
        path: Of the file.
        follow: Whether a symbolic link stands for what it leads to.

    Raises:
        OSError: If it isn't there.
    """
    found = path.stat() if follow else path.lstat()
    return Facts(found.st_size, found.st_mtime_ns, found.st_atime_ns, found.st_ctime_ns, found.st_ino, found.st_mode)


def is_there(path: Path) -> bool:
    """Whether a name is taken, if only by a link that leads nowhere."""
    return os.path.lexists(path)


def nearest_folder(path: Path) -> Path:
    """What is there of a path: itself, or the nearest folder above.

    Raises:
        TLStudioError: If not even its drive is there, or there is a file on the way.
    """
    there = next((above for above in (path, *path.parents) if is_there(above)), None)
    if there is None:
        raise TLStudioError(f"The drive of {path} isn't there.", "Connect it, or choose another folder.")
    if not there.is_dir():
        raise TLStudioError(f"{there} is a file.", "Choose a folder.")
    return there


def own_digest(path: Path) -> str:
    """As ``digest_of``, but a symbolic link is what it says, not what it leads to.

    Raises:
        OSError: If it can't be read.
    """
    if path.is_symlink():
        return hashlib.sha256(b"link to " + os.fsencode(path.readlink())).hexdigest()
    return digest_of(path)


def is_unchanged(path: Path, left: Facts, digest: str) -> bool:
    """Whether a file still is what it was: by what nobody can set, else by reading it.

    Args:
        path: Of the file.
        left: What was known of it.
        digest: ``own_digest`` of it then.

    Raises:
        OSError: If it isn't there or can't be read.
    """
    now = facts_of(path)
    same = (now.size, now.modified, now.changed, now.inode) == (left.size, left.modified, left.changed, left.inode)
    return same or (now.is_link == left.is_link and now.size == left.size and own_digest(path) == digest)


def copy_synced(source: Path, part: Path) -> str:
    """Copy what a file holds, and see to it that it is on the disk.

    Args:
        source: The file.
        part: Of the program's own name; a piece that an interrupted copy left there is thrown away.

    Returns:
        SHA-256 of what was copied, in hex.

    Raises:
        OSError: If it can't be read or written; the piece is gone then.
    """
    digest = hashlib.sha256()
    part.unlink(missing_ok=True)
    try:
        with source.open("rb") as reader, part.open("xb") as writer:
            while block := reader.read(_BLOCK):
                digest.update(block)
                writer.write(block)
            writer.flush()
            os.fsync(writer.fileno())
    except OSError:
        discard(part)
        raise
    return digest.hexdigest()


def write_synced(path: Path, content: bytes) -> None:
    """Write a file, in the place of what is there, and see to it that it is on the disk.

    Raises:
        OSError: If it can't be written; the piece is gone then.
    """
    try:
        with path.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        discard(path)
        raise


def sync_folder(folder: Path) -> None:
    """See to it that the names in a folder are on the disk, where the system lets one ask for that."""
    with suppress(OSError):  # some network drives refuse; the files themselves are written
        flush_folder(folder)


def discard(part: Path) -> None:
    """Remove a piece of the program's own, if it is there and its drive still is."""
    with suppress(OSError):
        part.unlink()
