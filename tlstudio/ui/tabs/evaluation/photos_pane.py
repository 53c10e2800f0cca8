"""The photos behind what is selected, and one of them large."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from tlstudio.evaluation.report import JudgedPhoto, Report
from tlstudio.ui import theme
from tlstudio.ui.tabs.evaluation.gain import GainAfterCorrections
from tlstudio.ui.tabs.evaluation.heat_controls import bind_heat_key
from tlstudio.ui.tabs.evaluation.judged_photos import to_tiles
from tlstudio.ui.tabs.evaluation.page import PageContext
from tlstudio.ui.tabs.evaluation.photo_facts import PhotoFacts
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.card import Card, Hairline
from tlstudio.ui.widgets.empty_state import EmptyState
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.photo_grid import PhotoGrid
from tlstudio.ui.widgets.photo_tile import PhotoItem
from tlstudio.ui.widgets.tooltip import set_tooltip

_TWO_LINES_FROM: Final = 760
_LOW_BELOW: Final = 520  # smaller tiles and gaps and fewer words leave more room for the large photo
_LOW_STEP: Final = 0
_TILE_GAP: Final = 8


class PhotosPane(Card):
    """Title and tiles over a large photo with its facts; a calm sentence where there are no photos.

    Attributes:
        grid: The tiles.
        all_requested: The photos are to be shown in the Photos view.
    """

    all_requested = Signal()

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(" ", padding=theme.SPACE_24, parent=parent)
        self._low = False
        self._report: Report | None = None
        self._photos: Sequence[JudgedPhoto] = ()
        self._count = TextLabel("", "secondary", "text2")
        self._all = Button("Show in Photos", "text", size="small")
        set_tooltip(self._all, "Show these photos in the Photos view, where there is room for all of them")
        self.grid = PhotoGrid(context.thumbnails)
        self._line = Hairline()
        self._high_step = self.grid.tile_step()
        self._facts = PhotoFacts(context)
        self._gain = GainAfterCorrections(context.gain, context.corrections)
        self._calm = EmptyState("check", "", "")
        full = QWidget()
        self._stack = QStackedLayout()
        self._stack.addWidget(full)
        self._stack.addWidget(self._calm)
        rows = self._rows = QVBoxLayout(full)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(theme.SPACE_16)
        rows.addWidget(self.grid)
        rows.addWidget(self._line)
        rows.addWidget(self._facts, 1)
        rows.addWidget(self._gain)
        self.add_action(self._count)
        self.add_action(self._all)
        self.body.addLayout(self._stack, 1)
        self.grid.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.grid.installEventFilter(self)
        self.grid.tile_step_changed.connect(self._fit_grid)
        self.grid.current_photo_changed.connect(self._show_current)
        self._all.clicked.connect(self.all_requested)
        bind_heat_key(self, context.explanations)

    def show_photos(self, title: str, report: Report, photos: Sequence[JudgedPhoto]) -> None:
        """Show photos of a report, the first of them large."""
        self._report, self._photos = report, photos
        self.set_title(title)
        self.grid.setAccessibleName(title)
        self.grid.set_classes(len(report.classes))
        self.grid.set_items(to_tiles(report, photos))
        self._stack.setCurrentIndex(0)
        self._all.setVisible(bool(photos))
        self._fit_grid()
        if photos:
            self.grid.select_row(0)
        else:
            self.show_calm(title, "", "Nothing is in this part of the matrix.")

    def show_calm(self, heading: str, title: str, line: str) -> None:
        """Show a sentence where there are no photos to show."""
        self._photos = ()
        self.grid.set_items(())
        self.set_title(heading)
        self._count.setText("")
        self._all.setVisible(False)
        self._calm.set_text(title, line)
        self._stack.setCurrentIndex(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the tiles one line, or two where there is room; low panes get small ones."""
        super().resizeEvent(event)
        self._set_low(self.height() < _LOW_BELOW)
        self._fit_grid()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Tiles of another width have another height."""
        if event.type() == QEvent.Type.Resize:
            self._fit_grid()
        return super().eventFilter(watched, event)

    def _set_low(self, low: bool) -> None:
        if low == self._low:
            return
        self._low = low
        if low:
            self._high_step = self.grid.tile_step()  # it may have been chosen with the wheel
        self.grid.set_tile_step(_LOW_STEP if low else self._high_step)
        self._line.setVisible(not low)
        self._gain.set_terse(low)
        self._rows.setSpacing(theme.SPACE_8 if low else theme.SPACE_16)
        self.set_padding(theme.SPACE_16 if low else theme.SPACE_24)

    def _fit_grid(self) -> None:
        lines = -(-len(self._photos) // self.grid.columns())
        shown = min(max(lines, 1), 2 if self.height() >= _TWO_LINES_FROM else 1)
        self.grid.setFixedHeight(shown * (self.grid.tile_size().height() + _TILE_GAP) - _TILE_GAP)

    def _show_current(self, item: PhotoItem | None) -> None:
        row = self.grid.currentIndex().row()
        if item is None or self._report is None or not 0 <= row < len(self._photos):
            return
        self._count.setText(f"{row + 1:,} of {len(self._photos):,}")
        self._facts.show_photo(self._report, self._photos[row])
