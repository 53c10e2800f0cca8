"""The journals in a folder: what was filed, newest first, and what a crash has cut off."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tlstudio.errors import TLStudioError
from tlstudio.filing.action import Kind
from tlstudio.filing.journal import FILE, Journal, Phase, read_header, read_journal
from tlstudio.filing.journal_writer import is_worked_on, last_mark

FOLDER: Final = "journals"
"""Name of the folder of journals, in a project's folder or the program's own."""

_ENDED: Final[Mapping[str, Phase]] = {"filed": "filed", "stopped": "stopped", "all undone": "undone"}


@dataclass(frozen=True, slots=True)
class Filing:
    """One filing, as a list shows it.

    Attributes:
        journal: Folder of its journal.
        created: When it began, ISO 8601 in UTC.
        target: Where photos were filed to.
        kind: What was done with most of them.
        total: Actions that were planned; as in the next two, sidecars that go along don't count as long as it isn't
            undone.
        phase: How it stands.
        done: Actions that hold; once it is undone: that were undone.
        failed: Actions that failed, or couldn't be undone.
        interrupted: Whether a crash has cut it off: it can be gone on with, or undone.
    """

    journal: Path
    created: str
    target: str
    kind: Kind
    total: int
    phase: Phase
    done: int
    failed: int
    interrupted: bool

    @property
    def can_be_undone(self) -> bool:
        """Whether anything of it is left to undo."""
        if self.phase == "undone":
            return self.failed > 0
        return self.done > 0 or self.phase in ("filing", "undoing")


def journals(folder: Path) -> tuple[Filing, ...]:
    """All filings whose journals lie in a folder, newest first; those that can't be read are left out."""
    found = []
    for path in _folders(folder):
        with suppress(TLStudioError):
            found.append(_summary(path))
    return tuple(sorted(found, key=lambda filing: filing.created, reverse=True))


def unfinished(folder: Path) -> tuple[Filing, ...]:
    """Filings, and undoings, that a crash has cut off; newest first."""
    return tuple(filing for filing in journals(folder) if filing.interrupted)


def journals_into(folder: Path, target: Path) -> tuple[Journal, ...]:
    """All that is known of filings into one folder, oldest first; those that can't be read are left out."""
    found = []
    for filing in reversed(journals(folder)):
        if Path(filing.target) == target:
            with suppress(TLStudioError):
                found.append(read_journal(filing.journal))
    return tuple(found)


def beside(journal: Path) -> tuple[Journal, ...]:
    """All that is known of the other filings into the same target, oldest first."""
    target = Path(read_header(journal).target)
    return tuple(other for other in journals_into(journal.parent, target) if other.folder != journal)


def _folders(folder: Path) -> tuple[Path, ...]:
    try:
        return tuple(path for path in folder.iterdir() if (path / FILE).is_file())
    except OSError:
        return ()


def _summary(folder: Path) -> Filing:
    header, mark, worked_on = read_header(folder), last_mark(folder), False
    if mark is None or mark.mark not in _ENDED:
        worked_on = is_worked_on(folder)
        mark = last_mark(folder)  # it may have ended between the two looks
    if mark is not None and mark.mark in _ENDED:
        phase, done, failed = _ENDED[mark.mark], mark.done, mark.failed
    else:
        journal = read_journal(folder)
        states = [record.state for record in journal.records]
        along = sum(action.companion and state == "done" for action, state in zip(journal.actions, states, strict=True))
        phase, done, failed = journal.phase, states.count("done") - along, states.count("failed") + states.count("kept")
    interrupted = phase in ("filing", "undoing") and not worked_on
    total = header.actions - header.companions
    return Filing(folder, header.created, header.target, header.kind, total, phase, done, failed, interrupted)
