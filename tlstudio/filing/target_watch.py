"""Noticing that the folder of a filing is gone, with its drive: what is in its place is no place for photos."""

import os
from pathlib import Path

from tlstudio.errors import TLStudioError
from tlstudio.filing.journal import Journal


class TargetWatch:
    """Looks at the folder of a filing again and again."""

    def __init__(self, journal: Journal) -> None:
        """Of the filing that a journal is about."""
        self._target = journal.header.target
        self._was_there = journal.header.target_was_there or self._target in journal.made
        self._disk: int | None = None
        self._first_disk = journal.header.disk
        # Whatever is undone may have taken its folders along.
        self._inside = () if journal.phase in ("undoing", "undone") else journal.made - {self._target}

    def require(self) -> None:
        """See whether the folder, if it ever was there, still is, and on the same disk as the last time.

        An empty folder in its place, as it is left where a drive was, is known by what should be inside.

        Raises:
            TLStudioError: If it isn't.
        """
        disk = _disk_of(self._target)
        if disk is None:
            if self._was_there:
                raise self._gone()
            return
        if disk not in (self._first_disk, self._disk) and (self._disk is not None or self._is_hollow()):
            raise self._gone()
        self._disk, self._was_there = disk, True

    def _is_hollow(self) -> bool:
        """Whether nothing is there of the folders that were made inside."""
        return bool(self._inside) and not any(Path(folder).is_dir() for folder in self._inside)

    def _gone(self) -> TLStudioError:
        return TLStudioError(
            f"{self._target} is gone, or its drive is.", "Connect the drive or bring the folder back, then go on."
        )


def _disk_of(folder: str) -> int | None:
    """Number of the disk that a folder is on; None if it isn't there, or doesn't answer."""
    try:
        return Path(folder).stat().st_dev if os.path.isdir(folder) else None  # noqa: PTH112 - says no, doesn't raise
    except OSError:
        return None
