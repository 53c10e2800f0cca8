"""A column of cards that scrolls on its own."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from tlstudio.ui import theme

GUTTER = theme.SPACE_16
"""Room for the scroll bar at the right of the cards; the layout around the column takes it off its own gap."""


class ScrollColumn(QScrollArea):
    """Cards under each other, 16 apart, as wide as told.

    Attributes:
        body: Layout for the cards.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        content = self._content = QWidget()
        content.setProperty("scrolled", True)
        self.body = QVBoxLayout(content)
        self.body.setContentsMargins(0, 0, GUTTER, 0)
        self.body.setSpacing(theme.SPACE_16)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(content)
        self.setAccessibleName(name)

    def set_card_width(self, width: int) -> None:
        """Make the cards ``width`` wide."""
        # The content must not be laid out anew, and so jump, when the bar comes or goes.
        self.setFixedWidth(width + GUTTER)
        self._content.setFixedWidth(width + GUTTER)
