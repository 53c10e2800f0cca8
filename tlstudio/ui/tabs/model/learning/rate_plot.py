"""The loss over the learning rate, and the rate that is chosen on it."""

import math
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from tlstudio.training.rate_curve import RateCurve, rounded_rate
from tlstudio.ui import theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.ui.words.phases import written_number

_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 16, 12, 40
_SIZE: Final = QSize(560, 280)
_HIGHEST: Final = 1.5  # times the loss at the beginning: what is above tells nothing
_GRID: Final = 4
_DECIMALS: Final = 2
_FEW: Final = 2


class RatePlot(QWidget):
    """A curve on a logarithmic scale; a click or the arrow keys choose a rate.

    Attributes:
        chosen: Carries the learning rate.
    """

    chosen = Signal(float)

    def __init__(self, lowest: float, highest: float, parent: QWidget | None = None) -> None:
        """Make an empty plot.

        Args:
            lowest: Learning rate at the left end.
            highest: Learning rate at the right end.
            parent: Owner.
        """
        super().__init__(parent)
        self._lowest, self._highest = lowest, highest
        self._rates: tuple[float, ...] = ()
        self._losses: tuple[float, ...] = ()
        self._rate: float | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Error for each learning rate")
        set_tooltip(self, "Click to choose another rate, or use Left and Right", term="learning-rate range test")
        theme.notifier().changed.connect(self.update)

    def show_curve(self, curve: RateCurve) -> None:
        """Show what is known so far."""
        self._rates, self._losses = curve.rates, curve.smoothed
        self.update()

    def set_rate(self, rate: float | None) -> None:
        """Mark a rate; None for none."""
        self._rate = rate
        self.setAccessibleDescription("" if rate is None else f"{written_number(rate)} is chosen")
        self.update()

    def sizeHint(self) -> QSize:
        """Wide."""
        return _SIZE

    def minimumSizeHint(self) -> QSize:
        """Half of that."""
        return _SIZE / 2

    # Choosing

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the rate under the pointer."""
        self._choose(self._rate_at(event.position().x()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose a rate that is a quarter smaller or a third larger, about."""
        factors = {Qt.Key.Key_Left: 1 / 1.26, Qt.Key.Key_Right: 1.26}  # the tenth root of 10
        if event.key() in factors and self._rate is not None:
            self._choose(self._rate * factors[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def _choose(self, rate: float) -> None:
        if not self._rates:
            return
        rate = float(f"{min(max(rate, self._rates[0]), self._rates[-1]):.1e}")
        self.set_rate(rate)
        self.chosen.emit(rate)

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw axes, curve and mark."""
        painter = QPainter(self)
        painting.prepare(painter)
        place = QRectF(self.rect()).adjusted(_LEFT, _TOP, -_RIGHT, -_BOTTOM)
        low, high = self._range()
        self._paint_grid(painter, place, low, high)
        if len(self._rates) < _FEW:
            return
        points = [
            QPointF(self._x(place, rate), _y(place, loss, low, high))
            for rate, loss in zip(self._rates, self._losses, strict=True)
        ]
        painter.setPen(QPen(theme.color("learn"), 2.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setClipRect(place.adjusted(0, -2, 0, 2))
        painter.drawPolyline(QPolygonF(points))
        painter.setClipping(False)
        if self._rate is not None:
            self._paint_mark(painter, place, low, high)
        if self.hasFocus():
            painting.box(painter, self.rect(), theme.RADIUS_CELL, None, theme.color("accent"), 2.0)

    def _range(self) -> tuple[float, float]:
        """Lowest and highest loss that are shown."""
        if not self._losses:
            return 0.0, 1.0
        low, high = min(self._losses), min(max(self._losses), _HIGHEST * self._losses[0])
        return low - 0.05 * (high - low), max(high, low + 1e-3)

    def _paint_grid(self, painter: QPainter, place: QRectF, low: float, high: float) -> None:
        font, ink, line = theme.font(12), theme.color("text2"), theme.color("line")
        for step in range(_GRID + 1):
            y = place.bottom() - place.height() * step / _GRID
            painter.fillRect(QRectF(place.left(), y, place.width(), 1), line)
            words = f"{low + (high - low) * step / _GRID:.{_DECIMALS}f}" if self._losses else ""
            box = QRectF(0, y - 9, place.left() - 8, 18)
            painting.text(painter, box, words, font, ink, Qt.AlignmentFlag.AlignRight)
        for power in range(math.ceil(math.log10(self._lowest)), math.floor(math.log10(self._highest)) + 1):
            x = self._x(place, 10.0**power)
            box = QRectF(x - 30, place.bottom() + 2, 60, 18)
            painting.text(painter, box, written_number(10.0**power), font, ink, Qt.AlignmentFlag.AlignHCenter)
        below = QRectF(place.left(), place.bottom() + 20, place.width(), 18)
        centre = Qt.AlignmentFlag.AlignHCenter
        painting.text(painter, below, "Size of a step (learning rate)", font, theme.color("text3"), centre)

    def _paint_mark(self, painter: QPainter, place: QRectF, low: float, high: float) -> None:
        assert self._rate is not None  # noqa: S101 - asked before
        x, accent = self._x(place, self._rate), theme.color("accent")
        painter.setPen(QPen(accent, 1.0, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(x, place.top()), QPointF(x, place.bottom()))
        nearest = min(range(len(self._rates)), key=lambda index: abs(math.log(self._rates[index] / (self._rate or 1))))
        y = min(max(_y(place, self._losses[nearest], low, high), place.top()), place.bottom())
        painting.dot(painter, QPointF(x, y), 11, accent)
        words, font = written_number(self._rate), theme.font(13, 600)
        width = painting.text_width(words, font)
        left = x + 8 if x + 8 + width < place.right() else x - 8 - width
        painting.text(painter, QRectF(left, place.top(), width, 18), words, font, accent)

    def _x(self, place: QRectF, rate: float) -> float:
        return place.left() + place.width() * math.log(rate / self._lowest) / math.log(self._highest / self._lowest)

    def _rate_at(self, x: float) -> float:
        share = (x - _LEFT) / max(self.width() - _LEFT - _RIGHT, 1)
        return rounded_rate(self._lowest * (self._highest / self._lowest) ** min(max(share, 0.0), 1.0))


def _y(place: QRectF, loss: float, low: float, high: float) -> float:
    return place.bottom() - place.height() * (loss - low) / (high - low)
