"""What is drawn in the plot of sizes: a dot for each size that photos have, and the line around those chosen."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from tlstudio.datasets.photo_sizes import PhotoSizes
from tlstudio.ui import theme

View = tuple[float, float, float, float]
"""Width at the left and right edge of the plot, height at the bottom and top edge, in pixels of photos."""

_FEW: Final = 2_000
_SMALLEST, _LARGEST = 6.0, 16.0
_OPACITY: Final = 0.7
_CAPTION_INSET: Final = 6
_PLAIN_SIDE: Final = 3
_FAINT: Final = 0.2
_LINE: Final = 1.5
_FILL_OPACITY: Final = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Dots:
    """Photos of one size and class are one dot.

    Attributes:
        sizes: (n,) Their size.
        classes: (n,) Position of their class.
        counts: (n,) How many they are.
    """

    sizes: PhotoSizes
    classes: NDArray[np.int64]
    counts: NDArray[np.int64]

    @classmethod
    def of(cls, sizes: PhotoSizes, classes: NDArray[np.int64]) -> "Dots":
        """The dots of photos, the largest first, so that none hides another one altogether.

        Args:
            sizes: Of the photos.
            classes: (photos,) Position of their class.
        """
        order = np.lexsort((classes, sizes.codes))
        codes, ordered = sizes.codes[order], classes[order]
        begins = np.ones(len(order), np.bool_)
        begins[1:] = (codes[1:] != codes[:-1]) | (ordered[1:] != ordered[:-1])
        first = np.flatnonzero(begins)
        counts = np.diff(first, append=len(order))
        largest_first = np.argsort(-counts, kind="stable")
        chosen = order[first[largest_first]]
        return cls(sizes.at(chosen), classes[chosen], counts[largest_first])

    def placed(self, view: View, room: QRectF) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """(n,) x and (n,) y of the dots in a plot of this size, in its own logical pixels."""
        left, right, bottom, top = view
        x = (self.sizes.widths.astype(np.float64) - left) / (right - left) * room.width()
        y = (top - self.sizes.heights.astype(np.float64)) / (top - bottom) * room.height()
        return x, y

    def diameters(self) -> NDArray[np.float64]:
        """(n,) In logical pixels: with the logarithm of the count, since one size often has most photos."""
        return np.minimum(_SMALLEST + 2 * np.log2(np.maximum(self.counts, 1)), _LARGEST)


NOTHING: Final = Dots(PhotoSizes(np.zeros(0, np.int64), np.zeros(0, np.int64)), np.zeros(0, np.int64), np.zeros(0, int))


class DotsItem(QGraphicsItem):
    """The dots. Few are drawn one by one; of many, a picture of the plot is made, which takes the same time for all."""

    def __init__(self, parent: QGraphicsItem, room: Callable[[], QRectF], view: Callable[[], View]) -> None:
        """Make the item.

        Args:
            parent: The plot, in whose logical pixels everything is placed.
            room: Its size.
            view: What it shows.
        """
        super().__init__(parent)
        self._room, self._view = room, view
        self._dots, self._n_classes, self._selected = NOTHING, 0, False
        self._chosen = np.zeros(0, np.bool_)

    def set_dots(self, dots: Dots, n_classes: int, *, selected: bool) -> None:
        """Draw these.

        Args:
            dots: All of them chosen at first.
            n_classes: How many classes there are in all: with more than six, dots are neutral.
            selected: Whether they are all of one class, which has its colour then.
        """
        self._dots, self._n_classes, self._selected = dots, n_classes, selected
        self.set_chosen(np.ones(len(dots.counts), np.bool_))

    def set_chosen(self, chosen: NDArray[np.bool_]) -> None:
        """Draw the others faintly; (n,)."""
        self._chosen = chosen
        self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's name
        """All of the plot."""
        return QRectF(self._room())

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw those in view."""
        room = self._room()
        if room.isEmpty() or not len(self._dots.counts):
            return
        x, y = self._dots.placed(self._view(), room)
        seen = np.flatnonzero((x >= -_LARGEST) & (x <= room.width() + _LARGEST) & (y >= -_LARGEST))
        seen = seen[y[seen] <= room.height() + _LARGEST]
        painter.setClipRect(room)
        if len(seen) <= _FEW:
            self._paint_few(painter, seen, x, y)
        else:
            ratio = widget.devicePixelRatioF() if widget is not None else 1.0
            painter.drawImage(
                room, self._image(seen, x * ratio, y * ratio, room.width() * ratio, room.height() * ratio)
            )

    def _paint_few(
        self, painter: QPainter, seen: NDArray[np.intp], x: NDArray[np.float64], y: NDArray[np.float64]
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        diameters = self._dots.diameters()
        inks = self._inks()
        for place in seen.tolist():
            ink = QColor(inks[int(self._dots.classes[place])])
            ink.setAlphaF(_OPACITY if self._chosen[place] else _FAINT)
            painter.setBrush(ink)
            radius = float(diameters[place]) / 2
            painter.drawEllipse(QPointF(float(x[place]), float(y[place])), radius, radius)

    def _image(
        self, seen: NDArray[np.intp], x: NDArray[np.float64], y: NDArray[np.float64], width: float, height: float
    ) -> QImage:
        """A picture of the plot with a small square for each dot, in device pixels."""
        margin = int(_LARGEST * 2) + _PLAIN_SIDE
        columns, rows = int(width) + 2 * margin, int(height) + 2 * margin
        inks = self._inks()
        solid = np.array([ink.rgba() for ink in inks], np.uint32)
        faint = np.array([_faint(ink).rgba() for ink in inks], np.uint32)
        order = np.concatenate((seen[~self._chosen[seen]], seen[self._chosen[seen]]))
        classes = self._dots.classes[order]
        colors = np.where(self._chosen[order], solid[classes], faint[classes])
        corner = (y[order].astype(np.int64) + margin) * columns + x[order].astype(np.int64) + margin
        pixels = np.zeros(columns * rows, np.uint32)
        for down in range(_PLAIN_SIDE):
            for across in range(_PLAIN_SIDE):
                pixels[np.clip(corner + down * columns + across, 0, len(pixels) - 1)] = colors
        whole = QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_ARGB32)
        return whole.copy(margin + _PLAIN_SIDE // 2, margin + _PLAIN_SIDE // 2, int(width), int(height))

    def _inks(self) -> list[QColor]:
        """Colour of each class, and last of what has none."""
        count = self._n_classes
        colors = [theme.class_color(index, count, selected=self._selected) for index in range(count)]
        return [*colors, theme.color("line2")]


class OutlineItem(QGraphicsItem):
    """The line around what is chosen, which is given in pixels of photos."""

    def __init__(self, parent: QGraphicsItem, room: Callable[[], QRectF], view: Callable[[], View]) -> None:
        super().__init__(parent)
        self._room, self._view = room, view
        self._points: tuple[tuple[float, float], ...] = ()
        self.setZValue(10)

    def set_points(self, points: tuple[tuple[float, float], ...]) -> None:
        """Draw a line around these corners (width, height); none for no line."""
        self._points = points
        self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's name
        """All of the plot."""
        return QRectF(self._room())

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """Draw line and ground."""
        if len(self._points) < 2:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(self._room())
        ground = theme.color("accent")
        ground.setAlphaF(_FILL_OPACITY)
        painter.setPen(QPen(theme.color("accent"), _LINE))
        painter.setBrush(ground)
        painter.drawPolygon(placed_polygon(self._points, self._view(), self._room()))


class CaptionsItem(QGraphicsItem):
    """What the axes stand for, inside the plot where there is room anyhow."""

    def __init__(self, parent: QGraphicsItem, room: Callable[[], QRectF], vertical: str, horizontal: str) -> None:
        super().__init__(parent)
        self._room, self._words = room, (vertical, horizontal)
        self.setZValue(20)

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's name
        """All of the plot."""
        return QRectF(self._room())

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """Write the one at the upper end of its axis, the other at the right end."""
        room = self._room().adjusted(_CAPTION_INSET, 0, -_CAPTION_INSET, 0)
        ground = theme.color("surface")
        ground.setAlphaF(_OPACITY)
        painter.setFont(theme.font(12))
        painter.setPen(theme.color("text2"))
        corners = (
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop,
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom,
        )
        for words, corner in zip(self._words, corners, strict=True):
            painter.fillRect(painter.boundingRect(room, int(corner), words), ground)
            painter.drawText(room, corner, words)


def placed_polygon(points: tuple[tuple[float, float], ...], view: View, room: QRectF) -> QPolygonF:
    """Corners (width, height) as a polygon in the logical pixels of a plot."""
    left, right, bottom, top = view
    return QPolygonF(
        [
            QPointF(
                (x - left) / (right - left) * room.width(),
                (top - y) / (top - bottom) * room.height(),
            )
            for x, y in points
        ]
    )


def inside_polygon(dots: Dots, points: tuple[tuple[float, float], ...], view: View, room: QRectF) -> NDArray[np.bool_]:
    """(n,) Which dots of a plot lie inside a line, as it is seen: the line is filled, and each looked up there."""
    columns, rows = max(int(room.width()), 1), max(int(room.height()), 1)
    mask = QImage(columns, rows, QImage.Format.Format_Grayscale8)
    mask.fill(0)
    painter = QPainter(mask)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor("white"))
    painter.drawPolygon(placed_polygon(points, view, room))
    painter.end()
    filled = np.frombuffer(mask.constBits(), np.uint8).reshape(rows, mask.bytesPerLine())
    x, y = dots.placed(view, room)
    seen = (x >= 0) & (x < columns) & (y >= 0) & (y < rows)
    inside = np.zeros(len(x), np.bool_)
    inside[seen] = filled[y[seen].astype(np.int64), x[seen].astype(np.int64)] > 0
    return inside


def _faint(ink: QColor) -> QColor:
    faded = QColor(ink)
    faded.setAlphaF(_FAINT)
    return faded
