"""Writing a file whose contents are known: what it replaces is kept in the journal."""

import hashlib
import os
import stat
from contextlib import suppress
from pathlib import Path

from tlstudio.digests import digest_of
from tlstudio.errors import TLStudioError
from tlstudio.filing.action import FilingAction
from tlstudio.filing.files import (
    Facts,
    RefusedError,
    discard,
    facts_of,
    is_there,
    is_unchanged,
    write_synced,
)
from tlstudio.filing.journal import Begun
from tlstudio.filing.makers import ALWAYS_NEW, MAKERS
from tlstudio.filing.reasons import GONE
from tlstudio.filing.renaming import put
from tlstudio.filing.step import Handler, Step

_MEANWHILE = "It has changed while it was being written."


def may_replace(action: FilingAction) -> bool:
    """Whether it is done in the place of what is there; else under a name that nothing has."""
    return action.recipe is not None and action.recipe.maker not in ALWAYS_NEW


def prepared(action: FilingAction, target: Path, source: Facts) -> tuple[Begun, bytes]:
    """Make what is to be written, from the photo and what is there now.

    Raises:
        RefusedError: If it can't be made of them.
        FileExistsError: If something has come into its place, which it doesn't replace.
        OSError: If one of them can't be read.
    """
    if action.recipe is None:
        raise RefusedError("Nobody said what is to be written.")
    replaced = facts_of(target) if is_there(target) else None
    if replaced is not None and not may_replace(action):
        raise FileExistsError(str(target))
    if replaced is not None and not stat.S_ISREG(replaced.mode):
        raise RefusedError("A link or a folder is in the way.")
    before = target.read_bytes() if replaced else None
    try:
        content = MAKERS[action.recipe.maker](Path(action.source), action.recipe.argument, before)
    except TLStudioError as error:
        raise RefusedError(str(error)) from error
    return Begun(str(target), action.digest, source, replaced, _digest(before), _digest(content)), content


def _digest(content: bytes | None) -> str:
    return "" if content is None else hashlib.sha256(content).hexdigest()


def _perform(step: Step) -> str:
    if step.content is None:
        raise RefusedError("Nobody said what is to be written.")
    if step.begun.before == step.begun.after:
        return ""
    try:
        write_synced(step.part, step.content)
        if step.begun.replaced is None:
            put(step.part, step.target)
        else:
            _replace(step, step.begun.replaced)
    except (OSError, RefusedError):
        discard(step.part)
        raise
    return ""


def _replace(step: Step, replaced: Facts) -> None:
    before = step.target.read_bytes()
    if _digest(before) != step.begun.before:
        raise RefusedError(_MEANWHILE)
    step.kept.parent.mkdir(exist_ok=True)
    write_synced(step.kept, before)
    step.part.chmod(stat.S_IMODE(replaced.mode))
    if not is_unchanged(step.target, replaced, step.begun.before):
        raise RefusedError(_MEANWHILE)
    step.part.replace(step.target)


def _settle(step: Step) -> bool:
    discard(step.part)
    if not step.target.is_file():
        return False
    if step.begun.replaced is None and facts_of(step.target).size == 0:  # held by ``put_on_placeholder``
        step.target.unlink()
        return False
    return digest_of(step.target) == step.begun.after


def _revert(step: Step, left: Facts) -> None:
    discard(step.part)
    target, begun = step.target, step.begun
    if not is_there(target):
        if begun.replaced is None:
            return
        raise RefusedError(GONE)
    if begun.replaced is not None and target.is_file() and digest_of(target) == begun.before:
        return
    if not is_unchanged(target, left, begun.after):
        raise RefusedError("It has changed since it was written.")
    if begun.replaced is None:
        target.unlink()
    else:
        _bring_back(step, begun.replaced)


def _bring_back(step: Step, replaced: Facts) -> None:
    before = step.kept.read_bytes()
    if _digest(before) != step.begun.before:
        raise RefusedError("What the journal kept of it is damaged.")
    write_synced(step.part, before)
    with suppress(OSError):  # a disk that keeps no permissions
        step.part.chmod(stat.S_IMODE(replaced.mode))
        os.utime(step.part, ns=(replaced.accessed, replaced.modified))
    step.part.replace(step.target)


WRITING = Handler(_perform, _settle, _revert)
