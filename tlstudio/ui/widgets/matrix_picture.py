"""A whole confusion matrix as a picture or a drawing, whatever its size; may be made in any thread."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, QSize
from PySide6.QtGui import QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator

from tlstudio.errors import TLStudioError
from tlstudio.ui import theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.matrix_layout import FOUND_WIDTH, MOST_NAMED, GridGeometry, Selection, grid_geometry
from tlstudio.ui.widgets.matrix_painting import GridView, MatrixContent
from tlstudio.ui.widgets.matrix_table import CellMode

_MARGIN: Final = 24
_FINER: Final = 2
_NAMES, _TOP = 180, 130
_CELL, _CELL_OF_MANY = 64, 26


@dataclass(frozen=True, slots=True)
class MatrixPicture:
    """What is to be drawn: all classes with their names, in the colours of the theme in force.

    Attributes:
        content: The matrix.
        order: In which order the classes stand.
        mode: What the cells say.
    """

    content: MatrixContent
    order: tuple[int, ...]
    mode: CellMode

    def png(self) -> bytes:
        """As a picture with two pixels for each of a drawing's.

        Raises:
            TLStudioError: If it can't be made.
        """
        geometry, size = self._laid_out()
        image = QImage(size * _FINER, QImage.Format.Format_RGB32)
        if image.isNull():
            raise TLStudioError("The picture is too large for the memory.", "Save the matrix as SVG instead.")
        image.setDevicePixelRatio(_FINER)
        image.fill(theme.color("surface"))
        self._paint(QPainter(image), geometry)
        data, buffer = _buffer()
        if not QImageWriter(buffer, QByteArray(b"png")).write(image):
            raise TLStudioError("The picture of the matrix could not be made.", "Save it as SVG instead.")
        return bytes(data.data())

    def svg(self) -> bytes:
        """As a drawing."""
        geometry, size = self._laid_out()
        data, buffer = _buffer()
        generator = QSvgGenerator()
        generator.setTitle("Confusion matrix")
        generator.setSize(size)
        generator.setViewBox(QRect(0, 0, size.width(), size.height()))
        generator.setOutputDevice(buffer)
        painter = QPainter(generator)
        painter.fillRect(QRect(0, 0, size.width(), size.height()), theme.color("surface"))
        self._paint(painter, geometry)
        return bytes(data.data())

    def _laid_out(self) -> tuple[GridGeometry, QSize]:
        n = len(self.order)
        font = theme.font(13 if n <= 12 else 12, 600)
        widths = [float(painting.text_width(self.content.classes[index], font)) for index in self.order]
        cell = _CELL if n <= MOST_NAMED else _CELL_OF_MANY
        box = (float(_MARGIN), float(_MARGIN), n * cell + _NAMES + FOUND_WIDTH, n * cell + float(_TOP))
        geometry = grid_geometry(box, (n, n), [width + 18.0 for width in widths], widths)
        right = geometry.right + FOUND_WIDTH + _MARGIN
        return geometry, QSize(round(right), round(geometry.bottom + _MARGIN))

    def _paint(self, painter: QPainter, geometry: GridGeometry) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        sparse = len(self.order) > MOST_NAMED
        view = GridView(self.content, self.order, self.order, self.mode, True, Selection(), sparse)
        view.paint(painter, geometry)
        painter.end()


def _buffer() -> tuple[QByteArray, QBuffer]:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return data, buffer
