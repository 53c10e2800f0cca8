"""The line over a list of layers."""

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from tlstudio.ui import theme
from tlstudio.ui.tabs.model.layers.layer_row import Columns
from tlstudio.ui.tabs.model.layers.row_list import RowList
from tlstudio.ui.widgets import painting

_HEADER: Final = 28


class LayerHeader(QWidget):
    """Names of the parts of all lines of a list."""

    def __init__(self, lines: RowList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = lines
        self.setFixedHeight(_HEADER)
        lines.resized.connect(self.update)
        self.setToolTip("<qt>What comes out of each layer for one photo, and how many numbers it learns or keeps</qt>")
        theme.notifier().changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the names and the hairline under them."""
        painter = QPainter(self)
        columns = Columns.of(self._lines.width())
        left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        places = (
            ("Layer", columns.title, columns.settings, left),
            ("Settings", columns.settings, columns.output, left),
            ("Output", columns.output, columns.parameters, left),
            ("Parameters", columns.parameters, columns.end, right),
        )
        for words, begin, end, align in places:
            box = QRectF(begin, 0, end - begin, _HEADER - 1)
            painting.text(painter, box, words, theme.font(12, 500), theme.color("text2"), align)
        painter.fillRect(QRectF(0, _HEADER - 1, self.width(), 1), theme.color("line"))
