"""The card that chooses where the network is cut."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from tlstudio.modeling.layer_table import in_words
from tlstudio.ui import theme
from tlstudio.ui.tabs.model.chosen_network import ChosenNetwork
from tlstudio.ui.tabs.model.cut_table import CutTable
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.card import Card
from tlstudio.ui.widgets.disclosure import Disclosure
from tlstudio.ui.widgets.fields import SearchField
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.tooltip import set_tooltip

_TABLE_HEIGHT: Final = 264
_MEANING: Final = (
    "The last layers read what the network has found up to here. Earlier layers find edges and patterns, later ones "
    "whole things; an early cut computes faster."
)


class _CutSearch(SearchField):
    """Down and Enter go on to the table.

    Attributes:
        left: The table is wanted.
    """

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the field for what it found."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
            return
        super().keyPressEvent(event)


class CutCard(Card):
    """Where the network is cut, in a line; behind a disclosure, all places where it can be.

    Attributes:
        cut_chosen: Carries the name of a layer; "" for the network's usual place.
    """

    cut_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(padding=theme.SPACE_24, parent=parent)
        self._network = ChosenNetwork(None, (), (), scratch=False)
        self._disclosure = Disclosure("Where the network is cut", "cut")
        self._here = TextLabel("", "secondary", "text2", wrap=True)
        self._search = _CutSearch("Find a layer")
        self._count = TextLabel("", "secondary", "text2")
        self._usual = Button("Usual place", "text", size="small")
        self._table = CutTable()
        self._table.setFixedHeight(_TABLE_HEIGHT)
        set_tooltip(self._search, "Show only the layers with these words in their name or block")
        set_tooltip(self._usual, "Cut the network where its makers did: behind its last layer without their classes")
        set_tooltip(self._table, "Press a layer to cut the network there", term="Cut layer", key="Enter")
        self._arrange()
        self._disclosure.toggled.connect(self._here.setHidden)
        self._search.textChanged.connect(lambda _: self._show_cuts())
        self._search.left.connect(self._table.enter)
        self._usual.clicked.connect(lambda: self.cut_chosen.emit(""))
        self._table.chosen.connect(self.cut_chosen)
        self.setAccessibleName("Where the network is cut")

    def show_network(self, network: ChosenNetwork, *, usual: bool) -> None:
        """Show where a network is cut; ``usual`` tells that nobody chose that place."""
        self._network = network
        self._usual.setEnabled(not usual)
        end = network.end
        place = f"{end.name}, {in_words(end.shape)}" if end else "not known"
        self._here.setText(f"At {place}{': its usual place' if usual and end else ''}.")
        self._show_cuts()

    def _show_cuts(self) -> None:
        wanted = self._search.text().casefold().split()
        cuts = self._network.cuts
        shown = [cut for cut in cuts if all(word in f"{cut.name} {cut.block}".casefold() for word in wanted)]
        self._count.setText(f"{len(shown)} of {len(cuts)} places" if len(shown) < len(cuts) else f"{len(cuts)} places")
        self._table.show_cuts(shown, self._network.cut)

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.SPACE_12)
        head.addWidget(self._search, 1)
        head.addWidget(self._count)
        head.addWidget(self._usual)
        self._disclosure.body.setSpacing(theme.SPACE_12)
        self._disclosure.body.addWidget(TextLabel(_MEANING, "secondary", "text2", wrap=True))
        self._disclosure.body.addLayout(head)
        self._disclosure.body.addWidget(self._table)
        self.body.addWidget(self._disclosure)
        self.body.addWidget(self._here)
        self._here.setHidden(self._disclosure.open)
