"""Which projects there are, and which of them belongs to a folder of photos."""

import re
import shutil
from collections.abc import Set
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tlstudio import paths
from tlstudio.datasets.file_names import safe_name
from tlstudio.datasets.sources.archives import archive_title
from tlstudio.errors import TLStudioError
from tlstudio.paths import is_file, is_there
from tlstudio.projects import database
from tlstudio.projects.photo_memory import PhotoMemory
from tlstudio.projects.project import PLACE_REMEDY, Project, setting_in
from tlstudio.serialization import from_json, to_json
from tlstudio.whole_files import write_whole

SOURCE = "source"
"""Setting of a project: absolute path of its photos."""

_FILE = "projects.json"
_PROJECTS = "projects"
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
        except (OSError, ValueError):  # none yet, or damaged: the projects themselves say whose they are
            entries = self._found_anew()
        there = [entry for entry in entries if is_file(Path(entry.folder) / database.FILE)]
        return tuple(sorted(there, key=lambda entry: entry.opened, reverse=True))

    def open(self, folder: Path) -> Project:
        """Open a project, or make one in a new folder.

        Raises:
            TLStudioError: As ``Project``.
        """
        project = Project(folder)
        with suppress(TLStudioError):  # in the list it is only not the one opened last
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
            TLStudioError: As ``Project``, or if it can't be listed: then there is none.
        """
        folder = self._unused_folder(archive_title(source) if is_file(source) else source.name)
        try:
            project = Project(folder)
            self.attach(project, source)
        except TLStudioError:
            shutil.rmtree(folder, ignore_errors=True)  # nobody would find it again
            raise
        return project

    def attach(self, project: Project, source: Path) -> None:
        """Say where the photos of a project are (now).

        Raises:
            TLStudioError: If that can't be written.
        """
        project.set_setting(SOURCE, str(source))
        self._note(project)

    def moved_from(self, digests: Set[str]) -> Entry | None:
        """The project whose photos these are, by their contents, and that doesn't find them where they were."""
        for entry in self.recent():
            if not entry.source or is_there(Path(entry.source)):
                continue
            with suppress(TLStudioError):  # a damaged one is told when it is opened
                known = PhotoMemory(Project(Path(entry.folder))).digests()
                if known and len(known & digests) >= _SAME_PHOTOS * len(known):
                    return entry
        return None

    def forget(self, folder: Path) -> None:
        """Leave a project out of the list; its files stay.

        Raises:
            TLStudioError: If the list can't be written.
        """
        self._write(tuple(entry for entry in self.recent() if Path(entry.folder) != folder))

    def _note(self, project: Project) -> None:
        now = datetime.now(UTC).isoformat()
        entry = Entry(str(project.folder), project.setting(SOURCE), now)
        others = [other for other in self.recent() if other.folder != entry.folder]
        self._write((entry, *others)[:_MOST])

    def _write(self, entries: tuple[Entry, ...]) -> None:
        try:
            write_whole(self._home / _FILE, to_json(entries))
        except OSError as error:
            raise TLStudioError(
                f"The list of projects in {self._home} can't be written: {(error.strerror or str(error)).lower()}.",
                PLACE_REMEDY,
            ) from error

    def _found_anew(self) -> tuple[Entry, ...]:
        """The projects in the program's own folder, by what each keeps of itself."""
        files = (self._home / _PROJECTS).glob(f"*/{database.FILE}")
        return tuple(entry for file in files if (entry := _entry_of(file)) is not None)

    def _unused_folder(self, name: str) -> Path:
        plain = safe_name(" ".join(re.sub(r"[^\w .-]+", " ", name).split()).strip(".") or "Photos")
        number = 1
        while is_there(folder := self._home / _PROJECTS / (plain if number == 1 else f"{plain} {number}")):
            number += 1
        return folder


def _entry_of(file: Path) -> Entry | None:
    """What a project says of itself; None where it can't be read."""
    try:
        changed = datetime.fromtimestamp(file.stat().st_mtime, UTC).isoformat()
        return Entry(str(file.parent), setting_in(file.parent, SOURCE), changed)
    except (OSError, TLStudioError):
        return None
