"""The formats in which a model can be saved, as a list to choose one from."""

from typing import Any, Final

from PySide6.QtCore import QModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from tlstudio.export.exporters import EXPORTERS, Exporter
from tlstudio.ui import theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.photo_tile import Index
from tlstudio.ui.widgets.table import PAD, RowDelegate, RowModel, Table
from tlstudio.ui.widgets.tooltip import set_tooltip

_ROW_HEIGHT: Final = 52
_FEWEST_ROWS: Final = 3
_RADIO: Final = 18.0


class _FormatsModel(RowModel):
    HEADERS = (("Format", "", ""),)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(EXPORTERS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own signature
        if not index.isValid():
            return None
        exporter = EXPORTERS[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return exporter.title
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{exporter.title}. {exporter.purpose}"
        return None


class _FormatDelegate(RowDelegate):
    """A radio mark, the name, and under it what it is for."""

    def paint_cell(self, painter: QPainter, rect: QRectF, index: Index, selected: bool) -> None:
        exporter = EXPORTERS[index.row()]
        box = rect.adjusted(2 * PAD, 6, -PAD, -6)
        center = QPointF(box.left() + _RADIO / 2, box.center().y())
        painting.radio(painter, center, _RADIO, selected)
        words = box.adjusted(_RADIO + 12, 0, 0, 0)
        upper = QRectF(words.left(), words.top(), words.width(), words.height() / 2)
        font = theme.font(14, 600 if selected else 500)
        painting.text(painter, upper, exporter.title, font, theme.color("text"))
        ending = exporter.ending or "a folder"
        width = painting.text_width(ending, theme.font(13))
        right = QRectF(upper.right() - width, upper.top(), width, upper.height())
        painting.text(painter, right, ending, theme.font(13), theme.color("text2"))
        lower = upper.translated(0, upper.height())
        painting.text(painter, lower, exporter.purpose, theme.font(13), theme.color("text2"))


class FormatList(Table):
    """All formats, one of them chosen.

    Attributes:
        chosen: Another format is chosen now.
    """

    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_ROW_HEIGHT, "Formats", parent)
        self._formats = _FormatsModel(self)
        self.use(self._formats, _FormatDelegate(self), (0,))
        self.horizontalHeader().hide()
        self.horizontalHeader().setStretchLastSection(True)
        self.setMinimumHeight(_FEWEST_ROWS * _ROW_HEIGHT)
        self.setMaximumHeight(self.sizeHint().height())
        self.selectRow(0)
        self.selectionModel().currentRowChanged.connect(lambda _now, _before: self.chosen.emit())
        set_tooltip(self, "What other programs are to open the model with", key="Up, Down")

    def sizeHint(self) -> QSize:
        """All formats are seen; on a low screen some of them are scrolled to."""
        return QSize(super().sizeHint().width(), len(EXPORTERS) * _ROW_HEIGHT + 2)

    @property
    def exporter(self) -> Exporter:
        """The format that is chosen."""
        return EXPORTERS[max(self.currentIndex().row(), 0)]

    def choose(self, name: str) -> None:
        """Choose the format that goes by this name."""
        self.selectRow(next(row for row, exporter in enumerate(EXPORTERS) if exporter.name == name))
