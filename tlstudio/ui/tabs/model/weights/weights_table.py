"""All files of weights as a table: network, what for, how large, and how much of it is here."""

from typing import Any, Final

from PySide6.QtCore import QModelIndex, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from tlstudio.ui import icons, theme
from tlstudio.ui.tabs.model.weights.weights_rows import WeightsRow
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.photo_tile import Index
from tlstudio.ui.widgets.table import PAD, RowDelegate, RowModel, Table
from tlstudio.ui.widgets.tooltip import set_tooltip

_ROW_HEIGHT: Final = 40
_TITLE, _PURPOSE, _SIZE, _STATE = range(4)
_WIDTHS: Final[dict[int, float]] = {_PURPOSE: 136, _SIZE: 92, _STATE: 196}
_BAR: Final = 72.0
_ICON_STEP: Final = 26.0


class _WeightsModel(RowModel):
    HEADERS = (
        ("Network", "", "Whose weights (the numbers that it has learnt)"),
        ("What for", "", "Training starts from weights without ImageNet's classes; the check-up needs those with them"),
        ("Size", "", "Of the file on disk, and of its download"),
        ("On this computer", "", "Whether the file lies here already"),
    )

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: list[WeightsRow] = []

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own signature
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        words = (row.title, row.purpose_words, row.size_words, row.state_words)[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return words
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.line
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.HEADERS[index.column()][0]}: {words}"
        return None

    def show(self, rows: list[WeightsRow]) -> None:
        """Show ``rows``; as long as they are the same files, selection and place stay."""
        if [row.key for row in rows] == [row.key for row in self.rows]:
            self.rows = rows
            if rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, _STATE))
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()


class _WeightsDelegate(RowDelegate):
    def __init__(self, model: _WeightsModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model

    def paint_cell(self, painter: QPainter, rect: QRectF, index: Index, selected: bool) -> None:  # noqa: ARG002
        row, column = self._model.rows[index.row()], index.column()
        box = rect.adjusted(PAD, 0, -PAD, 0)
        if column == _STATE:
            self._paint_state(painter, box, row)
            return
        first = column == _TITLE
        font = theme.font(14, 500) if first else theme.font(13)
        ink = theme.color("text" if first else "text2")
        align = Qt.AlignmentFlag.AlignRight if column == _SIZE else Qt.AlignmentFlag.AlignLeft
        place = box.adjusted(PAD, 0, 0, 0) if first else box
        painting.text(painter, place, str(index.data()), font, ink, align)

    def _paint_state(self, painter: QPainter, box: QRectF, row: WeightsRow) -> None:
        if row.place == "partly":
            track = QRectF(box.left(), box.center().y() - 4, _BAR, 8)
            painting.bar(painter, track, row.share, theme.color("accent"))
            box = box.adjusted(_BAR + PAD - _ICON_STEP, 0, 0, 0)
        else:
            ready = row.place in ("here", "bundled")
            place = QRectF(box.left(), box.center().y() - 9, 18, 18)
            icons.paint(painter, "check" if ready else "download", place, theme.color("accent" if ready else "text2"))
        ink = theme.color("text2" if row.place in ("partly", "away") else "accent")
        painting.text(painter, box.adjusted(_ICON_STEP, 0, 0, 0), row.state_words, theme.font(13), ink)


class WeightsTable(Table):
    """One row a file. Arrows walk, Enter and a double click do what the button does, Delete deletes.

    Attributes:
        current_changed: Another row is the current one, or its state changed.
        activated_by_hand: Enter was pressed, or a row double clicked.
        deletion_wanted: Delete was pressed.
    """

    current_changed = Signal()
    activated_by_hand = Signal()
    deletion_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_ROW_HEIGHT, "Weights", parent)
        self._weights = _WeightsModel(self)
        self.use(self._weights, _WeightsDelegate(self._weights, self), (_TITLE, _PURPOSE, _STATE))
        self._header.first_indent = PAD
        set_tooltip(self, "The files of weights; Enter downloads the one that is selected", key="Enter, Delete")
        self.selectionModel().currentRowChanged.connect(lambda *_: self.current_changed.emit())

    def set_rows(self, rows: list[WeightsRow]) -> None:
        """Show these; the current one stays the current one."""
        before = self.current()
        self._weights.show(rows)
        if rows and not self.currentIndex().isValid():
            keys = [row.key for row in rows]
            self.selectRow(keys.index(before.key) if before and before.key in keys else 0)
            self.scrollTo(self.currentIndex(), Table.ScrollHint.PositionAtCenter)
        self.current_changed.emit()

    def current(self) -> WeightsRow | None:
        """The row that buttons are about."""
        number = self.currentIndex().row()
        return self._weights.rows[number] if 0 <= number < len(self._weights.rows) else None

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width."""
        super().resizeEvent(event)
        self.set_widths(_WIDTHS)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Delete."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.activated_by_hand.emit()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.deletion_wanted.emit()
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click does what the button does."""
        if self.indexAt(event.position().toPoint()).isValid():
            self.activated_by_hand.emit()
