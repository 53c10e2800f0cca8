"""A rectangle that is drawn with the mouse over something that scrolls."""

from typing import Final

from PySide6.QtCore import QObject, QPoint, QRect, QTimer, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QAbstractScrollArea, QApplication

from tlstudio.ui import theme
from tlstudio.ui.widgets import painting

_TICK_MS: Final = 30
_FASTEST: Final = 48
_FILL_ALPHA: Final = 0.16


class RubberBand(QObject):
    """Keeps one corner where the mouse was pressed and the other under the pointer, and scrolls at the edges.

    Places are those of the content: the rectangle stays on what it was begun on when that scrolls.

    Attributes:
        changed: The rectangle has begun, has moved, or is gone.
    """

    changed = Signal()

    def __init__(self, area: QAbstractScrollArea) -> None:
        super().__init__(area)
        self._area = area
        self._pressed: QPoint | None = None
        self._pointer = QPoint()
        self._begun = False
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._scroll)
        area.verticalScrollBar().valueChanged.connect(self._follow)

    @property
    def active(self) -> bool:
        """Whether there is a rectangle."""
        return self._begun

    def press(self, point: QPoint) -> None:
        """The mouse is pressed at a point of the viewport; a rectangle begins when it is dragged from there."""
        self._pressed = point + self._offset()

    def drag(self, point: QPoint) -> bool:
        """The mouse has moved to a point of the viewport with its button held; tells whether that draws."""
        if self._pressed is None:
            return False
        self._pointer = point
        away = (point + self._offset() - self._pressed).manhattanLength()
        self._begun = self._begun or away >= QApplication.startDragDistance()
        if self._begun:
            self.changed.emit()
            if not self._timer.isActive() and self._beyond():
                self._timer.start()
        return self._begun

    def release(self) -> bool:
        """The mouse is released; tells whether there was a rectangle."""
        drew, self._begun, self._pressed = self._begun, False, None
        self._timer.stop()
        if drew:
            self.changed.emit()
        return drew

    def rect(self) -> QRect:
        """The rectangle in the content; empty without one."""
        if not self._begun or self._pressed is None:
            return QRect()
        return QRect(self._pressed, self._pointer + self._offset()).normalized()

    def paint(self, painter: QPainter) -> None:
        """Draw the rectangle in the viewport."""
        if self._begun:
            fill = QColor(theme.color("accent"))
            fill.setAlphaF(_FILL_ALPHA)
            place = self.rect().translated(-self._offset())
            painting.box(painter, place, theme.RADIUS_KEY, fill, theme.color("accent"), 1.5)

    def _offset(self) -> QPoint:
        return QPoint(0, self._area.verticalScrollBar().value())

    def _beyond(self) -> int:
        """How far the pointer is below the viewport; negative above it, 0 inside."""
        y, height = self._pointer.y(), self._area.viewport().height()
        return min(y, 0) or max(y - height, 0)

    def _scroll(self) -> None:
        beyond = self._beyond()
        if not beyond:
            self._timer.stop()
            return
        bar = self._area.verticalScrollBar()
        bar.setValue(bar.value() + max(-_FASTEST, min(beyond, _FASTEST)))

    def _follow(self) -> None:
        if self._begun:
            self.changed.emit()
