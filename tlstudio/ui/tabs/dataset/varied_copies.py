"""The card "Varied copies of photos", with a preview of one photo's copies."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from tlstudio.datasets.augmentation import DEFAULT_AUGMENTATIONS, AugmentationConfig, augmented_view
from tlstudio.datasets.dataset import Dataset, Sample
from tlstudio.datasets.images import UnreadableImageError, decode
from tlstudio.training.recipes import SCRATCH_VIEWS
from tlstudio.ui import theme
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.quiet_job import QuietJob
from tlstudio.ui.widgets import painting, photo_painting
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.card import Card
from tlstudio.ui.widgets.disclosure import Disclosure
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.toggles import Switch
from tlstudio.ui.widgets.tooltip import set_tooltip

CHOSEN: Final = AugmentationConfig(DEFAULT_AUGMENTATIONS, SCRATCH_VIEWS)
"""What the switch turns on."""

_SIDE: Final = 3
_PIXELS: Final = 192
_GAP: Final = 6

Views = tuple[NDArray[np.uint8], ...]


class VariedCopiesCard(Card):
    """A switch, and behind a disclosure what it does to a photo.

    Attributes:
        chosen: Carries the ``AugmentationConfig`` that was switched to.
    """

    chosen = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("Varied copies of photos", parent=parent)
        self._dataset: Dataset | None = None
        self._shown = 0
        self._augmentation = AugmentationConfig()
        self._seed = 0
        self._job = QuietJob(session, self)
        self._switch = Switch("", "Varied copies of photos")
        set_tooltip(self._switch, "Learn from three varied copies of each photo, too", term="Augmentation")
        self.add_action(self._switch)
        self.body.addWidget(
            TextLabel(
                "Turn, shift and brighten while learning. Helps with few photos.", "secondary", "text2", wrap=True
            )
        )
        self._preview = Disclosure("See what it does", "varied_copies", small=True)
        self._views = _ViewGrid()
        self._preview.body.addWidget(self._views)
        self._preview.body.addLayout(self._foot())
        self.body.addWidget(self._preview)
        self._switch.clicked.connect(self._choose)
        self._preview.toggled.connect(self._refresh)
        self._job.succeeded.connect(self._show)

    def set_dataset(self, dataset: Dataset) -> None:
        """Take the photo of the preview from here."""
        self._dataset = dataset
        self._shown = 0
        self._views.clear()
        self._refresh()

    def set_augmentation(self, augmentation: AugmentationConfig, seed: int) -> None:
        """Show what is in force, and the copies that this seed makes."""
        on = augmentation.views > 0
        self._switch.setChecked(on)
        previewed = augmentation if on else CHOSEN
        if (previewed.names, seed) != (self._augmentation.names, self._seed):
            self._augmentation, self._seed = previewed, seed
            self._refresh()

    def _foot(self) -> QHBoxLayout:
        another = Button("Another photo", "text", size="small")
        set_tooltip(another, "Show the copies of another photo")
        another.clicked.connect(self._step)
        foot = QHBoxLayout()
        foot.addWidget(TextLabel("Top left: the photo itself.", "secondary", "text2"), 1)
        foot.addWidget(another)
        return foot

    def _choose(self, on: bool) -> None:
        if on:
            self._preview.set_open(True)
        self.chosen.emit(CHOSEN if on else AugmentationConfig())

    def _step(self) -> None:
        self._shown += 1
        self._refresh()

    def _refresh(self) -> None:
        if self._dataset is None or not self._dataset.samples or not self._preview.open:
            return
        # Neighbours in the list are of one class; a stride that is no divisor visits all classes soon.
        samples = self._dataset.samples
        sample = samples[(self._shown * 7919) % len(samples)]
        dataset, names, seed = self._dataset, self._augmentation.names, self._seed
        self._job.start(lambda _emit, _token: _views_of(dataset, sample, names, seed))

    def _show(self, views: Views) -> None:
        self._views.set_views(views)


def _views_of(dataset: Dataset, sample: Sample, names: tuple[str, ...], seed: int) -> Views:
    """A photo and eight copies, as the network sees them; none where it can't be read any more."""
    try:
        photo = decode(dataset.absolute(sample.path), _PIXELS)
    except UnreadableImageError:
        return ()
    config = AugmentationConfig(names, _SIDE**2 - 1)
    return tuple(
        augmented_view(photo, config, seed=seed, digest=sample.digest, view=view) for view in range(config.views + 1)
    )


class _ViewGrid(QWidget):
    """Three by three pictures."""

    def __init__(self) -> None:
        super().__init__()
        self._pixmaps: list[QPixmap] = []
        self.setAccessibleName("A photo and eight varied copies of it")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def clear(self) -> None:
        self._pixmaps = []
        self.update()

    def set_views(self, views: Views) -> None:
        self._pixmaps = [QPixmap.fromImage(_image(view)) for view in views]
        self.update()

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        return width

    def sizeHint(self) -> QSize:
        return QSize(280, 280)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setFixedHeight(self.width())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        side = (self.width() - _GAP * (_SIDE - 1)) / _SIDE
        for place in range(_SIDE**2):
            line, column = divmod(place, _SIDE)
            tile = QRectF(column * (side + _GAP), line * (side + _GAP), side, side)
            if place < len(self._pixmaps):
                photo_painting.photo(painter, tile, self._pixmaps[place], theme.RADIUS_BUTTON)
            else:
                painting.box(painter, tile, theme.RADIUS_BUTTON, theme.color("sunken"))


def _image(pixels: NDArray[np.uint8]) -> QImage:
    pixels = np.ascontiguousarray(pixels)
    height, width, _ = pixels.shape
    # The copy owns its pixels: the view must not outlive the array.
    return QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
