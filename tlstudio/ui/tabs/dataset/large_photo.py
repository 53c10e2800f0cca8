"""One photo as large as fits, with its facts and its label; arrow keys lead to its neighbours."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.ui import theme
from tlstudio.ui.tabs.dataset.photo_filter import Photos, Use
from tlstudio.ui.tabs.dataset.selection_bar import LabelButtons
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.photo_view import PhotoView
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.ui.widgets.tooltip import set_tooltip

_FACTS_WIDTH = 272
_MARGIN = 48
_UNUSED: Final[dict[Use, str]] = {
    "used": "not used",
    "no_class": "not used",
    "left_out": "left out",
    "class_off": "no, its class is switched off",
}


class LargePhoto(QDialog):
    """Shows photos one at a time.

    Attributes:
        labels: Changes the label of the photo shown.
        photos: All that can be walked through.
        position_changed: Carries the position of the photo shown.
    """

    position_changed = Signal(int)

    def __init__(
        self, photos: Photos, position: int, cache: ThumbnailCache, parent: QWidget, *, editable: bool = False
    ) -> None:
        super().__init__(parent)
        self.photos = photos
        self.labels = LabelButtons()
        self._editable = editable
        self._position = position
        self._view = PhotoView(cache)
        self._facts = _Facts()
        self._back = Button("Previous", "outline")
        self._on = Button("Next", "outline")
        self._close = Button("Close", "outline")
        set_tooltip(self._back, "The photo before", key="←")
        set_tooltip(self._on, "The next photo", key="→")
        set_tooltip(self._close, "Go back to all photos", key="Esc")
        self._back.clicked.connect(lambda: self.step(-1))
        self._on.clicked.connect(lambda: self.step(1))
        self._close.clicked.connect(self.accept)
        # Buttons would take the arrow keys for walking among themselves.
        for key, act in {
            Qt.Key.Key_Left: lambda: self.step(-1),
            Qt.Key.Key_Right: lambda: self.step(1),
            Qt.Key.Key_M: self.labels.pick_class,
            Qt.Key.Key_X: self.labels.leave_out_or_bring_back,
            Qt.Key.Key_Delete: self.labels.leave_out,
        }.items():
            QShortcut(QKeySequence(key), self).activated.connect(act)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName("Photo")
        self._lay_out()
        self.resize(parent.window().size() - QSize(2 * _MARGIN, 2 * _MARGIN))
        self._refresh()
        self._close.setFocus()

    def step(self, steps: int) -> None:
        """Go on by so many photos; stays at the ends."""
        position = min(max(self._position + steps, 0), len(self.photos) - 1)
        if position != self._position:
            self._position = position
            self._refresh()
            self.position_changed.emit(position)

    def change_photos(self, photos: Photos, *, editable: bool) -> None:
        """Show the same photos as they are known now."""
        self.photos, self._editable = photos, editable
        self._refresh()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.SPACE_8)
        buttons.addWidget(self._back)
        buttons.addWidget(self._on)
        buttons.addStretch(1)
        buttons.addWidget(self._close)
        side = QVBoxLayout()
        side.addWidget(self._facts)
        side.addSpacing(theme.SPACE_20)
        side.addWidget(self.labels)
        side.addStretch(1)
        side.addLayout(buttons)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE_24, theme.SPACE_24, theme.SPACE_24, theme.SPACE_24)
        row.setSpacing(theme.SPACE_24)
        row.addWidget(self._view, 1)
        row.addLayout(side)
        self._facts.setFixedWidth(_FACTS_WIDTH)
        self.labels.setFixedWidth(_FACTS_WIDTH)

    def _refresh(self) -> None:
        photos, position = self.photos, self._position
        item, sample, use = photos[position], photos.sample(position), photos.use(position)
        self.labels.set_photos(photos.at([position]), editable=self._editable)
        self._view.set_photo(item.path, item.class_name)
        self._facts.show_photo(
            item.path.name,
            f"Photo {position + 1:,} of {len(photos):,}",
            {
                "Class": item.class_name or "none",
                "Size": f"{sample.width:,} × {sample.height:,} px",
                "Used": (photos.part(position) if use == "used" else "") or _UNUSED[use],
                "Folder": str(Path(item.path).parent),
            },
        )
        self._back.setEnabled(position > 0)
        self._on.setEnabled(position < len(photos) - 1)
        self.setWindowTitle(item.path.name)


class _Facts(QWidget):
    """Name of the file, and under it what is known of the photo."""

    def __init__(self) -> None:
        super().__init__()
        self._name = TextLabel("", "title", wrap=True)
        self._place = TextLabel("", "secondary", "text2")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(theme.SPACE_16)
        self._grid.setVerticalSpacing(theme.SPACE_8)
        self._grid.setColumnStretch(1, 1)
        self._values: dict[str, TextLabel] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_4)
        column.addWidget(self._name)
        column.addWidget(self._place)
        column.addSpacing(theme.SPACE_16)
        column.addLayout(self._grid)

    def show_photo(self, name: str, place: str, facts: dict[str, str]) -> None:
        """Show these facts; the same names every time."""
        self._name.setText(_breakable(name))
        self._place.setText(place)
        for row, (word, value) in enumerate(facts.items()):
            if word not in self._values:
                label = TextLabel("", "text", wrap=True)
                label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                self._grid.addWidget(TextLabel(word, "text", "text2"), row, 0, Qt.AlignmentFlag.AlignTop)
                self._grid.addWidget(label, row, 1)
                self._values[word] = label
            self._values[word].setText(_breakable(value))


def _breakable(text: str) -> str:
    """With places to wrap after the separators of a path."""
    zero_width_space = "\N{ZERO WIDTH SPACE}"
    for mark in "/\\_-":
        text = text.replace(mark, mark + zero_width_space)
    return text
