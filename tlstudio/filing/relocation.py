"""Moving a file: there is one whole file at every moment, under one name or both."""

import errno
import os
import shutil
import stat
from contextlib import suppress
from pathlib import Path

from tlstudio.digests import digest_of
from tlstudio.filing.files import (
    Facts,
    RefusedError,
    copy_synced,
    discard,
    facts_of,
    is_there,
    is_unchanged,
    own_digest,
    sync_folder,
)
from tlstudio.filing.reasons import CHANGED, GONE
from tlstudio.filing.renaming import put
from tlstudio.filing.step import Handler, Step


def relocate(source: Path, target: Path, part: Path, digest: str) -> None:
    """Rename a file; to another disk: copy it, read the copy again, and only then remove the source.

    Args:
        source: The file or link.
        target: Its new place.
        part: Beside the target, for the copy while it grows.
        digest: SHA-256 of the source, in hex.

    Raises:
        FileExistsError: If the new place is taken.
        RefusedError: If the source isn't what it was, or the copy isn't what it should be.
        OSError: If it can't be done. The source is where it was after each of these.
    """
    try:
        put(source, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        carry(source, target, part, digest)


def carry(source: Path, target: Path, part: Path, digest: str) -> None:
    """``relocate`` between two disks."""
    if source.is_symlink():
        target.symlink_to(source.readlink())
    else:
        try:
            _copy_checked(source, part, digest)
            put(part, target)
        except (OSError, RefusedError):
            discard(part)
            raise
    sync_folder(target.parent)
    _let_go(source, target)


def _copy_checked(source: Path, part: Path, digest: str) -> None:
    if copy_synced(source, part) != digest:
        raise RefusedError(CHANGED)
    with suppress(OSError):  # a disk that keeps no permissions
        shutil.copystat(source, part)
    if digest_of(part) != digest:
        raise RefusedError("The disk gives back something else than was written.")


def settle_relocation(source: Path, target: Path, part: Path, digest: str) -> bool:
    """After a crash: whether the file is in its new place alone; if it has both names, the old one is removed.

    Raises:
        OSError: If that can't be done: the file has its old name only then.
    """
    discard(part)
    if not is_there(target):
        return False
    if not is_there(source):
        return own_digest(target) == digest
    if _is_placeholder(source, target):
        target.unlink()
        return False
    one_file = os.path.samestat(source.lstat(), target.lstat())
    if one_file or own_digest(target) == digest == own_digest(source):
        _let_go(source, target)
        return True
    return False


def _is_placeholder(source: Path, target: Path) -> bool:
    """Whether the new name is only held by ``put_on_placeholder``: nothing had it when the action began."""
    there = target.lstat()
    return stat.S_ISREG(there.st_mode) and there.st_size == 0 < source.lstat().st_size


def _let_go(source: Path, target: Path) -> None:
    """Remove the old name, or the new one if the old one can't be."""
    try:
        source.unlink()
    except OSError:
        discard(target)
        raise


def _perform(step: Step) -> str:
    relocate(step.source, step.target, step.part, step.begun.digest)
    return ""


def _settle(step: Step) -> bool:
    return settle_relocation(step.source, step.target, step.part, step.begun.digest)


def _revert(step: Step, left: Facts) -> None:
    source, target, digest = step.source, step.target, _digest_now(step)
    if not settle_relocation(target, source, step.back, digest):
        if not is_there(target):
            raise RefusedError(GONE)
        if is_there(source):
            raise RefusedError("Where it was, there is another file now.")
        if not step.action.companion and not is_unchanged(target, left, digest):
            raise RefusedError("It has changed since it was filed.")
        source.parent.mkdir(parents=True, exist_ok=True)
        relocate(target, source, step.back, digest)
    if digest == step.begun.digest:
        _restore(source, step.begun.source)


def _digest_now(step: Step) -> str:
    """What the moved file holds; a sidecar goes back with its photo, whatever a program has written into it since.

    Raises:
        OSError: If it can't be read.
    """
    places = (step.target, step.source) if step.action.companion else ()
    there = next((place for place in places if is_there(place)), None)
    return step.begun.digest if there is None else own_digest(there)


def _restore(path: Path, was: Facts) -> None:
    """Times and permissions, which a disk in between may have kept less exactly."""
    now = facts_of(path)
    if not now.is_link and (now.modified, now.mode) != (was.modified, was.mode):
        with suppress(OSError):  # somebody else's file: its contents and its place are what matters
            path.chmod(stat.S_IMODE(was.mode))
            os.utime(path, ns=(was.accessed, was.modified))


MOVING = Handler(_perform, _settle, _revert)
