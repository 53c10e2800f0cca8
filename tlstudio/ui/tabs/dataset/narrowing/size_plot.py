"""The plot of sizes: width by height, one dot for each size, to look into and to choose from."""

import math
from typing import Any, Final, Literal

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tlstudio.datasets.photo_sizes import SizeChoice
from tlstudio.datasets.size_rule import SizeRule
from tlstudio.ui import theme
from tlstudio.ui.tabs.dataset.narrowing.size_dots import (
    NOTHING,
    CaptionsItem,
    Dots,
    DotsItem,
    OutlineItem,
    View,
    inside_polygon,
)

Tool = Literal["move", "rectangle", "lasso"]
Points = tuple[tuple[float, float], ...]

_HEIGHT: Final = 200
_LEAST_HEIGHT: Final = 112
_AXIS_WIDTH, _AXIS_HEIGHT = 48, 24
_ROOM_ABOVE: Final = 1.06
_SMALLEST_TOP: Final = 64
_CLICK: Final = 4
_NEAR: Final = 8.0
_ZOOM_STEP, _PAN_STEP = 0.8, 0.15


class SizePlot(QWidget):
    """Draws photos by width and height; the wheel zooms, dragging moves or draws around some.

    Keys: arrows move, + and - zoom, 0 shows all.

    Attributes:
        area_drawn: Carries the ``SizeRule`` of a rectangle that was drawn.
        codes_drawn: Carries the sizes (tuple of int) inside a line that was drawn.
        cleared: A click on no photo: nothing is to be chosen any more.
        hovered: Carries what the mouse is over, in words; empty for nothing.
        view_changed: Other sizes are in view now.
    """

    area_drawn = Signal(object)
    codes_drawn = Signal(object)
    cleared = Signal()
    hovered = Signal(str)
    view_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dots, self._top = NOTHING, float(_SMALLEST_TOP)
        self._names: tuple[str, ...] = ()
        self._tool: Tool = "move"
        self._drawn: list[QPointF] = []
        self._lasso: Points = ()
        self._plot: Any = pg.PlotWidget(self, background=None)
        self._item: Any = self._plot.getPlotItem()
        self._box: Any = self._item.getViewBox()
        self._quieten()
        self._outline = OutlineItem(self._box, self._room, self.view)
        self._captions = CaptionsItem(self._box, self._room, "Height in px", "Width in px")
        self._points = DotsItem(self._box, self._room, self.view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._plot)
        self.setMinimumHeight(_LEAST_HEIGHT)
        self.setFocusProxy(self._plot)
        theme.notifier().changed.connect(self._restyle)
        self._restyle()
        self.show_up_to(None)

    def _quieten(self) -> None:
        """Nothing of pyqtgraph's own menus and buttons."""
        self._plot.setFrameShape(self._plot.Shape.NoFrame)
        self._plot.setStyleSheet("background: transparent;")
        self._plot.setAccessibleName("Plot of sizes: width by height")
        self._plot.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._item.setMenuEnabled(False)
        self._item.hideButtons()
        self._box.setDefaultPadding(0)
        self._box.disableAutoRange()
        self._item.getAxis("left").setWidth(_AXIS_WIDTH)
        self._item.getAxis("bottom").setHeight(_AXIS_HEIGHT)
        self._box.sigRangeChanged.connect(self._redraw)
        self._box.sigResized.connect(self._redraw)
        self._plot.viewport().installEventFilter(self)
        self._plot.viewport().setMouseTracking(True)
        self._plot.installEventFilter(self)

    def sizeHint(self) -> QSize:
        """As low as it can be read: the photos under it matter more. It takes what room there is."""
        return QSize(400, _LEAST_HEIGHT)

    def spare(self) -> int:
        """How much higher than it has to be the plot is at its best."""
        return _HEIGHT - _LEAST_HEIGHT

    # What is shown

    def set_dots(self, dots: Dots, names: tuple[str, ...], *, selected: bool) -> None:
        """Draw photos.

        Args:
            dots: The photos; the class ``len(names)`` stands for none.
            names: Names of all classes.
            selected: Whether the photos are all of one class that was chosen.
        """
        whole, sizes = self.shows_up_to(None), dots.sizes
        self._dots, self._names = dots, names
        largest = max(int(sizes.widths.max()), int(sizes.heights.max())) if len(sizes) else 0
        self._top = max(float(largest), _SMALLEST_TOP) * _ROOM_ABOVE
        self._points.set_dots(self._dots, len(names), selected=selected)
        if whole:
            self.show_up_to(None)

    def set_choice(self, choice: SizeChoice) -> None:
        """Draw around what is chosen, and the others faintly."""
        self._points.set_chosen(self._dots.sizes.chosen(choice))
        if choice.codes is not None:
            self._outline.set_points(self._lasso)
        elif choice.area != SizeRule():
            self._outline.set_points(self._corners(choice.area))
        else:
            self._outline.set_points(())

    def set_tool(self, tool: Tool) -> None:
        """What dragging does."""
        self._tool = tool
        shape = Qt.CursorShape.OpenHandCursor if tool == "move" else Qt.CursorShape.CrossCursor
        self._plot.viewport().setCursor(shape)

    def show_up_to(self, limit: int | None) -> None:
        """Show sizes from 0 to ``limit`` pixels; None shows all."""
        top = float(limit) if limit is not None else self._top
        self._box.setRange(xRange=(0, top), yRange=(0, top), padding=0)

    def shows_up_to(self, limit: int | None) -> bool:
        """Whether that is what is shown now."""
        top = float(limit) if limit is not None else self._top
        return all(
            math.isclose(now, wanted, abs_tol=1e-6) for now, wanted in zip(self.view(), (0, top, 0, top), strict=True)
        )

    def view(self) -> View:
        """What is in view."""
        (left, right), (bottom, top) = self._box.viewRange()
        return float(left), float(right), float(bottom), float(top)

    def _corners(self, area: SizeRule) -> Points:
        _, right, _, top = self.view()
        wide = max(self._top, right) if area.max_width is None else float(area.max_width)
        high = max(self._top, top) if area.max_height is None else float(area.max_height)
        return (area.min_width, area.min_height), (wide, area.min_height), (wide, high), (area.min_width, high)

    def _room(self) -> QRectF:
        return QRectF(self._box.rect())

    def _redraw(self, *_: object) -> None:
        self._points.update()
        self._outline.update()
        self.view_changed.emit()

    def _restyle(self) -> None:
        for side in ("left", "bottom"):
            axis = self._item.getAxis(side)
            axis.enableAutoSIPrefix(False)
            axis.setPen(pg.mkPen(theme.color("line")))
            axis.setTextPen(theme.color("text2"))
            axis.setTickPen(pg.mkPen(theme.color("line")))
            axis.setStyle(tickLength=0, tickFont=theme.font(12), tickTextOffset=6)
        self._redraw()

    # Mouse and keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Keys, the read-out, and the drawing tools; the rest goes on to pyqtgraph."""
        if isinstance(event, QKeyEvent):
            return event.type() == QEvent.Type.KeyPress and watched is self._plot and self._press_key(event)
        if watched is self._plot.viewport() and isinstance(event, QMouseEvent):
            return self._take_mouse(event)
        if event.type() == QEvent.Type.Leave:
            self.hovered.emit("")
        return super().eventFilter(watched, event)

    def _take_mouse(self, event: QMouseEvent) -> bool:
        place = QPointF(self._box.mapFromScene(self._plot.mapToScene(event.position().toPoint())))
        left = Qt.MouseButton.LeftButton
        match event.type():
            case QEvent.Type.MouseButtonPress if event.button() == left and self._tool != "move":
                self._plot.setFocus(Qt.FocusReason.MouseFocusReason)
                self._drawn = [place]
                return True
            case QEvent.Type.MouseMove if self._drawn:
                self._draw_to(place)
                return True
            case QEvent.Type.MouseButtonRelease if self._drawn and event.button() == left:
                self._end_drawing(place)
                return True
            case QEvent.Type.MouseMove if not event.buttons():
                self._tell_hovered(place)
        return False

    def _draw_to(self, place: QPointF) -> None:
        if self._tool == "rectangle":
            self._drawn = [self._drawn[0], place]
        elif (place - self._drawn[-1]).manhattanLength() >= _CLICK:
            self._drawn.append(place)
        self._outline.set_points(self._drawn_points())

    def _drawn_points(self) -> Points:
        points = tuple(self._to_sizes(place) for place in self._drawn)
        if self._tool == "lasso" or len(points) < 2:
            return points
        (x, y), (right, top) = points
        return (x, y), (right, y), (right, top), (x, top)

    def _end_drawing(self, place: QPointF) -> None:
        begun, points = self._drawn[0], self._drawn_points()
        click = len(self._drawn) < 2 or (self._tool == "rectangle" and (place - begun).manhattanLength() < _CLICK)
        self._drawn = []
        if click:
            self._outline.set_points(())
            self.cleared.emit()
        elif self._tool == "rectangle":
            (x, y), _, (right, top), _ = points
            self.area_drawn.emit(_bounds(min(x, right), max(x, right), min(y, top), max(y, top)))
        else:
            self._lasso = points
            inside = inside_polygon(self._dots, points, self.view(), self._room())
            self.codes_drawn.emit(tuple(np.unique(self._dots.sizes.codes[inside]).tolist()))

    def _to_sizes(self, place: QPointF) -> tuple[float, float]:
        found = self._box.mapToView(place)
        return float(found.x()), float(found.y())

    def _tell_hovered(self, place: QPointF) -> None:
        if not len(self._dots.counts) or not self._room().contains(place):
            self.hovered.emit("")
            return
        x, y = self._dots.placed(self.view(), self._room())
        distances = np.hypot(x - place.x(), y - place.y())
        nearest = int(distances.argmin())
        self.hovered.emit(self._in_words(nearest) if distances[nearest] <= _NEAR else "")

    def _in_words(self, place: int) -> str:
        """Size, and how many photos of which class have it: "500 × 333 px: 12 daisy, 3 roses"."""
        dots = self._dots
        width, height = int(dots.sizes.widths[place]), int(dots.sizes.heights[place])
        same = np.flatnonzero((dots.sizes.widths == width) & (dots.sizes.heights == height))
        names = (*self._names, "without a class in use")
        counts = ", ".join(f"{int(dots.counts[one]):,} {names[int(dots.classes[one])]}" for one in same.tolist())
        return f"{width:,} × {height:,} px: {counts}"

    def _press_key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        moves = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1)}
        left, right, bottom, top = self.view()
        if key in moves:
            across, up = moves[key]
            self._box.translateBy(x=across * _PAN_STEP * (right - left), y=up * _PAN_STEP * (top - bottom))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._box.scaleBy((_ZOOM_STEP, _ZOOM_STEP))
        elif key == Qt.Key.Key_Minus:
            self._box.scaleBy((1 / _ZOOM_STEP, 1 / _ZOOM_STEP))
        elif key == Qt.Key.Key_0:
            self.show_up_to(None)
        else:
            return False
        return True


def _bounds(left: float, right: float, bottom: float, top: float) -> SizeRule:
    """The whole pixels between four edges."""
    return SizeRule(
        min_width=max(math.ceil(left), 0),
        min_height=max(math.ceil(bottom), 0),
        max_width=max(math.floor(right), 0),
        max_height=max(math.floor(top), 0),
    )
