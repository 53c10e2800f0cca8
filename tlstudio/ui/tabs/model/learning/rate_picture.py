"""The learning rate over the rounds of a phase, as a small picture."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from tlstudio.ui import theme


def paint_rate(painter: QPainter, rect: QRectF, points: Sequence[tuple[float, float]]) -> None:
    """Draw a course.

    Args:
        painter: Any active painter.
        rect: Place; the highest rate touches its upper edge, 0 its lower one.
        points: Time and rate, each from 0 to 1.
    """
    line = [QPointF(rect.left() + x * rect.width(), rect.bottom() - y * (rect.height() - 2)) for x, y in points]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("sunken"))
    painter.drawPolygon(QPolygonF([rect.bottomLeft(), *line, rect.bottomRight()]))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.color("accent"), 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    painter.drawPolyline(QPolygonF(line))
    painter.setPen(QPen(theme.color("line2"), 1))
    painter.drawLine(rect.bottomLeft(), rect.bottomRight())
