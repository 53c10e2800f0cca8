"""Files that arrive over the network bit by bit, and what is known of them until they are whole."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tlstudio.serialization import from_json, to_json


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the part of a file came from.

    Attributes:
        url: The place.
        validator: What the server says changes with the file: a strong ETag, or the day of its last change; or "".
        size: Of the whole file in bytes, as the server says; 0 if it doesn't.
        checksum: Digest of the whole file, as the server says: "md5:", then hex digits; "" if it says none.
    """

    url: str
    validator: str
    size: int = 0
    checksum: str = ""


class PartialFile:
    """What has arrived of a file, beside its place; it outlives the program.

    Attributes:
        path: Where it lies.
    """

    def __init__(self, target: Path) -> None:
        self._target = target
        self.path = target.with_name(f"{target.name}.part")
        self._note = target.with_name(f"{target.name}.part.json")

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return self.path.stat().st_size if self.path.is_file() else 0

    def origin(self) -> Origin | None:
        """Where it came from; None if that isn't known, so that it can't be gone on with."""
        try:
            return from_json(self._note.read_bytes(), Origin)
        except (OSError, ValueError):
            return None

    def open(self, start: int, origin: Origin) -> IO[bytes]:
        """Write on from a place in the file; from 0, everything before is forgotten.

        Raises:
            OSError: If it can't be written.
        """
        if start:
            file = self.path.open("r+b")
            file.seek(start)
            file.truncate()
            return file
        self.discard()
        self._note.write_bytes(to_json(origin))
        return self.path.open("wb")

    def discard(self) -> None:
        """Delete it."""
        self._note.unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)

    def publish(self) -> None:
        """Give it the name of the whole file, in one step and after its content is on the disk."""
        with self.path.open("rb+") as file:
            os.fsync(file.fileno())
        self.path.replace(self._target)
        self._note.unlink(missing_ok=True)


def arrived(target: Path) -> int:
    """How many bytes of a file lie on this computer, be it whole or not."""
    return target.stat().st_size if target.is_file() else PartialFile(target).size


def discard(target: Path) -> None:
    """Delete a file, and what has arrived of it.

    Raises:
        OSError: If it can't be deleted.
    """
    target.unlink(missing_ok=True)
    PartialFile(target).discard()
