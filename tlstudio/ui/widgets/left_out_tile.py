"""Tiles of photos that are there and not used: faded, with the reason in words at the top left."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from tlstudio.ui.widgets.photo_tile import PhotoItem, TileDelegate

_OPACITY: Final = 0.45


@dataclass(frozen=True, slots=True)
class LeftOutItem(PhotoItem):
    """A photo that is not used; its flag says why."""

    flag: str = "Left out"


class FadingTileDelegate(TileDelegate):
    """Fades the photos that are not used, and nothing else of their tiles."""

    def _paint_photo(self, painter: QPainter, rect: QRectF, item: PhotoItem) -> None:
        painter.setOpacity(_OPACITY if isinstance(item, LeftOutItem) else 1.0)
        super()._paint_photo(painter, rect, item)
        painter.setOpacity(1.0)
