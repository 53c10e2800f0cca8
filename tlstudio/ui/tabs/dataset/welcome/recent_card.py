"""A card of rows that open something."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.ui import theme
from tlstudio.ui.tabs.dataset.welcome.recent_row import RecentRow
from tlstudio.ui.widgets.card import Card, Hairline


class RecentCard(Card):
    """Rows with hairlines under them; hidden while there are none."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, padding=theme.SPACE_24, parent=parent)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self.body.addLayout(self._rows)
        self.hide()

    def add_foot(self, widget: QWidget) -> None:
        """Put ``widget`` under the rows, at the right."""
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(widget)
        self.body.addLayout(foot)

    def set_rows(self, rows: Sequence[RecentRow]) -> None:
        """Show these rows in the place of those before."""
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for row in rows:
            self._rows.addWidget(row)
            self._rows.addWidget(Hairline())
        self.setVisible(bool(rows))
