"""How photos in a plane are painted: as dots, as small pictures, and the one looked at beside its dot."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF

from tlstudio.ui import theme
from tlstudio.ui.widgets import painting, photo_painting

PICTURE: Final = 44.0

_LARGE: Final = 128.0
_AWAY: Final = 14.0
_RADIUS: Final = 4.0
_FRAME: Final = 2.5
_FAINT: Final = 0.18
_SOLID: Final = 0.8


def layer(size: QSize, ratio: float) -> QPixmap:
    """An empty picture of the size of a widget, for what is worth keeping between two paintings.

    Args:
        size: Of the widget.
        ratio: Device pixels per pixel.
    """
    made = QPixmap(size * ratio)
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    return made


def dots(
    places: NDArray[np.float64], inks: NDArray[np.int64], colors: Sequence[QColor], inside: NDArray[np.bool_],
    size: QSize, ratio: float,
) -> QPixmap:  # fmt: skip
    """All dots that are in view. There may be thousands: each is a copy of a picture, which is three times as quick.

    Args:
        places: (n, 2) Pixels of the widget.
        inks: (n,) Numbers of their colours.
        colors: The colours.
        inside: (n,) Which of them are chosen; the others are faint, and lie below.
        size: Of the widget.
        ratio: Device pixels per pixel.
    """
    made = layer(size, ratio)
    painter = QPainter(made)
    stamps: dict[tuple[int, bool], QPixmap] = {}
    ends = (size.width() + _RADIUS, size.height() + _RADIUS)
    seen = np.all((places > -_RADIUS) & (places < ends), axis=1)
    often = np.bincount(inks, minlength=1)[inks]
    order = np.lexsort((-often, inside))  # what there is less of lies above
    order = order[seen[order]]
    corners = (places[order] - _RADIUS - 1).tolist()
    for corner, kind in zip(corners, zip(inks[order].tolist(), inside[order].tolist(), strict=True), strict=True):
        stamp = stamps.get(kind)
        if stamp is None:
            stamp = stamps[kind] = _stamp(colors[kind[0]], _SOLID if kind[1] else _FAINT, ratio)
        painter.drawPixmap(QPointF(*corner), stamp)
    painter.end()
    return made


def _stamp(color: QColor, opacity: float, ratio: float) -> QPixmap:
    side = round(2 * _RADIUS) + 2
    made = layer(QSize(side, side), ratio)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    ink = QColor(color)
    ink.setAlphaF(opacity)
    painter.setBrush(ink)
    painter.drawEllipse(QPointF(side / 2, side / 2), _RADIUS, _RADIUS)
    painter.end()
    return made


def squares(places: NDArray[np.float64], size: QSize) -> list[QRectF]:
    """Where small pictures lie: around their points, but whole."""
    corners = np.clip(places, PICTURE / 2, (size.width() - PICTURE / 2, size.height() - PICTURE / 2)) - PICTURE / 2
    return [QRectF(x, y, PICTURE, PICTURE) for x, y in corners.tolist()]


def beside(place: NDArray[np.float64], size: QSize) -> QRectF:
    """Where the photo looked at lies: beside its dot, on the side where there is more room."""
    x, y = place.tolist()
    left = x + _AWAY if x < size.width() / 2 else x - _AWAY - _LARGE
    top = min(max(y - _LARGE / 2, 1.0), max(size.height() - _LARGE - 1.0, 1.0))
    return QRectF(left, top, _LARGE, _LARGE)


def picture(painter: QPainter, rect: QRectF, pixmap: QPixmap | None, ink: QColor) -> None:
    """A photo in a frame of the colour of its dot; only the frame while it is being read."""
    if pixmap is None:
        painting.box(painter, rect, theme.RADIUS_CELL, theme.color("sunken"))
    else:
        photo_painting.photo(painter, rect, pixmap, theme.RADIUS_CELL)
    painter.setPen(QPen(ink, _FRAME))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect, theme.RADIUS_CELL, theme.RADIUS_CELL)


def ring(painter: QPainter, place: QPointF) -> None:
    """Around the dot looked at."""
    painter.setPen(QPen(theme.color("text"), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(place, 2 * _RADIUS, 2 * _RADIUS)


def line(painter: QPainter, points: Sequence[QPointF]) -> None:
    """The line that is being drawn, and what it holds."""
    if len(points) < 2:
        return
    ground = theme.color("accent")
    painter.setPen(QPen(ground, 1.5))
    ground.setAlphaF(0.1)
    painter.setBrush(ground)
    painter.drawPolygon(QPolygonF(points))


def focus(painter: QPainter, rect: QRect) -> None:
    """The ring of the keyboard's focus."""
    painter.setPen(QPen(theme.color("accent"), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), theme.RADIUS_BUTTON, theme.RADIUS_BUTTON)
