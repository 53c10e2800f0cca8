"""Undo and redo, as entries of a menu with their keys."""

from typing import Literal

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence

from tlstudio.ui.session import Session
from tlstudio.ui.widgets.message_bar import Message
from tlstudio.ui.widgets.tooltip import as_plain

KEY = "undo"
"""Of the message that says what was undone."""

_NOTHING = {
    "undo": "Nothing to undo: no label, class or share was changed",
    "redo": "Nothing to redo: nothing was undone",
}


class UndoActions(QObject):
    """Two actions that name what they would take back or do again, and say it once they have.

    Attributes:
        undo: Takes back the last change.
        redo: Does again what was taken back last.
    """

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._asked: Literal["undo", "redo"] | None = None
        self.undo, self.redo = QAction("Undo", self), QAction("Redo", self)
        self.undo.setShortcuts([QKeySequence("Ctrl+Z")])
        self.redo.setShortcuts([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])
        for action in (self.undo, self.redo):
            action.setShortcutVisibleInContextMenu(True)
        self.undo.triggered.connect(self._undo)
        self.redo.triggered.connect(self._redo)
        session.photos.edited.connect(self._tell)
        session.photos.changed.connect(self._tell)  # a step for which files had to be opened, or another folder
        for change in (
            session.photos.edited,
            session.photos.changed,
            session.photos.scan_started,
            session.photos.scan_ended,
        ):
            change.connect(self._show)
        self._show()

    def _undo(self) -> None:
        self._asked = "undo"
        self._session.photos.undo()

    def _redo(self) -> None:
        self._asked = "redo"
        self._session.photos.redo()

    def _tell(self) -> None:
        """Say what was undone or redone; after any other change, that can't be redone any more."""
        steps, asked, self._asked = self._session.photos.steps, self._asked, None
        if asked == "undo" and steps.redo:
            said = Message(KEY, f"Undone: {steps.redo}", "done", choice="Redo", on_choice=self._redo)
        elif asked == "redo" and steps.undo:
            said = Message(KEY, f"Done again: {steps.undo}", "done", choice="Undo", on_choice=self._undo)
        else:
            self._session.withdrawn.emit(KEY)
            return
        self._session.posted.emit(said)

    def _show(self) -> None:
        steps, editable = self._session.photos.steps, self._session.photos.editable
        for action, word, sentence in ((self.undo, "Undo", steps.undo), (self.redo, "Redo", steps.redo)):
            # An ampersand would mark a letter to be pressed in the menu.
            action.setText(f"{word}: {sentence}".replace("&", "&&") if sentence else word)
            action.setEnabled(bool(sentence) and editable)
            action.setToolTip(as_plain(f"{word}: {sentence}") if sentence else _NOTHING[word.lower()])
