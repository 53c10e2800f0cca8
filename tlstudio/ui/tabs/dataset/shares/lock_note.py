"""Says that the shares are locked, and unlocks them."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.empty_state import IconLabel
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.tooltip import set_tooltip


class LockNote(QWidget):
    """A lock with a sentence. Unlocking can't be undone, so it says first what it means.

    Attributes:
        unlock_wanted: The shares are to be unlocked.
    """

    unlock_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ask = Button("Unlock", "text", size="small")
        self._unlock = Button("Unlock", "danger", size="small")
        self._keep = Button("Keep the lock", "outline", size="small")
        self._meaning = TextLabel("Earlier results can't be compared with later ones then.", "secondary", wrap=True)
        set_tooltip(self._ask, "Let the photos be shared out anew; it says first what that means")
        set_tooltip(self._unlock, "Share the photos out anew. This can't be undone")
        set_tooltip(self._keep, "Leave every photo in its part")
        self._unlock.setAccessibleName("Unlock the shares")
        self._lay_out()
        self._ask.clicked.connect(lambda: self._set_asking(asking=True))
        self._keep.clicked.connect(lambda: self._set_asking(asking=False))
        self._unlock.clicked.connect(self.unlock_wanted)
        self._set_asking(asking=False)

    def set_locked(self, locked: bool) -> None:
        """Show or hide it; a question that was open is closed."""
        self._set_asking(asking=False)
        self.setVisible(locked)

    def _set_asking(self, *, asking: bool) -> None:
        had_focus = any(button.hasFocus() for button in (self._ask, self._keep))
        for widget in (self._meaning, self._unlock, self._keep):
            widget.setVisible(asking)
        self._ask.setVisible(not asking)
        if had_focus:
            (self._keep if asking else self._ask).setFocus()

    def _lay_out(self) -> None:
        words = "The shares are locked since the first training, so that results stay comparable."
        head = QHBoxLayout()
        head.setSpacing(theme.SPACE_8)
        head.addWidget(IconLabel("lock", "info"), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(TextLabel(words, "secondary", "text2", wrap=True), 1)
        foot = QHBoxLayout()
        foot.setSpacing(theme.SPACE_8)
        foot.addStretch(1)
        for button in (self._ask, self._keep, self._unlock):
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_8)
        column.addLayout(head)
        column.addWidget(self._meaning)
        column.addLayout(foot)
