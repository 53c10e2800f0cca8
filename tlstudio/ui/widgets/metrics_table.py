"""How well each class is recognised, as a table that sorts."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from tlstudio.evaluation.report import ClassMetrics
from tlstudio.ui import theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.photo_tile import Index
from tlstudio.ui.widgets.table import PAD, RowDelegate, RowModel, Table
from tlstudio.ui.widgets.tooltip import as_plain
from tlstudio.wording import percent

_ROW_HEIGHT = 36
_PHOTOS = 4
_BAR_HEIGHT, _NUMBER_WIDTH = 8.0, 48.0


class _MetricsModel(RowModel):
    """Classes in the order asked for."""

    HEADERS = (
        ("Class", "", ""),
        ("Found", "recall", "Of the photos of this class, the share that the model found (recall)"),
        (
            "Right if it says so",
            "precision",
            "Of the photos that the model gave this class, the share that belongs to it (precision)",
        ),
        ("Both together", "F1", "One figure for both: their harmonic mean (F1)"),
        ("Photos", "support", "Photos of this class that it was tested on (support)"),
    )

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.metrics: tuple[ClassMetrics, ...] = ()
        self.order: list[int] = []

    def set_metrics(self, metrics: Sequence[ClassMetrics], column: int, order: Qt.SortOrder) -> None:
        self.beginResetModel()
        self.metrics = tuple(metrics)
        self._arrange(column, order)
        self.endResetModel()

    def entry(self, row: int) -> ClassMetrics:
        return self.metrics[self.order[row]]

    def values(self, row: int) -> tuple[str, float, float, float, int]:
        entry = self.entry(row)
        return entry.name, entry.recall, entry.precision, entry.f1, entry.support

    def text(self, row: int, column: int) -> str:
        value = self.values(row)[column]
        if isinstance(value, float):
            return percent(value)
        return f"{value:,}" if isinstance(value, int) else value

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.order)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own signature
        if not index.isValid():
            return None
        text = self.text(index.row(), index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == 0:
            return as_plain(text)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.HEADERS[index.column()][0]}: {text}"
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.layoutAboutToBeChanged.emit()
        before = {index: self.order[index.row()] for index in self.persistentIndexList()}
        self._arrange(column, order)
        places = {position: row for row, position in enumerate(self.order)}
        for index, position in before.items():
            self.changePersistentIndex(index, self.index(places[position], index.column()))
        self.layoutChanged.emit()

    def _arrange(self, column: int, order: Qt.SortOrder) -> None:
        self.order = list(range(len(self.metrics)))
        if column == 0:
            self.order.sort(key=lambda position: self.metrics[position].name.casefold())
        elif column > 0:
            fields = ("name", "recall", "precision", "f1", "support")
            self.order.sort(key=lambda position: getattr(self.metrics[position], fields[column]))
        if column >= 0 and order == Qt.SortOrder.DescendingOrder:
            self.order.reverse()


class _MetricsDelegate(RowDelegate):
    """Dot and name, then bars with their numbers."""

    def __init__(self, model: _MetricsModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def paint_cell(self, painter: QPainter, rect: QRectF, index: Index, selected: bool) -> None:
        box = rect.adjusted(PAD, 0, -PAD, 0)
        text = self._model.text(index.row(), index.column())
        if index.column() == 0:
            position = self._model.order[index.row()]
            fill = theme.class_color(position, len(self._model.metrics), selected)
            painting.dot(painter, QPointF(box.left() + 5.0, box.center().y()), 10.0, fill)
            middle = Qt.TextElideMode.ElideMiddle  # names of many classes begin alike
            place, font = box.adjusted(19.0, 0, 0, 0), theme.font(14, 500)
            painting.text(painter, place, text, font, theme.color("text"), elide=middle)
            return
        painting.text(painter, box, text, theme.font(13), theme.color("text2"), Qt.AlignmentFlag.AlignRight)
        if index.column() != _PHOTOS:
            self._paint_bar(painter, box, index, selected)

    def _paint_bar(self, painter: QPainter, box: QRectF, index: Index, selected: bool) -> None:
        track = QRectF(box.left(), box.center().y() - _BAR_HEIGHT / 2, box.width() - _NUMBER_WIDTH, _BAR_HEIGHT)
        if track.width() >= 32:
            share = float(self._model.values(index.row())[index.column()])
            ground = theme.color("surface" if selected else "sunken")
            painting.bar(painter, track, share, theme.color("accent"), ground)


class MetricsTable(Table):
    """One row a class: found, right when it says so, both together, photos. A click on a header sorts.

    Attributes:
        class_selected: Name of the class whose row is selected.
    """

    class_selected = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_ROW_HEIGHT, "Classes and how well each is recognised", parent)
        self._metrics = _MetricsModel(self)
        self.use(self._metrics, _MetricsDelegate(self._metrics, self), (0, 1, 2, 3))
        self._header.setSectionsClickable(True)
        # No column sorts until one is clicked: the classes stand in their own order.
        self._header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        self.selectionModel().currentRowChanged.connect(self._tell)

    def set_metrics(self, metrics: Sequence[ClassMetrics]) -> None:
        """Show these classes; what they are sorted by stays."""
        self._metrics.set_metrics(metrics, self._header.sortIndicatorSection(), self._header.sortIndicatorOrder())

    def selected_class(self) -> str:
        """Name of the class selected, or empty."""
        index = self.currentIndex()
        return self._metrics.entry(index.row()).name if index.isValid() else ""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width: name, three bars, number of photos."""
        super().resizeEvent(event)
        room = self.viewport().width()
        photos = 88.0
        name = max(136.0, (room - photos) * 0.31)
        self.set_widths({0: name, _PHOTOS: photos})

    def _tell(self, current: QModelIndex) -> None:
        if current.isValid():
            self.class_selected.emit(self._metrics.entry(current.row()).name)
