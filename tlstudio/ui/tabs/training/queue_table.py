"""The results of several trainings as a table that grows."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QObject, QRectF, Qt
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.photo_tile import Index
from tlstudio.ui.widgets.table import PAD, RowDelegate, RowModel, Table
from tlstudio.ui.widgets.tooltip import as_plain
from tlstudio.ui.words.time_left import in_words
from tlstudio.wording import percent
from tlstudio.workflows.train_queue import QueueRow

_ROW_HEIGHT: Final = 36
_STATES: Final = {
    "waiting": "Waits",
    "running": "Learns now",
    "done": "Done",
    "stopped": "Stopped",
    "failed": "Failed",
    "skipped": "Left out",
}
_FIGURES: Final = (1, 2, 3, 4)


class _QueueModel(RowModel):
    """One line a training."""

    HEADERS = (
        ("Training", "", ""),
        ("Learns", "parameters", "Weights that it changes (trainable parameters)"),
        ("Checked", "validation", "Share of the photos to check on that are right (validation accuracy)"),
        ("Exam", "test", "Share of the exam photos that are right (test accuracy)"),
        ("Time", "", "From its start to the saved run"),
        ("State", "", "Where it is; the reason where it failed"),
    )

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._rows: list[QueueRow] = []

    def set_rows(self, rows: Sequence[QueueRow]) -> None:
        if len(rows) != len(self._rows):
            self.beginResetModel()
            self._rows = list(rows)
            self.endResetModel()
            return
        self._rows = list(rows)
        if rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(self.HEADERS) - 1))

    def row(self, place: int) -> QueueRow:
        return self._rows[place]

    def text(self, place: int, column: int) -> str:
        return _cells(self._rows[place])[column]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own signature
        if not index.isValid():
            return None
        text = self.text(index.row(), index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return text
            case Qt.ItemDataRole.ToolTipRole:
                return as_plain(self._rows[index.row()].reason or text)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{self.HEADERS[index.column()][0]}: {text}"
        return None


def _cells(row: QueueRow) -> tuple[str, ...]:
    return (
        row.name,
        "–" if row.parameters is None else f"{row.parameters:,}",
        _percent(row.validation),
        _percent(row.test),
        "–" if row.seconds is None else in_words(row.seconds),
        f"Failed: {row.reason}" if row.reason else _STATES[row.state],
    )


def _percent(share: float | None) -> str:
    return "–" if share is None else percent(share, 1)


class _QueueDelegate(RowDelegate):
    """The name in strong letters, figures at the right, what failed in its colour."""

    def __init__(self, model: _QueueModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def paint_cell(self, painter: QPainter, rect: QRectF, index: Index, selected: bool) -> None:  # noqa: ARG002
        column, row = index.column(), self._model.row(index.row())
        box = rect.adjusted(PAD, 0, -PAD, 0)
        font = theme.font(14, 500) if column == 0 else theme.font(13)
        ink = theme.color("text" if column == 0 or row.state == "running" else "text2")
        if row.state == "failed" and column not in (0, *_FIGURES):
            ink = theme.color("wrong")
        where = Qt.AlignmentFlag.AlignRight if column in _FIGURES else Qt.AlignmentFlag.AlignLeft
        painting.text(painter, box, self._model.text(index.row(), column), font, ink, where)


class QueueTable(Table):
    """Name, weights, figures, time and state of each training."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_ROW_HEIGHT, "Trainings and what came of them", parent)
        self._lines = _QueueModel(self)
        self.use(self._lines, _QueueDelegate(self._lines, self), (0, 5))

    def set_rows(self, rows: Sequence[QueueRow]) -> None:
        """Show these lines; what is selected stays while no line comes or goes."""
        self._lines.set_rows(rows)

    def selected(self) -> int | None:
        """Place of the line selected."""
        index = self.currentIndex()
        return index.row() if index.isValid() else None

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Figures keep their width; names and states share what is left."""
        super().resizeEvent(event)
        self.set_widths({1: 112.0, 2: 96.0, 3: 80.0, 4: 104.0})
