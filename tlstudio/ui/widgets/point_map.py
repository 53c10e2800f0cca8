"""Photos as points in a plane: look closer, look at one, or draw a line around some."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets import point_painting
from tlstudio.ui.widgets.plane_view import WHOLE, PlaneView, shares, spread_out
from tlstudio.ui.widgets.thumbnails import ThumbnailCache

_NEAR: Final = 12.0
_CLICK: Final = 4.0
_NOTCH: Final = 120
_CLOSER: Final = 1.25
_PICTURES_FROM: Final = 2.0
_STEPS: Final = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip
_ZOOM_KEYS: Final = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1}
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
_HANDS: Final = Qt.MouseButton.RightButton | Qt.MouseButton.MiddleButton


class PointMap(QWidget):
    """Draws photos as dots, and as small pictures once there is room for them or they are chosen.

    The mouse draws a line around some, the wheel comes closer, the right button moves the plane; arrows go from one to
    the next, + and - come closer, 0 shows all, Esc chooses none.

    Attributes:
        looked_at: Carries the number of the point that is looked at; -1 for none.
        chosen: Carries the numbers (list of int) of the points inside a line, or of the one clicked; empty for none.
        zoomed: Carries how many times larger than the whole plane it is shown.
    """

    looked_at = Signal(int)
    chosen = Signal(object)
    zoomed = Signal(float)

    def __init__(self, name: str, cache: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cache = cache
        self._points = np.zeros((0, 2))
        self._photos: Sequence[Path] = ()
        self._tokens: list[QColor] = []
        self._inks = np.zeros(0, np.int64)
        self._inside = np.zeros(0, np.bool_)
        self._view = PlaneView()
        self._at = -1
        self._large = False
        self._line: list[QPointF] = []
        self._hand: QPointF | None = None
        self._dots: QPixmap | None = None
        self._pictures: list[int] | None = None
        self._album: QPixmap | None = None
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setMinimumSize(240, 200)
        theme.notifier().changed.connect(self._redraw)
        cache.loaded.connect(self._show_loaded)

    def set_points(self, points: NDArray[np.float32], photos: Sequence[Path]) -> None:
        """Draw points, none of them chosen, all of them in view.

        Args:
            points: (n, 2) places, in any scale; x to the right, y upwards.
            photos: (n,) The files that they stand for.
        """
        self._points, self._photos, self._at, self._line = shares(points), photos, -1, []
        self._inside = np.ones(len(points), np.bool_)
        self.set_colors(np.zeros(len(points), np.int64), [theme.color("line2")])
        self.show_all()

    def set_colors(self, inks: NDArray[np.int64], colors: list[QColor]) -> None:
        """Draw the same points in other colours.

        Args:
            inks: (n,) Number of the colour of each.
            colors: The colours.
        """
        self._inks, self._tokens = inks, colors
        self._redraw()

    def choose(self, numbers: list[int]) -> None:
        """Draw all others faintly; no numbers for none."""
        self._inside = np.ones(len(self._points), np.bool_)
        if numbers:
            self._inside[:] = False
            self._inside[numbers] = True
        self._redraw()

    def zoom(self, steps: int) -> None:
        """Come so many steps closer to the photo looked at, or to the middle; go away from it below 0."""
        x, y = self.placed()[self._at].tolist() if self._at >= 0 else (self.width() / 2, self.height() / 2)
        at = (x, y) if self.rect().contains(round(x), round(y)) else None
        self._set_view(self._view.zoomed(_CLOSER**steps, at))

    def show_all(self) -> None:
        """Show the whole plane."""
        self._set_view(PlaneView(self.width(), self.height()))

    def sizeHint(self) -> QSize:
        """A size to start from; the map takes what it is given."""
        return QSize(480, 400)

    def placed(self) -> NDArray[np.float64]:
        """(n, 2) The points in the pixels of the widget; those outside of it are not in view."""
        return self._view.placed(self._points)

    def pictures(self) -> list[int]:
        """Numbers of the points that are shown as small pictures."""
        if self._pictures is None:
            some = not self._inside.all()
            close = self._view.zoom >= _PICTURES_FROM
            wanted = self.placed() if some or close else np.zeros((0, 2))
            urgent = self._inside[: len(wanted)] & some
            size = self.width(), self.height()
            self._pictures = spread_out(wanted, urgent, point_painting.PICTURE, *size, all_of_them=close)
            self._cache.keep(self, {self._photos[number] for number in self._pictures})
        return self._pictures

    # Mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A line begins, or the plane is taken hold of."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._line = [event.position()]
        elif event.button() & _HANDS:
            self._hand = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The line goes on, the plane follows the hand, or another point is looked at."""
        if self._line:
            self._line.append(event.position())
            self.update()
        elif self._hand is not None:
            way, self._hand = event.position() - self._hand, event.position()
            self._set_view(self._view.moved(way.x(), way.y()))
        else:
            self._look_at(self._nearest(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The line ends; a click chooses the point under it, or none."""
        if event.button() & _HANDS:
            self._hand = None
            self.setCursor(Qt.CursorShape.CrossCursor)
        if event.button() != Qt.MouseButton.LeftButton or not self._line:
            return
        line, self._line = self._line, []
        if max((point - line[0]).manhattanLength() for point in line) > _CLICK:
            self._choose_and_tell(np.flatnonzero(self._enclosed(line)).tolist())
        else:
            number = self._nearest(event.position())
            self._choose_and_tell([number] if number >= 0 else [])

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel comes closer to what is under the mouse, or goes away from it."""
        steps = event.angleDelta().y() / _NOTCH
        if steps:
            place = event.position()
            self._set_view(self._view.zoomed(_CLOSER**steps, (place.x(), place.y())))
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        """The large photo lies over others only while somebody points at it."""
        super().leaveEvent(event)
        self._large = False
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go to the next point in their direction, Enter chooses it, Esc chooses none."""
        key = Qt.Key(event.key())
        if key in _STEPS and len(self._points):
            self._look_at(self._next(*_STEPS[key]))
            self._set_view(self._view.holding(self._points[self._at]))
        elif key in _ENTER and self._at >= 0:
            self._choose_and_tell([self._at])
        elif key == Qt.Key.Key_Escape:
            self._choose_and_tell([])
        elif key in _ZOOM_KEYS:
            self.zoom(_ZOOM_KEYS[key])
        elif key == Qt.Key.Key_0:
            self.show_all()
        else:
            super().keyPressEvent(event)

    def _choose_and_tell(self, numbers: list[int]) -> None:
        self.choose(numbers)
        self.chosen.emit(numbers)

    def _look_at(self, number: int) -> None:
        if number != self._at or not self._large:
            self._large = True
            self._at = number
            self.update()
            self.looked_at.emit(number)

    def _nearest(self, place: QPointF) -> int:
        """The point under the mouse: a small picture, or else a dot near by."""
        if not len(self._points):
            return -1
        shown = self.pictures()
        for number, square in zip(shown, point_painting.squares(self.placed()[shown], self.size()), strict=True):
            if square.contains(place):
                return number
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
        """(n,) Which points lie inside a line: the line is filled, and each point in view looked up there."""
        mask = QImage(self.size(), QImage.Format.Format_Grayscale8)
        mask.fill(0)
        painter = QPainter(mask)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("white"))
        painter.drawPolygon(QPolygonF(line))
        painter.end()
        filled = np.frombuffer(mask.constBits(), np.uint8).reshape(mask.height(), mask.bytesPerLine())
        places = np.floor(self.placed()).astype(np.int64)
        last = (mask.width() - 1, mask.height() - 1)
        in_view = ((places >= 0) & (places <= last)).all(axis=1)
        places = np.clip(places, 0, last)
        return np.asarray(in_view & (filled[places[:, 1], places[:, 0]] > 0))

    # What is shown

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Everything has another place."""
        super().resizeEvent(event)
        self._set_view(self._view.sized(self.width(), self.height()))

    def _set_view(self, view: PlaneView) -> None:
        closer = view.zoom != self._view.zoom
        if view != self._view:
            self._view = view
            self._redraw()
        if closer:
            self.zoomed.emit(view.zoom)

    def _redraw(self) -> None:
        self._dots = self._pictures = self._album = None
        self.update()

    def _show_loaded(self, path: Path) -> None:
        if self._at >= 0 or self._pictures:
            shown = [*(self._pictures or ()), *([self._at] if self._at >= 0 else [])]
            if any(self._photos[number] == path for number in shown):
                self._album = None
                self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the dots, the pictures, the point looked at, and the line."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        places, ratio = self.placed(), self.devicePixelRatioF()
        if self._dots is None:
            self._dots = point_painting.dots(places, self._inks, self._tokens, self._inside, self.size(), ratio)
        if self._album is None:
            self._album = self._filled_album(places, ratio)
        painter.drawPixmap(0, 0, self._dots)
        painter.drawPixmap(0, 0, self._album)
        if self._at >= 0:
            point_painting.ring(painter, QPointF(*places[self._at].tolist()))
        if self._at >= 0 and self._large:
            large = point_painting.beside(places[self._at], self.size())
            if (pixmap := self._thumbnail(self._at, large.width())) is not None:
                point_painting.picture(painter, large, pixmap, self._ink(self._at))
        point_painting.line(painter, self._line)
        if self.hasFocus():
            point_painting.focus(painter, self.rect())

    def _filled_album(self, places: NDArray[np.float64], ratio: float) -> QPixmap:
        """The small pictures, as far as they have been read."""
        album, shown = point_painting.layer(self.size(), ratio), self.pictures()
        painter = QPainter(album)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        for number, square in zip(shown, point_painting.squares(places[shown], self.size()), strict=True):
            point_painting.picture(painter, square, self._thumbnail(number, square.width()), self._ink(number))
        painter.end()
        return album

    def _ink(self, number: int) -> QColor:
        return self._tokens[int(self._inks[number])]

    def _thumbnail(self, number: int, side: float) -> QPixmap | None:
        return self._cache.pixmap(self._photos[number], round(side * self.devicePixelRatioF()), self)

    @property
    def whole(self) -> bool:
        """Whether the whole plane is shown."""
        return self._view.zoom == WHOLE
