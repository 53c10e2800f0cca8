"""One photo large, to look at closely, with its facts and its label; arrow keys lead to its neighbours."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from tlstudio.datasets.photo_header import PhotoHeader
from tlstudio.ui import theme
from tlstudio.ui.tabs.dataset.photos.photo_details import LookAlikes, PhotoFacts, facts_of
from tlstudio.ui.tabs.dataset.photos.photo_filter import Photos
from tlstudio.ui.tabs.dataset.photos.selection_bar import LabelButtons
from tlstudio.ui.tabs.dataset.photos.zoom_view import ZoomView
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.large_dialog import LargeDialog
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.ui.widgets.tooltip import set_tooltip

_FACTS_WIDTH: Final = 272
_SCALE_WIDTH: Final = 88
_PAN: Final = 0.2


class LargePhoto(LargeDialog):
    """Shows photos one at a time.

    Attributes:
        labels: Changes the label of the photo shown.
        photos: All that can be walked through.
        position_changed: Carries the position of the photo shown.
        header_wanted: What a file tells is to be read and given to ``show_header``; carries its path.
    """

    position_changed = Signal(int)
    header_wanted = Signal(object)

    def __init__(
        self, photos: Photos, position: int, cache: ThumbnailCache, parent: QWidget, *, editable: bool = False
    ) -> None:
        super().__init__("Photo", "Go back to all photos", parent)
        self.photos = photos
        self.labels = LabelButtons()
        self._editable = editable
        self._position = position
        self._header = PhotoHeader(photos[position].path)
        self._view = ZoomView(cache)
        self._facts, self._alike = PhotoFacts(), LookAlikes(cache)
        self._scale = TextLabel("", "secondary", "text2")
        self._zoom = {
            "−": (self._out, "Smaller", "−"),
            "+": (self._in, "Larger", "+"),
            "Fit": (self._view.fit, "Show all of the photo", "0"),
            "100 %": (self._view.show_pixels, "Show each pixel of the photo as one of the screen", "1"),
        }
        self._connect()
        self._add_keys()
        self._lay_out()
        self._refresh()

    def step(self, steps: int) -> None:
        """Go on by so many photos; stays at the ends."""
        self._go_to(min(max(self._position + steps, 0), len(self.photos) - 1))

    def change_photos(self, photos: Photos, *, editable: bool) -> None:
        """Show the same photos as they are known now."""
        self.photos, self._editable = photos, editable
        self._refresh()

    def show_header(self, header: PhotoHeader) -> None:
        """Add what the file tells, if its photo is still shown."""
        if header.path == self.photos[self._position].path:
            self._header = header
            self._facts.show_header(header)

    def ask_for_header(self) -> None:
        """Ask for what the file of the photo shown tells."""
        self.header_wanted.emit(self.photos[self._position].path)

    def _go_to(self, position: int) -> None:
        if position != self._position:
            self._position = position
            self._refresh()
            self.position_changed.emit(position)
            self.ask_for_header()

    def _show_alike(self, number: int) -> None:
        """Go to a photo that looks like this one; if it isn't among those walked through, walk through the group."""
        position = self.photos.position_of(number)
        if position is None:
            self.photos = self.photos.alike(self._position, with_itself=True)
            position = self.photos.position_of(number) or 0
            self._position = -1
        self._go_to(position)

    def _connect(self) -> None:
        self._view.zoomed.connect(self._scale.setText)
        self._alike.wanted.connect(self._show_alike)
        self._view.setToolTip("The wheel zooms, dragging moves; a double click shows the pixels, another one all")

    def _add_keys(self) -> None:
        keys: dict[str, Callable[[], object]] = {
            "M": self.labels.pick_class,
            "X": self.labels.leave_out_or_bring_back,
            "Del": self.labels.leave_out,
            "+": self._in,
            "=": self._in,
            "-": self._out,
            "0": self._view.fit,
            "1": self._view.show_pixels,
            "Shift+Left": lambda: self._view.move_by(-_PAN, 0),
            "Shift+Right": lambda: self._view.move_by(_PAN, 0),
            "Shift+Up": lambda: self._view.move_by(0, -_PAN),
            "Shift+Down": lambda: self._view.move_by(0, _PAN),
        }
        for key, act in keys.items():
            QShortcut(QKeySequence(key), self).activated.connect(act)

    def _in(self) -> None:
        self._view.zoom_by(1)

    def _out(self) -> None:
        self._view.zoom_by(-1)

    def _lay_out(self) -> None:
        photo = QVBoxLayout()
        photo.setSpacing(theme.SPACE_12)
        photo.addWidget(self._view, 1)
        photo.addLayout(self._zoom_row())
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE_24, theme.SPACE_24, theme.SPACE_24, theme.SPACE_24)
        row.setSpacing(theme.SPACE_24)
        row.addLayout(photo, 1)
        row.addLayout(self._side())

    def _zoom_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_8)
        for words, (act, what, key) in self._zoom.items():
            button = Button(words, size="small")
            button.setAccessibleName(what)
            set_tooltip(button, what, key=key)
            button.clicked.connect(act)
            row.addWidget(button)
        self._scale.setMinimumWidth(_SCALE_WIDTH)
        row.addWidget(self._scale)
        row.addStretch(1)
        return row

    def _side(self) -> QVBoxLayout:
        known = QWidget()
        known.setProperty("scrolled", "true")
        column = QVBoxLayout(known)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_20)
        for widget in (self._facts, self.labels, self._alike):
            column.addWidget(widget)
        column.addStretch(1)
        scrolled = QScrollArea()
        scrolled.setAccessibleName("About this photo")
        scrolled.setWidget(known)
        scrolled.setWidgetResizable(True)
        scrolled.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scrolled.setFixedWidth(_FACTS_WIDTH)
        side = QVBoxLayout()
        side.setSpacing(theme.SPACE_16)
        side.addWidget(scrolled, 1)
        side.addLayout(self.foot())
        return side

    def _refresh(self) -> None:
        photos, position = self.photos, self._position
        item, sample = photos[position], photos.sample(position)
        self.labels.set_photos(photos.at([position]), editable=self._editable)
        self._view.set_photo(item.path, QSize(sample.width, sample.height), item.class_name)
        place = self.show_place(item.path.name, position, len(photos))
        self._facts.show_photo(item.path.name, place, facts_of(photos, position))
        if self._header.path == item.path:
            self._facts.show_header(self._header)
        self._alike.show_photos(photos.alike(position))
