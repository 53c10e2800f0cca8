"""Files that other processes see whole or not at all."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


def write_whole(path: Path, data: bytes, *, durable: bool = False) -> None:
    """Write a file in the place of what is there; arguments and errors as for ``whole_file``."""
    with whole_file(path, durable=durable) as file:
        file.write(data)


@contextmanager
def whole_file(path: Path, *, durable: bool = False) -> Iterator[BinaryIO]:
    """A file to write to that takes the place of what is there at the end of the block, unless an error ends it.

    It gets the rights of any new file (``tempfile`` would close it to everyone else).

    Args:
        path: Where; its folder is made.
        durable: Whether it has to outlive a loss of power: the disk has all of it, and its name, before this returns.

    Raises:
        OSError: If it can't be written; what was there stays.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.parent / f"{uuid.uuid4().hex}.partial"  # as short as the longest name of a file needs it
    try:
        with partial.open("xb") as file:
            yield file
            if durable:
                file.flush()
                os.fsync(file.fileno())
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    if durable:
        flush_folder(path.parent)


def flush_files(folder: Path) -> None:
    """Have all files below a folder on the disk, so that no name of theirs can come before what they hold.

    Raises:
        OSError: If the disk fails.
    """
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb+") as file:
                os.fsync(file.fileno())


def flush_folder(folder: Path) -> None:
    """Have the names in a folder on the disk, where a system lets a folder be flushed.

    Raises:
        OSError: If the disk fails.
    """
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
