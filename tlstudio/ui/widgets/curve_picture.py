"""Curves as a picture or a drawing: recorded in a moment, written beside the window."""

from collections.abc import Sequence

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, QRect, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QImageWriter, QPainter, QPicture
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QGraphicsView, QWidget

from tlstudio.errors import TLStudioError
from tlstudio.ui import theme

_MARGIN = 24
FINER = 2
"""How many pixels of a saved picture there are for one of the screen's, in each direction."""


class CurvePicture:
    """What widgets showed at one moment, as drawing commands; may be written from any thread."""

    def __init__(self, parts: Sequence[QWidget], owner: QWidget) -> None:
        """Record parts of a widget.

        Args:
            parts: Those that are drawn.
            owner: Whose places they keep.
        """
        self._picture = QPicture()
        self._ground = QColor(theme.color("surface"))
        self._size = QSize(owner.width() + 2 * _MARGIN, owner.height() + 2 * _MARGIN)
        painter = QPainter(self._picture)
        for part in parts:
            place = part.mapTo(owner, QPoint()) + QPoint(_MARGIN, _MARGIN)
            if isinstance(part, QGraphicsView):
                part.render(painter, QRectF(QRect(place, part.size())), part.viewport().rect())
            else:
                painter.save()
                part.render(painter, place, renderFlags=QWidget.RenderFlag.DrawChildren)
                painter.restore()
        painter.end()

    def png(self) -> bytes:
        """As a picture with two pixels for each of the screen's.

        Raises:
            TLStudioError: If it can't be made.
        """
        image = QImage(self._size * FINER, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(FINER)
        image.fill(self._ground)
        self._play(QPainter(image))
        data, buffer = _buffer()
        if not QImageWriter(buffer, QByteArray(b"png")).write(image):
            raise TLStudioError("The picture of the curves could not be made.", "Save them as SVG instead.")
        return bytes(data.data())

    def svg(self) -> bytes:
        """As a drawing."""
        data, buffer = _buffer()
        generator = QSvgGenerator()
        generator.setTitle("Curves of the training")
        generator.setSize(self._size)
        generator.setViewBox(QRect(QPoint(), self._size))
        generator.setOutputDevice(buffer)
        painter = QPainter(generator)
        painter.fillRect(QRect(QPoint(), self._size), self._ground)
        self._play(painter)
        return bytes(data.data())

    def _play(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPicture(0, 0, self._picture)
        painter.end()


def _buffer() -> tuple[QByteArray, QBuffer]:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return data, buffer
