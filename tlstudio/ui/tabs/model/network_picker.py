"""The table of networks with what narrows it and what fills in its speeds."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.modeling.architectures import Architecture
from tlstudio.ui import theme
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.model.network_rows import NetworkRow, network_rows
from tlstudio.ui.tabs.model.network_table import NetworkTable
from tlstudio.ui.tabs.model.speed_gauge import SpeedGauge
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.card import Hairline
from tlstudio.ui.widgets.fields import SearchField
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.tooltip import set_tooltip


class _NetworkSearch(SearchField):
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


class NetworkPicker(QWidget):
    """All networks, or those whose name fits what was typed.

    Attributes:
        chosen: Carries the name of the network that was chosen by hand.
    """

    chosen = Signal(str)

    def __init__(
        self, session: Session, own: Callable[[], Architecture | None], beside: QWidget, parent: QWidget | None = None
    ) -> None:
        """Make a picker.

        Args:
            session: Whose choice it shows.
            own: Tells the network that the person put together; None while there is none.
            beside: Stands at the right of the line under the table.
            parent: Owner.
        """
        super().__init__(parent)
        self._session = session
        self._rows: list[NetworkRow] = []
        self._own = own
        self._table = NetworkTable()
        self._search = _NetworkSearch("Find a network")
        self._count = TextLabel("", "secondary", "text2")
        self._show_all = Button("Show all", "text", size="small")
        self._gauge = SpeedGauge(session, self)
        self._arrange(beside)
        set_tooltip(self._search, "Show only the networks with these words in their name", key="Ctrl+F")
        set_tooltip(self._show_all, "Empty the field and show all networks")
        self._search.textChanged.connect(self._narrow)
        self._search.left.connect(self._enter_table)
        self._show_all.clicked.connect(self._search.clear)
        self._table.chosen.connect(self.chosen)
        self._gauge.measured.connect(self.refresh)

    def refresh(self) -> None:
        """Look again what is chosen, what lies on this computer and how quick it is."""
        self._rows = network_rows(self._session.choices.spec, self._own())
        self._narrow()

    def _narrow(self) -> None:
        words = self._search.text()
        shown = [row for row in self._rows if row.fits(words)]
        self._table.set_rows(shown)
        everything = len(shown) == len(self._rows)
        total = f"{len(self._rows)} networks"
        self._count.setText(total if everything else f"{len(shown)} of {total}")
        self._show_all.setVisible(not everything)

    def _enter_table(self) -> None:
        if self._table.model().rowCount():
            if not self._table.currentIndex().isValid():
                self._table.selectRow(0)
            self._table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _arrange(self, beside: QWidget) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(theme.SPACE_12)
        self._search.setMinimumWidth(theme.SPACE_24 * 5)
        self._search.setMaximumWidth(theme.SPACE_24 * 8)
        foot.addWidget(self._search)
        foot.addWidget(self._count)
        foot.addWidget(self._show_all)
        foot.addStretch(1)
        foot.addWidget(beside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_8)
        column.addWidget(self._table, 1)
        column.addWidget(Hairline())
        column.addLayout(foot)

    def showEvent(self, event: QShowEvent) -> None:
        """Files come and go; and now the speeds are looked at."""
        super().showEvent(event)
        self.refresh()
        self._gauge.set_watched(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks at the speeds."""
        super().hideEvent(event)
        self._gauge.set_watched(False)
