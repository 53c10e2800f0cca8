"""What the Dataset tab shows before there are photos: where to begin."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tlstudio import paths
from tlstudio.datasets.samples import SAMPLE_DATASETS, SampleDataset
from tlstudio.runs.store import StoredRun
from tlstudio.ui import theme
from tlstudio.ui.tabs.dataset.mosaic import Mosaic, PhotoFan
from tlstudio.ui.tabs.dataset.recent_projects import ProjectsCard, RecentProject
from tlstudio.ui.tabs.dataset.recent_row import ROW_HEIGHT
from tlstudio.ui.tabs.dataset.recent_runs import RunsCard
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.card import Card, Hairline
from tlstudio.ui.widgets.drop_area import DropArea
from tlstudio.ui.widgets.empty_state import IconLabel
from tlstudio.ui.widgets.labels import ElidedLabel, TextLabel
from tlstudio.ui.widgets.scroll_column import GUTTER, ScrollColumn
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.ui.words.wording import counted

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
        sample_chosen: Carries the name of a sample data set.
    """

    folder_wanted = Signal()
    project_chosen = Signal(object)
    run_wanted = Signal()
    run_chosen = Signal(object)
    sample_chosen = Signal(str)

    def __init__(
        self, cache: ThumbnailCache, describe: Callable[[list[Path]], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        leaves = _leaf_photos()
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
        self._projects, self._runs = ProjectsCard(cache), RunsCard(cache)
        self._projects.project_chosen.connect(self.project_chosen)
        self._runs.run_chosen.connect(self.run_chosen)
        self._runs.other_wanted.connect(self.run_wanted)
        self._cards = ScrollColumn("Projects, runs and samples")
        self._cards.body.addWidget(self._projects)
        self._cards.body.addWidget(self._runs)
        self._cards.body.addWidget(self._samples_card(cache, leaves))
        self._cards.body.addStretch(1)
        self._lay_out()

    def set_projects(self, projects: Sequence[RecentProject]) -> None:
        """Show the projects to go on with, the one opened last first."""
        self._projects.set_projects(projects)
        self._runs.set_title("Look at results again" if projects else "Go on with")

    def set_runs(self, runs: Sequence[StoredRun]) -> None:
        """Show the runs to go on with, newest first."""
        self._runs.set_runs(runs)

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

    def _samples_card(self, cache: ThumbnailCache, leaves: list[Path]) -> Card:
        card = Card("Or try it with a sample", padding=theme.SPACE_24)
        card.body.setSpacing(0)
        for number, sample in enumerate(SAMPLE_DATASETS):
            if number:
                card.body.addWidget(Hairline())
            mosaic = Mosaic(cache)
            if sample.name == "leaves":
                mosaic.set_photos(leaves)
            else:
                mosaic.set_characters("3790")
            card.body.addWidget(self._sample_row(sample, mosaic))
        return card

    def _sample_row(self, sample: SampleDataset, mosaic: Mosaic) -> QWidget:
        row = QWidget()
        row.setFixedHeight(ROW_HEIGHT)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch(1)
        words.addWidget(ElidedLabel(sample.title, "strong"))
        counts = f"{counted(sample.photos, 'photo')}, {counted(sample.classes, 'class', 'classes')}"
        words.addWidget(ElidedLabel(counts, "secondary", "text2"))
        words.addStretch(1)
        button = Button("Try")
        button.setAccessibleName(f"Try {sample.title}")
        set_tooltip(button, sample.description)
        button.clicked.connect(lambda: self.sample_chosen.emit(sample.name))
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.SPACE_16)
        line.addWidget(mosaic)
        line.addLayout(words, 1)
        line.addWidget(button)
        return row

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


def _leaf_photos() -> list[Path]:
    """One shipped photo of each kind of leaf; none where they are missing."""
    folders = sorted(path for path in (paths.data_dir() / "leaves").glob("*") if path.is_dir())
    return [photo for folder in folders for photo in sorted(folder.glob("*.jpg"))[:1]]
