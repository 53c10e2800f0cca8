"""Photos with rounded corners, and the place of one that can't be read."""

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QBrush, QPainter, QPixmap, QTransform

from tlstudio.ui import icons, theme
from tlstudio.ui.widgets import painting


def photo(painter: QPainter, rect: QRectF, pixmap: QPixmap, radius: float) -> None:
    """A photo that fills ``rect``, cut at the longer sides, with round corners.

    A texture instead of a clip: the edges of a clip are not smoothed at every scale.
    """
    width, height = pixmap.width(), pixmap.height()
    scale = max(rect.width() / width, rect.height() / height)
    left = rect.center().x() - width * scale / 2
    top = rect.center().y() - height * scale / 2
    source = QPixmap(pixmap)
    source.setDevicePixelRatio(1.0)
    brush = QBrush(source)
    brush.setTransform(QTransform(scale, 0, 0, scale, left, top))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(brush)
    painter.drawRoundedRect(rect, radius, radius)


def fitted(size: QSizeF, box: QRectF) -> QRectF:
    """The largest rectangle of the proportions of ``size`` in the middle of ``box``."""
    scale = min(box.width() / size.width(), box.height() / size.height())
    width, height = size.width() * scale, size.height() * scale
    return QRectF(box.center().x() - width / 2, box.center().y() - height / 2, width, height)


def unreadable(painter: QPainter, rect: QRectF, radius: float, reason: str) -> None:
    """The place of a photo that can't be read: a broken photo, and the reason where there is room for it."""
    painting.box(painter, rect, radius, theme.color("sunken"))
    room = reason and rect.height() >= 72
    size = min(28.0, rect.height() * 0.42)
    middle = rect.center() - QPointF(0, 14 if room else 0)
    icons.paint(
        painter,
        "broken_image",
        QRectF(middle.x() - size / 2, middle.y() - size / 2, size, size),
        theme.color("text3"),
    )
    if room:
        box = QRectF(
            rect.left() + 8, middle.y() + size / 2 + 4, rect.width() - 16, rect.bottom() - middle.y() - size / 2
        )
        painter.setFont(theme.font(12))
        painter.setPen(theme.color("text2"))
        painter.drawText(box, Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap, reason)
