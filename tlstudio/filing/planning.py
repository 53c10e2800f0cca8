"""The dry run: what would happen to whom. Photos and folders are looked at, and nothing is touched."""

import os
import shutil
import stat
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from tlstudio.datasets.garbage import no_collection
from tlstudio.digests import digest_of
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Emit, Progress
from tlstudio.filing.action import FilingAction, Kind
from tlstudio.filing.earlier import Earlier, Lodged
from tlstudio.filing.files import Facts, facts_of, nearest_folder
from tlstudio.filing.journals import journals_into
from tlstudio.filing.places import Places
from tlstudio.filing.plan import FilingEntry, FilingOptions, FilingPlan, LeftOut
from tlstudio.filing.reasons import CHANGED, GONE, reason_of
from tlstudio.filing.sidecars import ENDING, SidecarFolders
from tlstudio.wording import counted

STAGE: Final = "plan"
_BLOCK = 4096  # bytes: a file takes whole blocks of the disk
_LONGEST_WINDOWS = 259  # characters: learn.microsoft.com, "Maximum Path Length Limitation", without its end mark
_LONGEST = 4095  # bytes: PATH_MAX of Linux, without its end mark
_SECONDS_BETWEEN_EVENTS = 0.05


@no_collection()
def plan_filing(
    entries: Sequence[FilingEntry],
    options: FilingOptions,
    journal_folder: Path | None = None,
    *,
    emit: Emit,
    token: CancelToken,
) -> FilingPlan:
    """Say what filing photos would do.

    Args:
        entries: The photos and their classes.
        options: Where to and how.
        journal_folder: Where journals are kept: what was filed into this target before, with the same class, stays;
            with another class, it is moved within the target. None: nothing is known of before.
        emit: Told ``Progress("plan", done, total)``.
        token: Stops it.

    Raises:
        TLStudioError: If the target is no folder, or may not be written to.
        Cancelled: If a stop was asked for.
    """
    planner = _Planner(entries, options, journal_folder)
    due = 0.0
    for done, entry in enumerate(entries, start=1):
        token.check()
        planner.add(entry)
        if done == len(entries) or time.monotonic() >= due:
            emit(Progress(STAGE, done, len(entries)))
            due = time.monotonic() + _SECONDS_BETWEEN_EVENTS
    return planner.plan()


class _LeaveOut(Exception):  # noqa: N818 - a normal end of one photo's way
    """Nothing is done with this photo; the sentence says why."""

    def __init__(self, reason: str, *, filed: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.filed = reason, filed


class _Planner:
    """Goes through the photos, in their order; paths are text here, since there may be 100,000."""

    def __init__(self, entries: Sequence[FilingEntry], options: FilingOptions, journal_folder: Path | None) -> None:
        self._options = options
        self._target = Path(os.path.realpath(options.target))
        self._there = _writable_folder(self._target)
        self._disk = self._there.stat().st_dev
        known = journals_into(journal_folder, self._target) if journal_folder else ()
        self._earlier = Earlier(known)
        classes = {entry.class_name for entry in entries if entry.class_name}
        self._places = Places(self._target, classes, self._earlier.class_folders)
        self._actions: list[FilingAction] = []
        self._left_out: list[LeftOut] = []
        self._among = _lies_in_one(self._target, entries)
        self._folders: dict[str, str] = {}
        self._betweens: dict[tuple[str, str], tuple[str, ...]] = {}
        self._seen: set[str] = set()
        self._sidecars = SidecarFolders()
        self._staying: set[str] = set()
        self._needed = self._renamed = self._long = self._other_disk = 0

    def add(self, entry: FilingEntry) -> None:
        """Plan for one photo."""
        try:
            action, *companions = self._planned(entry)
        except _LeaveOut as leaving:
            self._left_out.append(LeftOut(str(entry.path), leaving.reason, leaving.filed))
        else:
            self._actions += (action, *companions)
            self._renamed += os.path.basename(action.target) != os.path.basename(action.photo)  # noqa: PTH119
            self._long += len(action.target) > _LONGEST_WINDOWS

    def plan(self) -> FilingPlan:
        """What has come together."""
        used = {action.class_name for action in self._actions}
        folders = {name: folder for name, folder in self._places.class_folders.items() if name in used}
        return FilingPlan(
            str(self._target),
            self._options.kind,
            tuple(self._actions),
            tuple(self._left_out),
            folders,
            self._needed,
            shutil.disk_usage(self._there).free,
            tuple(self._notes(folders)),
        )

    def _planned(self, entry: FilingEntry) -> tuple[FilingAction, ...]:
        """What is done with a photo, and then with its sidecars."""
        if not entry.class_name:
            raise _LeaveOut("It has no class.")
        path = self._real(entry.path)
        if path in self._seen:
            raise _LeaveOut("It is in the list twice.")
        self._seen.add(path)
        facts = self._facts(path)
        lodged = self._earlier.find(path, entry, facts)
        if lodged is not None:
            return self._moved_on(lodged, entry)
        if facts is None:
            raise _LeaveOut(GONE)
        return self._new(path, entry, facts)

    def _new(self, path: str, entry: FilingEntry, facts: Facts) -> tuple[FilingAction, ...]:
        if not stat.S_ISREG(facts.mode):
            raise _LeaveOut("It is no file.")
        digest = _checked_digest(path, entry, facts)
        self._require_allowed(path)
        self._require_elsewhere(path, entry.class_name)
        kind, unread = self._options.kind, entry.digest if entry.stamp is None else ""
        sidecars = self._sidecars_of(path, kind)
        name = os.path.basename(path)  # noqa: PTH119
        target, *beside = self._place(entry.class_name, self._between(path, entry.root), name, name, sidecars)
        self._count(path, [facts, *sidecars.values()])
        action = FilingAction(kind, path, target, facts.size, facts.modified, entry.class_name, digest, expected=unread)
        return action, *_companions(action, sidecars, beside)

    def _moved_on(self, lodged: Lodged, entry: FilingEntry) -> tuple[FilingAction, ...]:
        """What an earlier filing has put into the folder of another class."""
        if lodged.class_name == entry.class_name:
            raise _LeaveOut("It is filed already.", filed=True)
        now = self._facts(lodged.place, follow=False)
        if now is None:
            raise _LeaveOut(GONE)
        place, left = Path(lodged.place), lodged.left
        above = self._target / self._places.class_folders.get(lodged.class_name, "")
        nested = place.is_relative_to(above) and not self._options.flat
        between = place.parent.relative_to(above).parts if nested else ()
        sidecars = self._sidecars_of(lodged.place, "move", may_be_links=lodged.kind == "symbolic link")
        target, *beside = self._place(entry.class_name, between, Path(lodged.photo).name, place.name, sidecars)
        known = (now.size, now.modified) == (left.size, left.modified) and not now.is_link
        action = FilingAction(
            "move",
            lodged.place,
            target,
            now.size,
            now.modified,
            entry.class_name,
            lodged.digest if known else "",
            lodged.photo,
        )
        return action, *_companions(action, sidecars, beside)

    def _place(
        self, class_name: str, between: tuple[str, ...], name: str, photo: str, sidecars: Mapping[str, Facts]
    ) -> tuple[str, ...]:
        targets = self._places.places(class_name, between, name, photo, tuple(sidecars))
        longest = max(targets, key=len)
        if sys.platform == "win32" and len(longest) > _LONGEST_WINDOWS:
            raise _LeaveOut("Its path gets longer than the 259 characters that Windows takes.")
        if len(os.fsencode(longest)) > _LONGEST:
            raise _LeaveOut("Its path gets longer than the system takes.")
        return targets

    def _sidecars_of(self, path: str, kind: Kind, *, may_be_links: bool = False) -> dict[str, Facts]:
        """The sidecars that go along with a photo, by their names."""
        folder, name = os.path.split(path)
        try:
            beside = self._sidecars.beside(folder, name)
        except OSError:  # a folder that shows its files only to those who know their names
            return {}
        found = {}
        for sidecar in beside.own:
            with suppress(OSError):  # gone since, or a link that leads nowhere
                facts = facts_of(Path(folder, sidecar), follow=kind != "move")
                if stat.S_ISREG(facts.mode) or (may_be_links and facts.is_link):
                    found[sidecar] = facts
        staying = {*beside.own, beside.shared} - {*found, ""}
        self._staying.update(os.path.join(folder, sidecar) for sidecar in staying)  # noqa: PTH118
        return found

    def _facts(self, path: str, *, follow: bool = True) -> Facts | None:
        try:
            return facts_of(Path(path), follow=follow)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _LeaveOut(reason_of(error)) from error

    def _require_allowed(self, path: str) -> None:
        if not os.access(path, os.R_OK):
            raise _LeaveOut("You may not read it.")
        if self._options.kind != "move":
            return
        if Path(path).is_symlink():
            raise _LeaveOut("It is a link to a photo elsewhere, which would lead nowhere once moved. Copy it.")
        if not os.access(Path(path).parent, os.W_OK):
            raise _LeaveOut("You may not take it out of its folder.")

    def _require_elsewhere(self, path: str, class_name: str) -> None:
        if path.startswith(os.path.join(self._target, self._places.class_folders[class_name], "")):  # noqa: PTH118
            raise _LeaveOut("It is in the folder of its class already.", filed=True)

    def _between(self, path: str, root: Path | None) -> tuple[str, ...]:
        """Names of the folders between the root and the photo."""
        folder = os.path.dirname(path)  # noqa: PTH120
        if root is None or self._options.flat:
            return ()
        key = (folder, str(root))
        if key not in self._betweens:
            inside, above = Path(folder), Path(self._real_folder(str(root)))
            self._betweens[key] = inside.relative_to(above).parts if inside.is_relative_to(above) else ()
        return self._betweens[key]

    def _count(self, path: str, files: Iterable[Facts]) -> None:
        """Add the room that a new photo and its sidecars take on the disk of the target."""
        kind = self._options.kind
        elsewhere = kind in ("move", "hard link") and Path(path).stat().st_dev != self._disk
        self._other_disk += elsewhere
        if kind == "copy" or elsewhere:
            self._needed += sum(-(-file.size // _BLOCK) * _BLOCK for file in files)

    def _real(self, path: Path) -> str:
        """An absolute path without links among its folders; what it names itself may be one."""
        folder, name = os.path.split(os.path.abspath(path))  # noqa: PTH100 - Path.absolute keeps ".."
        return os.path.join(self._real_folder(folder), name)  # noqa: PTH118

    def _real_folder(self, folder: str) -> str:
        if folder not in self._folders:
            self._folders[folder] = os.path.realpath(folder)
        return self._folders[folder]

    def _notes(self, folders: dict[str, str]) -> list[str]:
        kind = self._options.kind
        renamed = [(name, folder) for name, folder in folders.items() if name != folder]
        notes = [f"The photos of “{name}” go to a folder called “{folder}”." for name, folder in renamed]
        if self._renamed:
            notes.append(
                f"{counted(self._renamed, 'photo')} will be renamed: the name is taken, or not every system takes it."
            )
        if self._long:
            notes.append(
                f"{counted(self._long, 'path')} will be longer than {_LONGEST_WINDOWS} characters, which some programs "
                "on Windows can't open."
            )
        if self._other_disk and kind == "hard link":
            notes.append("The folder is on another disk, where photos can't be linked: they are copied.")
        if self._other_disk and kind == "move":
            notes.append("The folder is on another disk: each photo is copied, compared, and only then removed.")
        notes += _sidecar_notes(sum(action.companion for action in self._actions), len(self._staying))
        if self._among and kind != "move":
            notes.append("The folder lies among the photos: looked through again, they include what is filed there.")
        return notes


def _companions(action: FilingAction, sidecars: Mapping[str, Facts], places: Sequence[str]) -> tuple[FilingAction, ...]:
    """What is done with the sidecars of a photo: the same as with the photo."""
    folder = os.path.dirname(action.source)  # noqa: PTH120
    return tuple(
        FilingAction(
            action.kind,
            os.path.join(folder, name),  # noqa: PTH118
            place,
            facts.size,
            facts.modified,
            action.class_name,
            companion=True,
        )
        for (name, facts), place in zip(sidecars.items(), places, strict=True)
    )


def _sidecar_notes(along: int, staying: int) -> list[str]:
    notes = []
    if along:
        notes.append(f"{counted(along, 'sidecar file')} ({ENDING}) {'goes' if along == 1 else 'go'} along.")
    if staying:
        stay, why = ("stays", "it is a link, or it belongs") if staying == 1 else ("stay", "they are links, or belong")
        files = counted(staying, "sidecar file")
        notes.append(f"{files} ({ENDING}) {stay} behind: {why} to several files of one name.")
    return notes


def _checked_digest(path: str, entry: FilingEntry, facts: Facts) -> str:
    """The digest that still holds; empty if it isn't known.

    Raises:
        _LeaveOut: If the photo isn't the one that was classified.
    """
    if entry.stamp is None:
        return ""
    if entry.stamp == (facts.size, facts.modified):
        return entry.digest
    try:
        now = digest_of(Path(path)) if entry.digest and facts.size == entry.stamp.size else ""
    except OSError as error:
        raise _LeaveOut(reason_of(error)) from error
    if not now or now != entry.digest:
        raise _LeaveOut(CHANGED)
    return now


def _lies_in_one(target: Path, entries: Sequence[FilingEntry]) -> bool:
    """Whether the target is, or lies in, a folder that photos were looked for in."""
    roots = {entry.root for entry in entries if entry.root is not None}
    return any(target.is_relative_to(os.path.realpath(root)) for root in roots)


def _writable_folder(target: Path) -> Path:
    """The folder that is there: the target, or the nearest one above.

    Raises:
        TLStudioError: If it can't take folders.
    """
    there = nearest_folder(target)
    if not os.access(there, os.W_OK | os.X_OK):
        raise TLStudioError(f"You may not write to {there}.", "Choose another folder.")
    return there
