"""The card behind "Choose myself": one page for each thing that can be chosen."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QWidget

from tlstudio.ui.widgets.card import Card
from tlstudio.ui.widgets.disclosure import Disclosure
from tlstudio.ui.widgets.segmented import Segmented
from tlstudio.ui.widgets.tooltip import set_tooltip


@dataclass(frozen=True, slots=True)
class ChoicePage:
    """One page of the card.

    Attributes:
        key: What code calls it.
        title: Its segment, in a word or two.
        tip: What is chosen there, in a sentence without a full stop.
        widget: Its contents.
    """

    key: str
    title: str
    tip: str
    widget: QWidget


class ChoiceCard(Card):
    """A disclosure with segments beside its title, and the page of the chosen one.

    Attributes:
        toggled: Whether the card is open now.
    """

    toggled = Signal(bool)

    def __init__(self, pages: Sequence[ChoicePage], parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._indices = {page.key: index for index, page in enumerate(pages)}
        self._parts = Segmented([(page.key, page.title) for page in pages], "What to choose")
        set_tooltip(self._parts, "\n".join(f"{page.title}: {page.tip}" for page in pages))
        self._stack = QStackedWidget()
        for page in pages:
            self._stack.addWidget(page.widget)
        self._disclosure = Disclosure("Choose myself", "model")
        self._disclosure.add_beside_title(self._parts)
        self._disclosure.body.addWidget(self._stack, 1)
        self.body.addWidget(self._disclosure, 1)
        self.setAccessibleName("Choose myself")
        self._disclosure.toggled.connect(self.toggled)
        self._parts.changed.connect(self.show_page)

    @property
    def open(self) -> bool:
        """Whether the pages are shown."""
        return self._disclosure.open

    def set_open(self, is_open: bool) -> None:
        """Show or hide the pages."""
        self._disclosure.set_open(is_open)

    def show_page(self, key: str) -> None:
        """Show the page of this key; whether the card is open stays as it is."""
        self._parts.set_current(key)
        self._stack.setCurrentIndex(self._indices[key])

    def set_offered(self, key: str, offered: bool) -> None:
        """Offer a page or not; in the place of one that is shown and goes comes the first."""
        self._parts.set_offered(key, offered)
        if not offered and self._parts.current_key() == key:
            self.show_page(next(iter(self._indices)))


def scrolled(widget: QWidget) -> QScrollArea:
    """``widget``, scrolled up and down where it doesn't fit."""
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    widget.setProperty("scrolled", "true")
    area.setWidget(widget)
    return area
