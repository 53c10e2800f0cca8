"""One plot of the curves: lines with their names at the ends, phases, a cursor."""

import math
from typing import Any, cast

import pyqtgraph as pg
from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QGraphicsEllipseItem, QGraphicsSimpleTextItem, QStyleOptionGraphicsItem, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.curve_data import CurveData, nice_ticks, round_ticks, spread

_NAMES = ("Photos it learns from", "Photos it has not seen")
_TOKENS = ("learn", "accent")
_END, _NAME_GAP, _LABEL_HEIGHT, _STRIP = 9.0, 12.0, 18.0, 22.0
_AXIS_WIDTH, _AXIS_HEIGHT = 52, 26
_PERCENT_TOP = 114.0
_LOSS_MIN_TOP = 0.2


class _EndName(QGraphicsSimpleTextItem):
    """The name at the end of a line, on the ground of the plot so that no grid line crosses it."""

    ground = QColor()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.fillRect(self.boundingRect(), self.ground)
        super().paint(painter, option, cast("QWidget", widget))


def _over(top: QColor, under: QColor) -> QColor:
    """A translucent colour on an opaque one."""
    share = top.alpha() / 255
    pairs = ((top.red(), under.red()), (top.green(), under.green()), (top.blue(), under.blue()))
    return QColor(*(round(share * a + (1 - share) * b) for a, b in pairs))


def _phase_ground(place: int) -> QColor:
    ground = theme.color("accent_soft" if place % 2 else "sunken")
    ground.setAlpha(150 if place % 2 else 90)
    return ground


class CurvePlot(QObject):
    """Lines of one figure, for the photos learnt from and those not seen.

    Attributes:
        hovered: The mouse is over this round (a float; not a number: over none).
        widget: What is shown.
    """

    hovered = Signal(float)

    def __init__(self, series: tuple[str, str], unit: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._series = series
        self._percent = unit == "%"
        self.widget: Any = pg.PlotWidget(parent, background=None)
        self._item: Any = self.widget.getPlotItem()
        self._box: Any = self._item.getViewBox()
        self._lines = [self._item.plot(antialias=True) for _ in series]
        self._ends = [QGraphicsEllipseItem(-_END / 2, -_END / 2, _END, _END, self._box) for _ in series]
        self._names = [_EndName(name, self._box) for name in _NAMES]
        self._cursor: Any = pg.InfiniteLine(angle=90)
        self._phases: list[tuple[Any, QGraphicsSimpleTextItem]] = []
        self._phases_shown: object = None
        self._ticks_shown: dict[str, object] = {}
        self._grid: dict[float, Any] = {}
        self._data = CurveData()
        self._quieten()

    def _quieten(self) -> None:
        """Nothing of pyqtgraph's own controls: no menus, no buttons, no dragging, no zooming."""
        self.widget.setMinimumHeight(120)
        self.widget.setFrameShape(self.widget.Shape.NoFrame)
        self.widget.setStyleSheet("background: transparent;")
        self._item.setMenuEnabled(False)
        self._item.hideButtons()
        self._item.setContentsMargins(0, 0, 0, 0)
        self._box.setMouseEnabled(x=False, y=False)
        self._box.disableAutoRange()
        self._box.setDefaultPadding(0)
        self._item.getAxis("left").setWidth(_AXIS_WIDTH)
        self._item.getAxis("bottom").setHeight(_AXIS_HEIGHT)
        self._item.addItem(self._cursor, ignoreBounds=True)
        self._cursor.hide()
        for end, line in zip(self._ends, self._lines, strict=True):
            end.setZValue(20)
            line.setZValue(10)
        self.widget.scene().sigMouseMoved.connect(self._tell)
        self._box.sigResized.connect(lambda *_: self.draw(self._data))

    def restyle(self) -> None:
        """Take colours and fonts of the theme in force."""
        widths = ((1.5, Qt.PenStyle.CustomDashLine), (2.5, Qt.PenStyle.SolidLine))
        for index, (width, style) in enumerate(widths):
            ink = theme.color(_TOKENS[index])
            pen = pg.mkPen(ink, width=width)
            pen.setStyle(style)
            if style == Qt.PenStyle.CustomDashLine:
                pen.setDashPattern([5.0, 3.0])
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            self._lines[index].setPen(pen)
            self._ends[index].setBrush(ink)
            self._ends[index].setPen(pg.mkPen(theme.color("surface"), width=1.5))
            self._names[index].setBrush(ink)
            self._names[index].setFont(theme.font(13, 600))
        self._cursor.setPen(pg.mkPen(theme.color("line2"), width=1))
        for side in ("left", "bottom"):
            axis = self._item.getAxis(side)
            axis.setPen(pg.mkPen(theme.color("line") if side == "bottom" else None))
            axis.setTextPen(theme.color("text2"))
            axis.setTickPen(pg.mkPen(theme.color("line")))
            axis.setStyle(hideOverlappingLabels=False, tickLength=0, tickFont=theme.font(12), tickTextOffset=6)
        for line in self._grid.values():
            line.setPen(pg.mkPen(theme.color("line"), width=1))

    def draw(self, data: CurveData) -> None:
        """Show ``data`` as it is now."""
        self._data = data
        for line, name in zip(self._lines, self._series, strict=True):
            line.setData(*data.points(name))
        self._set_ranges()
        self._draw_phases()
        self._draw_ends()

    def set_cursor(self, number: int | None) -> None:
        """Draw the vertical line at a round, or at none."""
        self._cursor.setVisible(number is not None)
        if number is not None:
            self._cursor.setValue(number)

    def cursor_x(self) -> float:
        """Where the cursor is, in logical pixels of the widget."""
        scene = self._box.mapViewToScene(QPointF(self._cursor.value(), 0))
        return float(self.widget.mapFromScene(scene).x())

    def name_rects(self) -> list[QRectF]:
        """Where the names at the ends of the lines stand, in the plot's own pixels; hidden ones left out."""
        return [name.mapRectToParent(name.boundingRect()) for name in self._names if name.isVisible()]

    def plot_rect(self) -> QRectF:
        """The plot without its axes, in its own pixels."""
        return QRectF(self._box.rect())

    def _top(self) -> float:
        if self._percent:
            return _PERCENT_TOP
        highest = max((float(y.max()) for name in self._series if len(y := self._data.points(name)[1])), default=1.0)
        return max(highest, _LOSS_MIN_TOP) * 1.08

    def _set_ranges(self) -> None:
        reach, top = self._data.reach, self._top()
        room = max(float(self._box.width()), 1.0)
        names = max(painting.text_width(name, theme.font(13, 600)) for name in _NAMES) + _NAME_GAP + 8.0
        # Room for the names beyond the last planned round: the axis stands still while the lines grow towards it.
        right = reach * room / max(room - min(names, room * 0.45), 1.0)
        self._box.setRange(xRange=(0, right), yRange=(0, top), padding=0)
        if self._data.idle:
            for side in ("left", "bottom"):
                self._set_ticks(side, [])
            self._draw_grid([])
            return
        values = (
            [0.0, 25.0, 50.0, 75.0, 100.0]
            if self._percent
            else [value for value in nice_ticks(top) if value < top * 0.95]
        )
        digits = 0 if self._percent else 2 if values[-1] < 1 else 1
        unit = " %" if self._percent else ""
        self._set_ticks("left", [(value, f"{value:.{digits}f}{unit}") for value in values])
        self._draw_grid(values)
        rounds = round_ticks(reach, max(int(room / 90), 2))
        words = [f"round {number}" if place == 0 else str(number) for place, number in enumerate(rounds)]
        self._set_ticks("bottom", list(zip(rounds, words, strict=True)))

    def _set_ticks(self, side: str, ticks: list[tuple[float, str]]) -> None:
        """Name these values on an axis; the same ones again would only have it drawn anew."""
        if ticks != self._ticks_shown.get(side):
            self._ticks_shown[side] = ticks
            self._item.getAxis(side).setTicks([ticks])

    def _draw_grid(self, values: list[float]) -> None:
        """Horizontal lines only. The axis's own grid would hide the lowest number."""
        for value in self._grid.keys() - set(values):
            self._item.removeItem(self._grid.pop(value))
        for value in set(values) - self._grid.keys():
            line = pg.InfiniteLine(value, angle=0, pen=pg.mkPen(theme.color("line"), width=1))
            line.setZValue(-50)
            self._item.addItem(line, ignoreBounds=True)
            self._grid[value] = line

    def _draw_phases(self) -> None:
        spans = self._data.phases()
        shown = (spans, self._data.reach, self._box.viewRange()[0], self._box.width(), theme.current())
        if shown == self._phases_shown:
            return  # making the regions anew costs more than all the rest of a frame
        self._phases_shown = shown
        for region, name in self._phases:
            self._item.removeItem(region)
            self._box.scene().removeItem(name)
        self._phases.clear()
        for place, span in enumerate(spans):
            last = place == len(spans) - 1 and span.end >= self._data.reach
            end = self._box.viewRange()[0][1] if last else span.end
            region = pg.LinearRegionItem(
                (span.start, end), movable=False, brush=_phase_ground(place), pen=pg.mkPen(None)
            )
            region.setZValue(-100)
            for line in region.lines:
                line.hide()
            self._item.addItem(region, ignoreBounds=True)
            name = self._phase_name(span.title if self._percent else "", span.start, end, place % 2 == 1)
            self._phases.append((region, name))

    def _phase_name(self, title: str, start: float, end: float, tinted: bool) -> QGraphicsSimpleTextItem:
        font = theme.font(12, 500)
        left, right = self._pixel(start, 0).x() + 10.0, self._pixel(end, 0).x()
        item = QGraphicsSimpleTextItem(title if painting.text_width(title, font) <= right - left else "", self._box)
        item.setFont(font)
        item.setBrush(theme.color("accent" if tinted else "text2"))
        item.setPos(left, 4.0)
        return item

    def _draw_ends(self) -> None:
        shown = []
        for index, series in enumerate(self._series):
            x, y = self._data.points(series)
            for item in (self._ends[index], self._names[index]):
                item.setVisible(bool(len(x)))
            if len(x):
                end = self._pixel(float(x[-1]), float(y[-1]))
                self._ends[index].setPos(end)
                shown.append((self._names[index], end))
        bounds: QRectF = self.plot_rect()
        left = max((end.x() for _, end in shown), default=0.0) + _NAME_GAP
        top = _STRIP if any(name.x() + name.boundingRect().width() > left for _, name in self._phases) else 0.0
        middles = spread([end.y() for _, end in shown], _LABEL_HEIGHT, top, bounds.height())
        surface = theme.color("surface")
        ground = _over(_phase_ground(len(self._phases) - 1), surface) if self._phases else surface
        for (name, _), middle in zip(shown, middles, strict=True):
            at = max(min(left, bounds.width() - name.boundingRect().width() - 2.0), 0.0)
            name.ground = ground
            name.setPos(at, middle - name.boundingRect().height() / 2)

    def _pixel(self, x: float, y: float) -> QPointF:
        """A point of the data in the plot's own pixels."""
        return QPointF(self._box.mapFromView(QPointF(x, y)))

    def _tell(self, scene: QPointF) -> None:
        inside = self._box.sceneBoundingRect().contains(scene) and not self._data.empty
        self.hovered.emit(self._box.mapSceneToView(scene).x() if inside else math.nan)
