"""The dialog that shows one photo of many as large as fits; buttons lead to its neighbours."""

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.tooltip import set_tooltip

_MARGIN: Final = 48


class LargeDialog(QDialog):
    """Previous, Next and Close, for one showing."""

    def __init__(self, name: str, close_tip: str, parent: QWidget) -> None:
        """Make a dialog that shows nothing yet.

        Args:
            name: What a screen reader calls it.
            close_tip: Where closing leads.
            parent: Owner; the dialog is a little smaller than its window.
        """
        super().__init__(parent)
        self._back, self._on, self._close = Button("Previous"), Button("Next"), Button("Close")
        set_tooltip(self._back, "The photo before", key="←")
        set_tooltip(self._on, "The next photo", key="→")
        set_tooltip(self._close, close_tip, key="Esc")
        self._back.clicked.connect(lambda: self.step(-1))
        self._on.clicked.connect(lambda: self.step(1))
        self._close.clicked.connect(self.accept)
        # Keys of the dialog: buttons would take the arrow keys for walking among themselves.
        for key, steps in (("Left", -1), ("Right", 1)):
            QShortcut(QKeySequence(key), self).activated.connect(lambda steps=steps: self.step(steps))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(name)
        self.resize(parent.window().size() - QSize(2 * _MARGIN, 2 * _MARGIN))

    def step(self, steps: int) -> None:
        """Go on by so many photos; stays at the ends."""
        raise NotImplementedError

    def show_place(self, title: str, position: int, count: int) -> str:
        """Name the photo shown, and offer the neighbours that there are.

        Returns:
            Its place in words.
        """
        self.setWindowTitle(title)
        self._back.setEnabled(position > 0)
        self._on.setEnabled(position < count - 1)
        return f"Photo {position + 1:,} of {count:,}"

    def showEvent(self, event: QShowEvent) -> None:
        """Keys go to a button that takes none of them."""
        super().showEvent(event)
        self._close.setFocus()

    def foot(self) -> QHBoxLayout:
        """The row of buttons."""
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_8)
        row.addWidget(self._back)
        row.addWidget(self._on)
        row.addStretch(1)
        row.addWidget(self._close)
        return row
