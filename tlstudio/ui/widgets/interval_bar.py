"""How many of 100 will be right, as a band on a track from 0 to 100."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets import painting

_TRACK = 12
_TOP = 4
_LABEL_TOP = 24
_LABEL_HEIGHT = 18
_SPACE = 10


@dataclass(frozen=True, slots=True)
class Interval:
    """A measured share and its uncertainty, in percent.

    Attributes:
        low: Lower end of the 95 % interval.
        high: Upper end of the 95 % interval.
        measured: What was measured.
        baseline: What always naming the largest class would reach, or None.
        baseline_name: The largest class.
    """

    low: float
    high: float
    measured: float
    baseline: float | None = None
    baseline_name: str = ""


class IntervalBar(QWidget):
    """Track, band of the interval, ring of what was measured, thin mark of the simplest guess."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._interval: Interval | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_interval(self, interval: Interval | None) -> None:
        """Show ``interval``; None leaves the track bare."""
        self._interval = interval
        self.setAccessibleName(_spoken(interval) if interval else "")
        self.update()

    def sizeHint(self) -> QSize:
        """Wide, as high as track and labels."""
        return QSize(400, _LABEL_TOP + _LABEL_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """All labels find room, if the name of the class is short."""
        return QSize(240, _LABEL_TOP + _LABEL_HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw track, band, ring, mark and labels."""
        painter = QPainter(self)
        painting.prepare(painter)
        painting.box(painter, QRectF(0, _TOP, self.width(), _TRACK), _TRACK / 2, theme.color("sunken"))
        interval = self._interval
        if interval is not None:
            self._paint_band(painter, interval)
        self._paint_labels(painter, interval)

    def _paint_band(self, painter: QPainter, interval: Interval) -> None:
        left, right = self._x(interval.low), self._x(interval.high)
        width = max(right - left, _TRACK)
        left = min(max(0.0, (left + right - width) / 2), self.width() - width)
        painting.box(painter, QRectF(left, _TOP, width, _TRACK), _TRACK / 2, theme.color("accent"))
        if interval.baseline is not None:
            mark = QRectF(self._x(interval.baseline) - 1, 0, 2, _TRACK + 2 * _TOP)
            painter.fillRect(mark, theme.color("line2"))
        x = min(max(self._x(interval.measured), _TRACK / 2), self.width() - _TRACK / 2)
        center = QPointF(x, _TOP + _TRACK / 2)
        painting.dot(painter, center, _TRACK, theme.color("text"))
        painting.dot(painter, center, _TRACK - 4, theme.color("surface"))

    def _paint_labels(self, painter: QPainter, interval: Interval | None) -> None:
        font, strong = theme.font(12), theme.font(12, QFont.Weight.DemiBold)
        taken: list[QRectF] = []
        if interval is not None:
            words = f"{interval.low:.0f} to {interval.high:.0f}"
            taken.append(self._label((self._x(interval.low) + self._x(interval.high)) / 2, words, strong))
            painting.text(painter, taken[0], words, strong, theme.color("accent"))
            if interval.baseline is not None:
                words = f"always saying {interval.baseline_name}: {interval.baseline:.0f}"
                place = self._label(self._x(interval.baseline), words, font)
                place = _beside(place, taken[0], self.width())
                taken.append(place)
                elide = Qt.TextElideMode.ElideMiddle
                painting.text(painter, place, words, font, theme.color("text2"), elide=elide)
        for value in (0, 100):
            place = self._label(self._x(value), str(value), font)
            if not any(place.adjusted(-_SPACE, 0, _SPACE, 0).intersects(other) for other in taken):
                painting.text(painter, place, str(value), font, theme.color("text2"))

    def _x(self, percent: float) -> float:
        return self.width() * min(max(percent, 0.0), 100.0) / 100.0

    def _label(self, center: float, words: str, font: QFont) -> QRectF:
        width = painting.text_width(words, font)
        left = min(max(0.0, center - width / 2), self.width() - width)
        return QRectF(left, _LABEL_TOP, width, _LABEL_HEIGHT)


def _beside(place: QRectF, other: QRectF, width: float) -> QRectF:
    """Move a label out of another's way, to the roomier side, shortened if it must be."""
    if not place.adjusted(-_SPACE, 0, _SPACE, 0).intersects(other):
        return place
    left_room, right_room = other.left() - _SPACE, width - other.right() - _SPACE
    if left_room >= right_room:
        wide = min(place.width(), left_room)
        return QRectF(other.left() - _SPACE - wide, place.y(), wide, place.height())
    return QRectF(other.right() + _SPACE, place.y(), min(place.width(), right_room), place.height())


def _spoken(interval: Interval) -> str:
    words = f"{interval.low:.0f} to {interval.high:.0f} of 100, measured {interval.measured:.0f}"
    if interval.baseline is None:
        return words
    return f"{words}; always saying {interval.baseline_name}: {interval.baseline:.0f}"
