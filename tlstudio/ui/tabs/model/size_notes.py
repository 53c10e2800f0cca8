"""The foot of a page: what all of it costs, and what is wrong or unwise about it."""

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.ui import icons, theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.card import Hairline
from tlstudio.ui.widgets.labels import ElidedLabel, TextLabel
from tlstudio.ui.widgets.tooltip import set_tooltip

LOW_PAGE: Final = 380
"""Height in pixels under which a page has little room."""

_EDGE = 4.0
_ICON = 18


class WarningNote(QWidget):
    """A sentence on a soft ground, with the mark of its kind; absent while there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wrong = False
        self._words = TextLabel("", "secondary", "unsure", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(_ICON + 2 * theme.SPACE_12, theme.SPACE_8, theme.SPACE_12, theme.SPACE_8)
        row.addWidget(self._words)
        theme.notifier().changed.connect(self.update)
        self.hide()

    def say(self, words: str, *, wrong: bool = False) -> None:
        """Show a sentence, or nothing for "".

        Args:
            words: The sentence.
            wrong: Whether it stands in the way, rather than only being good to know.
        """
        self._wrong = wrong
        self._words.set_tone("wrong" if wrong else "unsure")
        self._words.setText(words)
        self.setAccessibleName(words)
        self.setVisible(bool(words))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground, edge and mark."""
        painter = QPainter(self)
        painting.prepare(painter)
        tone = "wrong" if self._wrong else "unsure"
        painting.box(painter, self.rect(), theme.RADIUS_CELL, theme.color(f"{tone}_soft"))
        painting.box(painter, QRectF(0, 0, _EDGE, self.height()), 0, theme.color(tone))
        place = QRectF(theme.SPACE_12, (self.height() - _ICON) / 2, _ICON, _ICON)
        icons.paint(painter, "warning", place, theme.color(tone))


class SizeNotes(QWidget):
    """Totals at the left, something small at the right, and a warning over them."""

    def __init__(self, *beside: QWidget, parent: QWidget | None = None) -> None:
        """Make the foot of a page; ``beside`` stands at the right of the totals."""
        super().__init__(parent)
        self._warning = WarningNote()
        self._words, self._wrong, self._brief = "", False, False
        self._totals = ElidedLabel("", "secondary_strong")
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_16)
        row.addWidget(self._totals, 1)
        for widget in beside:
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_8)
        column.addWidget(Hairline())
        column.addWidget(self._warning)
        column.addLayout(row)

    def show_notes(self, totals: str, warning: str, *, wrong: bool = False) -> None:
        """Show what it costs, and what is unwise or, with ``wrong``, impossible about it."""
        self._totals.setText(totals)
        self._totals.set_tone("wrong" if wrong else "text")
        self._words, self._wrong = warning, wrong
        self._show_warning()

    def set_brief(self, brief: bool) -> None:
        """Say the first sentence of a warning only, and the rest in its tooltip: where there is little room."""
        if brief != self._brief:
            self._brief = brief
            self._show_warning()

    def _show_warning(self) -> None:
        first, stop, _ = self._words.partition(". ")
        self._warning.say(f"{first}." if self._brief and stop else self._words, wrong=self._wrong)
        set_tooltip(self._warning, self._words)
