"""Where the network can be cut, as a table."""

from typing import Any, Final

from PySide6.QtCore import QModelIndex, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from tlstudio.modeling.layer_table import in_words
from tlstudio.modeling.summary.summary import CutPlace
from tlstudio.ui import theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.photo_tile import Index
from tlstudio.ui.widgets.table import PAD, ChoosingTable, RowDelegate, RowModel
from tlstudio.wording import percent

_ROW_HEIGHT: Final = 36
_NAME, _SHAPE, _WORK, _KEPT = range(4)
_WIDTHS: Final[dict[int, float]] = {_SHAPE: 112, _WORK: 92, _KEPT: 92}
_COMPACT_WIDTHS: Final[dict[int, float]] = {_SHAPE: 108, _WORK: 60}
_COMPACT_BELOW: Final = 430
_RADIO: Final = 16.0
_BAR: Final = 32.0


class _CutsModel(RowModel):
    """Cuts from the photo on."""

    HEADERS = (
        ("Cut at", "", "The layer whose output the last layers read"),
        ("Makes", "", "Height, width and channels of what the last layers read (output shape)"),
        ("Work", "", "Share of the network's multiplications up to there: what lies behind is saved"),
        ("Numbers", "", "What the network up to there holds (parameters)"),
    )

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: list[CutPlace] = []
        self.chosen = ""

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def text(self, row: int, column: int) -> str:
        place = self.rows[row]
        return (place.name, in_words(place.shape), percent(place.compute), f"{place.parameters:,}")[column]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own signature
        if not index.isValid():
            return None
        place, text = self.rows[index.row()], self.text(index.row(), index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        if role == Qt.ItemDataRole.ToolTipRole:
            return (
                f"{place.name}, layer {place.index}: {in_words(place.shape)}, {percent(place.compute)} of the work, "
                f"{place.parameters:,} numbers"
            )
        if role == Qt.ItemDataRole.AccessibleTextRole:
            chosen = ", chosen" if place.name == self.chosen and index.column() == _NAME else ""
            return f"{self.HEADERS[index.column()][0]}: {text}{chosen}"
        return None

    def show(self, rows: list[CutPlace], chosen: str) -> None:
        """Show these; as long as they are the same, so is the place."""
        self.chosen = chosen
        if rows == self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(self.HEADERS) - 1))
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()


class _CutsDelegate(RowDelegate):
    """Radio mark and name, shape, a bar for the work, and the numbers."""

    def __init__(self, model: _CutsModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model

    def ground(self, index: Index, selected: bool) -> QColor | None:  # noqa: ARG002 - the selection is only a place
        return theme.color("accent_soft") if self._chosen(index) else None

    def paint_cell(self, painter: QPainter, rect: QRectF, index: Index, selected: bool) -> None:  # noqa: ARG002
        box, chosen = rect.adjusted(PAD, 0, -PAD, 0), self._chosen(index)
        text, column = self._model.text(index.row(), index.column()), index.column()
        ink, align = theme.color("text2"), Qt.AlignmentFlag.AlignLeft
        if column == _NAME:
            painting.radio(painter, QPointF(box.left() + _RADIO / 2, box.center().y()), _RADIO, chosen)
            box, ink = box.adjusted(_RADIO + PAD, 0, 0, 0), theme.color("text")
        elif column == _WORK:
            track = QRectF(box.left(), box.center().y() - 4, min(_BAR, box.width() - 38), 8)
            if track.width() > track.height():
                share = self._model.rows[index.row()].compute
                fill, ground = ("accent", "surface") if chosen else ("line2", "sunken")
                painting.bar(painter, track, share, theme.color(fill), theme.color(ground))
            align = Qt.AlignmentFlag.AlignRight
        elif column == _KEPT:
            align = Qt.AlignmentFlag.AlignRight
        font = theme.font(13, 600 if chosen and column == _NAME else 400)
        painting.text(painter, box, text, font, ink, align, Qt.TextElideMode.ElideMiddle)

    def _chosen(self, index: Index) -> bool:
        return self._model.rows[index.row()].name == self._model.chosen


class CutTable(ChoosingTable):
    """One row a layer.

    Attributes:
        chosen: Carries the name of the layer that was chosen by hand.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_ROW_HEIGHT, "Layers that the network can be cut at", parent)
        self._cuts = _CutsModel(self)
        self.use(self._cuts, _CutsDelegate(self._cuts, self), (_NAME, _SHAPE))

    def show_cuts(self, rows: list[CutPlace], chosen: str) -> None:
        """Show these, one of them chosen."""
        moved = rows != self._cuts.rows or chosen != self._cuts.chosen
        self._cuts.show(rows, chosen)
        place = next((row for row, cut in enumerate(rows) if cut.name == chosen), None)
        if moved and place is not None:
            self.go_to(place)

    def names(self) -> list[str]:
        """The layers that are shown."""
        return [cut.name for cut in self._cuts.rows]

    def enter(self) -> None:
        """Take the keyboard."""
        if not self.currentIndex().isValid() and self._cuts.rows:
            self.selectRow(0)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width; where there is little, numbers and bars are left out."""
        super().resizeEvent(event)
        compact = self.viewport().width() < _COMPACT_BELOW
        self.setColumnHidden(_KEPT, compact)
        self.set_widths({_KEPT: 0.0, **(_COMPACT_WIDTHS if compact else _WIDTHS)})

    def choose(self, row: int) -> None:
        """Tell which one was chosen."""
        self.chosen.emit(self._cuts.rows[row].name)
