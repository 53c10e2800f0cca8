"""What a judgement should be taken with, under the verdict."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.ui import icons, theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.workflows.cautions import Caution

_ICON = 18


class CautionRows(QWidget):
    """One row for each: a sign, what is the matter, and what follows from it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, theme.SPACE_4, 0, 0)
        self._column.setSpacing(theme.SPACE_8)
        self._rows: list[QWidget] = []
        self.hide()

    def set_cautions(self, cautions: Sequence[Caution]) -> None:
        """Show these; with none, take no room."""
        for row in self._rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = [_row(caution) for caution in cautions]
        for row in self._rows:
            self._column.addWidget(row)
        self.setVisible(bool(self._rows))


def _row(caution: Caution) -> QWidget:
    row = QWidget()
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(theme.SPACE_8)
    words = TextLabel(f"{caution.sentence} {caution.advice}", "secondary", "text2", wrap=True)
    line.addWidget(_Sign())
    line.addWidget(words, 1)
    row.setAccessibleName(words.text())
    return row


class _Sign(QWidget):
    """The sign for what needs a look."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(QSize(_ICON, _ICON))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painting.prepare(painter)
        icons.paint(painter, "warning", QRectF(0, 0, _ICON, _ICON), theme.color("unsure"))
