"""One photo, as large as fits."""

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets import painting, photo_painting
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.ui.widgets.tooltip import as_plain


class PhotoView(QWidget):
    """Shows a whole photo in its own proportions, with round corners."""

    def __init__(
        self,
        cache: ThumbnailCache,
        parent: QWidget | None = None,
        *,
        alignment: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignCenter,
    ) -> None:
        """Make a view.

        Args:
            cache: Where photos come from.
            parent: Owner.
            alignment: Where a photo of other proportions than the view lies: in the middle, or at the top or left.
        """
        super().__init__(parent)
        self._cache = cache
        self._alignment = alignment
        self._path: Path | None = None
        self.setAccessibleName("Photo")
        cache.loaded.connect(self._show_loaded)
        theme.notifier().changed.connect(self.update)

    def set_photo(self, path: Path | None, description: str = "") -> None:
        """Show a photo, or none.

        Args:
            path: The file.
            description: What a screen reader says of it ("roses, wrong"); the name of the file goes before it.
        """
        self._path = path
        self._cache.keep(self, {path} if path else set())
        words = (path.stem.replace("_", " ") if path else "", description)
        self.setAccessibleDescription(", ".join(word for word in words if word))
        self.setToolTip(as_plain(path.name) if path else "")
        self.update()

    def photo(self) -> Path | None:
        """The photo shown."""
        return self._path

    def sizeHint(self) -> QSize:
        """A size to start from; the view takes what it is given."""
        return QSize(320, 240)

    def photo_rect(self) -> QRectF:
        """Where the photo lies, in logical pixels; the whole widget while it isn't loaded."""
        pixmap = self._pixmap()
        box = QRectF(self.rect())
        if pixmap is None:
            return box
        fitted = photo_painting.fitted(QSizeF(pixmap.size()), box)
        if self._alignment & Qt.AlignmentFlag.AlignTop:
            fitted.moveTop(box.top())
        if self._alignment & Qt.AlignmentFlag.AlignLeft:
            fitted.moveLeft(box.left())
        return fitted

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Paint the photo, its empty place, or why there is none."""
        if self._path is None or self.width() < 1 or self.height() < 1:
            return
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        reason, pixmap = self._cache.reason(self._path), self._pixmap()
        box = QRectF(self.rect())
        if reason:
            photo_painting.unreadable(painter, box, theme.RADIUS_BUTTON, reason)
        elif pixmap is None:
            painting.box(painter, box, theme.RADIUS_BUTTON, theme.color("sunken"))
        else:
            photo_painting.photo(painter, self.photo_rect(), pixmap, theme.RADIUS_BUTTON)

    def _pixmap(self) -> QPixmap | None:
        if self._path is None:
            return None
        side = round(max(self.width(), self.height()) * self.devicePixelRatioF())
        return self._cache.pixmap(self._path, side, self)

    def _show_loaded(self, path: Path) -> None:
        if path == self._path:
            self.update()
