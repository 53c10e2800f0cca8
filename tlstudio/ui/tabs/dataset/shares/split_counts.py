"""How many photos of each class are in each part, as a table."""

from typing import Final

from PySide6.QtCore import QModelIndex, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from tlstudio.datasets.splits.report import SplitReport
from tlstudio.datasets.splits.split import PARTS
from tlstudio.ui import theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.photo_tile import Index
from tlstudio.ui.widgets.table import PAD, RowDelegate, RowModel, Table
from tlstudio.ui.widgets.tooltip import as_plain, set_tooltip
from tlstudio.ui.words.shares import FEWEST_EXAM_PHOTOS

_ROW_HEIGHT: Final = 32
_ROWS_SHOWN: Final = 8
_NUMBER_WIDTH: Final = 54.0
_EXAM: Final = 3


class SplitCounts(Table):
    """One row a class. Ctrl+C copies all of it.

    Attributes:
        copied: It is on the clipboard.
    """

    copied = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_ROW_HEIGHT, "Photos of each class and part", parent)
        self._header.first_indent = -PAD  # in line with the other words of the card
        self._counts = _Model(self)
        self.use(self._counts, _Delegate(self), (0,))
        set_tooltip(self, "How many photos of each class are in each part", key="Ctrl+C copies")

    def set_report(self, report: SplitReport) -> None:
        """Show the counts of a split."""
        self._counts.set_report(report)
        rows = self._counts.rowCount()
        hidden = max(rows - _ROWS_SHOWN, 0) * _ROW_HEIGHT
        self.setFixedHeight(self.content_height() - hidden)

    def copy(self) -> None:
        """Put the table on the clipboard, its columns separated by tabs."""
        QGuiApplication.clipboard().setText(self._counts.text())
        self.copied.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the names what the numbers don't need."""
        super().resizeEvent(event)
        self.set_widths(dict.fromkeys(range(1, _EXAM + 1), _NUMBER_WIDTH))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copying takes all rows."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)


class _Model(RowModel):
    HEADERS = (
        ("Class", "", ""),
        ("Learn", "", "Photos to learn from (training)"),
        ("Check", "", "Photos to check on while learning (validation)"),
        ("Exam", "", "Photos for the final exam (test)"),
    )

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._rows: list[tuple[str, int, int, int]] = []

    def set_report(self, report: SplitReport) -> None:
        self.beginResetModel()
        self._rows = [(name, of["train"], of["validation"], of["test"]) for name, of in report.counts.items()]
        self.endResetModel()

    def text(self) -> str:
        lines = ["\t".join(("class", *PARTS)), *("\t".join(map(str, row)) for row in self._rows)]
        return "\n".join(lines) + "\n"

    def few(self, row: int, column: int) -> bool:
        """Whether a number is too small to tell anything."""
        number = self._rows[row][column]
        return column > 0 and (number == 0 or (column == _EXAM and int(number) < FEWEST_EXAM_PHOTOS))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if not index.isValid():
            return None
        value = self._rows[index.row()][index.column()]
        words = f"{value:,}" if isinstance(value, int) else value
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return words
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{self.HEADERS[index.column()][0]} {words}"
            case Qt.ItemDataRole.ToolTipRole:
                return as_plain(words) if index.column() == 0 else None
            case _:
                return None


class _Delegate(RowDelegate):
    def paint_cell(self, painter: QPainter, rect: QRectF, index: Index, selected: bool) -> None:  # noqa: ARG002
        model, name = index.model(), index.column() == 0
        few = isinstance(model, _Model) and model.few(index.row(), index.column())
        align = Qt.AlignmentFlag.AlignLeft if name else Qt.AlignmentFlag.AlignRight
        font = theme.font(13, 600 if few else 400)
        ink = theme.color("wrong" if few else "text" if name else "text2")
        box = rect.adjusted(0 if name else PAD, 0, -PAD, 0)
        painting.text(painter, box, str(index.data()), font, ink, align, Qt.TextElideMode.ElideMiddle)
