"""Use case: write keywords beside photos that have been classified."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tlstudio.events import CancelToken, Emit
from tlstudio.filing.execute import Filed, execute
from tlstudio.filing.journals import FOLDER
from tlstudio.filing.keywords import plan_sidecars
from tlstudio.filing.plan import FilingEntry, FilingPlan
from tlstudio.prediction.answers_file import answers_folder
from tlstudio.runs.store import StoredRun


@dataclass(frozen=True, slots=True)
class KeywordsWritten:
    """What came of it.

    Attributes:
        plan: What was to be done.
        filed: What was done; None where there was nothing to do.
    """

    plan: FilingPlan
    filed: Filed | None


def journals_of(stored: StoredRun) -> Path:
    """The folder in which the journals lie of what was filed with a run: with its project, or the program's own."""
    return answers_folder(stored.folder) / FOLDER


def write_keywords(
    stored: StoredRun, entries: Sequence[FilingEntry], *, dry_run: bool = False, emit: Emit, token: CancelToken
) -> KeywordsWritten:
    """Write a sidecar beside each photo; the journal takes it back.

    Args:
        stored: The run that answered.
        entries: Photos and their classes.
        dry_run: Whether to plan only.
        emit: Told the progress.
        token: While planning, a stop ends it; afterwards it is a normal end.

    Raises:
        TLStudioError: If the journal can't be written, or there is no room.
        Cancelled: If a stop came before anything was written.
    """
    plan = plan_sidecars(entries, emit=emit, token=token)
    if dry_run or not plan.actions:
        return KeywordsWritten(plan, None)
    return KeywordsWritten(plan, execute(plan, journals_of(stored), emit=emit, token=token))
