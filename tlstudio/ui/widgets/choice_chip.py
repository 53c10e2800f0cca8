"""A chip that opens a list to choose from: classes, folders, orders; with a search where the list is long."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from tlstudio.ui import icons, theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.chips import FilterChip
from tlstudio.ui.widgets.pick_list import Choice, PickPopup
from tlstudio.ui.widgets.tooltip import set_tooltip

_WIDTH, _SHOWN_ROWS = 304, 11
_CHEVRON: Final = 14
_SCREEN_MARGIN: Final = 8
_LONGEST: Final = 150


class ChoiceChip(FilterChip):
    """Names what is chosen; a press opens the list, which is filled when it is wanted.

    Attributes:
        wanted: The list is about to open: call ``set_choices``.
        chosen: Carries the value of the entry that was picked by hand.
    """

    wanted = Signal()
    chosen = Signal(object)

    def __init__(self, choice: Choice, name: str, tip: str, parent: QWidget | None = None) -> None:
        """Make a chip.

        Args:
            choice: What is chosen at first; anything else marks the chip.
            name: What is chosen with it, for screen readers: "Class".
            tip: What it does.
            parent: Owner.
        """
        super().__init__(choice.words, parent=parent)
        self._first, self._choice, self._name, self._tip = choice.value, choice, name, tip
        self._list = _ChoiceList(name, self)
        self._list.picked.connect(self._pick)
        self.clicked.connect(self._open)
        self.choose(choice)

    def set_choices(self, choices: Sequence[Choice], n_classes: int = 0) -> None:
        """Fill the list.

        Args:
            choices: The entries.
            n_classes: How many classes there are in all, for the colours of dots.
        """
        self._list.set_choices(choices, self._choice.value, n_classes)

    def choose(self, choice: Choice) -> None:
        """Show that something is chosen, without telling it."""
        self._choice = choice
        self.setText(choice.words)
        self.setChecked(choice.value != self._first)
        self.setAccessibleName(f"{self._name}: {choice.words}")
        set_tooltip(self, self._tip)
        self.updateGeometry()
        self.update()

    @property
    def value(self) -> object:
        """What is chosen."""
        return self._choice.value

    def sizeHint(self) -> QSize:
        """Words and chevron; long words are shortened."""
        size = super().sizeHint()
        return QSize(min(size.width(), _LONGEST) + _CHEVRON, size.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the chip."""
        painter = QPainter(self)
        painting.prepare(painter)
        chosen = self.isChecked()
        ground = "accent_soft" if chosen else "sunken" if self.underMouse() else "surface"
        border = theme.color("accent" if chosen else "line")
        painting.box(painter, self.rect(), self.height() / 2, theme.color(ground), border)
        ink = theme.color("accent" if chosen else "text")
        words = QRectF(12, 0, self.width() - 12 - _CHEVRON - 12, self.height())
        painting.text(painter, words, self.text(), self.font(), ink, elide=Qt.TextElideMode.ElideMiddle)
        side = float(_CHEVRON)
        place = QRectF(self.width() - side - 9, (self.height() - side) / 2, side, side)
        icons.paint(painter, "chevron_down", place, ink)

    def _open(self) -> None:
        self.setChecked(self._choice.value != self._first)  # a press opens the list; it switches nothing
        self.wanted.emit()
        self._list.open_under(self)

    def _pick(self, choice: Choice) -> None:
        self.choose(choice)
        self.chosen.emit(choice.value)


class _ChoiceList(PickPopup):
    """The list; closes when an entry is picked, at Esc, and at a click elsewhere."""

    picked = Signal(object)

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(name, "Find", "Nothing of that name", "chosen", parent)
        self.setAccessibleName(name)
        set_tooltip(self.search, "Show only entries that contain this")
        self.setFixedWidth(_WIDTH)
        self.search.textChanged.connect(self._filter)
        self.view.picked.connect(self._pick)

    def open_under(self, chip: QWidget) -> None:
        """Open under a chip, or where the screen has room."""
        self.search.clear()
        self._filter("")
        self.view.fit(_SHOWN_ROWS)
        self.adjustSize()
        screen = self.screen().availableGeometry().adjusted(0, 0, -_SCREEN_MARGIN, -_SCREEN_MARGIN)
        place = chip.mapToGlobal(QPoint(0, chip.height() + theme.SPACE_4))
        self.move(min(place.x(), screen.right() - self.width()), min(place.y(), screen.bottom() - self.height()))
        self.show()
        self.take_keyboard()
        self.view.scrollTo(self.view.currentIndex())

    def _filter(self, words: str) -> None:
        self.model.search(words)
        self.none.setVisible(not self.model.rowCount())
        self.view.go_to(0 if words else self.model.row_of_value())

    def _pick(self, choice: Choice) -> None:
        self.close()
        self.picked.emit(choice)
