"""Small pictures that stand for a data set: four tiles of it, and three photos as a hand of cards."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets import painting, photo_painting
from tlstudio.ui.widgets.thumbnails import ThumbnailCache

MOSAIC_SIDE: Final = 56
_GAP: Final = 2.0
_TILE_RADIUS: Final = 4.0
_FRAME: Final = 6.0
# Left to right; the middle one lies on top and is upright.
_FAN: Final = ((-96.0, 8.0, -8.0), (96.0, 8.0, 8.0), (0.0, 0.0, 0.0))
_FAN_CARD: Final = 102.0


class Mosaic(QWidget):
    """Four tiles: photos, or, where there are none to show, single characters."""

    def __init__(self, cache: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cache = cache
        self._paths: tuple[Path, ...] = ()
        self._characters = ""
        self.setFixedSize(MOSAIC_SIDE, MOSAIC_SIDE)
        self.setAccessibleName("Sample photos")
        cache.loaded.connect(self._show_loaded)

    def set_photos(self, paths: Sequence[Path]) -> None:
        """Show the first four photos."""
        self._paths = tuple(paths[:4])
        self.update()

    def set_characters(self, characters: str) -> None:
        """Show four characters."""
        self._characters = characters
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the tiles."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        side = (MOSAIC_SIDE - _GAP) / 2
        for place in range(4):
            line, column = divmod(place, 2)
            tile = QRectF(column * (side + _GAP), line * (side + _GAP), side, side)
            if self._characters:
                self._paint_character(painter, tile, self._characters[place])
            else:
                _paint_photo(painter, tile, self._paths[place : place + 1], self._cache, self)

    def _paint_character(self, painter: QPainter, tile: QRectF, character: str) -> None:
        font = theme.font(18, QFont.Weight.Medium)
        font.setItalic(True)
        painting.box(painter, tile, _TILE_RADIUS, theme.color("text"))
        size = painting.text_width(character, font)
        left = tile.adjusted((tile.width() - size) / 2, 0, 0, 0)
        painting.text(painter, left, character, font, theme.color("surface"))

    def _show_loaded(self, path: Path) -> None:
        if path in self._paths:
            self.update()


class PhotoFan(QWidget):
    """Three photos, held like cards."""

    def __init__(self, cache: ThumbnailCache, paths: Sequence[Path], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cache = cache
        self._paths = tuple(paths[:3])
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Sample photos")
        cache.loaded.connect(self._show_loaded)

    def sizeHint(self) -> QSize:
        """The cards fit."""
        return QSize(320, 136)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the cards."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        half = _FAN_CARD / 2
        card = QRectF(-half, -half, _FAN_CARD, _FAN_CARD)
        for number, (x, y, angle) in enumerate(_FAN):
            painter.save()
            painter.translate(QPointF(self.width() / 2 + x, self.height() / 2 + y - 4))
            painter.rotate(angle)
            painting.box(painter, card, theme.RADIUS_CARD, theme.color("surface"), theme.color("line"))
            inner = card.adjusted(_FRAME, _FRAME, -_FRAME, -_FRAME)
            _paint_photo(painter, inner, self._paths[number : number + 1], self._cache, self)
            painter.restore()

    def _show_loaded(self, path: Path) -> None:
        if path in self._paths:
            self.update()


def _paint_photo(
    painter: QPainter, rect: QRectF, paths: tuple[Path, ...], cache: ThumbnailCache, owner: QWidget
) -> None:
    """The photo of ``paths``, of which there is one or none; an empty place without it."""
    side = round(rect.width() * 1.5 * owner.devicePixelRatioF())
    pixmap = cache.pixmap(paths[0], side, owner) if paths else None
    if pixmap is None:
        painting.box(painter, rect, _TILE_RADIUS, theme.color("sunken"))
    else:
        photo_painting.photo(painter, rect, pixmap, _TILE_RADIUS)
