"""One plot of the curves: lines with their names at the ends, phases, a scale, a cursor."""

import math
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QObject, QPointF, QRectF, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.curve_data import CurveData, PhaseSpan
from tlstudio.ui.widgets.curve_line import CurveLine, LineKind
from tlstudio.ui.widgets.curve_scales import Scale, ScaleKind, round_ticks, scale_for, spread
from tlstudio.ui.widgets.curve_shaping import Points, clipped, smoothed, thinned
from tlstudio.ui.widgets.phase_bands import STRIP, PhaseBands

_NAMES = ("Photos it learns from", "Photos it has not seen")
_NAME_GAP, _LABEL_HEIGHT = 12.0, 18.0
_AXIS_WIDTH, _AXIS_HEIGHT = 52, 26
_LEAST_HEIGHT, _TICK_HEIGHT = 40, 26.0
_SMALLEST = 1e-7


def both(series: str) -> tuple[LineKind, LineKind]:
    """The lines of a figure of the photos learnt from and of those not seen."""
    return (
        LineKind(series, _NAMES[0], "learn", 1.5, dashed=True),
        LineKind(f"val_{series}", _NAMES[1], "accent"),
    )


@dataclass(frozen=True, slots=True)
class CurveView:
    """How curves are looked at.

    Attributes:
        smoothing: Weight of what came before, 0 (none) to below 1.
        log: Whether equal factors of the error are equally far apart.
        within: Whether the training curves go through the batches of all rounds.
        rate: Whether the learning rate is shown.
        span: First and last round that are shown; None for all.
    """

    smoothing: float = 0.0
    log: bool = False
    within: bool = False
    rate: bool = False
    span: tuple[float, float] | None = None


@dataclass(slots=True)
class _Drawn:
    """A line made ready: what is drawn, and what it was before it was smoothed."""

    points: Points
    raw: Points | None


class CurvePlot(QObject):
    """Lines of one figure by round.

    Attributes:
        hovered: The mouse is over this round (a float; not a number: over none).
        widget: What is shown.
    """

    hovered = Signal(float)

    def __init__(self, kind: ScaleKind, lines: tuple[LineKind, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self._kind: Final = kind
        self.widget: Any = pg.PlotWidget(parent, background=None)
        self._item: Any = self.widget.getPlotItem()
        self._box: Any = self._item.getViewBox()
        self._lines = [CurveLine(line, self._box) for line in lines]
        self._bands = PhaseBands(self._item, named=kind == "percent")
        self._cursor: Any = pg.InfiniteLine(angle=90)
        self._ticks_shown: dict[str, object] = {}
        self._grid: dict[float, Any] = {}
        self._data = CurveData()
        self._view = CurveView()
        self._quieten()

    def _quieten(self) -> None:
        """Nothing of pyqtgraph's own controls: no menus, no buttons, no dragging, no zooming."""
        self.widget.setMinimumHeight(_LEAST_HEIGHT)
        self.widget.setAntialiasing(True)
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
        self.widget.scene().sigMouseMoved.connect(self._tell)
        self._box.sigResized.connect(lambda *_: self.draw(self._data, self._view))

    def restyle(self) -> None:
        """Take colours and fonts of the theme in force."""
        for line in self._lines:
            line.restyle()
        self._cursor.setPen(pg.mkPen(theme.color("line2"), width=1))
        for side in ("left", "bottom"):
            axis = self._item.getAxis(side)
            axis.setPen(pg.mkPen(theme.color("line") if side == "bottom" else None))
            axis.setTextPen(theme.color("text2"))
            axis.setTickPen(pg.mkPen(theme.color("line")))
            axis.setStyle(hideOverlappingLabels=False, tickLength=0, tickFont=theme.font(12), tickTextOffset=6)
        for line in self._grid.values():
            line.setPen(pg.mkPen(theme.color("line"), width=1))

    def name_rounds(self, named: bool) -> None:
        """Name the rounds under the plot, or leave that to the plot below."""
        self._item.getAxis("bottom").setHeight(_AXIS_HEIGHT if named else 4)
        self._item.getAxis("bottom").setStyle(showValues=named)

    def draw(self, data: CurveData, view: CurveView) -> None:
        """Show ``data`` as it is now."""
        self._data, self._view = data, view
        left, right, edge = self._rounds()
        columns = max(int(self._box.width() * (right - left) / (edge - left)), 1)
        ready = [self._made_ready(line.kind.series, left, right) for line in self._lines]
        scale = self._scale(ready)
        self._box.setRange(xRange=(left, edge), yRange=(scale.bottom, scale.top), padding=0)
        self._draw_scale(scale, left, right)
        for line, drawn in zip(self._lines, ready, strict=True):
            raw = None if drawn.raw is None else thinned(_on(scale, drawn.raw), columns)
            # A smoothed line has no peaks to keep; two points for every third column draw it as well.
            points = thinned(_on(scale, drawn.points), columns if raw is None else max(columns // 3, 1))
            line.draw(points, raw, columns / (right - left), dense=raw is None and len(points[0]) > columns)
        self._draw_bands(left, right, edge)
        self._draw_ends()

    def set_pen_scale(self, scale: float) -> None:
        """Draw thicker lines from now on, for a picture that is made finer."""
        for line in self._lines:
            line.pen_scale = scale
        self.draw(self._data, self._view)

    def set_cursor(self, number: int | None) -> None:
        """Draw the vertical line at a round, or at none."""
        self._cursor.setVisible(number is not None)
        if number is not None:
            self._cursor.setValue(number)

    def cursor_x(self) -> float:
        """Where the cursor is, in logical pixels of the widget."""
        scene = self._box.mapViewToScene(QPointF(self._cursor.value(), 0))
        return float(self.widget.mapFromScene(scene).x())

    def round_at(self, x: float) -> float:
        """The round at a place of the widget, in logical pixels from its left edge."""
        return float(self._box.mapSceneToView(self.widget.mapToScene(round(x), 0)).x())

    def name_rects(self) -> list[QRectF]:
        """Where the names at the ends of the lines stand, in the plot's own pixels; hidden ones left out."""
        names = [line.name for line in self._lines if line.name.isVisible()]
        return [name.mapRectToParent(name.boundingRect()) for name in names]

    def plot_rect(self) -> QRectF:
        """The plot without its axes, in its own pixels."""
        return QRectF(self._box.rect())

    def inks(self) -> list[QColor]:
        """Colours of the lines."""
        return [line.ink for line in self._lines]

    def shown(self) -> dict[str, Points]:
        """The points that are drawn, by the name of their figures; logarithms on such a scale."""
        return {line.kind.series: line.shown for line in self._lines}

    # Rounds and values that are shown.

    def _rounds(self) -> tuple[float, float, float]:
        """First and last round, and the right edge: beyond the last round there is room for the names."""
        left, right = self._view.span or (0.0, self._data.reach)
        width = max(float(self._box.width()), 1.0)
        # The same room in plots whose lines have no names: one round stands above the other.
        names = max(painting.text_width(name, theme.font(13, 600)) for name in _NAMES)
        room = min(names + _NAME_GAP + 8.0, width * 0.45)
        # The axis stands still while the lines grow towards it.
        return left, right, left + (right - left) * width / max(width - room, 1.0)

    def _made_ready(self, series: str, left: float, right: float) -> _Drawn:
        points, view = self._data.points(series, within=self._view.within), self._view
        if not view.smoothing or series == "rate" or len(points[0]) < 2:
            return _Drawn(clipped(points, left, right), None)
        x, y = points
        starts = {int(np.searchsorted(x, span.start, "right")) for span in self._data.phases()} - {len(x)}
        smooth = x, smoothed(y, view.smoothing, tuple(sorted(starts | {0})))
        return _Drawn(clipped(smooth, left, right), clipped(points, left, right))

    def _scale(self, ready: list[_Drawn]) -> Scale:
        close = self._view.span is not None
        values = [drawn.points[1] for drawn in ready] + [drawn.raw[1] for drawn in ready if drawn.raw is not None]
        filled = [array for array in values if len(array)]
        low = min((float(array.min()) for array in filled), default=0.0)
        high = max((float(array.max()) for array in filled), default=1.0)
        log = self._view.log and self._kind == "error"
        height = max(float(self._box.height()), 1.0)
        fewest = 1 if self._kind == "percent" and not close else 2  # 0 and 100 % tell where everything is
        headroom, most = min(STRIP / height, 0.4), min(max(int(height / _TICK_HEIGHT), fewest), 5)
        return scale_for(self._kind, low, high, log=log, close=close and bool(filled), headroom=headroom, most=most)

    # Axes, grid, phases and names.

    def _draw_scale(self, scale: Scale, left: float, right: float) -> None:
        if self._data.idle:
            for side in ("left", "bottom"):
                self._set_ticks(side, [])
            self._draw_grid([])
            return
        self._set_ticks("left", list(scale.ticks))
        self._draw_grid([value for value, _ in scale.ticks])
        rounds = round_ticks(right, max(int(self._box.width() / 90), 2), left)
        words = [f"round {number:,}" if place == 0 else f"{number:,}" for place, number in enumerate(rounds)]
        self._set_ticks("bottom", [(float(number), word) for number, word in zip(rounds, words, strict=True)])

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

    def _draw_bands(self, left: float, right: float, edge: float) -> None:
        spans: list[PhaseSpan] = [span for span in self._data.phases() if span.start < right]
        if spans and spans[-1].end >= right:
            spans[-1] = replace(spans[-1], end=edge)
        self._bands.draw(spans, left, edge)

    def _draw_ends(self) -> None:
        ends: dict[int, QPointF] = {}
        for place, line in enumerate(self._lines):
            end = None if line.last is None else QPointF(self._box.mapFromView(QPointF(*line.last)))
            line.place_end(end)
            if end is not None:
                ends[place] = end
        bounds = self.plot_rect()
        left = max((end.x() for end in ends.values()), default=0.0) + _NAME_GAP
        top = STRIP if self._bands.name_beyond(left) else 0.0
        ground = self._bands.ground(self._box.viewRange()[0][1])
        middles = spread([end.y() for end in ends.values()], _LABEL_HEIGHT, top, bounds.height())
        for place, middle in zip(ends, middles, strict=True):
            self._lines[place].place_name(left, middle, bounds, ground)

    def _tell(self, scene: QPointF) -> None:
        inside = self._box.sceneBoundingRect().contains(scene) and not self._data.empty
        self.hovered.emit(self._box.mapSceneToView(scene).x() if inside else math.nan)


def _on(scale: Scale, points: Points) -> Points:
    """Points on a scale."""
    return (points[0], np.log10(np.maximum(points[1], _SMALLEST))) if scale.log else points
