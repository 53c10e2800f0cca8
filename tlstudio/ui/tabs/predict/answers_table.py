"""The middle of the Predict tab: filters, the table that fills, and the accounting under it."""

from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from tlstudio.ui import theme
from tlstudio.ui.tabs.predict.answers import Accounting
from tlstudio.ui.widgets.card import Card
from tlstudio.ui.widgets.chips import FilterChip
from tlstudio.ui.widgets.drop_area import DropArea
from tlstudio.ui.widgets.empty_state import IconLabel
from tlstudio.ui.widgets.fields import SearchField
from tlstudio.ui.widgets.flow_layout import FlowLayout
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.photo_table import PhotoTable, PredictionState
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.ui.widgets.tooltip import set_tooltip

_CHIPS: Final[tuple[tuple[PredictionState | None, str, str, str, str], ...]] = (
    (None, "All", "", "accent", "Every file that was looked at"),
    ("sure", "Sure", "check", "accent", "Answers that the model is sure of"),
    ("unsure", "Unsure", "question", "unsure", "Answers that the model is less sure of than you ask for"),
    ("unreadable", "Unreadable", "cross", "wrong", "Photos that can't be read, and why"),
)
_TYPING_MS: Final = 150


class AnswersTable(QWidget):
    """Chips with counts, a search, and the table.

    Attributes:
        table: The rows.
        dropped: Carries the paths that were dropped into the empty place.
    """

    dropped = Signal(object)

    def __init__(self, thumbnails: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = PhotoTable(thumbnails)
        self._state: PredictionState | None = None
        self._chips: dict[PredictionState | None, FilterChip] = {}
        self._group = QButtonGroup(self)
        self._find = SearchField("Find by name")
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._mark = IconLabel("check", "accent")
        self._sum = TextLabel("", "secondary", "text2", wrap=True)
        self._drop = DropArea("Drop a folder of photos here", "Every photo in it gets an answer.", large=True)
        self._lay_out()
        self._find.textChanged.connect(self._typing.start)
        self._typing.timeout.connect(self._filter)
        self._drop.dropped.connect(self.dropped)
        self.show_accounting(None)

    def show_accounting(self, accounting: Accounting | None) -> None:
        """Show counts and the sum; None while there is nothing to count."""
        self._stack.setCurrentIndex(0 if accounting is None else 1)
        if accounting is None:
            return
        answered = accounting.total - accounting.unreached
        counts = (answered, accounting.sure, accounting.unsure, accounting.unreadable)
        for (state, *_), count in zip(_CHIPS, counts, strict=True):
            self._chips[state].set_count(count)
        complete = accounting.found is not None and not accounting.unreached
        self._mark.set_icon("check" if complete else "info", "accent" if complete else "text2")
        self._sum.setText(accounting.sentence())

    def select_first(self) -> None:
        """Select the first row, where none is."""
        if self.table.selected_row() is None and self.table.shown():
            self.table.selectRow(0)

    def _lay_out(self) -> None:
        filters = FlowLayout()
        for state, words, glyph, token, tip in _CHIPS:
            chip = FilterChip(words, glyph=glyph, glyph_token=token)
            set_tooltip(chip, tip)
            chip.setChecked(state is None)
            chip.clicked.connect(lambda _checked=False, state=state: self._choose(state))
            self._chips[state] = chip
            self._group.addButton(chip)
            filters.addWidget(chip)
        self._find.setMaximumWidth(220)
        set_tooltip(self._find, "Show only files whose name contains these letters")
        filters.addWidget(self._find)
        card = Card(padding=1)
        card.body.addWidget(self.table, 1)
        foot = QHBoxLayout()
        foot.setSpacing(theme.SPACE_12)
        foot.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        foot.addWidget(self._sum, 1)
        full = QWidget()
        column = QVBoxLayout(full)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_12)
        column.addLayout(filters)
        column.addWidget(card, 1)
        column.addLayout(foot)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._drop)
        self._stack.addWidget(full)

    def _choose(self, state: PredictionState | None) -> None:
        self._state = state
        self._filter()

    def _filter(self) -> None:
        self.table.set_filter(self._state, self._find.text())
        self.select_first()
