"""Shapes that several widgets draw."""

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from tlstudio.ui import icons, theme

KEY_CAP_HEIGHT = 18
MARK_STROKE = 3.2


def prepare(painter: QPainter) -> None:
    """Switch smooth edges on."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)


def box(
    painter: QPainter,
    rect: QRect | QRectF,
    radius: float,
    fill: QColor | None = None,
    border: QColor | None = None,
    width: float = 1.0,
    style: Qt.PenStyle = Qt.PenStyle.SolidLine,
) -> None:
    """A rounded rectangle whose border lies inside ``rect``."""
    inset = width / 2 if border is not None else 0.0
    painter.setPen(QPen(border, width, style) if border is not None else Qt.PenStyle.NoPen)
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    inner = QRectF(rect).adjusted(inset, inset, -inset, -inset)
    radius = min(radius - inset, inner.height() / 2, inner.width() / 2)
    painter.drawRoundedRect(inner, radius, radius)


def dot(painter: QPainter, center: QPointF, diameter: float, fill: QColor) -> None:
    """A filled circle."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawEllipse(center, diameter / 2, diameter / 2)


def ring(painter: QPainter, center: QPointF, diameter: float, color: QColor, width: float) -> None:
    """A circle whose line lies inside ``diameter``."""
    painter.setPen(QPen(color, width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    radius = (diameter - width) / 2
    painter.drawEllipse(center, radius, radius)


def radio(painter: QPainter, center: QPointF, diameter: float, on: bool) -> None:
    """The mark of one choice of several: a ring, with a dot in it where it is the one."""
    ring(painter, center, diameter, theme.color("accent" if on else "line2"), 1.6)
    if on:
        dot(painter, center, diameter / 2, theme.color("accent"))


def bar(painter: QPainter, rect: QRectF, share: float, fill: QColor, track: QColor | None = None) -> None:
    """A track with round ends, filled from the left.

    Args:
        painter: Any active painter.
        rect: The track.
        share: 0 to 1; anything above 0 shows at least as a dot.
        fill: Colour of the filled part.
        track: Colour of the track; ``sunken`` if not given.
    """
    radius = rect.height() / 2
    box(painter, rect, radius, track if track is not None else theme.color("sunken"))
    if share > 0:
        width = max(rect.height(), rect.width() * min(share, 1.0))
        box(painter, QRectF(rect.x(), rect.y(), width, rect.height()), radius, fill)


def text(
    painter: QPainter,
    rect: QRect | QRectF,
    words: str,
    font: QFont,
    color: QColor,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> None:
    """One line of text, vertically centred and elided where it doesn't fit."""
    painter.setFont(font)
    painter.setPen(color)
    fitting = QFontMetrics(font).elidedText(words, elide, int(QRectF(rect).width() + 0.5))
    painter.drawText(QRectF(rect), align | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, fitting)


def text_width(words: str, font: QFont) -> int:
    """Width of one line, rounded up so that it is never elided by a fraction."""
    return QFontMetrics(font).horizontalAdvance(words) + 1


def state_circle(painter: QPainter, center: QPointF, diameter: float, glyph: str, fill: str = "accent") -> None:
    """A filled circle with an icon in it, as for steps that are done or need a look."""
    dot(painter, center, diameter, theme.color(fill))
    side = diameter * 0.62
    place = QRectF(center.x() - side / 2, center.y() - side / 2, side, side)
    icons.paint(painter, glyph, place, theme.color("on_accent"), MARK_STROKE)


def key_cap_size(key: str) -> QSize:
    """Size of a key cap."""
    width = text_width(key, theme.font(12, QFont.Weight.DemiBold)) + 12
    return QSize(max(width, KEY_CAP_HEIGHT), KEY_CAP_HEIGHT)


def key_cap(painter: QPainter, rect: QRectF, key: str, ink: QColor, ground: QColor) -> None:
    """The name of a key on a small cap."""
    box(painter, rect, theme.RADIUS_KEY, ground)
    text(painter, rect, key, theme.font(12, QFont.Weight.DemiBold), ink, Qt.AlignmentFlag.AlignHCenter)
