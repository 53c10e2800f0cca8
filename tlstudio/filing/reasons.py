"""What went wrong with one file, in a sentence."""

import errno
import sys
from collections.abc import Mapping
from typing import Final

GONE: Final = "It isn't there any more."
IN_THE_WAY: Final = "A file is in the way where a folder has to be."
CHANGED: Final = "It has changed since it was classified."

_ERROR_PRIVILEGE_NOT_HELD: Final = 1314  # Windows, winerror.h
_SENTENCES: Final[Mapping[int, str]] = {
    errno.ENOSPC: "The disk is full.",
    errno.EDQUOT: "Your share of the disk is full.",
    errno.EFBIG: "It is too large for this disk.",
    errno.EROFS: "The disk can only be read.",
    errno.EACCES: "You may not write or read there.",
    errno.EPERM: "The system doesn't allow it there.",
    errno.ENAMETOOLONG: "Its path gets too long.",
    errno.ENOENT: GONE,
    errno.ENODEV: "The drive is gone.",
    errno.ENXIO: "The drive is gone.",
    errno.ENOTCONN: "The drive is gone.",
    errno.EIO: "The drive doesn't answer as it should.",
    errno.ENOTDIR: IN_THE_WAY,
    errno.EISDIR: "A folder is in the way.",
    errno.ENOTSUP: "This disk can't do that.",
    errno.ELOOP: "It is a link that leads in circles.",
    errno.ESTALE: "The drive doesn't answer as it should.",
}


def reason_of(error: OSError) -> str:
    """A sentence for a person; the system's own words where there is none."""
    if sys.platform == "win32" and error.winerror == _ERROR_PRIVILEGE_NOT_HELD:
        return "Windows lets only administrators and developers make symbolic links."
    known = _SENTENCES.get(error.errno or 0)
    return known or f"The system says: {error.strerror or error}."
