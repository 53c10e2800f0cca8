"""Giving a file another name, never in the place of something that is there, and without a moment between.

``os.rename`` replaces what is there (but for Windows), and to look first leaves a gap in which something may come.
"""

import ctypes
import errno
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final

_AT_FDCWD: Final = -100  # linux/fcntl.h
_RENAME_NOREPLACE: Final = 1  # linux/fs.h
_RENAME_EXCL: Final = 4  # macOS, sys/stdio.h
_NOT_OFFERED: Final = frozenset((errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP))
_NO_LINKS: Final = _NOT_OFFERED | {errno.EPERM, errno.EMLINK}


def put(source: Path, target: Path) -> None:
    """Rename a file or a link within one disk.

    Raises:
        FileExistsError: If something has the new name; nothing has happened then.
        OSError: If it can't be done; with ``errno.EXDEV`` where the two are on different disks.
    """
    if sys.platform == "win32":
        source.rename(target)  # refuses by itself
        return
    rename = _exclusive_rename()
    code = rename(os.fsencode(source), os.fsencode(target)) if rename else errno.ENOSYS
    if code in _NOT_OFFERED:
        put_by_link(source, target)
    elif code:
        raise OSError(code, os.strerror(code), str(source), None, str(target))


def put_by_link(source: Path, target: Path) -> None:
    """The same on disks that know no such renaming: killed in between, the file has both names.

    Raises:
        FileExistsError: If something has the new name.
        OSError: If it can't be done.
    """
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        put_on_placeholder(source, target)
        return
    try:
        source.unlink()
    except OSError:
        target.unlink()
        raise


def put_on_placeholder(source: Path, target: Path) -> None:
    """The same on disks without hard links (FAT): an empty file holds the name until the other takes its place.

    Raises:
        FileExistsError: If something has the new name.
        OSError: If it can't be done.
    """
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    try:
        source.replace(target)
    except OSError:
        with suppress(OSError):
            target.unlink()
        raise


@cache
def _exclusive_rename() -> Callable[[bytes, bytes], int] | None:
    """The system's own call, which gives an error number or 0; None where there is none."""
    library = ctypes.CDLL(None, use_errno=True)
    if hasattr(library, "renameat2"):
        linux = library.renameat2
        linux.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
        return lambda old, new: ctypes.get_errno() if linux(_AT_FDCWD, old, _AT_FDCWD, new, _RENAME_NOREPLACE) else 0
    if hasattr(library, "renamex_np"):
        mac = library.renamex_np
        mac.argtypes = (ctypes.c_char_p, ctypes.c_char_p, ctypes.c_uint)
        return lambda old, new: ctypes.get_errno() if mac(old, new, _RENAME_EXCL) else 0
    return None
