"""Adding to a journal, by one process at a time, and looking at its end."""

import os
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

from tlstudio.errors import TLStudioError
from tlstudio.filing.action import FilingAction, Kind
from tlstudio.filing.journal import FILE, Mark, create, line_of, new_folder, read_header, unwritable
from tlstudio.runs.lock import FileLock
from tlstudio.serialization import from_json

_LOCK: Final = "lock"
_TAIL: Final = 1 << 16  # bytes: more than any mark
_TRIES, _SECONDS_BETWEEN_TRIES = 5, 0.02


class JournalWriter:
    """Adds marks to a journal that no other process works on meanwhile."""

    def __init__(self, folder: Path, lock: FileLock | None = None) -> None:
        """Take the journal.

        Args:
            folder: Of the journal.
            lock: Of it, where the caller has taken that already.

        Raises:
            TLStudioError: If there is none, another process works on it, or it can't be written to.
        """
        read_header(folder)
        self.folder = folder
        self._lock = lock or _own_lock(folder)
        try:
            self._file = (folder / FILE).open("r+b")
            _drop_cut_line(self._file)
        except OSError as error:
            self._lock.release()
            raise unwritable(folder, error) from error

    @classmethod
    def begin(
        cls, home: Path, target: str, kind: Kind, class_folders: Mapping[str, str], actions: Sequence[FilingAction]
    ) -> Self:
        """Begin a journal in a new folder, which is taken before anybody could think that it was left alone.

        Raises:
            TLStudioError: If it can't be written.
        """
        folder = new_folder(home)
        lock = _own_lock(folder)
        with ExitStack() as otherwise:
            otherwise.callback(lock.release)
            create(folder, target, kind, class_folders, actions)
            writer = cls(folder, lock)
            otherwise.pop_all()
        return writer

    def note(self, mark: Mark, *, lasting: bool = False) -> None:
        """Add a mark.

        Args:
            mark: What happens.
            lasting: Whether it has to be on the disk before anything else is done.

        Raises:
            TLStudioError: If it can't be written: then nothing may be done either.
        """
        try:
            self._file.write(line_of(mark))
            self._file.flush()
            if lasting:
                os.fsync(self._file.fileno())
        except OSError as error:
            raise unwritable(self.folder, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        self._lock.release()


def is_worked_on(folder: Path) -> bool:
    """Whether a process works on a journal now."""
    with FileLock(folder / _LOCK) as lock:
        return not _taken(lock, folder)


def last_mark(folder: Path) -> Mark | None:
    """The last whole mark, without reading what is before it; None where nothing has begun or it can't be read."""
    try:
        with (folder / FILE).open("rb") as file:
            end = file.seek(0, os.SEEK_END)
            file.seek(max(0, end - _TAIL))
            lines = file.read().split(b"\n")[:-1]
        return from_json(lines[-1], Mark)
    except (OSError, ValueError, IndexError):
        return None


def _drop_cut_line(file: IO[bytes]) -> None:
    """Go to the end, behind the last whole line."""
    end = file.seek(0, os.SEEK_END)
    file.seek(max(0, end - _TAIL))
    cut = len(file.read().rpartition(b"\n")[2])
    file.seek(end - cut)
    file.truncate()


def _own_lock(folder: Path) -> FileLock:
    lock = FileLock(folder / _LOCK)
    if not _taken_at_last(lock, folder):
        raise TLStudioError("This filing is being worked on already.", "Wait until that is done.")
    return lock


def _taken_at_last(lock: FileLock, folder: Path) -> bool:
    """Try a few times: ``is_worked_on`` has it for a moment, too."""
    for _ in range(_TRIES):
        if _taken(lock, folder):
            return True
        time.sleep(_SECONDS_BETWEEN_TRIES)
    return False


def _taken(lock: FileLock, folder: Path) -> bool:
    try:
        return lock.acquire()
    except OSError as error:
        raise unwritable(folder, error) from error
