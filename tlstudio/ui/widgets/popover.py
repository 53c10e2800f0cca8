"""A small card over the page for one short task; a click elsewhere or Esc ends it."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.labels import TextLabel


class Popover(QFrame):
    """Title and content; made for one showing and gone after it.

    Attributes:
        body: Layout for the content.
    """

    def __init__(self, title: str, width: int, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(title)
        self.setFixedWidth(width)
        self._title = TextLabel(title, "strong", wrap=True)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(theme.SPACE_16, theme.SPACE_16, theme.SPACE_16, theme.SPACE_16)
        self.body.setSpacing(theme.SPACE_12)
        self.body.addWidget(self._title)

    def show_at(self, place: QPoint) -> None:
        """Show it with its upper left corner here, or as near as the screen allows."""
        self.adjustSize()
        screen = self.screen().availableGeometry()
        x = min(max(place.x(), screen.left()), max(screen.right() - self.width(), screen.left()))
        y = min(max(place.y(), screen.top()), max(screen.bottom() - self.height(), screen.top()))
        self.move(x, y)
        self.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc ends it."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw surface and border."""
        painting.box(QPainter(self), self.rect(), 0, theme.color("surface"), theme.color("line2"))
