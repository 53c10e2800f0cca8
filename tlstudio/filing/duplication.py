"""Copies and links: the photo stays as it is, and undoing removes what was added, unless it is all that is left."""

import errno
import os
from pathlib import Path
from typing import Final

from tlstudio.digests import digest_of
from tlstudio.filing.files import (
    Facts,
    RefusedError,
    copy_synced,
    discard,
    facts_of,
    is_there,
    is_unchanged,
)
from tlstudio.filing.reasons import CHANGED
from tlstudio.filing.renaming import put
from tlstudio.filing.step import Handler, Step

COPIED_INSTEAD: Final = "It is copied: these two places can't share one file."

_CANT_SHARE: Final = frozenset(
    (
        errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP,
    )
)  # fmt: skip


def _copy(step: Step) -> str:
    was = step.begun.source
    try:
        if copy_synced(step.source, step.part) != step.begun.digest:
            raise RefusedError(CHANGED)
        os.utime(step.part, ns=(was.accessed, was.modified))
        put(step.part, step.target)
    except (OSError, RefusedError):
        discard(step.part)
        raise
    return ""


def _settle_copy(step: Step) -> bool:
    discard(step.part)
    target = step.target
    if not target.is_file():
        return False
    size = facts_of(target).size
    if size == 0 < step.begun.source.size:  # the name is held by ``put_on_placeholder``
        target.unlink()
        return False
    return size == step.begun.source.size and digest_of(target) == step.begun.digest


def _remove(step: Step, left: Facts) -> None:
    target = step.target
    discard(step.part)
    if not is_there(target):
        return
    if not _is_one_file(step):
        if not is_unchanged(target, left, step.begun.digest):
            raise RefusedError("It has changed since it was filed.")
        if not step.source.is_file():
            raise RefusedError("The photo it was made from is gone, so this one stays.")
    target.unlink()


def _is_one_file(step: Step) -> bool:
    """Whether the target is another name of the photo: what was written into the one is in the other, too."""
    try:
        return os.path.samestat(step.target.lstat(), _led_to(step).lstat())
    except OSError:
        return False


def _link(step: Step) -> str:
    try:
        os.link(os.path.realpath(step.source), step.target)
    except OSError as error:
        if error.errno not in _CANT_SHARE:
            raise
        return _copy(step) or COPIED_INSTEAD
    return ""


def _settle_link(step: Step) -> bool:
    both = step.target.is_file() and step.source.is_file()
    return (both and step.target.samefile(step.source)) or _settle_copy(step)


def _led_to(step: Step) -> Path:
    """What a symbolic link says: the photo itself, also where the source is a link to it."""
    return Path(os.path.realpath(step.source))


def _point(step: Step) -> str:
    step.target.symlink_to(_led_to(step))
    return ""


def _settle_pointer(step: Step) -> bool:
    return step.target.is_symlink() and step.target.readlink() == _led_to(step)


def _remove_pointer(step: Step, left: Facts) -> None:
    target = step.target
    if not is_there(target):
        return
    now = facts_of(target)
    if not now.is_link or (now.inode != left.inode and target.readlink() != _led_to(step)):
        raise RefusedError("Something else has its name now.")
    target.unlink()


COPYING = Handler(_copy, _settle_copy, _remove)
LINKING = Handler(_link, _settle_link, _remove)
POINTING = Handler(_point, _settle_pointer, _remove_pointer)
