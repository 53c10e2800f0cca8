"""Use case: take back what was filed, now or next week."""

from pathlib import Path

from tlstudio.events import CancelToken, Emit
from tlstudio.filing.journal import FILE
from tlstudio.filing.undo import Undone, undo


def undo_filing(journal: Path, *, emit: Emit, token: CancelToken) -> Undone:
    """Bring back the tree from before a filing.

    Args:
        journal: The folder of its journal, or the file in it.
        emit: Told the progress.
        token: A stop is a normal end: undoing once more goes on.

    Raises:
        TLStudioError: If there is no journal, it is undone already, or its photos are out of reach.
    """
    folder = journal.parent if journal.name == FILE else journal
    return undo(folder.absolute(), emit=emit, token=token)
