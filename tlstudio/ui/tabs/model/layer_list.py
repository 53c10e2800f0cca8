"""All layers of a network as a table that sorts and can be searched."""

from typing import Any, Final

from PySide6.QtCore import QModelIndex, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from tlstudio.modeling.layer_table import in_words
from tlstudio.modeling.summary.summary import HEAD, SummaryLayer
from tlstudio.ui import theme
from tlstudio.ui.tabs.model.chosen_network import layer_fate
from tlstudio.ui.tabs.model.network_picture import block_color
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.photo_tile import Index
from tlstudio.ui.widgets.table import PAD, RowDelegate, RowModel, Table

_ROW_HEIGHT: Final = 32
_INDEX, _NAME, _KIND, _SHAPE, _PARAMETERS, _LEARNS = range(6)
_WIDTHS: Final[dict[int, float]] = {_INDEX: 76, _KIND: 172, _SHAPE: 136, _PARAMETERS: 104, _LEARNS: 104}
_MARK: Final = 10.0

BY_INDEX: Final = _INDEX
BY_PARAMETERS: Final = _PARAMETERS


class _LayersModel(RowModel):
    """Layers in the order asked for."""

    HEADERS = (
        ("Index", "", "Its place from the photo on; of a backbone the index in the model of Keras"),
        ("Layer", "", "Its name, as “Cut the network at” and “Refine from” take it"),
        ("Kind", "", "What it does (its class in Keras)"),
        ("Makes", "output shape", "Height, width and channels of what it makes of a photo, or how many numbers"),
        ("Numbers", "parameters", "What it holds (weights, biases, running means)"),
        ("Learn", "trainable", "How many of its numbers this training changes"),
    )

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: list[SummaryLayer] = []

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def text(self, row: int, column: int) -> str:
        layer = self.rows[row]
        match column:
            case 0:
                return str(layer.index)
            case 1:
                return layer.name
            case 2:
                return layer.kind
            case 3:
                return in_words(layer.shape)
            case 4:
                return f"{layer.parameters:,}" if layer.parameters else ""
        return layer_fate(layer)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own signature
        if not index.isValid():
            return None
        text = self.text(index.row(), index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        if role == Qt.ItemDataRole.ToolTipRole and index.column() in (_NAME, _KIND):
            return text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.HEADERS[index.column()][0]}: {text or 'none'}"
        return None

    def show(self, rows: list[SummaryLayer]) -> None:
        """Show these."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()


class _LayersDelegate(RowDelegate):
    """Words and figures, and before the name a mark in the colour that the block has in the picture."""

    def __init__(self, model: _LayersModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model

    def paint_cell(self, painter: QPainter, rect: QRectF, index: Index, selected: bool) -> None:  # noqa: ARG002
        box = rect.adjusted(PAD, 0, -PAD, 0)
        layer, column = self._model.rows[index.row()], index.column()
        text = self._model.text(index.row(), column)
        if column == _NAME:
            mark = QRectF(box.left(), box.center().y() - _MARK / 2, _MARK, _MARK)
            painting.box(painter, mark, 3, _color(layer))
            box = box.adjusted(_MARK + PAD, 0, 0, 0)
        align = Qt.AlignmentFlag.AlignRight if column in (_INDEX, _PARAMETERS, _LEARNS) else Qt.AlignmentFlag.AlignLeft
        ink = "text" if column == _NAME or (column == _LEARNS and layer.trained) else "text2"
        weight = 500 if column == _NAME else 400
        middle = Qt.TextElideMode.ElideMiddle
        painting.text(painter, box, text, theme.font(13, weight), theme.color(ink), align, middle)


class LayerList(Table):
    """One row a layer; what is copied is what is shown.

    Attributes:
        picked: Carries the SummaryLayer on which Enter was pressed.
    """

    picked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_ROW_HEIGHT, "Layers", parent)
        self._layers: tuple[SummaryLayer, ...] = ()
        self._words = ""
        self._model = _LayersModel(self)
        self.use(self._model, _LayersDelegate(self._model, self), (_NAME, _KIND, _SHAPE))
        self._header.setSectionsClickable(True)
        self._header.setSortIndicatorShown(True)
        self._header.setSortIndicator(_INDEX, Qt.SortOrder.AscendingOrder)
        self._header.sortIndicatorChanged.connect(lambda *_: self._arrange())

    def set_layers(self, layers: tuple[SummaryLayer, ...]) -> None:
        """Show these layers; order, search and place stay."""
        if layers != self._layers:
            self._layers = layers
            self._arrange()

    def narrow(self, words: str) -> None:
        """Show only the layers with all of these words in name, kind or block."""
        self._words = words.casefold()
        self._arrange()

    def sort_by(self, column: int) -> None:
        """Sort by ``BY_INDEX``, or by ``BY_PARAMETERS`` with the largest first."""
        order = Qt.SortOrder.AscendingOrder if column == BY_INDEX else Qt.SortOrder.DescendingOrder
        self._header.setSortIndicator(column, order)

    @property
    def sorted_by(self) -> int:
        """The column that sorts."""
        return self._header.sortIndicatorSection()

    @property
    def shown(self) -> int:
        """How many layers are shown."""
        return len(self._model.rows)

    def current_layer(self) -> SummaryLayer | None:
        """The layer that the keyboard is on."""
        index = self.currentIndex()
        return self._model.rows[index.row()] if index.isValid() else None

    def go_to_block(self, block: str) -> None:
        """Go to the first layer of a block, if one is shown."""
        row = next((row for row, layer in enumerate(self._model.rows) if layer.block == block), None)
        if row is not None:
            self._go_to(row, Table.ScrollHint.PositionAtTop)

    def as_text(self) -> str:
        """What is shown as a table for other programs: tabs between columns, a line for each layer."""
        heads = "\t".join(word for word, _, _ in _LayersModel.HEADERS)
        rows = range(len(self._model.rows))
        lines = ("\t".join(self._model.text(row, column) for column in range(len(_WIDTHS) + 1)) for row in rows)
        return "\n".join((heads, *lines))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the names what is left."""
        super().resizeEvent(event)
        self.set_widths(_WIDTHS)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter picks the layer that the keyboard is on."""
        layer = self.current_layer()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and layer is not None:
            self.picked.emit(layer)
        else:
            super().keyPressEvent(event)

    def _arrange(self) -> None:
        before = self.current_layer()
        wanted = self._words.split()
        rows = [
            layer
            for layer in self._layers
            if all(word in f"{layer.name} {layer.kind} {layer.block}".casefold() for word in wanted)
        ]
        descending = self._header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
        self._model.show(sorted(rows, key=_KEYS[self.sorted_by], reverse=descending))
        place = next((row for row, layer in enumerate(self._model.rows) if before and layer.name == before.name), 0)
        if self._model.rows:
            self._go_to(place, Table.ScrollHint.PositionAtCenter)

    def _go_to(self, row: int, hint: Table.ScrollHint) -> None:
        self.setCurrentIndex(self._model.index(row, 0))
        self.scrollTo(self._model.index(row, 0), hint)


_KEYS: Final[tuple[Any, ...]] = (
    lambda layer: layer.index,
    lambda layer: layer.name.casefold(),
    lambda layer: layer.kind.casefold(),
    lambda layer: layer.shape,
    lambda layer: layer.parameters,
    lambda layer: layer.trained,
)


def _color(layer: SummaryLayer) -> QColor:
    return theme.color("accent") if layer.block == HEAD else block_color(learning=layer.state != "frozen")
