"""Undo and redo by key, for a page that has its own."""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget


class UndoKeys(QWidget):
    """A page whose Ctrl+Z is its own while the focus is in it, before it is the program's.

    Attributes:
        undo_pressed: A step back is wanted.
        redo_pressed: A step on is wanted.
    """

    undo_pressed = Signal()
    redo_pressed = Signal()

    def event(self, event: QEvent) -> bool:
        """Claim the keys before a shortcut of the window takes them."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _step_of(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Undo and redo."""
        step = _step_of(event)
        if step:
            (self.undo_pressed if step < 0 else self.redo_pressed).emit()
        else:
            super().keyPressEvent(event)


def _step_of(event: QKeyEvent) -> int:
    """-1 for the keys of undo, 1 for those of redo, 0 for all others."""
    if event.matches(QKeySequence.StandardKey.Undo):
        return -1
    pressed = QKeySequence(event.keyCombination())
    return int(any(pressed == QKeySequence(keys) for keys in ("Ctrl+Shift+Z", "Ctrl+Y")))
