"""The projects on this computer, to go on with."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from tlstudio.datasets.formats import looks_like_image
from tlstudio.events import CancelToken
from tlstudio.paths import is_folder, is_there
from tlstudio.projects.library import Entry
from tlstudio.runs.store import StoredRun
from tlstudio.ui.opening_projects import opened_in_words
from tlstudio.ui.tabs.dataset.welcome.recent_card import RecentCard
from tlstudio.ui.tabs.dataset.welcome.recent_row import RecentRow
from tlstudio.ui.tabs.dataset.welcome.recent_runs import one_of_each_class, run_in_words
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.ui.widgets.tooltip import set_tooltip

MOST_PROJECTS = 4
_SHOWN_PHOTOS = 4
_LOOKED_AT = 200  # files and folders; a folder of 100,000 photos mustn't be listed for four of them


@dataclass(frozen=True, slots=True)
class RecentProject:
    """A project to go on with.

    Attributes:
        entry: Which one.
        line: What to know of it: how many photos it learnt from and how good that was, or that it is to come.
        photos: A few of its photos.
    """

    entry: Entry
    line: str
    photos: tuple[Path, ...]


def look_up(entries: Sequence[Entry], runs: Sequence[StoredRun], token: CancelToken) -> tuple[RecentProject, ...]:
    """The first of the projects with what to show of them; looks into folders, so it belongs into a job.

    Args:
        entries: The projects, the one opened last first.
        runs: The runs on this computer, newest first.
        token: Stops it.

    Raises:
        Cancelled: If a stop was asked for.
    """
    projects = []
    for entry in [entry for entry in entries if entry.source][:MOST_PROJECTS]:
        token.check()
        run = next((stored.run for stored in runs if Path(entry.folder) in stored.folder.parents), None)
        if not is_there(Path(entry.source)):
            projects.append(RecentProject(entry, "Its photos aren't where they were", ()))
        elif run is None:
            projects.append(RecentProject(entry, "Not trained yet", tuple(_some_photos(Path(entry.source)))))
        else:
            projects.append(RecentProject(entry, run_in_words(run), tuple(one_of_each_class(run))))
    return tuple(projects)


class ProjectsCard(RecentCard):
    """The projects opened last; hidden while there are none.

    Attributes:
        project_chosen: Carries the Entry of a project.
    """

    project_chosen = Signal(object)

    def __init__(self, cache: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__("Go on with", parent)
        self._cache = cache

    def set_projects(self, projects: Sequence[RecentProject]) -> None:
        """Show these projects."""
        self.set_rows([self._row(project) for project in projects])

    def _row(self, project: RecentProject) -> RecentRow:
        entry = project.entry
        name, place = Path(entry.folder).name, _below_home(Path(entry.source))
        row = RecentRow(name, project.line, opened_in_words(entry), project.photos, self._cache, place)
        set_tooltip(row, "Open the photos with all that you changed", term=entry.source)
        row.clicked.connect(partial(self.project_chosen.emit, entry))
        return row


def _some_photos(folder: Path) -> list[Path]:
    """Photos of up to four class folders, or of the folder itself."""
    try:
        inside = sorted(itertools.islice(folder.iterdir(), _LOOKED_AT))
        firsts = [photo for place in inside if is_folder(place) for photo in itertools.islice(_photos(place), 1)]
        return (firsts + [path for path in inside if looks_like_image(path.name)])[:_SHOWN_PHOTOS]
    except OSError:  # a place that can't be looked into is told when the project is opened
        return []


def _photos(folder: Path) -> Iterator[Path]:
    return (path for path in itertools.islice(folder.iterdir(), _LOOKED_AT) if looks_like_image(path.name))


def _below_home(place: Path) -> str:
    home = Path.home()
    return str(Path("~") / place.relative_to(home)) if place.is_relative_to(home) else str(place)
