"""One line of a plot: drawn quickly however many points it has, with a dot and its name at its end."""

from dataclasses import dataclass
from typing import Any, Final, cast

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsEllipseItem, QGraphicsSimpleTextItem, QStyleOptionGraphicsItem, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets.curve_shaping import Points

_END: Final = 9.0
_DASH: Final = (5.0, 3.0)  # in widths of the pen
_FEW: Final = 120
_FAINT: Final = 0.3


@dataclass(frozen=True, slots=True)
class LineKind:
    """What a line shows and how it looks.

    Attributes:
        series: Name of its figures in ``CurveData``.
        name: What stands at its end; "" for nothing.
        token: Its colour.
        width: Of the pen, in pixels.
        dashed: Whether it is dashed.
    """

    series: str
    name: str
    token: str
    width: float = 2.5
    dashed: bool = False


class _EndName(QGraphicsSimpleTextItem):
    """The name at the end of a line, on the ground of the plot so that no grid line crosses it."""

    ground = QColor()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.fillRect(self.boundingRect(), self.ground)
        super().paint(painter, option, cast("QWidget", widget))


class CurveLine:
    """One line in a view box.

    Attributes:
        kind: What it shows.
        name: The name at its end.
        last: Its last point; None without any.
        pen_scale: How much thicker than usual it is drawn.
    """

    def __init__(self, kind: LineKind, box: Any) -> None:  # noqa: ANN401 - pyqtgraph has no types
        self.kind = kind
        self._raw: Any = pg.PlotCurveItem(antialias=False)
        self._line: Any = pg.PlotCurveItem(antialias=True)
        # Qt strokes a thick, antialiased path of 1,000 points in 100 ms, its pieces one by one in 3.
        self._line.setSegmentedLineMode("on")
        self._end = QGraphicsEllipseItem(-_END / 2, -_END / 2, _END, _END, box)
        self.name = _EndName(kind.name, box)
        self.last: tuple[float, float] | None = None
        self.pen_scale = 1.0
        for item, height in ((self._raw, 5), (self._line, 10)):
            item.setZValue(height)
            box.addItem(item, ignoreBounds=True)
        self._end.setZValue(20)
        self._pen = QPen()

    @property
    def ink(self) -> QColor:
        """Its colour in the theme in force."""
        return self._pen.color()

    @property
    def shown(self) -> Points:
        """The points that are drawn."""
        x, y = self._line.getData()
        return (np.empty(0), np.empty(0)) if x is None else (x, y)

    def restyle(self) -> None:
        """Take colours and fonts of the theme in force."""
        ink, surface = theme.color(self.kind.token), theme.color("surface")
        self._pen = QPen(ink, self.kind.width)
        self._pen.setCosmetic(True)
        self._pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        self._raw.setPen(pg.mkPen(_blended(ink, surface, _FAINT), width=1))
        self._end.setBrush(ink)
        self._end.setPen(pg.mkPen(surface, width=1.5))
        self.name.setBrush(ink)
        self.name.setFont(theme.font(13, 600))

    def draw(self, points: Points, raw: Points | None, pixels_a_unit: float, *, dense: bool = False) -> None:
        """Show points.

        Args:
            points: What is drawn.
            raw: What it was before it was smoothed, drawn faintly behind; None for nothing.
            pixels_a_unit: Width of one round.
            dense: Whether there are more points than pixels: it is a band of noise then, and a thin pen fills it.
        """
        x, y = points
        self.last = (float(x[-1]), float(y[-1])) if len(x) else None
        pen, connect, piecewise = QPen(self._pen), None, True
        pen.setWidthF((1.0 if dense else self.kind.width) * self.pen_scale)
        if self.kind.dashed and len(x) <= _FEW:
            pen.setDashPattern(_DASH)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            piecewise = False
        elif self.kind.dashed:
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            connect = self._dashes(x, pixels_a_unit)
        self._line.setSegmentedLineMode("on" if piecewise else "off")
        self._line.setData(x, y, pen=pen, connect="all" if connect is None else connect, skipFiniteCheck=True)
        self._raw.setVisible(raw is not None)
        if raw is not None:
            self._raw.setData(*raw, skipFiniteCheck=True)

    def place_end(self, place: QPointF | None) -> None:
        """Put the dot at the end of the line, or hide it and the name."""
        self._end.setVisible(place is not None)
        self.name.setVisible(place is not None and bool(self.kind.name))
        if place is not None:
            self._end.setPos(place)

    def place_name(self, left: float, middle: float, bounds: QRectF, ground: QColor) -> None:
        """Put the name beside the end, inside the plot."""
        box = self.name.boundingRect()
        self.name.ground = ground
        self.name.setPos(max(min(left, bounds.width() - box.width() - 2.0), 0.0), middle - box.height() / 2)

    def _dashes(self, x: NDArray[np.float64], pixels_a_unit: float) -> NDArray[np.bool_]:
        """Which pieces between points are drawn: dashes of a dense line are counted in pixels across."""
        on, off = (length * self.kind.width for length in _DASH)
        middles = np.append((x[1:] + x[:-1]) / 2, x[-1]) * pixels_a_unit
        return np.asarray(middles % (on + off) < on)


def _blended(top: QColor, under: QColor, share: float) -> QColor:
    pairs = ((top.red(), under.red()), (top.green(), under.green()), (top.blue(), under.blue()))
    return QColor(*(round(share * a + (1 - share) * b) for a, b in pairs))


def over(top: QColor, under: QColor) -> QColor:
    """A translucent colour on an opaque one."""
    return _blended(top, under, top.alpha() / 255)
