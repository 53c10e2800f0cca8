"""A photo and eight varied copies of it, made as training makes them, three by three."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from tlstudio.datasets.augmentation.amounts import AugmentationConfig
from tlstudio.datasets.augmentation.views import augmented_view
from tlstudio.datasets.images import UnreadableImageError, decode
from tlstudio.ui import theme
from tlstudio.ui.tabs.quiet_job import QuietJob
from tlstudio.ui.widgets import painting, photo_painting

COPIES: Final = 8
"""How many copies stand beside the photo itself."""

_SIDE: Final = 3
_GAP: Final = 6
_FADED: Final = 0.35

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class PreviewedPhoto:
    """What a preview shows the copies of.

    Attributes:
        path: The file.
        digest: SHA-256 of its bytes, on which its copies depend.
        input_size: Width and height of the network's input in pixels.
        seed: Of the training.
    """

    path: Path
    digest: str
    input_size: int
    seed: int


@dataclass(frozen=True, slots=True)
class _Previewed:
    photo: PreviewedPhoto
    views: tuple[Pixels, ...]
    images: tuple[QImage, ...]


class VariedPreview(QWidget):
    """Shows the photo itself at the top left, then its copies in the order of their numbers.

    While one picture is made the wishes that come are not lined up: the latest is made next, so that the preview
    follows a slider as fast as copies can be made.

    Attributes:
        shown: New pictures stand here; carries whether the photo can be read.
    """

    shown = Signal(bool)

    def __init__(self, job: QuietJob, parent: QWidget | None = None) -> None:
        """Make an empty preview.

        Args:
            job: Makes the copies; outlives this widget.
            parent: Owner.
        """
        super().__init__(parent)
        self._job = job
        self._photo: PreviewedPhoto | None = None
        self._config = AugmentationConfig()
        self._made: _Previewed | None = None
        self._pixmaps: list[QPixmap] = []
        self._busy = self._stale = False
        self.setAccessibleName("A photo and eight varied copies of it")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        job.succeeded.connect(self._show)

    def preview(self, photo: PreviewedPhoto, config: AugmentationConfig) -> None:
        """Show a photo and its copies as soon as they are made; those that are not learnt from are faded."""
        self._photo, self._config = photo, config
        if self._busy:
            self._stale = True
        else:
            self._make(photo)

    def stop(self) -> None:
        """Show nothing more."""
        self._job.cancel()

    def _make(self, photo: PreviewedPhoto) -> None:
        self._busy, self._stale = True, False
        config = self._config
        known = self._made.views[:1] if self._made is not None and self._made.photo == photo else ()
        self._job.start(lambda _emit, _token: _previewed(photo, config, known))

    def _show(self, made: _Previewed) -> None:
        self._busy = False
        self._made = made
        self._pixmaps = [QPixmap.fromImage(image) for image in made.images]
        self.update()
        self.shown.emit(bool(made.views))
        if self._stale and self._photo is not None:
            self._make(self._photo)

    def sizeHint(self) -> QSize:
        """Nine tiles of 96 px."""
        side = _SIDE * 96 + (_SIDE - 1) * _GAP
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the tiles."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        side = (self.width() - _GAP * (_SIDE - 1)) / _SIDE
        for place in range(COPIES + 1):
            line, column = divmod(place, _SIDE)
            tile = QRectF(column * (side + _GAP), line * (side + _GAP), side, side)
            if place < len(self._pixmaps):
                painter.setOpacity(1.0 if place <= self._config.views else _FADED)
                photo_painting.photo(painter, tile, self._pixmaps[place], theme.RADIUS_BUTTON)
            else:
                painting.box(painter, tile, theme.RADIUS_BUTTON, theme.color("sunken"))


def _previewed(photo: PreviewedPhoto, config: AugmentationConfig, known: tuple[Pixels, ...]) -> _Previewed:
    """Everything that takes time, so that the window only has to show it."""
    views = _views_of(photo, config, known)
    return _Previewed(photo, views, tuple(map(_image, views)))


def _views_of(photo: PreviewedPhoto, config: AugmentationConfig, known: tuple[Pixels, ...]) -> tuple[Pixels, ...]:
    """A photo and its first eight copies, as the network gets them; none where it can't be read any more.

    Args:
        photo: The photo.
        config: What varies; the number of copies apart.
        known: The photo itself, if it has been decoded before.
    """
    try:
        picture = known[0] if known else decode(photo.path, photo.input_size)
    except UnreadableImageError:
        return ()
    config = replace(config, views=COPIES)
    return tuple(
        augmented_view(picture, config, seed=photo.seed, digest=photo.digest, view=view) for view in range(COPIES + 1)
    )


def _image(pixels: Pixels) -> QImage:
    pixels = np.ascontiguousarray(pixels)
    height, width, _ = pixels.shape
    # The conversion copies: the view must not outlive the array. It is the format that pixmaps have anyway.
    view = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return view.convertToFormat(QImage.Format.Format_RGB32)
