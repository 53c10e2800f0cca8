"""Room on the disk for what is computed of photos: a limit, a look at the disk before, the oldest goes first."""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from tlstudio.errors import TLStudioError

LIMIT: Final = 40 * 10**9
"""Bytes that all features together may take."""

_SPARE: Final = 1 << 30  # bytes of the disk that are left to others
_MARK: Final = "used"


def mark_used(folder: Path) -> None:
    """Note that the features in a folder are used now; nothing where there are none yet."""
    with suppress(OSError):  # a store that can only be read serves as well
        if folder.is_dir():
            (folder / _MARK).touch()


def make_room(store: Path, folder: Path, needed: int, limit: int) -> None:
    """Remove folders of features until so many bytes can be added to one of them.

    Args:
        store: Folder of all features, one folder in it for each part of a network.
        folder: The one that grows; it stays.
        needed: Bytes that it grows by.
        limit: Bytes that all may take.

    Raises:
        TLStudioError: If there is too little room even then; nothing is removed in that case.
    """
    others = sorted(_others(store, folder), key=_last_used)
    sizes = [_size(other) for other in others]
    present = _size(folder)
    if present + needed > limit:
        raise TLStudioError(
            f"What is to be kept of these photos takes {_gigabytes(present + needed)}, and at most "
            f"{_gigabytes(limit)} are kept.",
            "Choose smaller photos or fewer varied copies, or let the photos be read anew in each epoch (live).",
        )
    free = _free(store)
    if free + sum(sizes) < needed + _SPARE:
        raise _no_room(store, needed, free)
    excess = max(present + needed + sum(sizes) - limit, needed + _SPARE - free)
    for other, size in zip(others, sizes, strict=True):
        if excess <= 0:
            break
        shutil.rmtree(other, ignore_errors=True)  # a file that another program holds open stays
        excess -= size


def require_free(folder: Path, needed: int) -> None:
    """Refuse to fill the disk.

    Raises:
        TLStudioError: If the disk has less room than that.
    """
    free = _free(folder)
    if free < needed + _SPARE:
        raise _no_room(folder, needed, free)


def _no_room(folder: Path, needed: int, free: int) -> TLStudioError:
    return TLStudioError(
        f"The disk of {folder} is nearly full: {_gigabytes(needed)} are needed, {_gigabytes(free)} are left, and "
        f"{_gigabytes(_SPARE)} have to stay free.",
        "Make room, or set TLSTUDIO_HOME to a folder on another disk.",
    )


def _gigabytes(amount: int) -> str:
    return f"{amount / 1e9:.1f} GB"


def _free(folder: Path) -> int:
    there = next(path for path in (folder, *folder.parents) if path.exists())
    return shutil.disk_usage(there).free


def _others(store: Path, folder: Path) -> Iterator[Path]:
    if store.is_dir():
        yield from (path for path in store.iterdir() if path.is_dir() and path != folder)


def _last_used(folder: Path) -> float:
    """Moment of the last use; of the last addition where no use was noted."""
    for path in (folder / _MARK, folder):
        with suppress(OSError):
            return path.stat().st_mtime
    return 0.0


def _size(folder: Path) -> int:
    total = 0
    with suppress(OSError):  # another process may remove some meanwhile
        for path in folder.glob("*"):
            total += path.stat().st_size
    return total
