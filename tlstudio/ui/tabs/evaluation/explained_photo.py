"""A photo as large as fits, and right under it the controls of its heat map."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from tlstudio.ui import theme
from tlstudio.ui.tabs.evaluation.heat_controls import HeatControls
from tlstudio.ui.widgets.heat_photo import HeatPhoto
from tlstudio.ui.widgets.thumbnails import ThumbnailCache

_LEAST_PHOTO = 120


class ExplainedPhoto(QWidget):
    """Places the controls where the photo ends, whatever its proportions: no layout knows where that is.

    Attributes:
        photo: The photo.
        controls: What stands under it.
    """

    def __init__(
        self,
        thumbnails: ThumbnailCache,
        controls: HeatControls,
        alignment: Qt.AlignmentFlag,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.photo = HeatPhoto(thumbnails, self, alignment=alignment)
        self.controls = controls
        controls.setParent(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        thumbnails.loaded.connect(self._place_loaded)

    def show_photo(self, path: Path, description: str) -> None:
        """Show another photo.

        Args:
            path: Its file.
            description: What a screen reader says of it.
        """
        self.photo.set_photo(path, description)
        self._place()

    def sizeHint(self) -> QSize:
        """That of the photo and of what stands under it."""
        return self.photo.sizeHint() + QSize(0, self._controls_height() + theme.SPACE_12)

    def minimumSizeHint(self) -> QSize:
        """The controls fit."""
        width = max(self.controls.least_width(), _LEAST_PHOTO)
        return QSize(width, _LEAST_PHOTO + self._controls_height() + theme.SPACE_12)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place both anew."""
        super().resizeEvent(event)
        self._place()

    def _controls_height(self) -> int:
        return self.controls.sizeHint().height()

    def _place(self) -> None:
        height = self._controls_height()
        room = max(self.height() - height - theme.SPACE_12, 1)
        self.photo.setGeometry(0, 0, self.width(), room)
        end = min(round(self.photo.photo_rect().bottom()), room)
        self.controls.setGeometry(0, end + theme.SPACE_12, self.width(), height)

    def _place_loaded(self, path: Path) -> None:
        if path == self.photo.photo():
            self._place()
