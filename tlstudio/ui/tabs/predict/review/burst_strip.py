"""Photos of one moment, which one key decides together."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets import painting, photo_painting
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.ui.widgets.tooltip import set_tooltip

_SHOWN: Final = 15
_IN_ROW: Final = 5
_WIDTH, _HEIGHT = 60, 46


class BurstStrip(QWidget):
    """The photos of a burst; each can be taken out, and is then asked about by itself.

    Attributes:
        changed: A photo was taken out, or back in.
    """

    changed = Signal()

    def __init__(self, thumbnails: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = TextLabel("", "secondary_strong", wrap=True)
        self._frames = [_Frame(thumbnails) for _ in range(_SHOWN)]
        self._photos: tuple[Path, ...] = ()
        frames = QGridLayout()
        frames.setSpacing(theme.SPACE_8)
        for number, frame in enumerate(self._frames):
            frame.toggled.connect(lambda _checked: self._tell())
            frames.addWidget(frame, number // _IN_ROW, number % _IN_ROW)
        for column_number in range(_IN_ROW):
            frames.setColumnStretch(column_number, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_4)
        column.addWidget(self._title)
        column.addLayout(frames)
        self.hide()

    def show_photos(self, photos: Sequence[Path], asked: Path | None) -> None:
        """Show a burst, all of it taken together.

        Args:
            photos: By time; fewer than two hide the strip.
            asked: The photo that is shown large, which always counts.
        """
        self._photos = tuple(photos)
        for number, frame in enumerate(self._frames):
            photo = photos[number] if number < len(photos) else None
            frame.show_photo(photo, locked=photo == asked)
        self.setVisible(len(photos) > 1)
        self._say()

    def chosen(self) -> tuple[Path, ...]:
        """The photos that are decided together."""
        out = {frame.path for frame in self._frames if frame.path is not None and not frame.isChecked()}
        return tuple(photo for photo in self._photos if photo not in out)

    def _tell(self) -> None:
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        count = len(self.chosen())
        words = f"{count} photos of one moment" if count > 1 else "This photo alone"
        self._title.setText(f"{words}: one answer for all. Press one to take it out." if count > 1 else f"{words}.")


class _Frame(QAbstractButton):
    """One photo of the strip; faded where it is taken out."""

    focus_radius = theme.RADIUS_CELL

    def __init__(self, thumbnails: ThumbnailCache) -> None:
        super().__init__()
        self._thumbnails = thumbnails
        self.path: Path | None = None
        self._locked = False
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Photo of the same moment")
        set_tooltip(self, "Take this photo out, to answer it by itself", key="Space")
        thumbnails.loaded.connect(self._show_loaded)

    def show_photo(self, path: Path | None, *, locked: bool) -> None:
        self.path, self._locked = path, locked
        self.blockSignals(True)
        self.setChecked(True)
        self.blockSignals(False)
        self._thumbnails.keep(self, {path} if path is not None else set())
        self.setVisible(path is not None)
        if path is not None:
            self.setAccessibleName(f"{path.stem.replace('_', ' ')}, of the same moment")
        self.update()

    def nextCheckState(self) -> None:  # noqa: N802 - Qt's name
        if not self._locked:
            super().nextCheckState()

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(_WIDTH // 2, _HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Only the space bar presses it: the other keys are those of the card."""
        if event.key() == Qt.Key.Key_Space:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.path is None:
            return
        painter = QPainter(self)
        painting.prepare(painter)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setOpacity(1.0 if self.isChecked() else 0.35)
        place = QRectF(self.rect())
        pixmap = self._thumbnails.pixmap(self.path, round(2 * _WIDTH * self.devicePixelRatioF()), self)
        if pixmap is None:
            painting.box(painter, place, theme.RADIUS_CELL, theme.color("sunken"))
        else:
            photo_painting.photo(painter, place, pixmap, theme.RADIUS_CELL)
        if self._locked:
            painting.box(painter, place, theme.RADIUS_CELL, border=theme.color("accent"), width=3.0)

    def _show_loaded(self, path: Path) -> None:
        if path == self.path:
            self.update()
