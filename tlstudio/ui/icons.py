"""The icons of the window, drawn as vectors on a grid of 24 with a stroke of 1.8 and round ends.

A glyph is written as a few drawing commands:

``M x y`` move · ``L x y`` line · ``C x1 y1 x2 y2 x y`` curve · ``Z`` close · ``O x y r`` circle · ``R x y w h r``
rounded rectangle.
"""

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QAbstractButton

from tlstudio.ui import theme

GRID: Final = 24.0
STROKE: Final = 1.8
_PIXEL_RATIOS: Final = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Glyph:
    """The two layers of an icon, as drawing commands.

    Attributes:
        stroke: Lines.
        fill: Filled shapes.
    """

    stroke: str = ""
    fill: str = ""


GLYPHS: Final[dict[str, Glyph]] = {
    "arrow_down": Glyph("M 12 4.5 L 12 19 M 6.5 13.5 L 12 19.2 L 17.5 13.5"),
    "arrow_up": Glyph("M 12 19.5 L 12 5 M 6.5 10.5 L 12 4.8 L 17.5 10.5"),
    "bolt": Glyph("M 13 3 L 5 13.5 L 11 13.5 L 10.5 21 L 19 10 L 12.5 10 Z"),
    "broken_image": Glyph(
        "M 13 4 L 6 4 C 4.3 4 3 5.3 3 7 L 3 17 C 3 18.7 4.3 20 6 20 L 9.5 20 L 12 16 L 9.5 13 L 13 9 L 11.5 6.5 Z"
        " M 16.5 4 L 18 4 C 19.7 4 21 5.3 21 7 L 21 17 C 21 18.7 19.7 20 18 20 L 13.5 20 L 15.8 16.2 L 13.5 13"
        " L 17 9 L 15.3 6.3 Z"
    ),
    "check": Glyph("M 5 12.5 L 10 17.5 L 19.5 7"),
    "chevron_down": Glyph("M 6 9.5 L 12 15.5 L 18 9.5"),
    "chevron_right": Glyph("M 9.5 6 L 15.5 12 L 9.5 18"),
    "clock": Glyph("O 12 12 8.8 M 12 7 L 12 12.4 L 15.4 14.4"),
    "close": Glyph("M 6 6 L 18 18 M 18 6 L 6 18"),
    "copy": Glyph(
        "R 8.5 8.5 11.5 11.5 2 M 15.5 8.3 L 15.5 6 C 15.5 4.9 14.6 4 13.5 4 L 6 4 C 4.9 4 4 4.9 4 6 L 4 13.5"
        " C 4 14.6 4.9 15.5 6 15.5 L 8.3 15.5"
    ),
    "cross": Glyph("M 7 7 L 17 17 M 17 7 L 7 17"),
    "dots": Glyph(fill="O 5.5 12 1.4 O 12 12 1.4 O 18.5 12 1.4"),
    "download": Glyph("M 12 4 L 12 15 M 7.5 10.7 L 12 15.2 L 16.5 10.7 M 4.5 20 L 19.5 20"),
    "exclamation": Glyph("M 12 5 L 12 13.5", fill="O 12 18.3 1.4"),
    "folder": Glyph(
        "M 3.2 7.2 C 3.2 6 4.1 5 5.4 5 L 9 5 L 11.4 7.8 L 18.6 7.8 C 19.9 7.8 20.8 8.8 20.8 10 L 20.8 17"
        " C 20.8 18.2 19.9 19.2 18.6 19.2 L 5.4 19.2 C 4.1 19.2 3.2 18.2 3.2 17 Z"
    ),
    "help": Glyph(
        "O 12 12 9 M 9.3 9.7 C 9.3 8.2 10.5 7.2 12 7.2 C 13.6 7.2 14.8 8.2 14.8 9.6 C 14.8 11.7 12 11.7 12 13.6",
        fill="O 12 16.8 1.1",
    ),
    "image": Glyph("R 3.2 4.2 17.6 15.6 2.6 O 8.6 9.4 1.5 M 3.6 17.4 L 8.6 13.4 L 11.6 15.6 L 15.6 11.8 L 20.6 16.2"),
    "info": Glyph("O 12 12 9 M 12 11.2 L 12 16.4", fill="O 12 7.8 1.15"),
    "list": Glyph(
        "M 9 6.5 L 20 6.5 M 9 12 L 20 12 M 9 17.5 L 20 17.5", fill="O 4.8 6.5 1.2 O 4.8 12 1.2 O 4.8 17.5 1.2"
    ),
    "lock": Glyph("R 5 10.8 14 9.4 2 M 8.2 10.6 L 8.2 7.8 C 8.2 2.8 15.8 2.8 15.8 7.8 L 15.8 10.6"),
    "minus": Glyph("M 5 12 L 19 12"),
    "monitor": Glyph("R 3.2 4.6 17.6 11.8 2 M 8.6 20 L 15.4 20"),
    "moon": Glyph(
        "M 20 14.6 C 18.8 15.2 17.5 15.5 16.1 15.5 C 11.9 15.5 8.5 12.1 8.5 7.9 C 8.5 6.5 8.9 5.1 9.5 4"
        " C 6.2 5.1 3.8 8.2 3.8 11.9 C 3.8 16.5 7.5 20.2 12.1 20.2 C 15.8 20.2 18.9 17.9 20 14.6 Z"
    ),
    "pause": Glyph("M 8.5 5.5 L 8.5 18.5 M 15.5 5.5 L 15.5 18.5"),
    "play": Glyph("M 7.5 5 L 18.5 12 L 7.5 19 Z"),
    "plus": Glyph("M 12 5 L 12 19 M 5 12 L 19 12"),
    "question": Glyph(
        "M 8.4 8.8 C 8.4 6.6 10 5.2 12 5.2 C 14.2 5.2 15.7 6.6 15.7 8.5 C 15.7 11.4 12 11.4 12 14.2",
        fill="O 12 18.6 1.3",
    ),
    "redo": Glyph(
        "M 15.5 5 L 20 9.5 L 15.5 14 M 20 9.5 L 9.5 9.5 C 6.5 9.5 4 11.6 4 14.6 C 4 17.6 6.5 19.5 9.5 19.5 L 13 19.5"
    ),
    "search": Glyph("O 10.5 10.5 6.2 M 15.2 15.2 L 20 20"),
    "sliders": Glyph("M 3.5 8 L 12.5 8 M 17.5 8 L 20.5 8 O 15 8 2.5 M 3.5 16 L 6 16 M 11 16 L 20.5 16 O 8.5 16 2.5"),
    "stop": Glyph("R 6.5 6.5 11 11 2"),
    "sun": Glyph(
        "O 12 12 4 M 12 2.8 L 12 4.8 M 12 19.2 L 12 21.2 M 2.8 12 L 4.8 12 M 19.2 12 L 21.2 12"
        " M 5.5 5.5 L 6.9 6.9 M 17.1 17.1 L 18.5 18.5 M 18.5 5.5 L 17.1 6.9 M 6.9 17.1 L 5.5 18.5"
    ),
    "tag": Glyph(
        "M 3.8 6 C 3.8 4.8 4.8 3.8 6 3.8 L 11.2 3.8 L 19.6 12.2 C 20.4 13 20.4 14.2 19.6 15 L 15 19.6"
        " C 14.2 20.4 13 20.4 12.2 19.6 L 3.8 11.2 Z",
        fill="O 8.2 8.2 1.4",
    ),
    "trash": Glyph(
        "M 4.5 7 L 19.5 7 M 9.5 7 L 9.5 4.6 L 14.5 4.6 L 14.5 7 M 6.5 7 L 7.3 20 L 16.7 20 L 17.5 7"
        " M 10.3 10.8 L 10.5 16.4 M 13.7 10.8 L 13.5 16.4"
    ),
    "undo": Glyph(
        "M 8.5 5 L 4 9.5 L 8.5 14 M 4 9.5 L 14.5 9.5 C 17.5 9.5 20 11.6 20 14.6 C 20 17.6 17.5 19.5 14.5 19.5 L 11 19.5"
    ),
    "warning": Glyph("M 12 4 L 21.2 19.6 L 2.8 19.6 Z M 12 10 L 12 14", fill="O 12 16.8 1.05"),
}


def paint(painter: QPainter, name: str, rect: QRect | QRectF, color: QColor, stroke: float = STROKE) -> None:
    """Draw an icon, centred and as large as fits into ``rect``.

    Args:
        painter: Any active painter; its state is kept.
        name: Key of ``GLYPHS``.
        rect: Place in the painter's coordinates.
        color: Ink.
        stroke: Width of the lines on the grid of 24; wider where the icon is a small mark.

    Raises:
        KeyError: For an unknown name.
    """
    lines, shapes = _paths(name)
    box = QRectF(rect)
    side = min(box.width(), box.height())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(box.center() - QPointF(side, side) / 2)
    painter.scale(side / GRID, side / GRID)
    pen = QPen(color, stroke, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(lines, pen)
    painter.fillPath(shapes, color)
    painter.restore()


def paint_mark(painter: QPainter, rect: QRect | QRectF) -> None:
    """Draw the mark of the product: four tiles, the last of them ticked, in the colours of the theme."""
    box = QRectF(rect)
    unit = box.width() / 32.0
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(box.topLeft())
    painter.scale(unit, unit)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("accent"))
    painter.drawRoundedRect(QRectF(0, 0, 32, 32), 8, 8)
    ink = theme.color("on_accent")
    pale = QColor(ink)
    pale.setAlphaF(0.55)
    for x, y, tile_ink in ((7, 7, ink), (17, 7, pale), (7, 17, pale)):
        painter.setBrush(tile_ink)
        painter.drawRoundedRect(QRectF(x, y, 8, 8), 2, 2)
    tick = QPainterPath(QPointF(17.4, 21.4))
    tick.lineTo(20.4, 24.2)
    tick.lineTo(25.2, 18.4)
    painter.strokePath(tick, QPen(ink, 2.2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.restore()


def icon(name: str, color_token: str, size: int = theme.ICON_SIZE) -> QIcon:
    """An icon in the colour that a token has now; use ``bind`` to have it follow the theme.

    Args:
        name: Key of ``GLYPHS``.
        color_token: Name of a token of the theme.
        size: Side in logical pixels.
    """
    made = QIcon()
    for mode, ink in ((QIcon.Mode.Normal, color_token), (QIcon.Mode.Disabled, "text3")):
        for ratio in _PIXEL_RATIOS:
            made.addPixmap(pixmap(name, theme.color(ink), size, ratio), mode)
    return made


def pixmap(name: str, color: QColor, size: int, ratio: float) -> QPixmap:
    """An icon as a picture of ``size`` logical pixels for a screen of the given device pixel ratio."""
    made = QPixmap(QSize(size, size) * ratio)
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    paint(painter, name, QRectF(0, 0, size, size), color)
    painter.end()
    return made


def mark_icon() -> QIcon:
    """The mark of the product as the icon of the window."""
    made = QIcon()
    for side in (16, 24, 32, 48, 64, 128, 256):
        picture = QPixmap(side, side)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        paint_mark(painter, QRectF(0, 0, side, side))
        painter.end()
        made.addPixmap(picture)
    return made


def bind(target: QAction | QAbstractButton, name: str, color_token: str, size: int = theme.ICON_SIZE) -> None:
    """Give ``target`` an icon that is drawn anew whenever the theme changes."""
    for child in target.findChildren(_Binding):
        child.setParent(None)
    _Binding(target, name, color_token, size)


class _Binding(QObject):
    """Lives and dies with its target, and with it the connection to the notifier."""

    def __init__(self, target: QAction | QAbstractButton, name: str, token: str, size: int) -> None:
        super().__init__(target)
        self._target, self._name, self._token, self._size = target, name, token, size
        theme.notifier().changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        self._target.setIcon(icon(self._name, self._token, self._size))


@functools.cache
def _paths(name: str) -> tuple[QPainterPath, QPainterPath]:
    glyph = GLYPHS[name]
    return _parse(glyph.stroke), _parse(glyph.fill)


def _parse(commands: str) -> QPainterPath:
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    words = iter(commands.split())
    for command in words:
        _draw_command(path, command, words)
    return path


def _draw_command(path: QPainterPath, command: str, words: Iterator[str]) -> None:
    def numbers(count: int) -> list[float]:
        return [float(next(words)) for _ in range(count)]

    match command:
        case "M":
            path.moveTo(*numbers(2))
        case "L":
            path.lineTo(*numbers(2))
        case "C":
            path.cubicTo(*numbers(6))
        case "Z":
            path.closeSubpath()
        case "O":
            x, y, radius = numbers(3)
            path.addEllipse(QPointF(x, y), radius, radius)
        case "R":
            x, y, width, height, radius = numbers(5)
            path.addRoundedRect(QRectF(x, y, width, height), radius, radius)
        case _:
            raise ValueError(f"Unknown drawing command {command!r}.")
