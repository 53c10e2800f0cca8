"""Doing what a plan says, so that a crash at any point loses nothing and does nothing twice."""

import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tlstudio.datasets.file_names import DistinctNames
from tlstudio.datasets.sizes import size_in_words
from tlstudio.digests import digest_of
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Emit, Notice, Progress
from tlstudio.filing.action import FilingAction, Kind
from tlstudio.filing.duplication import COPYING, LINKING, POINTING
from tlstudio.filing.files import RefusedError, facts_of, is_there, nearest_folder, own_digest
from tlstudio.filing.journal import Begun, Journal, Mark, Record, State, read_journal
from tlstudio.filing.journal_writer import JournalWriter
from tlstudio.filing.journals import unfinished
from tlstudio.filing.plan import FilingPlan
from tlstudio.filing.reasons import CHANGED, GONE, IN_THE_WAY, reason_of
from tlstudio.filing.relocation import MOVING
from tlstudio.filing.sidecars import name_beside
from tlstudio.filing.step import Handler, Step
from tlstudio.filing.target_watch import TargetWatch
from tlstudio.filing.writing import WRITING, may_replace, prepared
from tlstudio.wording import counted

HANDLERS: Final[Mapping[Kind, Handler]] = {
    "copy": COPYING,
    "move": MOVING,
    "hard link": LINKING,
    "symbolic link": POINTING,
    "write": WRITING,
}
STAGE: Final = "file"
_MOST_NAMES = 20
_SECONDS_BETWEEN_EVENTS = 0.05


@dataclass(frozen=True, slots=True)
class Failed:
    """A file that nothing happened to.

    Attributes:
        path: Of the photo; when undoing, of what was filed.
        reason: Why, as a sentence.
    """

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Filed:
    """What has come of a plan: each of its actions is done, has failed, or is left.

    Attributes:
        journal: Folder of the journal, with which it can be undone.
        counts: Actions that were done, by class; sidecars that went along don't count.
        failed: What couldn't be done, and why.
        left: Actions that a stop left undone.
        remarks: What a person should know of some that were done, and of how many.
        sidecars: Sidecars that went along with their photos.
    """

    journal: Path
    counts: Mapping[str, int]
    failed: tuple[Failed, ...]
    left: int
    remarks: Mapping[str, int]
    sidecars: int = 0

    @property
    def done(self) -> int:
        """Actions that were done, without those about sidecars."""
        return sum(self.counts.values())

    @property
    def files(self) -> int:
        """Actions that were done, and sidecars."""
        return self.done + self.sidecars

    @property
    def stopped(self) -> bool:
        """Whether a stop came before the end."""
        return self.left > 0


def execute(plan: FilingPlan, journal_folder: Path, *, emit: Emit, token: CancelToken) -> Filed:
    """Do what a plan says.

    Args:
        plan: What is to be done.
        journal_folder: Where journals are kept.
        emit: Told ``Progress("file", done, total)`` and remarks.
        token: A stop is a normal end: what was done stays, and can be undone.

    Raises:
        TLStudioError: If there is nothing to do or no room, the journal can't be written, or an earlier filing into
            the same target was cut off.
    """
    if not plan.actions:
        raise TLStudioError("There is nothing to file.", "Choose other photos, or another folder.")
    if any(cut_off.target == plan.target for cut_off in unfinished(journal_folder)):
        raise TLStudioError(
            f"An earlier filing into {plan.target} was interrupted.", "Finish it or undo it first, then file these."
        )
    _require_room(plan)
    with JournalWriter.begin(journal_folder, plan.target, plan.kind, plan.class_folders, plan.actions) as writer:
        return _Filing(read_journal(writer.folder), writer, emit).run(token)


def continue_filing(journal: Path, *, emit: Emit, token: CancelToken) -> Filed:
    """Go on with a filing after a crash or a stop; what failed before is not tried again.

    Args:
        journal: Folder of its journal.
        emit: As in ``execute``, and so the next.
        token: A stop is a normal end.

    Raises:
        TLStudioError: If it has been undone since, or partly, or the journal can't be read or written.
    """
    with JournalWriter(journal) as writer:
        known = read_journal(journal)
        if known.phase in ("undoing", "undone"):
            raise TLStudioError("This filing has been undone.", "File the photos again.")
        return _Filing(known, writer, emit).run(token)


def _require_room(plan: FilingPlan) -> None:
    there = nearest_folder(Path(plan.target))
    free = shutil.disk_usage(there).free
    if plan.needed > free:
        raise TLStudioError(
            f"It takes {size_in_words(plan.needed)}, and {there} has room for {size_in_words(free)}.",
            "Make room, or choose another disk.",
        )


def step_of(journal: Journal, number: int, begun: Begun, content: bytes | None = None) -> Step:
    """An action that has begun, as its handler gets it."""
    action = journal.actions[number]
    part = journal.part(number, Path(begun.target))
    back = journal.part(number, Path(action.source))
    return Step(action, begun, part, back, journal.kept(number), content)


def settled(journal: Journal, number: int, record: Record) -> Mark | None:
    """After a crash: the mark of an action that was done, but not yet marked so; None if it wasn't done.

    Raises:
        OSError: If what was half done can't be finished or cleaned away.
    """
    if record.begun is None:
        return None
    step = step_of(journal, number, record.begun)
    if not HANDLERS[step.action.kind].settle(step):
        return None
    return Mark("done", number, left=facts_of(step.target))


class _Filing:
    """One pass over a journal."""

    def __init__(self, journal: Journal, writer: JournalWriter, emit: Emit) -> None:
        self._journal, self._writer, self._emit = journal, writer, emit
        self._watch = TargetWatch(journal)
        self._states: list[State] = [record.state for record in journal.records]
        self._reasons = {number: record.reason for number, record in enumerate(journal.records) if record.reason}
        self._places = {number: record.begun.target for number, record in enumerate(journal.records) if record.begun}
        self._due = 0.0

    def run(self, token: CancelToken) -> Filed:
        """Do what isn't done yet; a stop waits until the sidecars of a photo are where it is."""
        actions, photos = self._journal.actions, 0
        self._writer.note(Mark("filing"), lasting=True)
        for number, record in enumerate(self._journal.records):
            token.wait()
            if token.cancelled and not actions[number].companion:
                break
            if record.state in ("planned", "begun"):
                self._do(number, record)
            photos += not actions[number].companion
            self._tell(photos, len(actions) - self._journal.header.companions)
        filed = self._result()
        self._writer.note(
            Mark("stopped" if filed.left else "filed", done=filed.done, failed=len(filed.failed)), lasting=True
        )
        for remark, count in filed.remarks.items():
            self._emit(Notice(f"{counted(count, 'photo')}: {remark}"))
        return filed

    def _tell(self, done: int, total: int) -> None:
        if done == total or time.monotonic() >= self._due:
            self._emit(Progress(STAGE, done, total))
            self._due = time.monotonic() + _SECONDS_BETWEEN_EVENTS

    def _do(self, number: int, record: Record) -> None:
        """Do one action; one that meets a drive which has gone stays "begun", and is settled when it is there again."""
        self._watch.require()
        try:
            mark = settled(self._journal, number, record) or self._attempt(number)
        except RefusedError as error:
            mark = Mark("failed", number, reason=str(error))
        except OSError as error:
            self._watch.require()
            mark = Mark("failed", number, reason=reason_of(error))
        self._writer.note(mark)
        self._states[number] = "failed" if mark.mark == "failed" else "done"
        if mark.reason:
            self._reasons[number] = mark.reason

    def _attempt(self, number: int) -> Mark:
        """Do one action, under the next free name if its own is taken."""
        action = self._journal.actions[number]
        handler = HANDLERS[action.kind]
        for _ in range(_MOST_NAMES):
            target = self._target_of(number)
            try:
                begun, content = _begin(action, target)
                self._make_folders(target.parent)
                self._writer.note(Mark("begun", number, begun=begun), lasting=True)
                remark = handler.perform(step_of(self._journal, number, begun, content))
            except FileExistsError:
                continue
            self._places[number] = str(target)
            return Mark("done", number, left=facts_of(target), reason=remark)
        raise RefusedError("Something else takes its name again and again.")

    def _target_of(self, number: int) -> Path:
        """Where an action leads to: a name that is free for the photo and for its sidecars.

        Raises:
            RefusedError: If the photo of a sidecar isn't where it should be, or the sidecar's name beside it is taken.
        """
        action = self._journal.actions[number]
        if action.companion:
            return self._target_beside(number)
        if may_replace(action):
            return action.target_path
        return _free(action.target_path, *self._journal.planned_beside(number))

    def _target_beside(self, number: int) -> Path:
        """Where a sidecar goes."""
        action, leader = self._journal.actions[number], self._journal.leader(number)
        if self._states[leader] != "done":
            raise RefusedError("Its photo isn't filed, so this one stays with it.")
        target = _beside(action.target_path, self._journal.actions[leader].target_path, Path(self._places[leader]))
        if is_there(target) and not may_replace(action):
            raise RefusedError("Another file beside the photo has its name.")
        return target

    def _make_folders(self, folder: Path) -> None:
        """Make a folder and what is missing above it."""
        missing = []
        while not folder.is_dir():
            missing.append(folder)
            folder = folder.parent
        for path in reversed(missing):
            self._writer.note(Mark("folder", path=str(path)), lasting=True)
            try:
                path.mkdir(exist_ok=True)
            except FileExistsError as error:
                raise RefusedError(IN_THE_WAY) from error
            self._writer.note(Mark("made", path=str(path)))
        self._watch.require()

    def _result(self) -> Filed:
        actions = self._journal.actions
        counts: dict[str, int] = {}
        remarks: dict[str, int] = {}
        done = [number for number, state in enumerate(self._states) if state == "done"]
        for number in done:
            if actions[number].companion:
                continue
            counts[actions[number].class_name] = counts.get(actions[number].class_name, 0) + 1
            if number in self._reasons:
                remarks[self._reasons[number]] = remarks.get(self._reasons[number], 0) + 1
        failed = _failed(actions, self._states, self._reasons)
        left = len(actions) - len(done) - len(failed)
        sidecars = {self._places[number] for number in done if actions[number].companion}
        return Filed(self._journal.folder, counts, failed, left, remarks, len(sidecars))


def _failed(actions: Sequence[FilingAction], states: Sequence[State], reasons: Mapping[int, str]) -> tuple[Failed, ...]:
    pairs = zip(actions, states, strict=True)
    return tuple(
        Failed(action.photo, reasons.get(number, ""))
        for number, (action, state) in enumerate(pairs)
        if state == "failed"
    )


def _free(target: Path, *sidecars: Path) -> Path:
    """The same path if nothing is there, nor where its sidecars would go; else with the first free number."""
    names, free = DistinctNames(), target
    while any(is_there(path) for path in (free, *(_beside(sidecar, target, free) for sidecar in sidecars))):
        free = target.with_name(names.distinct(target.name))
    return free


def _beside(sidecar: Path, planned: Path, now: Path) -> Path:
    """Where a sidecar goes whose photo goes elsewhere than planned."""
    return now.with_name(name_beside(sidecar.name, planned.name, now.name))


def _begin(action: FilingAction, target: Path) -> tuple[Begun, bytes | None]:
    """Look at the source once more, the moment before."""
    source = Path(action.source)
    follow = action.kind != "move"
    try:
        facts = facts_of(source, follow=follow)
    except FileNotFoundError as error:
        raise RefusedError(GONE) from error
    if (facts.size, facts.modified) != (action.size, action.modified):
        raise RefusedError(CHANGED)
    digest = action.digest or _read_digest(action)
    if action.kind == "write":
        return prepared(action, target, facts)
    return Begun(str(target), digest, facts), None


def _read_digest(action: FilingAction) -> str:
    """The digest of a source that nobody has read since it was classified; empty where it needn't be known.

    Raises:
        RefusedError: If it is no longer what was classified.
        OSError: If it can't be read.
    """
    if action.kind == "copy" and action.expected:
        return action.expected  # the copy is compared with it
    if action.kind in ("symbolic link", "write") and not action.expected:
        return ""
    digest = (own_digest if action.kind == "move" else digest_of)(Path(action.source))
    if action.expected and digest != action.expected:
        raise RefusedError(CHANGED)
    return digest
