"""A photo with the heat map of what a network looked at, and the legend of its colours."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QLinearGradient, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from tlstudio.prediction.explanation.heat_map import DEFAULT_STRENGTH, HeatMap, colours, enlarged
from tlstudio.ui import theme
from tlstudio.ui.widgets import painting, photo_painting
from tlstudio.ui.widgets.photo_view import PhotoView
from tlstudio.ui.widgets.thumbnails import ThumbnailCache

_SIDE = 256  # pixels of the heat map before it is drawn: it is smooth, so more would show nothing more
_BAR_WIDTH, _BAR_HEIGHT, _GAP = 56, 8, 8
_STOPS = 9


class HeatPhoto(PhotoView):
    """A photo, and over it a heat map where one is set; the photo under it is partly greyed."""

    def __init__(
        self,
        cache: ThumbnailCache,
        parent: QWidget | None = None,
        *,
        alignment: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignCenter,
    ) -> None:
        super().__init__(cache, parent, alignment=alignment)
        self._heat: HeatMap | None = None
        self._strength = DEFAULT_STRENGTH
        self._colours: QPixmap | None = None
        self._grey: tuple[int, QPixmap] | None = None

    def set_heat(self, heat: HeatMap | None, strength: float = DEFAULT_STRENGTH) -> None:
        """Lay a heat map over the photo.

        Args:
            heat: Of the photo that is shown; None for none.
            strength: Of its colours, 0 to 1.
        """
        if heat is not self._heat or strength != self._strength:
            self._heat, self._strength, self._colours = heat, strength, None
            self.update()

    def heat(self) -> HeatMap | None:
        """What lies over the photo."""
        return self._heat

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the photo and what lies over it."""
        super().paintEvent(event)
        pixmap = self._pixmap()
        if self._heat is None or pixmap is None:
            return
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        place = self.photo_rect()
        painter.setOpacity(self._strength)
        photo_painting.photo(painter, place, self._greyed(pixmap), theme.RADIUS_BUTTON)
        painter.setOpacity(1.0)
        photo_painting.photo(painter, place, self._coloured(self._heat, place), theme.RADIUS_BUTTON)

    def _greyed(self, pixmap: QPixmap) -> QPixmap:
        if self._grey is None or self._grey[0] != pixmap.cacheKey():
            grey = pixmap.toImage().convertToFormat(QImage.Format.Format_Grayscale8)
            self._grey = pixmap.cacheKey(), QPixmap.fromImage(grey)
        return self._grey[1]

    def _coloured(self, heat: HeatMap, place: QRectF) -> QPixmap:
        if self._colours is None:
            height = max(round(_SIDE * place.height() / max(place.width(), 1)), 1)
            self._colours = _to_pixmap(colours(enlarged(heat.values, _SIDE, height), self._strength))
        return self._colours


class HeatLegend(QWidget):
    """From little to much, in the colours of the heat map."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Colours of the heat map, from dark for little to bright for much")

    def sizeHint(self) -> QSize:
        """Two words and the bar between them."""
        font = theme.font(13)
        words = painting.text_width("little", font) + painting.text_width("much", font)
        return QSize(words + _BAR_WIDTH + 2 * _GAP, theme.HEIGHT_SMALL)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw words and bar."""
        painter = QPainter(self)
        painting.prepare(painter)
        font, ink = theme.font(13), theme.color("text2")
        left = painting.text_width("little", font)
        painting.text(painter, QRectF(0, 0, left, self.height()), "little", font, ink)
        bar = QRectF(left + _GAP, (self.height() - _BAR_HEIGHT) / 2, _BAR_WIDTH, _BAR_HEIGHT)
        shades = colours(np.linspace(0, 1, _STOPS, dtype=np.float32)[None], 1.0)[0]
        gradient = QLinearGradient(bar.topLeft(), bar.topRight())
        for number, (red, green, blue, _) in enumerate(shades.tolist()):
            gradient.setColorAt(number / (_STOPS - 1), f"#{red:02x}{green:02x}{blue:02x}")
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(gradient)
        painter.drawRoundedRect(bar, _BAR_HEIGHT / 2, _BAR_HEIGHT / 2)
        rest = QRectF(bar.right() + _GAP, 0, self.width() - bar.right() - _GAP, self.height())
        painting.text(painter, rest, "much", font, ink)


def _to_pixmap(pixels: NDArray[np.uint8]) -> QPixmap:
    pixels = np.ascontiguousarray(pixels)
    height, width, _ = pixels.shape
    view = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888)
    return QPixmap.fromImage(view)  # copies: the view must not outlive the array
