"""One photo that can be looked at closely."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets import painting, photo_painting
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.wording import percent

_STEP: Final = 1.25
_NOTCH: Final = 120.0
_LARGEST: Final = 8.0
_SHARP_FROM: Final = 2.0


class ZoomView(QWidget):
    """Shows a whole photo, or a part of it enlarged: the wheel zooms, dragging moves, a double click does both.

    Attributes:
        zoomed: Another scale is in force; carries it in words, such as "Fit · 43 %".
    """

    zoomed = Signal(str)

    def __init__(self, cache: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cache = cache
        self._path: Path | None = None
        self._pixels = QSizeF(1, 1)
        self._scale = 0.0  # device pixels for a pixel of the photo; 0 fits it into the view
        self._middle = QPointF(0.5, 0.5)
        self._dragged: QPointF | None = None
        self.setAccessibleName("Photo")
        cache.loaded.connect(self._show_loaded)
        theme.notifier().changed.connect(self.update)

    # What is shown

    def set_photo(self, path: Path, pixels: QSize, description: str = "") -> None:
        """Show all of a photo.

        Args:
            path: The file.
            pixels: Width and height of the photo.
            description: What a screen reader says of it after the name of the file.
        """
        if path != self._path:
            self._path, self._pixels = path, QSizeF(pixels.expandedTo(QSize(1, 1)))
            self._cache.keep(self, {path})
            self.fit()
        self.setAccessibleDescription(", ".join(word for word in (path.stem.replace("_", " "), description) if word))
        self.update()

    def photo(self) -> Path | None:
        """The photo shown."""
        return self._path

    @property
    def scale(self) -> float:
        """Device pixels for a pixel of the photo."""
        return self._scale or self._fitting()

    def photo_rect(self) -> QRectF:
        """Where all of the photo lies, in logical pixels of the view; parts of it may be outside."""
        size = self._pixels * (self.scale / self.devicePixelRatioF())
        place = QRectF(QPointF(), size)
        box = QRectF(self.rect())
        place.moveCenter(box.center())
        if size.width() > box.width():
            place.moveLeft(box.center().x() - self._middle.x() * size.width())
        if size.height() > box.height():
            place.moveTop(box.center().y() - self._middle.y() * size.height())
        return place

    # Zooming and moving

    def fit(self) -> None:
        """Show all of the photo, as large as fits."""
        self._scale, self._middle = 0.0, QPointF(0.5, 0.5)
        self._show_zoomed()

    def show_pixels(self) -> None:
        """Show the photo at 100 %: each of its pixels is one of the screen."""
        self._zoom_to(1.0, QRectF(self.rect()).center())

    def zoom_by(self, steps: float) -> None:
        """Zoom in by so many steps, or out, around the middle of the view."""
        self._zoom_to(self.scale * _STEP**steps, QRectF(self.rect()).center())

    def move_by(self, across: float, down: float) -> None:
        """Move the view over the photo by shares of its own width and height."""
        self._shift(QPointF(-across * self.width(), -down * self.height()))

    def _zoom_to(self, scale: float, around: QPointF) -> None:
        """Zoom so that what is shown at a point of the view stays there."""
        before, fitting = self.photo_rect(), self._fitting()
        scale = min(max(scale, min(fitting, 1.0)), max(_LARGEST, fitting))
        if abs(scale - fitting) < fitting / 100:
            self.fit()
            return
        share = QPointF((around.x() - before.x()) / before.width(), (around.y() - before.y()) / before.height())
        self._scale = scale
        size = self._pixels * (scale / self.devicePixelRatioF())
        center = QRectF(self.rect()).center()
        self._middle = QPointF(
            share.x() + (center.x() - around.x()) / size.width(), share.y() + (center.y() - around.y()) / size.height()
        )
        self._stay_inside()
        self._show_zoomed()

    def _shift(self, by: QPointF) -> None:
        size = self.photo_rect().size()
        self._middle -= QPointF(by.x() / size.width(), by.y() / size.height())
        self._stay_inside()
        self.update()

    def _stay_inside(self) -> None:
        """No edge of the photo comes further in than the edge of the view."""
        size = self._pixels * (self.scale / self.devicePixelRatioF())
        half = QPointF(self.width() / 2 / size.width(), self.height() / 2 / size.height())
        self._middle = QPointF(
            min(max(self._middle.x(), half.x()), 1 - half.x()) if half.x() < 0.5 else 0.5,
            min(max(self._middle.y(), half.y()), 1 - half.y()) if half.y() < 0.5 else 0.5,
        )

    def _fitting(self) -> float:
        box = QSizeF(self.size()) * self.devicePixelRatioF()
        return max(min(box.width() / self._pixels.width(), box.height() / self._pixels.height()), 1e-6)

    def _show_zoomed(self) -> None:
        larger = self.photo_rect().width() > self.width() + 1 or self.photo_rect().height() > self.height() + 1
        self.setCursor(Qt.CursorShape.OpenHandCursor if larger else Qt.CursorShape.ArrowCursor)
        words = percent(self.scale)
        self.zoomed.emit(words if self._scale else f"Fit · {words}")
        self.update()

    # Qt's own

    def sizeHint(self) -> QSize:
        """A size to start from; the view takes what it is given."""
        return QSize(480, 360)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom around the pointer."""
        self._zoom_to(self.scale * _STEP ** (event.angleDelta().y() / _NOTCH), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the photo."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._dragged = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the photo."""
        if self._dragged is not None:
            self._shift(event.position() - self._dragged)
            self._dragged = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002 - Qt's own signature
        """Let go of the photo."""
        self._dragged = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show the pixels at the pointer, or all of the photo again."""
        if self._scale:
            self.fit()
        else:
            self._zoom_to(max(1.0, 2 * self.scale), event.position())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The middle stays in the middle."""
        super().resizeEvent(event)
        self._stay_inside()
        self._show_zoomed()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the photo, its empty place, or why there is none."""
        if self._path is None or self.width() < 1 or self.height() < 1:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # Whoever looks that closely wants to see the pixels.
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not self._scale or self.scale < _SHARP_FROM)
        place, reason, pixmap = self.photo_rect(), self._cache.reason(self._path), self._pixmap()
        shown = place.intersected(QRectF(self.rect()))
        if reason:
            photo_painting.unreadable(painter, QRectF(self.rect()), theme.RADIUS_BUTTON, reason)
        elif pixmap is None:
            painting.box(painter, shown, theme.RADIUS_BUTTON, theme.color("sunken"))
        else:
            self._paint_photo(painter, pixmap, place, shown)

    def _paint_photo(self, painter: QPainter, pixmap: QPixmap, place: QRectF, shown: QRectF) -> None:
        outline = QPainterPath()
        outline.addRoundedRect(shown, theme.RADIUS_BUTTON, theme.RADIUS_BUTTON)
        painter.setClipPath(outline)
        across, down = pixmap.width() / place.width(), pixmap.height() / place.height()
        part = QRectF(
            (shown.x() - place.x()) * across, (shown.y() - place.y()) * down, shown.width() * across,
            shown.height() * down,
        )  # fmt: skip
        painter.drawPixmap(shown, pixmap, part)

    def _pixmap(self) -> QPixmap | None:
        if self._path is None:
            return None
        longest = max(self._pixels.width(), self._pixels.height())
        # The pixels that there are suffice beyond 100 %, but for photos so small that they are enlarged to fit.
        side = longest * min(self.scale, max(1.0, self._fitting()))
        return self._cache.pixmap(self._path, round(side), self)

    def _show_loaded(self, path: Path) -> None:
        if path == self._path:
            self.update()
