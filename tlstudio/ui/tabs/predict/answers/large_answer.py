"""One photo of the table as large as fits, with its answer; arrow keys lead to its neighbours."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets.labels import ElidedLabel, TextLabel
from tlstudio.ui.widgets.large_dialog import LargeDialog
from tlstudio.ui.widgets.photo_table import PredictionRow, RowSource
from tlstudio.ui.widgets.photo_view import PhotoView
from tlstudio.ui.widgets.thumbnails import ThumbnailCache


class LargeAnswer(LargeDialog):
    """Shows the photos of the table one at a time, in the order that the table had when this opened.

    Attributes:
        position_changed: Carries the position of the photo shown.
    """

    position_changed = Signal(int)

    def __init__(
        self, source: RowSource, order: Sequence[int], position: int, cache: ThumbnailCache, parent: QWidget
    ) -> None:
        super().__init__("Photo and its answer", "Go back to the table", parent)
        self._source, self._order = source, tuple(order)
        self._place = self._order.index(position)
        self._view = PhotoView(cache)
        self._name = ElidedLabel("", "title", mode=Qt.TextElideMode.ElideMiddle)
        self._answer = TextLabel("", "strong")
        self._folder = ElidedLabel("", "secondary", "text2", mode=Qt.TextElideMode.ElideMiddle)
        self._count = TextLabel("", "secondary", "text2")
        for key, steps in (("Up", -1), ("Down", 1)):
            QShortcut(QKeySequence(key), self).activated.connect(lambda steps=steps: self.step(steps))
        self._lay_out()
        self._show()

    def step(self, steps: int) -> None:
        """Go on by so many rows; stays at the ends."""
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
        self._count.setText(self.show_place(row.path.name, self._place, len(self._order)))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.SPACE_16)
        head.addWidget(self._name, 1)
        head.addWidget(self._answer)
        under = QHBoxLayout()
        under.setSpacing(theme.SPACE_16)
        under.addWidget(self._folder, 1)
        under.addWidget(self._count)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE_24, theme.SPACE_24, theme.SPACE_24, theme.SPACE_24)
        column.setSpacing(theme.SPACE_12)
        column.addLayout(head)
        column.addLayout(under)
        column.addWidget(self._view, 1)
        column.addLayout(self.foot())


def answer_words(row: PredictionRow) -> str:
    """An answer in a few words: "tulips, 61 %, unsure"."""
    if row.state == "unreadable":
        return row.reason
    _, name, sure, state = row.texts()
    return f"{name}, {sure.lower()}, {state.lower()}"
