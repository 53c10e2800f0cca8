"""Bringing back the exact tree from before a filing, whether that ended, was stopped, or was cut off by a crash.

Each file is looked at before it is touched, and one that has changed since stays. A file that is as it was before
already is left so: hence an undoing that was killed is simply begun again.
"""

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Emit, Progress
from tlstudio.filing.execute import HANDLERS, Failed, settled, step_of
from tlstudio.filing.files import RefusedError, discard, is_there
from tlstudio.filing.journal import Journal, Mark, Record, read_journal
from tlstudio.filing.journal_writer import JournalWriter
from tlstudio.filing.journals import beside
from tlstudio.filing.reasons import reason_of
from tlstudio.filing.target_watch import TargetWatch

STAGE = "undo"
_SECONDS_BETWEEN_EVENTS = 0.05


@dataclass(frozen=True, slots=True)
class Undone:
    """What has come of undoing: ``done + len(kept) + left`` is the number of actions that had been done.

    Attributes:
        journal: Folder of the journal.
        done: Actions that are undone.
        kept: Files that stay as they are, and why.
        left: Actions that a stop left as they are; undoing once more goes on with them.
    """

    journal: Path
    done: int
    kept: tuple[Failed, ...]
    left: int


def undo(journal: Path, *, emit: Emit, token: CancelToken) -> Undone:
    """Undo a filing, the last action first.

    Of an interrupted one, what was done is rolled back; one whose undoing was interrupted, or kept some files, is gone
    on with.

    Args:
        journal: Folder of its journal.
        emit: Told ``Progress("undo", done, total)``.
        token: A stop is a normal end.

    Raises:
        TLStudioError: If it has been undone, its folder is gone, or the journal can't be read or written.
    """
    with JournalWriter(journal) as writer:
        known = read_journal(journal)
        todo = [number for number, record in enumerate(known.records) if record.state in ("begun", "done", "kept")]
        if known.phase == "undone" and not todo:
            raise TLStudioError("This filing has been undone already.", "")
        return _Undoing(known, writer, emit).run(todo, token)


class _Undoing:
    """One pass over a journal, backwards."""

    def __init__(self, journal: Journal, writer: JournalWriter, emit: Emit) -> None:
        self._journal, self._writer, self._emit = journal, writer, emit
        self._watch = TargetWatch(journal)
        self._kept: dict[int, Failed] = {}
        self._done = 0

    def run(self, numbers: Sequence[int], token: CancelToken) -> Undone:
        """Undo these actions, and remove the folders that were made for them; sidecars go with their photos."""
        if numbers:
            self._watch.require()
        self._writer.note(Mark("undoing"), lasting=True)
        due = 0.0
        for count, number in enumerate(sorted(numbers, key=self._turn), start=1):
            token.wait()
            if token.cancelled and not self._journal.actions[number].companion:
                break
            self._revert(number)
            if count == len(numbers) or time.monotonic() >= due:
                self._emit(Progress(STAGE, count, len(numbers)))
                due = time.monotonic() + _SECONDS_BETWEEN_EVENTS
        left = len(numbers) - self._done - len(self._kept)
        self._writer.note(Mark("undoing", done=self._done, failed=len(self._kept)), lasting=True)
        self._tidy_up()
        if not left:
            self._writer.note(Mark("all undone", done=self._done, failed=len(self._kept)), lasting=True)
        return Undone(self._journal.folder, self._done, tuple(self._kept.values()), left)

    def _turn(self, number: int) -> tuple[int, bool, int]:
        """The last photo first, and its sidecars after it, so that they can stay with it."""
        leader = self._journal.leader(number)
        return -leader, number != leader, -number

    def _revert(self, number: int) -> None:
        self._watch.require()
        try:
            self._put_back(number, self._journal.records[number])
        except RefusedError as error:
            self._keep(number, str(error))
        except OSError as error:
            self._watch.require()
            self._keep(number, reason_of(error))
        else:
            self._done += 1
            self._writer.note(Mark("undone", number))

    def _put_back(self, number: int, record: Record) -> None:
        begun, left = record.begun, record.left
        if begun is not None and left is None and (mark := settled(self._journal, number, record)) is not None:
            self._writer.note(mark)
            left = mark.left
        if begun is None or left is None:  # it had not been done
            return
        if self._journal.leader(number) in self._kept:
            raise RefusedError("Its photo stays, and so does this one.")
        if not is_there(Path(begun.target)) and begun.target in self._moved_on:
            raise RefusedError("A later filing has moved it: undo that one first.")
        step = step_of(self._journal, number, begun)
        HANDLERS[step.action.kind].revert(step, left)

    @cached_property
    def _others(self) -> tuple[Journal, ...]:
        """Filings into the same target; read once they matter."""
        return beside(self._journal.folder)

    @cached_property
    def _moved_on(self) -> frozenset[str]:
        """Files that other filings have moved to where they are now."""
        return frozenset(
            action.source
            for other in self._others
            for action, record in zip(other.actions, other.records, strict=True)
            if action.kind == "move" and record.state in ("done", "kept")
        )

    def _keep(self, number: int, reason: str) -> None:
        begun = self._journal.records[number].begun
        self._kept[number] = Failed(begun.target if begun else self._journal.actions[number].target, reason)
        self._writer.note(Mark("kept", number, reason=reason))

    def _tidy_up(self) -> None:
        """Remove what failing actions couldn't, and the folders that the filing made, if nothing is in them.

        Other filings that are undone may have left some of theirs, since files of this one were in them.
        """
        above: set[str] = set()
        for number, record in enumerate(self._journal.records):
            if record.begun is not None:
                above.update(str(folder) for folder in Path(record.begun.target).parents)
                if record.state == "failed":
                    discard(step_of(self._journal, number, record.begun).part)
        left = [path for other in self._others if other.phase == "undone" for path in other.folders if path in above]
        for path in sorted({*self._journal.folders, *left}, key=len, reverse=True):
            with suppress(OSError):  # not empty, or gone already
                Path(path).rmdir()
