"""Which projects there are, and which of them belongs to a folder of photos."""

import re
from collections.abc import Set
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tlstudio import paths
from tlstudio.datasets.sources.archives import archive_title
from tlstudio.errors import TLStudioError
from tlstudio.projects import database
from tlstudio.projects.photo_memory import PhotoMemory
from tlstudio.projects.project import Project
from tlstudio.serialization import from_json, to_json
from tlstudio.whole_files import write_whole

SOURCE = "source"
"""Setting of a project: absolute path of its photos."""

_FILE = "projects.json"
_MOST = 100
_SAME_PHOTOS = 0.8


@dataclass(frozen=True, slots=True)
class Entry:
    """A project that was open once.

    Attributes:
        folder: Where it is.
        source: Where its photos are, or were: a folder, or an archive.
        opened: When it was opened last, as ISO 8601 in UTC.
    """

    folder: str
    source: str
    opened: str


class Library:
    """The projects that this user had open, in a file beside them."""

    def __init__(self, home: Path | None = None) -> None:
        self._home = home or paths.home_dir()

    def recent(self) -> tuple[Entry, ...]:
        """Projects that are still there, the one opened last first."""
        try:
            entries = from_json((self._home / _FILE).read_bytes(), tuple[Entry, ...])
        except (OSError, ValueError):  # none yet, or not ours to read: a list of conveniences, nothing is lost
            return ()
        there = [entry for entry in entries if (Path(entry.folder) / database.FILE).is_file()]
        return tuple(sorted(there, key=lambda entry: entry.opened, reverse=True))

    def open(self, folder: Path) -> Project:
        """Open a project, or make one in a new folder.

        Raises:
            TLStudioError: As ``Project``.
        """
        project = Project(folder)
        self._note(project)
        return project

    def project_of(self, source: Path) -> Project | None:
        """The project of a folder of photos that was opened last.

        Raises:
            TLStudioError: As ``Project``.
        """
        entry = next((entry for entry in self.recent() if Path(entry.source) == source), None)
        return self.open(Path(entry.folder)) if entry else None

    def create(self, source: Path) -> Project:
        """Make a project for a folder of photos, in a folder of the program's own.

        Raises:
            TLStudioError: As ``Project``.
        """
        project = Project(self._unused_folder(archive_title(source) if source.is_file() else source.name))
        self.attach(project, source)
        return project

    def attach(self, project: Project, source: Path) -> None:
        """Say where the photos of a project are (now)."""
        project.set_setting(SOURCE, str(source))
        self._note(project)

    def moved_from(self, digests: Set[str]) -> Entry | None:
        """The project whose photos these are, by their contents, and that doesn't find them where they were."""
        for entry in self.recent():
            if not entry.source or Path(entry.source).exists():
                continue
            with suppress(TLStudioError):  # a damaged one is told when it is opened
                known = PhotoMemory(Project(Path(entry.folder))).digests()
                if known and len(known & digests) >= _SAME_PHOTOS * len(known):
                    return entry
        return None

    def forget(self, folder: Path) -> None:
        """Leave a project out of the list; its files stay."""
        self._write(tuple(entry for entry in self.recent() if Path(entry.folder) != folder))

    def _note(self, project: Project) -> None:
        now = datetime.now(UTC).isoformat()
        entry = Entry(str(project.folder), project.setting(SOURCE), now)
        others = [other for other in self.recent() if other.folder != entry.folder]
        self._write((entry, *others)[:_MOST])

    def _write(self, entries: tuple[Entry, ...]) -> None:
        write_whole(self._home / _FILE, to_json(entries))

    def _unused_folder(self, name: str) -> Path:
        plain = " ".join(re.sub(r"[^\w .-]+", " ", name).split()).strip(".") or "Photos"
        number = 1
        while (folder := self._home / "projects" / (plain if number == 1 else f"{plain} {number}")).exists():
            number += 1
        return folder
