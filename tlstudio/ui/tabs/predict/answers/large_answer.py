"""One photo of the table as large as fits, with its answer; arrow keys lead to its neighbours."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.labels import ElidedLabel, TextLabel
from tlstudio.ui.widgets.photo_table import PredictionRow, RowSource
from tlstudio.ui.widgets.photo_view import PhotoView
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.ui.widgets.tooltip import set_tooltip

_MARGIN: Final = 48


class LargeAnswer(QDialog):
    """Shows the photos of the table one at a time, in the order that the table had when this opened.

    Attributes:
        position_changed: Carries the position of the photo shown.
    """

    position_changed = Signal(int)

    def __init__(
        self, source: RowSource, order: Sequence[int], position: int, cache: ThumbnailCache, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._source, self._order = source, tuple(order)
        self._place = self._order.index(position)
        self._view = PhotoView(cache)
        self._name = ElidedLabel("", "title", mode=Qt.TextElideMode.ElideMiddle)
        self._answer = TextLabel("", "strong")
        self._folder = ElidedLabel("", "secondary", "text2", mode=Qt.TextElideMode.ElideMiddle)
        self._count = TextLabel("", "secondary", "text2")
        self._back, self._on, self._close = Button("Previous"), Button("Next"), Button("Close")
        set_tooltip(self._back, "The photo before", key="←")
        set_tooltip(self._on, "The next photo", key="→")
        set_tooltip(self._close, "Go back to the table", key="Esc")
        self._back.clicked.connect(lambda: self._step(-1))
        self._on.clicked.connect(lambda: self._step(1))
        self._close.clicked.connect(self.accept)
        for key, steps in (("Left", -1), ("Right", 1), ("Up", -1), ("Down", 1)):
            QShortcut(QKeySequence(key), self).activated.connect(lambda steps=steps: self._step(steps))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName("Photo and its answer")
        self._lay_out()
        self.resize(parent.window().size() - QSize(2 * _MARGIN, 2 * _MARGIN))
        self._show()
        self._close.setFocus()

    def _step(self, steps: int) -> None:
        place = min(max(self._place + steps, 0), len(self._order) - 1)
        if place != self._place:
            self._place = place
            self._show()
            self.position_changed.emit(self._order[place])

    def _show(self) -> None:
        row = self._source.row(self._order[self._place])
        self._view.set_photo(row.path, answer_words(row))
        self._name.setText(row.path.name)
        self._answer.setText(answer_words(row))
        self._folder.setText(row.folder)
        self._count.setText(f"Photo {self._place + 1:,} of {len(self._order):,}")
        self._back.setEnabled(self._place > 0)
        self._on.setEnabled(self._place < len(self._order) - 1)
        self.setWindowTitle(row.path.name)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.SPACE_16)
        head.addWidget(self._name, 1)
        head.addWidget(self._answer)
        under = QHBoxLayout()
        under.setSpacing(theme.SPACE_16)
        under.addWidget(self._folder, 1)
        under.addWidget(self._count)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.SPACE_8)
        buttons.addWidget(self._back)
        buttons.addWidget(self._on)
        buttons.addStretch(1)
        buttons.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE_24, theme.SPACE_24, theme.SPACE_24, theme.SPACE_24)
        column.setSpacing(theme.SPACE_12)
        column.addLayout(head)
        column.addLayout(under)
        column.addWidget(self._view, 1)
        column.addLayout(buttons)


def answer_words(row: PredictionRow) -> str:
    """An answer in a few words: "tulips, 61 %, unsure"."""
    if row.state == "unreadable":
        return row.reason
    _, name, sure, state = row.texts()
    return f"{name}, {sure.lower()}, {state.lower()}"
