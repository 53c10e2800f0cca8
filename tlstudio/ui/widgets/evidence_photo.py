"""A small photo with a place marked on it, or with all but its border covered."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets import painting, photo_painting
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.ui.widgets.tooltip import as_plain

_SIDE: Final = 168
_LINE: Final = 2.5


class EvidencePhoto(QWidget):
    """Shows where on a photo something was found."""

    def __init__(self, cache: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cache = cache
        self._path: Path | None = None
        self._place = (0.0, 0.0, 1.0, 1.0)
        self._covered = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        cache.loaded.connect(self._show_loaded)
        theme.notifier().changed.connect(self.update)

    def show_place(self, path: Path, place: tuple[float, float, float, float], *, covered: bool) -> None:
        """Show a photo.

        Args:
            path: The file.
            place: Left, top, width and height as shares of the photo.
            covered: Whether the place is grey, as the network saw it; else there is a frame around it.
        """
        self._path, self._place, self._covered = path, place, covered
        self._cache.keep(self, {path})
        self.setToolTip(as_plain(path.name))
        self.setAccessibleName(path.stem.replace("_", " "))
        self.setAccessibleDescription("The middle is covered" if covered else "The place is framed")
        self.update()

    def sizeHint(self) -> QSize:
        """As large as four of them fit side by side, in the photo's own proportions once they are known."""
        box = QSize(_SIDE, _SIDE * 3 // 4)
        pixmap = self._cache.pixmap(self._path, self._pixels(), self) if self._path is not None else None
        return box if pixmap is None else pixmap.size().scaled(box, Qt.AspectRatioMode.KeepAspectRatio)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the photo, and the place on it."""
        if self._path is None:
            return
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        box = QRectF(self.rect())
        reason = self._cache.reason(self._path)
        pixmap = self._cache.pixmap(self._path, self._pixels(), self)
        if reason or pixmap is None:
            if reason:
                photo_painting.unreadable(painter, box, theme.RADIUS_BUTTON, reason)
            else:
                painting.box(painter, box, theme.RADIUS_BUTTON, theme.color("sunken"))
            return
        rect = photo_painting.fitted(QSizeF(pixmap.size()), box)
        photo_painting.photo(painter, rect, pixmap, theme.RADIUS_BUTTON)
        left, top, width, height = self._place
        place = QRectF(
            rect.left() + left * rect.width(), rect.top() + top * rect.height(), width * rect.width(),
            height * rect.height(),
        )  # fmt: skip
        if self._covered:
            painter.fillRect(place, theme.color("line2"))
        else:
            painting.box(painter, place, theme.RADIUS_KEY, None, theme.color("wrong_mark"), _LINE)

    def _show_loaded(self, path: Path) -> None:
        if path == self._path:
            self.updateGeometry()
            self.update()

    def _pixels(self) -> int:
        return round(_SIDE * self.devicePixelRatioF())
