"""Use case: sort photos into class folders, by the answers to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tlstudio.events import CancelToken, Emit, Notice
from tlstudio.filing.execute import Filed, continue_filing, execute
from tlstudio.filing.journals import unfinished
from tlstudio.filing.plan import FilingEntry, FilingOptions, FilingPlan
from tlstudio.filing.planning import plan_filing
from tlstudio.filing.undo import undo


@dataclass(frozen=True, slots=True)
class PhotosFiled:
    """What came of it.

    Attributes:
        plan: What was to be done.
        filed: What was done; None where there was nothing to do, or it was only planned.
    """

    plan: FilingPlan
    filed: Filed | None


def file_photos(
    entries: Sequence[FilingEntry],
    options: FilingOptions,
    journals: Path,
    *,
    dry_run: bool = False,
    emit: Emit,
    token: CancelToken,
) -> PhotosFiled:
    """File photos; what a crash has cut off in the same target is brought to its end before.

    Args:
        entries: Photos and their classes.
        options: Where to and how.
        journals: Folder of the journals.
        dry_run: Whether to plan only: nothing is touched, nor is what was cut off.
        emit: Told the progress, what is brought to its end, and the notes of the plan.
        token: While planning, a stop ends it; afterwards it is a normal end.

    Raises:
        TLStudioError: If the target can't be used, there is no room, or the journal can't be written.
        Cancelled: If a stop came before anything was done.
    """
    if not dry_run:
        _finish_what_was_cut_off(options.target, journals, emit=emit, token=token)
    plan = plan_filing(entries, options, journals, emit=emit, token=token)
    for note in plan.notes:
        emit(Notice(note))
    if dry_run or not plan.actions:
        return PhotosFiled(plan, None)
    return PhotosFiled(plan, execute(plan, journals, emit=emit, token=token))


def _finish_what_was_cut_off(target: Path, journals: Path, *, emit: Emit, token: CancelToken) -> None:
    wanted = str(target.resolve())
    for cut_off in unfinished(journals):
        if cut_off.target != wanted:
            continue
        if cut_off.phase == "undoing":
            emit(Notice(f"What was being undone in {wanted} is undone first."))
            undo(cut_off.journal, emit=emit, token=token)
        else:
            emit(Notice(f"The filing into {wanted} that was interrupted is finished first."))
            continue_filing(cut_off.journal, emit=emit, token=token)
        token.check()
