"""How much the photos of each class count, as a table to type into."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QStyleOptionViewItem, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.photo_tile import Index
from tlstudio.ui.widgets.table import PAD, RowDelegate, RowModel, Table
from tlstudio.ui.widgets.tooltip import set_tooltip

_ROW: Final = 32
_ROWS_SEEN: Final = 6
_NUMBER_WIDTH: Final = 112


class _WeightsModel(RowModel):
    """Classes and their weights.

    Attributes:
        edited: A weight was typed.
    """

    HEADERS = (("Class", "", "Name of the class"), ("Counts", "", "How much one photo of it counts; 1 is usual"))

    edited = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.classes: tuple[str, ...] = ()
        self.weights: list[float] = []

    def show(self, classes: Sequence[str], weights: Sequence[float]) -> None:
        """Show these."""
        self.beginResetModel()
        self.classes, self.weights = tuple(classes), list(weights)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.classes)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own signature
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        row = index.row()
        return self.classes[row] if index.column() == 0 else f"{self.weights[row]:g}"

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | (Qt.ItemFlag.ItemIsEditable if index.column() == 1 else Qt.ItemFlag.NoItemFlags)

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        weight = _weight(str(value))
        if role != Qt.ItemDataRole.EditRole or weight is None:
            return False
        self.weights[index.row()] = weight
        self.dataChanged.emit(index, index)
        self.edited.emit()
        return True


class _WeightsDelegate(RowDelegate):
    def __init__(self, model: _WeightsModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model

    def paint_cell(self, painter: QPainter, rect: QRectF, index: Index, selected: bool) -> None:  # noqa: ARG002
        align = Qt.AlignmentFlag.AlignRight if index.column() else Qt.AlignmentFlag.AlignLeft
        box = rect.adjusted(PAD, 0, -PAD, 0)
        elide = Qt.TextElideMode.ElideMiddle
        painting.text(painter, box, str(index.data()), theme.font(13), theme.color("text"), align, elide)

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        edit = QLineEdit(parent)
        edit.setFont(theme.font(13))
        edit.setAccessibleName(f"How much {self._model.classes[index.row()]} counts")
        set_tooltip(edit, "A number from 0 on; 1 is usual")
        return edit


class ClassWeightsTable(Table):
    """Classes, and a number beside each; digits, F2 or a double click begin to type.

    Attributes:
        edited: Carries the weights as a phase takes them.
    """

    edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_ROW, "How much each class counts", parent)
        self._model = _WeightsModel(self)
        self.use(self._model, _WeightsDelegate(self._model, self), (0,))
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.AnyKeyPressed | triggers.DoubleClicked | triggers.EditKeyPressed)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        set_tooltip(self, "How much one photo of each class counts; type a number", term="class weights", key="F2")
        self._model.edited.connect(self._tell)

    def show_weights(self, classes: Sequence[str], weights: Mapping[str, float]) -> None:
        """Show the weight of each class; 1 for those not named."""
        wanted = [weights.get(name, 1.0) for name in classes]
        if (tuple(classes), wanted) == (self._model.classes, self._model.weights):
            return
        self._model.show(classes, wanted)
        rows = min(max(len(classes), 1), _ROWS_SEEN)
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + rows * _ROW)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The names take what is left."""
        super().resizeEvent(event)
        self.set_widths({1: _NUMBER_WIDTH})

    def _tell(self) -> None:
        self.edited.emit(tuple(zip(self._model.classes, self._model.weights, strict=True)))


def _weight(text: str) -> float | None:
    """A weight from what was typed; None if it is none."""
    try:
        weight = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return weight if 0 <= weight < float("inf") else None
