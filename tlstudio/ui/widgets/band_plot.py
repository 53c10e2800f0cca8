"""A curve with what was measured, where it leads, and how sure that is."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from tlstudio.ui import theme

_LEFT, _RIGHT, _TOP, _BOTTOM = 52.0, 16.0, 28.0, 44.0
_DOT: Final = 3.5
_BAND: Final = 0.16
_PERCENT_STEPS: Final = (1, 2, 5, 10, 20)
_MOST_LINES: Final = 6


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """What is drawn.

    Attributes:
        at: (m,) Numbers that something was measured at.
        measured: (m, repeats) Percent measured there.
        ahead: (k,) Numbers along the curve.
        expected: (k,) Percent along it.
        low: (k,) Lower edge of the band.
        high: (k,) Upper edge.
    """

    at: NDArray[np.int64]
    measured: NDArray[np.float64]
    ahead: NDArray[np.float64]
    expected: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


class BandPlot(QWidget):
    """Draws percent over a number of photos; the part beyond what was measured is dashed."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._band: Band | None = None
        self.setAccessibleName(name)
        self.setMinimumSize(320, 220)
        theme.notifier().changed.connect(self.update)

    def set_band(self, band: Band | None, description: str = "") -> None:
        """Draw this; None for nothing."""
        self._band = band
        self.setAccessibleDescription(description)
        self.update()

    def sizeHint(self) -> QSize:
        """A size to start from; the plot takes what it is given."""
        return QSize(560, 320)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw scale, band, curve and dots."""
        band = self._band
        if band is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(12))
        low = float(min(band.low.min(), band.measured.min()))
        high = float(max(band.high.max(), band.measured.max()))
        step = next((step for step in _PERCENT_STEPS if (high - low) / step <= _MOST_LINES), _PERCENT_STEPS[-1])
        bottom, top = np.floor(low / step) * step, min(np.ceil(high / step) * step, 100.0)
        scale = _Scale(QRectF(self.rect()), float(band.ahead[-1]), float(bottom), float(max(top, bottom + step)))
        self._draw_scale(painter, band, scale, step)
        self._draw_curve(painter, band, scale)

    def _draw_scale(self, painter: QPainter, band: Band, scale: "_Scale", step: int) -> None:
        room = scale.room
        for percent in np.arange(scale.bottom, scale.top + step / 2, step):
            y = scale.place(0, float(percent)).y()
            painter.setPen(QPen(theme.color("line"), 1))
            painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
            painter.setPen(theme.color("text2"))
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, y - 10, _LEFT - 8, 20), right, f"{percent:.0f} %")
        painter.drawText(QRectF(room.left(), 0, room.width(), _TOP - 8), Qt.AlignmentFlag.AlignLeft, "Right answers")
        for number in (int(band.at[0]), int(band.at[len(band.at) // 2]), int(band.at[-1]), round(band.ahead[-1])):
            x = scale.place(number, scale.bottom).x()
            painter.drawText(QRectF(x - 40, room.bottom() + 4, 80, 18), Qt.AlignmentFlag.AlignHCenter, f"{number:,}")
        caption = QRectF(room.left(), room.bottom() + 22, room.width(), 20)
        painter.drawText(caption, Qt.AlignmentFlag.AlignRight, "photos to learn from")

    def _draw_curve(self, painter: QPainter, band: Band, scale: "_Scale") -> None:
        ground = theme.color("accent")
        ground.setAlphaF(_BAND)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        upper = [scale.place(x, y) for x, y in zip(band.ahead, band.high, strict=True)]
        lower = [scale.place(x, y) for x, y in zip(band.ahead, band.low, strict=True)]
        painter.drawPolygon(QPolygonF([*upper, *reversed(lower)]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        known = int(np.searchsorted(band.ahead, band.at[-1], side="right"))
        for part, style in ((slice(0, known), Qt.PenStyle.SolidLine), (slice(known - 1, None), Qt.PenStyle.DashLine)):
            painter.setPen(QPen(theme.color("accent"), 2, style))
            painter.drawPolyline(
                QPolygonF([scale.place(x, y) for x, y in zip(band.ahead[part], band.expected[part], strict=True)])
            )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("text2"))
        for number, values in zip(band.at, band.measured, strict=True):
            for value in values:
                painter.drawEllipse(scale.place(float(number), float(value)), _DOT, _DOT)


class _Scale:
    """Where numbers of photos and percent lie in the plot; numbers begin at 0: twice as many is twice as far."""

    def __init__(self, rect: QRectF, most: float, bottom: float, top: float) -> None:
        self.room = rect.adjusted(_LEFT, _TOP, -_RIGHT - 16, -_BOTTOM)
        self.bottom, self.top = bottom, top
        self._most = most

    def place(self, number: float, percent: float) -> QPointF:
        x = self.room.left() + float(number) / self._most * self.room.width()
        share = (float(percent) - self.bottom) / (self.top - self.bottom)
        return QPointF(x, self.room.bottom() - share * self.room.height())
