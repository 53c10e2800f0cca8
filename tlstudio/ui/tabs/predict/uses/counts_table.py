"""How many photos go to each class: names, bars, numbers."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QModelIndex, QRectF, Qt
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.photo_tile import Index
from tlstudio.ui.widgets.table import PAD, RowDelegate, RowModel, Table
from tlstudio.ui.widgets.tooltip import set_tooltip

SHARE_ROLE: Final = Qt.ItemDataRole.UserRole + 2
"""Of the longest bar, 0 to 1."""

_ROW_HEIGHT: Final = 32
_MOST_ROWS: Final = 6
_BAR_WIDTH, _COUNT_WIDTH = 110.0, 72.0
_BAR_HEIGHT: Final = 8


class CountsTable(Table):
    """One row a class; more than six are scrolled."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_ROW_HEIGHT, "Photos of each class", parent)
        self._counts = _CountsModel(self)
        self.use(self._counts, _CountsDelegate(self), (0, 1))
        set_tooltip(self, "How many photos go to which class")

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Show these, the most photos first."""
        self._counts.show_counts(counts)
        hidden = max(len(counts) - _MOST_ROWS, 0)
        self.setFixedHeight(self.content_height() - hidden * _ROW_HEIGHT + 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The names take what bars and numbers leave."""
        super().resizeEvent(event)
        self.set_widths({1: _BAR_WIDTH, 2: _COUNT_WIDTH})


class _CountsModel(RowModel):
    HEADERS = (("Class", "", ""), ("", "", ""), ("Photos", "", ""))

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: list[tuple[str, int]] = []

    def show_counts(self, counts: Mapping[str, int]) -> None:
        self.beginResetModel()
        self._rows = sorted(counts.items(), key=lambda row: (-row[1], row[0]))
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | float | None:
        if not index.isValid():
            return None
        name, count = self._rows[index.row()]
        if role == SHARE_ROLE:
            return count / max(self._rows[0][1], 1)
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        return (name, "", f"{count:,}")[index.column()]


class _CountsDelegate(RowDelegate):
    def paint_cell(self, painter: QPainter, rect: QRectF, index: Index, selected: bool) -> None:  # noqa: ARG002
        inner = rect.adjusted(PAD, 0, -PAD, 0)
        if index.column() == 1:
            place = QRectF(inner.left(), inner.center().y() - _BAR_HEIGHT / 2, inner.width(), _BAR_HEIGHT)
            painting.bar(painter, place, float(index.data(SHARE_ROLE)), theme.color("accent"))
            return
        is_count = index.column() == 2
        align = Qt.AlignmentFlag.AlignRight if is_count else Qt.AlignmentFlag.AlignLeft
        ink = theme.color("text2" if is_count else "text")
        painting.text(painter, inner, str(index.data()), theme.font(14), ink, align, Qt.TextElideMode.ElideMiddle)
