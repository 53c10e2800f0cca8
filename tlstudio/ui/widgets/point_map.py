"""Points in a plane, each with a colour: look at one, or draw a line around some."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from tlstudio.ui import theme

_MARGIN: Final = 16.0
_RADIUS: Final = 4.0
_NEAR: Final = 12.0
_CLICK: Final = 4.0
_FAINT: Final = 0.18
_SOLID: Final = 0.8
_STEPS: Final = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip


class PointMap(QWidget):
    """Draws points; the mouse draws a line around some, arrows go from one to the next, Esc chooses none.

    Attributes:
        looked_at: Carries the number of the point that is looked at; -1 for none.
        chosen: Carries the numbers (list of int) of the points inside a line, or of the one clicked; empty for none.
    """

    looked_at = Signal(int)
    chosen = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points = np.zeros((0, 2), np.float32)
        self._tokens: list[QColor] = []
        self._inks = np.zeros(0, np.int64)
        self._inside = np.zeros(0, np.bool_)
        self._at = -1
        self._line: list[QPointF] = []
        self._picture: QPixmap | None = None
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setMinimumSize(240, 200)
        theme.notifier().changed.connect(self._redraw)

    def set_points(self, points: NDArray[np.float32], inks: NDArray[np.int64], colors: list[QColor]) -> None:
        """Draw points, none of them chosen.

        Args:
            points: (n, 2) places, in any scale; x to the right, y upwards.
            inks: (n,) Number of the colour of each.
            colors: The colours.
        """
        self._points, self._at, self._line = points, -1, []
        self._inside = np.ones(len(points), np.bool_)
        self.set_colors(inks, colors)

    def set_colors(self, inks: NDArray[np.int64], colors: list[QColor]) -> None:
        """Draw the same points in other colours."""
        self._inks, self._tokens = inks, colors
        self._redraw()

    def choose(self, numbers: list[int]) -> None:
        """Draw all others faintly; no numbers for none."""
        self._inside = np.ones(len(self._points), np.bool_)
        if numbers:
            self._inside[:] = False
            self._inside[numbers] = True
        self._redraw()

    def sizeHint(self) -> QSize:
        """A size to start from; the map takes what it is given."""
        return QSize(480, 400)

    def placed(self) -> NDArray[np.float64]:
        """(n, 2) The points in the pixels of the widget."""
        if not len(self._points):
            return np.zeros((0, 2))
        low, high = self._points.min(axis=0), self._points.max(axis=0)
        share = (self._points - low) / np.maximum(high - low, 1e-9)
        room = np.array([self.width() - 2 * _MARGIN, self.height() - 2 * _MARGIN])
        share[:, 1] = 1 - share[:, 1]
        return np.asarray(_MARGIN + share * room, dtype=np.float64)

    # Mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A line begins."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._line = [event.position()]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The line goes on, or another point is looked at."""
        if self._line:
            self._line.append(event.position())
            self.update()
        else:
            self._look_at(self._nearest(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The line ends; a click chooses the point under it, or none."""
        if event.button() != Qt.MouseButton.LeftButton or not self._line:
            return
        line, self._line = self._line, []
        if max((point - line[0]).manhattanLength() for point in line) > _CLICK:
            numbers = np.flatnonzero(self._enclosed(line)).tolist()
        else:
            number = self._nearest(event.position())
            numbers = [number] if number >= 0 else []
        self.choose(numbers)
        self.chosen.emit(numbers)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go to the next point in their direction, Enter chooses it, Esc chooses none."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None and len(self._points):
            self._look_at(self._next(*step))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._at >= 0:
            self.choose([self._at])
            self.chosen.emit([self._at])
        elif event.key() == Qt.Key.Key_Escape:
            self.choose([])
            self.chosen.emit([])
        else:
            super().keyPressEvent(event)

    def _look_at(self, number: int) -> None:
        if number != self._at:
            self._at = number
            self.update()
            self.looked_at.emit(number)

    def _nearest(self, place: QPointF) -> int:
        if not len(self._points):
            return -1
        distances = np.hypot(*(self.placed() - (place.x(), place.y())).T)
        number = int(distances.argmin())
        return number if distances[number] <= _NEAR else -1

    def _next(self, right: int, down: int) -> int:
        """The nearest point in a direction, straight ahead before aside; the same one where there is none."""
        if self._at < 0:
            return 0
        away = self.placed() - self.placed()[self._at]
        ahead = away @ (right, down)
        aside = np.abs(away @ (down, right))
        cost = np.where(ahead > 0, ahead + 2 * aside, np.inf)
        number = int(cost.argmin())
        return number if np.isfinite(cost[number]) else self._at

    def _enclosed(self, line: list[QPointF]) -> NDArray[np.bool_]:
        """(n,) Which points lie inside a line: the line is filled, and each looked up there."""
        mask = QImage(self.size(), QImage.Format.Format_Grayscale8)
        mask.fill(0)
        painter = QPainter(mask)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("white"))
        painter.drawPolygon(QPolygonF(line))
        painter.end()
        filled = np.frombuffer(mask.constBits(), np.uint8).reshape(mask.height(), mask.bytesPerLine())
        places = np.clip(self.placed().astype(np.int64), 0, (mask.width() - 1, mask.height() - 1))
        return np.asarray(filled[places[:, 1], places[:, 0]] > 0)

    # Painting

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Everything has another place."""
        super().resizeEvent(event)
        self._redraw()

    def _redraw(self) -> None:
        self._picture = None
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the points, the one looked at, and the line."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._picture is None:
            self._picture = self._drawn()
        painter.drawPixmap(0, 0, self._picture)
        if 0 <= self._at < len(self._points):
            x, y = self.placed()[self._at]
            painter.setPen(QPen(theme.color("text"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(x, y), 2 * _RADIUS, 2 * _RADIUS)
        if len(self._line) > 1:
            ground = theme.color("accent")
            painter.setPen(QPen(ground, 1.5))
            ground.setAlphaF(0.1)
            painter.setBrush(ground)
            painter.drawPolygon(QPolygonF(self._line))
        if self.hasFocus():
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(
                QRectF(self.rect()).adjusted(1, 1, -1, -1), theme.RADIUS_BUTTON, theme.RADIUS_BUTTON
            )

    def _drawn(self) -> QPixmap:
        """The points, which are drawn once for each size, colouring and choice."""
        ratio = self.devicePixelRatioF()
        picture = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        places = self.placed()
        for number in np.argsort(self._inside, kind="stable").tolist():
            ink = QColor(self._tokens[int(self._inks[number])])
            ink.setAlphaF(_SOLID if self._inside[number] else _FAINT)
            painter.setBrush(ink)
            painter.drawEllipse(QPointF(*places[number].tolist()), _RADIUS, _RADIUS)
        painter.end()
        return picture
