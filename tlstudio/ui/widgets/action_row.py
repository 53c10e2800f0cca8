"""A line of a card that does something: icon, words, and a chevron at its end."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from tlstudio.ui import icons, theme
from tlstudio.ui.widgets import painting

_GAP: Final = 10
_HEIGHT: Final = 32


class ActionRow(QAbstractButton):
    """A button as wide as its card; what follows asks before anything is done."""

    focus_radius = theme.RADIUS_CELL

    def __init__(self, glyph: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._glyph = glyph
        self.setText(words)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """All of the words fit."""
        width = painting.text_width(self.text(), theme.font(14)) + 2 * (theme.ICON_SIZE + _GAP)
        return QSize(width, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """The words may be shortened."""
        return QSize(2 * (theme.ICON_SIZE + _GAP) + 48, _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw icon, words and chevron."""
        painter = QPainter(self)
        painting.prepare(painter)
        side, height = theme.ICON_SIZE, self.height()
        active = self.isEnabled() and (self.underMouse() or self.isDown())
        ink = theme.color("text3" if not self.isEnabled() else "accent" if active else "text")
        quiet = theme.color("text3" if not self.isEnabled() else "accent" if active else "text2")
        top = (height - side) / 2
        icons.paint(painter, self._glyph, QRectF(0, top, side, side), quiet)
        icons.paint(painter, "chevron_right", QRectF(self.width() - side, top, side, side), quiet)
        left = side + _GAP
        painting.text(painter, QRectF(left, 0, self.width() - left - side, height), self.text(), theme.font(14), ink)
