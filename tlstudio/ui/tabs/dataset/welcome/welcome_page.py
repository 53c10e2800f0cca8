"""What the Dataset tab shows before there are photos: where to begin."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.runs.store import StoredRun
from tlstudio.ui import theme
from tlstudio.ui.tabs.dataset.welcome.mosaic import PhotoFan
from tlstudio.ui.tabs.dataset.welcome.recent_projects import ProjectsCard, RecentProject
from tlstudio.ui.tabs.dataset.welcome.recent_runs import RunsCard
from tlstudio.ui.tabs.dataset.welcome.samples_card import SamplesCard, leaf_photos
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.drop_area import DropArea
from tlstudio.ui.widgets.empty_state import IconLabel
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.scroll_column import GUTTER, ScrollColumn
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.ui.widgets.tooltip import set_tooltip

COMPACT_BELOW = 1300
"""Width of the page, in logical pixels, under which columns and margins are the narrow ones."""

_CARDS_WIDTH, _CARDS_WIDTH_COMPACT = 480, 400


class WelcomePage(QWidget):
    """A place to drop a folder, the projects and runs to go on with, and samples to try.

    Attributes:
        area: Takes drops.
        folder_wanted: A folder of photos is to be chosen.
        project_chosen: Carries the Entry of a project.
        run_wanted: The folder of a run is to be chosen.
        run_chosen: Carries the folder of a run (Path).
        sample_chosen: Carries the name of a sample data set, which may have to be downloaded.
        deletion_wanted: Carries the name of a sample data set of which the download is to be deleted.
    """

    folder_wanted = Signal()
    project_chosen = Signal(object)
    run_wanted = Signal()
    run_chosen = Signal(object)
    sample_chosen = Signal(str)
    deletion_wanted = Signal(str)

    def __init__(
        self, cache: ThumbnailCache, describe: Callable[[list[Path]], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        leaves = leaf_photos()
        self.area = DropArea(
            "Drop a folder of photos here",
            "One folder inside it for each class: a folder “daisy”, a folder “tulips”, …",
            large=True,
            describe=describe,
        )
        if leaves:
            self.area.add_above(PhotoFan(cache, leaves[1:]))
            self.area.body.insertSpacing(2, theme.SPACE_12)
        self._add_button()
        self._projects, self._runs, self._samples = ProjectsCard(cache), RunsCard(cache), SamplesCard(cache)
        self._samples.chosen.connect(self.sample_chosen)
        self._samples.deletion_wanted.connect(self.deletion_wanted)
        self._projects.project_chosen.connect(self.project_chosen)
        self._runs.run_chosen.connect(self.run_chosen)
        self._runs.other_wanted.connect(self.run_wanted)
        self._cards = ScrollColumn("Projects, runs and samples")
        self._cards.body.addWidget(self._projects)
        self._cards.body.addWidget(self._runs)
        self._cards.body.addWidget(self._samples)
        self._cards.body.addStretch(1)
        self._lay_out()

    def set_projects(self, projects: Sequence[RecentProject]) -> None:
        """Show the projects to go on with, the one opened last first."""
        self._projects.set_projects(projects)
        self._runs.set_title("Look at results again" if projects else "Go on with")

    def set_runs(self, runs: Sequence[StoredRun]) -> None:
        """Show the runs to go on with, newest first."""
        self._runs.set_runs(runs)

    def show_samples(self) -> None:
        """Look again at which samples are on this computer."""
        self._samples.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrow windows have narrower cards."""
        super().resizeEvent(event)
        compact = self.width() < COMPACT_BELOW
        margin = theme.SPACE_16 if compact else theme.SPACE_24
        self._cards.set_card_width(_CARDS_WIDTH_COMPACT if compact else _CARDS_WIDTH)
        self._row.setContentsMargins(margin, margin, margin - GUTTER, margin - theme.SPACE_4)
        self._row.setSpacing(margin)

    def _add_button(self) -> None:
        choose = Button("Choose a folder", "filled", size="main", icon="folder")
        set_tooltip(choose, "Choose the folder that holds one folder of photos for each class", key="Ctrl+O")
        choose.clicked.connect(self.folder_wanted)
        self.area.body.insertSpacing(self.area.body.count() - 1, theme.SPACE_12)
        self.area.add_below(choose)

    def _lay_out(self) -> None:
        promise = QHBoxLayout()
        promise.setSpacing(theme.SPACE_12)
        promise.addWidget(IconLabel("lock", "accent", 16))
        promise.addWidget(
            TextLabel("Your photos stay on this computer. Nothing is sent anywhere.", "secondary", "text2")
        )
        promise.addStretch(1)
        left = QVBoxLayout()
        left.setSpacing(theme.SPACE_16)
        left.addWidget(self.area, 1)
        left.addLayout(promise)
        self._row = QHBoxLayout(self)
        self._row.addLayout(left, 1)
        self._row.addWidget(self._cards, 0, Qt.AlignmentFlag.AlignRight)
