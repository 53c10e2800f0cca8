"""A row of a list that opens: keys and focus, whatever it shows."""

from typing import Any, Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from tlstudio.ui import theme

_CONTROL: Final = Qt.KeyboardModifier.ControlModifier
_KEYPAD: Final = Qt.KeyboardModifier.KeypadModifier
_FAR: Final = 1_000_000
_WALKS: Final = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Home: -_FAR, Qt.Key.Key_End: _FAR}


class ListRow(QWidget):
    """A row.

    Attributes:
        picked: It has the focus now, or something in it.
        edited: Carries what the row is for as it is now, and the name of the setting that was changed.
        walked: Up, Down, Home or End was pressed: carries how many rows to go on by.
        removed: Delete was pressed.
        wanted: Insert was pressed: another row is wanted behind it.
    """

    picked = Signal()
    edited = Signal(object, str)
    walked = Signal(int)
    removed = Signal()
    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        theme.notifier().changed.connect(self.update)

    @property
    def line(self) -> object:
        """What it shows; rows are shown anew where it is another."""
        raise NotImplementedError

    def show_line(self, line: Any) -> None:  # noqa: ANN401 - each kind of row has its own
        """Show something else, or the same with other figures."""
        raise NotImplementedError

    def set_current(self, current: bool) -> None:
        """Open or close the row."""
        # One place in the order of the Tab key for the whole list: arrows walk in it.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if current else Qt.FocusPolicy.ClickFocus)

    def edit(self) -> None:
        """Go to the first field, or to the row where there is none."""
        raise NotImplementedError

    def event(self, event: QEvent) -> bool:
        """Esc in a field belongs to the row before it belongs to the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_way_out(event):
            event.accept()
            return True
        return super().event(event)

    def _is_way_out(self, event: QKeyEvent) -> bool:
        return event.key() == Qt.Key.Key_Escape and not self.hasFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk, edit, remove; from a field, Esc leads back."""
        if not self.hasFocus():
            if self._is_way_out(event):
                self.setFocus(Qt.FocusReason.OtherFocusReason)
            else:
                super().keyPressEvent(event)
        elif event.key() in _WALKS and event.modifiers() in (Qt.KeyboardModifier.NoModifier, _KEYPAD):
            self.walked.emit(_WALKS[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2) and not event.modifiers() & _CONTROL:
            self.edit()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
        elif event.key() in (Qt.Key.Key_Insert, Qt.Key.Key_Plus):
            self.wanted.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click anywhere makes it the current one."""
        super().mousePressEvent(event)
        self.picked.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The focus does so, too."""
        super().focusInEvent(event)
        self.picked.emit()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the mark away."""
        super().focusOutEvent(event)
        self.update()
