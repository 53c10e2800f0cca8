"""All exam photos, by what became of them."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QStackedLayout, QWidget

from tlstudio.evaluation.report import JudgedPhoto, Report
from tlstudio.ui import theme
from tlstudio.ui.tabs.evaluation.judged_photos import DOUBTFUL_BELOW, Kind, of_kind, to_tiles
from tlstudio.ui.widgets.card import Card
from tlstudio.ui.widgets.chips import FilterChip
from tlstudio.ui.widgets.empty_state import EmptyState
from tlstudio.ui.widgets.labels import ElidedLabel, TextLabel
from tlstudio.ui.widgets.photo_grid import PhotoGrid
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.wording import percent

_CHIPS: Final[tuple[tuple[Kind, str, str, str, str], ...]] = (
    ("all", "All", "", "accent", "All exam photos, surest first"),
    ("wrong", "Wrong", "cross", "wrong_mark", "Photos that the model calls something else, surest first"),
    (
        "doubtful",
        "Doubtful",
        "question",
        "unsure",
        f"Photos of which the model is less than {percent(DOUBTFUL_BELOW)} sure, right or wrong, least sure first",
    ),
    ("right", "Right", "check", "accent", "Photos that the model calls what they are, surest first"),
    ("chosen", "Chosen", "", "accent", "Photos chosen in another view"),
)
_NONE: Final[dict[Kind, str]] = {
    "all": "No photos",
    "wrong": "No photo is wrong",
    "doubtful": "No photo is doubtful",
    "right": "No photo is right",
    "chosen": "No photo is chosen",
}


class PhotosView(QWidget):
    """Chips with counts over a grid.

    Attributes:
        photo_selected: Carries the ``JudgedPhoto`` that is selected.
    """

    photo_selected = Signal(object)

    def __init__(self, thumbnails: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._report: Report | None = None
        self._photos: list[JudgedPhoto] = []
        self._chosen: list[JudgedPhoto] = []
        self._chosen_row, self._chosen_title = QWidget(), ElidedLabel("", "secondary", "text2")
        self._kind: Kind = "all"
        self._chips: dict[Kind, FilterChip] = {}
        self._group = QButtonGroup(self)
        self.grid = PhotoGrid(thumbnails)
        self._empty = EmptyState("image", "", "")
        self._card = Card("Exam photos", padding=theme.SPACE_24)
        self._card.add_action(TextLabel("by how sure the model is (score)", "secondary", "text2"))
        self._lay_out()
        self.grid.current_photo_changed.connect(self._tell)

    def show_report(self, report: Report) -> None:
        """Show the photos of a report."""
        self._report = report
        self.grid.set_classes(len(report.classes))
        for kind, chip in self._chips.items():
            if kind != "chosen":
                chip.set_count(len(of_kind(report, kind)))
        self._show_kind(self._kind)

    def set_chosen(self, title: str, photos: Sequence[JudgedPhoto]) -> None:
        """Offer photos that were chosen in another view, and show them.

        Args:
            title: What they are; empty for none.
            photos: They.
        """
        self._chosen = list(photos)
        chip = self._chips["chosen"]
        chip.set_count(len(photos))
        self._chosen_row.setVisible(bool(title))
        self._chosen_title.setText(title)
        set_tooltip(chip, f"{title}, as chosen in another view" if title else "Photos chosen in another view")
        if title or self._kind == "chosen":
            kind: Kind = "chosen" if title else "all"
            self._chips[kind].setChecked(True)
            self._show_kind(kind)

    def current(self) -> JudgedPhoto | None:
        """The photo selected."""
        row = self.grid.currentIndex().row()
        return self._photos[row] if 0 <= row < len(self._photos) else None

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_8)
        for kind, words, glyph, token, tip in _CHIPS:
            chip = FilterChip(words, glyph=glyph, glyph_token=token)
            set_tooltip(chip, tip)
            chip.clicked.connect(lambda _checked=False, kind=kind: self._show_kind(kind))
            chip.setChecked(kind == "all")
            self._chips[kind] = chip
            self._group.addButton(chip)
            if kind != "chosen":
                row.addWidget(chip)
        row.addStretch(1)
        chosen = QHBoxLayout(self._chosen_row)
        chosen.setContentsMargins(0, 0, 0, 0)
        chosen.setSpacing(theme.SPACE_12)
        chosen.addWidget(self._chips["chosen"])
        chosen.addWidget(self._chosen_title, 1)
        self._chosen_row.hide()
        self._stack = QStackedLayout()
        self._stack.addWidget(self.grid)
        self._stack.addWidget(self._empty)
        self._card.body.setSpacing(theme.SPACE_16)
        self._card.body.addLayout(row)
        self._card.body.addWidget(self._chosen_row)
        self._card.body.addLayout(self._stack, 1)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._card)

    def _show_kind(self, kind: Kind) -> None:
        self._kind = kind
        if self._report is None:
            return
        self._photos = self._chosen if kind == "chosen" else of_kind(self._report, kind)
        self.grid.set_items(to_tiles(self._report, self._photos))
        self._empty.set_text(_NONE[kind], "")
        self._stack.setCurrentIndex(0 if self._photos else 1)
        if self._photos:
            self.grid.select_row(0)

    def _tell(self) -> None:
        photo = self.current()
        if photo is not None:
            self.photo_selected.emit(photo)
