"""What stands where there is nothing yet, and the way to it."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tlstudio.ui import icons, theme
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.labels import TextLabel

_ICON = 40


class IconLabel(QWidget):
    """An icon that follows the theme."""

    def __init__(
        self,
        glyph: str,
        color_token: str,
        size: int = theme.ICON_SIZE,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._glyph, self._token = glyph, color_token
        self.setFixedSize(size, size)

    def set_icon(self, glyph: str, color_token: str) -> None:
        """Show another icon."""
        self._glyph, self._token = glyph, color_token
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the icon."""
        icons.paint(QPainter(self), self._glyph, QRectF(self.rect()), theme.color(self._token))


class EmptyState(QWidget):
    """Icon, what will be here, and one button to the tab that leads there.

    Attributes:
        activated: The button was pressed.
    """

    activated = Signal()

    def __init__(self, glyph: str, title: str, line: str, action: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = TextLabel(title, "title")
        self._line = TextLabel(line, "secondary", "text2", wrap=True)
        self._line.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE_24, theme.SPACE_24, theme.SPACE_24, theme.SPACE_24)
        column.setSpacing(theme.SPACE_8)
        center = Qt.AlignmentFlag.AlignHCenter
        column.addStretch(1)
        column.addWidget(IconLabel(glyph, "text3", _ICON), 0, center)
        column.addWidget(self._title, 0, center)
        column.addWidget(self._line)
        if action:
            button = Button(action, "outline", size="normal")
            button.clicked.connect(self.activated)
            column.addWidget(button, 0, center)
        column.addStretch(1)

    def add_way(self, button: Button) -> None:
        """Put a button for another way below the first one."""
        self._column.insertWidget(self._column.count() - 1, button, 0, Qt.AlignmentFlag.AlignHCenter)

    def set_text(self, title: str, line: str) -> None:
        """Change what it says."""
        self._title.setText(title)
        self._line.setText(line)
