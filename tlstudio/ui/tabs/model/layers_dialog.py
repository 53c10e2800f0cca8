"""The window with all layers of the chosen network."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.modeling.summary.summary import HEAD, NetworkSummary, SummaryLayer
from tlstudio.ui import theme
from tlstudio.ui.tabs.model.chosen_network import totals
from tlstudio.ui.tabs.model.layer_list import BY_INDEX, BY_PARAMETERS, LayerList
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.card import Hairline
from tlstudio.ui.widgets.fields import ComboBox, SearchField
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.tooltip import set_tooltip

_SEARCH_WIDTH: Final = 260


class LayersDialog(QDialog):
    """Every layer, with totals; follows what is chosen while it is open.

    Attributes:
        refine_chosen: Carries the name of the first layer that is to be refined.
    """

    refine_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("All layers")
        self.setAccessibleName("All layers")
        self._scratch = False
        self._list = LayerList()
        self._search = SearchField("Find a layer")
        self._count = TextLabel("", "secondary", "text2")
        self._order = ComboBox([("in their order", BY_INDEX), ("most numbers first", BY_PARAMETERS)])
        self._totals = TextLabel("", "secondary", "text2", wrap=True)
        self._refine = Button("Refine from here", "outline")
        self._copy = Button("Copy as text", "outline")
        self._close = Button("Close", "outline")
        self._explain()
        self._arrange()
        self._connect()
        self.resize(860, 640)

    def show_network(self, summary: NetworkSummary, *, scratch: bool) -> None:
        """Show the layers of a network; ``scratch`` tells that none of them has learnt anything before."""
        self._scratch = scratch
        self._list.set_layers(summary.layers)
        self._totals.setText(totals(summary))
        self._refresh()

    def go_to_block(self, block: str) -> None:
        """Show the first layer of a block; "" leaves the list where it is."""
        if block:
            self._search.clear()
            self._list.sort_by(BY_INDEX)
            self._list.go_to_block(block)
        self._list.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses no button here: in the list it is "Refine from here"."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)

    def _explain(self) -> None:
        self._order.setAccessibleName("Order")
        set_tooltip(self._search, "Show only layers with these words in name, kind or block", key="Ctrl+F")
        set_tooltip(self._order, "Which layers stand first; a click on the name of a column sorts, too")
        set_tooltip(self._copy, "Put what is shown on the clipboard, as a table for other programs", key="Ctrl+C")
        set_tooltip(self._close, "Close the list", key="Esc")
        for button in (self._refine, self._copy, self._close):
            button.setAutoDefault(False)

    def _connect(self) -> None:
        self._search.textChanged.connect(self._narrow)
        self._order.activated.connect(lambda: self._list.sort_by(self._order.currentData()))
        self._list.horizontalHeader().sortIndicatorChanged.connect(self._follow_order)
        self._list.selectionModel().currentChanged.connect(lambda *_: self._refresh())
        self._list.picked.connect(lambda _: self._refine_here())
        self._refine.clicked.connect(self._refine_here)
        self._copy.clicked.connect(self._copy_text)
        self._close.clicked.connect(self.close)
        QShortcut(QKeySequence.StandardKey.Find, self, self._search.setFocus)
        QShortcut(QKeySequence.StandardKey.Copy, self._list, self._copy_text)

    def _arrange(self) -> None:
        self._search.setFixedWidth(_SEARCH_WIDTH)
        self._order.setFixedWidth(_SEARCH_WIDTH - theme.SPACE_24 * 3)
        head = QHBoxLayout()
        head.setSpacing(theme.SPACE_12)
        foot = QHBoxLayout()
        foot.setSpacing(theme.SPACE_12)
        for row, widgets in ((head, (self._search, self._count)), (foot, (self._refine, self._copy))):
            for widget in widgets:
                row.addWidget(widget)
            row.addStretch(1)
        head.addWidget(self._order)
        foot.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE_24, theme.SPACE_24, theme.SPACE_24, theme.SPACE_20)
        column.setSpacing(theme.SPACE_12)
        column.addLayout(head)
        column.addWidget(self._list, 1)
        column.addWidget(Hairline())
        column.addWidget(self._totals)
        column.addLayout(foot)

    def _narrow(self, words: str) -> None:
        self._list.narrow(words)
        self._refresh()

    def _follow_order(self) -> None:
        self._order.setCurrentIndex(self._order.findData(self._list.sorted_by))

    def _refresh(self) -> None:
        shown = self._list.shown
        self._count.setText("1 layer" if shown == 1 else f"{shown:,} layers")
        self._copy.setEnabled(bool(shown))
        obstacle = self._obstacle(self._list.current_layer())
        self._refine.setEnabled(not obstacle)
        set_tooltip(self._refine, obstacle or "This layer and all behind it go on learning", key="Enter")

    def _obstacle(self, layer: SummaryLayer | None) -> str:
        """Why the network can't be refined from a layer on; "" if it can."""
        if self._scratch:
            return "A network without any knowledge learns as a whole"
        if layer is None:
            return "Choose a layer first"
        return "The last layers are new: they learn in any case" if layer.block == HEAD else ""

    def _refine_here(self) -> None:
        layer = self._list.current_layer()
        if layer is not None and not self._obstacle(layer):
            self.refine_chosen.emit(layer.name)

    def _copy_text(self) -> None:
        QGuiApplication.clipboard().setText(f"{self._list.as_text()}\n\n{self._totals.text()}\n")
