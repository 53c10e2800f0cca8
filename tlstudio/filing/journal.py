"""The journal of one filing: what was planned, what has begun, what is done, what was brought back.

It is a folder with ``journal.jsonl``: a line with the ``Header``, a line for each action, then ``Mark`` lines that are
only ever added. Before anything happens to a file its mark is on the disk, so that after a crash at any point one look
at the files named by the last mark tells how far it came. ``kept`` holds what a "write" replaced; ``lock`` is locked as
long as a process works on it.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path
from typing import Final, Literal

import msgspec

from tlstudio.datasets.garbage import no_collection
from tlstudio.errors import TLStudioError
from tlstudio.filing.action import FilingAction, Kind, leader
from tlstudio.filing.files import Facts, nearest_folder, sync_folder
from tlstudio.filing.reasons import reason_of
from tlstudio.serialization import from_json, to_json
from tlstudio.whole_files import write_whole

FILE: Final = "journal.jsonl"
VERSION: Final = 1
_KEPT = "kept"

Phase = Literal["filing", "filed", "stopped", "undoing", "undone"]
State = Literal["planned", "begun", "done", "failed", "undone", "kept"]
MarkKind = Literal[
    "folder", "made", "begun", "done", "failed", "undone", "kept", "filing", "filed", "stopped", "undoing", "all undone"
]


@dataclass(frozen=True, slots=True)
class Header:
    """The first line.

    Attributes:
        version: Of the layout.
        created: When it began, ISO 8601 in UTC.
        key: Part of the names of unfinished files, so that they are known for its own.
        target: As in ``FilingPlan``, and so the next two.
        kind: What is done with most photos.
        class_folders: Name of the folder of each class.
        actions: How many there are.
        target_was_there: Whether the target was a folder before.
        disk: Number of the disk that it is on; the system may give it another one later.
        companions: How many of the actions are about sidecars that go along.
    """

    version: int
    created: str
    key: str
    target: str
    kind: Kind
    class_folders: Mapping[str, str]
    actions: int
    target_was_there: bool
    disk: int
    companions: int = 0


@dataclass(frozen=True, slots=True)
class Begun:
    """What is known the moment before an action.

    Attributes:
        target: Where it leads to: another name than planned, where that was taken meanwhile.
        digest: SHA-256 of the source.
        source: The source.
        replaced: What a "write" replaces; None for nothing.
        before: SHA-256 of that; empty for nothing.
        after: SHA-256 of what a "write" writes.
    """

    target: str
    digest: str
    source: Facts
    replaced: Facts | None = None
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A line about what happens.

    Attributes:
        mark: What. "folder" and "made" are before and after a folder is made; "begun" to "kept" are of one action;
            the rest begin or end a whole phase.
        number: Index of the action.
        path: Of a folder.
        begun: Of "begun".
        left: Of "done": the target as it was left.
        reason: Of "failed" and "kept" (couldn't be undone): why. Of "done": what a person should know.
        done: Of the end of a phase: how many actions hold.
        failed: Of the end of a phase: how many failed, or couldn't be undone.
    """

    mark: MarkKind
    number: int = -1
    path: str = ""
    begun: Begun | None = None
    left: Facts | None = None
    reason: str = ""
    done: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Record:
    """How far one action is: as in ``Mark``."""

    state: State = "planned"
    begun: Begun | None = None
    left: Facts | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Journal:
    """All that a journal says.

    Attributes:
        folder: Where it is.
        header: Its first line.
        actions: What was planned.
        records: How far each of them is.
        folders: Absolute paths of folders that were made, those above before those below.
        phase: What was being done, or is done.
        made: Those of the folders that are known to have been made.
    """

    folder: Path
    header: Header
    actions: tuple[FilingAction, ...]
    records: tuple[Record, ...]
    folders: tuple[str, ...]
    phase: Phase
    made: frozenset[str]

    def kept(self, number: int) -> Path:
        """Where a "write" keeps what it replaces."""
        return self.folder / _KEPT / str(number)

    def leader(self, number: int) -> int:
        """The action that an action goes along with; itself, if it doesn't."""
        return leader(self.actions, number)

    def planned_beside(self, number: int) -> tuple[Path, ...]:
        """Where the companions of an action were to lead to."""
        following = (self.actions[after] for after in range(number + 1, len(self.actions)))
        return tuple(action.target_path for action in takewhile(lambda action: action.companion, following))

    def part(self, number: int, beside: Path) -> Path:
        """The unfinished file from which another one beside this path is made."""
        return beside.with_name(f".{self.header.key}-{number}.part")


@dataclass(slots=True)
class _Replay:
    """What the marks so far amount to."""

    records: list[Record]
    folders: list[str] = field(default_factory=list)
    made: set[str] = field(default_factory=set)
    phase: Phase = "filing"

    def add(self, mark: Mark) -> None:
        match mark.mark:
            case "folder":
                self.folders.append(mark.path)
            case "made":
                self.made.add(mark.path)
            case "begun":
                self.records[mark.number] = Record("begun", mark.begun)
            case "done" | "failed" | "undone" | "kept":
                before = self.records[mark.number]
                left = mark.left or before.left
                self.records[mark.number] = replace(before, state=mark.mark, left=left, reason=mark.reason)
            case "all undone":
                self.phase = "undone"
            case "filing" | "filed" | "stopped" | "undoing":
                self.phase = mark.mark


def new_folder(home: Path) -> Path:
    """Make the folder of a journal; it is none yet, and nobody looks at it.

    Raises:
        TLStudioError: If it can't be made.
    """
    folder = home / f"{datetime.now(UTC):%Y-%m-%d-%H%M%S-%f}-{secrets.token_hex(4)}"
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise unwritable(folder, error) from error
    return folder


def create(
    folder: Path, target: str, kind: Kind, class_folders: Mapping[str, str], actions: Sequence[FilingAction]
) -> None:
    """Begin a journal in a new folder: all of the plan is on the disk, nothing is done.

    Raises:
        TLStudioError: If it can't be written.
    """
    disk = nearest_folder(Path(target)).stat().st_dev
    header = Header(
        VERSION,
        datetime.now(UTC).isoformat(),
        secrets.token_hex(4),
        target,
        kind,
        class_folders,
        len(actions),
        Path(target).is_dir(),
        disk,
        sum(action.companion for action in actions),
    )
    try:
        write_whole(folder / FILE, line_of(header) + b"".join(map(line_of, actions)))
        sync_folder(folder)
    except OSError as error:
        raise unwritable(folder, error) from error


def read_header(folder: Path) -> Header:
    """The first line of a journal.

    Raises:
        TLStudioError: If there is none, or it can't be read, or a newer version of the program wrote it.
    """
    try:
        with (folder / FILE).open("rb") as file:
            return _header(folder, file.readline())
    except OSError as error:
        raise _unreadable(folder, reason_of(error)) from error


@no_collection()
def read_journal(folder: Path) -> Journal:
    """All of a journal; a last line that a crash has cut is left out.

    Raises:
        TLStudioError: As ``read_header``.
    """
    try:
        lines = (folder / FILE).read_bytes().split(b"\n")[:-1]
    except OSError as error:
        raise _unreadable(folder, reason_of(error)) from error
    header = _header(folder, lines[0] if lines else b"")
    try:
        actions = tuple(from_json(line, FilingAction) for line in lines[1 : 1 + header.actions])
        replay = _Replay([Record()] * len(actions))
        for line in lines[1 + header.actions :]:
            replay.add(from_json(line, Mark))
    except (ValueError, IndexError) as error:
        raise _unreadable(folder, str(error)) from error
    folders, made = tuple(replay.folders), frozenset(replay.made)
    return Journal(folder, header, actions, tuple(replay.records), folders, replay.phase, made)


def _header(folder: Path, line: bytes) -> Header:
    try:
        header = from_json(line, Header)
    except ValueError as error:
        raise _unreadable(folder, str(error)) from error
    if header.version > VERSION:
        raise TLStudioError(f"{folder} was written by a newer version of TL Studio.", "Update TL Studio.")
    return header


def line_of(entry: Header | FilingAction | Mark) -> bytes:
    """One line of JSON, without what is empty."""
    fields = msgspec.to_builtins(entry)
    return to_json({name: value for name, value in fields.items() if value not in (None, "")}) + b"\n"


def unwritable(folder: Path, error: OSError) -> TLStudioError:
    """The error of a journal that can't be written."""
    return TLStudioError(
        f"The journal in {folder} can't be written: {reason_of(error)}",
        "Nothing is filed without it. Make room or choose another folder, then go on.",
    )


def _unreadable(folder: Path, why: str) -> TLStudioError:
    return TLStudioError(f"{folder} holds no journal that can be read: {why}", "Choose the folder of a journal.")
