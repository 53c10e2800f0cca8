"""A card: title, actions at the right, content, and a footer after a hairline."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.labels import TextLabel

_BARE_HEAD = 2  # title and stretch


class Hairline(QFrame):
    """A line of one pixel across."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the line."""
        QPainter(self).fillRect(self.rect(), theme.color("line"))


class Card(QFrame):
    """A surface with a border and no shadow.

    Attributes:
        body: Layout for the content.
    """

    def __init__(
        self,
        title: str = "",
        *,
        padding: int = theme.SPACE_20,
        emphasised: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """Make a card.

        Args:
            title: Its title; the row of title and actions is absent while both are.
            padding: 20 for small cards, 24 for large ones.
            emphasised: Whether the border is 2 px of accent, as for what is recommended.
            parent: Owner.
        """
        super().__init__(parent)
        self._emphasised = emphasised
        self._padding, self._highest_action = padding, 0
        self._title = TextLabel(title, "title")
        self._head = QWidget(self)
        self._head_row = QHBoxLayout(self._head)
        self._head_row.setContentsMargins(0, 0, 0, 0)
        self._head_row.setSpacing(theme.SPACE_16)
        self._head_row.addWidget(self._title)
        self._head_row.addStretch(1)
        self._head.setHidden(not title)
        self.body = QVBoxLayout()
        self.body.setSpacing(theme.SPACE_8)
        self._column = QVBoxLayout(self)
        self._set_margins()
        self._column.setSpacing(theme.SPACE_12)
        self._column.addWidget(self._head)
        self._column.addLayout(self.body, 1)
        self.setAccessibleName(title)

    def refresh_hints(self) -> None:
        """Reckon with what the content needs now, before the event loop comes to it."""
        self._column.activate()

    def set_title(self, title: str) -> None:
        """Change the title."""
        self._title.setText(title)
        self.setAccessibleName(title)
        self._head.setHidden(not title and self._head_row.count() == _BARE_HEAD)

    def set_emphasised(self, emphasised: bool) -> None:
        """Change between the hairline and 2 px of accent."""
        self._emphasised = emphasised
        self.update()

    def set_padding(self, padding: int) -> None:
        """Change the space around the content, in pixels."""
        self._padding = padding
        self._set_margins()

    def add_action(self, widget: QWidget) -> None:
        """Put a text button, a switch or the like at the right end of the title row."""
        self._head.show()
        self._head_row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        self._highest_action = max(self._highest_action, widget.sizeHint().height())
        self._set_margins()

    def _set_margins(self) -> None:
        """Make up for an action that is higher than the title, so that the titles of all cards stand equally high."""
        padding = self._padding
        excess = max(self._highest_action - self._title.sizeHint().height(), 0) // 2
        top = min(padding, max(padding - excess, theme.SPACE_12))
        self._column.setContentsMargins(padding, top, padding, padding)

    def add_footer(self, widget: QWidget) -> None:
        """Put ``widget`` at the foot, after a hairline."""
        self._column.addWidget(Hairline())
        self._column.addWidget(widget)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw surface and border."""
        painter = QPainter(self)
        painting.prepare(painter)
        border = theme.color("accent" if self._emphasised else "line")
        width = 2.0 if self._emphasised else 1.0
        painting.box(painter, self.rect(), theme.RADIUS_CARD, theme.color("surface"), border, width)
