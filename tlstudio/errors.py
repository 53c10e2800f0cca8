"""The errors that reach a person."""

import errno
from typing import Final


class TLStudioError(Exception):
    """Something that the user can mend.

    The window shows it in the message bar of the tab; the shell prints both sentences and exits with 2.

    Attributes:
        message: What happened, and to which file.
        hint: What to do about it; may be empty.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


_FULL: Final = frozenset((errno.ENOSPC, errno.EDQUOT))
_FORBIDDEN: Final = frozenset((errno.EACCES, errno.EPERM, errno.EROFS))
# A drive that was pulled out or fails, a network that is gone, a name that a file system doesn't take.
_OUT_OF_REACH: Final = frozenset(
    (
        errno.EIO, errno.ENODEV, errno.ENXIO, errno.ESTALE, errno.ENOTCONN, errno.ETIMEDOUT, errno.EHOSTDOWN,
        errno.EHOSTUNREACH, errno.ENAMETOOLONG,
    )
)  # fmt: skip


def of_the_computer(error: BaseException) -> TLStudioError | None:
    """What to say of an error that neither the program nor a person has made: a full disk, missing rights, lost drives.

    The last resort before it is called a bug: what is expected to fail says more of itself.
    """
    if isinstance(error, MemoryError):
        return TLStudioError("There is too little memory for this.", "Close other programs, then try again.")
    if not isinstance(error, OSError):
        return None
    what = f" ({error.filename})" if error.filename else ""
    if error.errno in _FULL:
        return TLStudioError(f"The disk is full{what}.", "Make room on it, then try again.")
    if error.errno in _FORBIDDEN:
        return TLStudioError(f"A file or folder may not be read or changed{what}.", "See that you have the right to.")
    if error.errno in _OUT_OF_REACH:
        reason = (error.strerror or str(error)).lower()
        return TLStudioError(
            f"A file or folder can't be reached: {reason}{what}.", "See that its drive is connected, then try again."
        )
    return None


class Cancelled(Exception):  # noqa: N818 - a stop is a normal end, not an error
    """The user stopped a task before it had a result worth keeping."""
