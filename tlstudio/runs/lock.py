"""A lock on a file that the system itself gives back when its process ends, however it ends."""

import sys
from pathlib import Path
from types import TracebackType
from typing import IO, Self


class FileLock:
    """At most one process holds it. Closing it gives it back; the file stays."""

    def __init__(self, path: Path) -> None:
        """Doesn't lock yet."""
        self._path = path
        self._file: IO[bytes] | None = None

    def acquire(self) -> bool:
        """Take the lock; False if somebody has it.

        Raises:
            OSError: If the file can't be made.
        """
        file = self._path.open("ab")
        if not _locked(file):
            file.close()
            return False
        self._file = file
        return True

    def release(self) -> None:
        """Give it back."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


if sys.platform == "win32":
    import msvcrt

    def _locked(file: IO[bytes]) -> bool:
        file.seek(0)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _locked(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True  # a drive without locks: better two trainings of one name than none
        return True
