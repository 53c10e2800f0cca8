"""The buttons over a list that is edited: add, duplicate, move, remove, undo, redo; and their keys."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets.buttons import Button, IconButton
from tlstudio.ui.widgets.tooltip import set_tooltip

_WITHIN: Final = Qt.ShortcutContext.WidgetWithChildrenShortcut


class ListTools(QWidget):
    """A row of buttons. It changes nothing itself.

    Attributes:
        duplicating: The current entry is wanted twice.
        moving: The current entry is to be moved; carries by how many places.
        removing: The current entry is to go.
        undoing: A step back is wanted.
        redoing: A step on is wanted.
    """

    duplicating = Signal()
    moving = Signal(int)
    removing = Signal()
    undoing = Signal()
    redoing = Signal()

    def __init__(self, noun: str, editor: QWidget) -> None:
        """Make the buttons.

        Args:
            noun: What the entries are: "layer".
            editor: What holds the buttons and the list; the keys work in it.
        """
        super().__init__(editor)
        self._add = Button(f"Add a {noun}", size="small", icon="plus")
        self._duplicate = IconButton("copy", f"Duplicate the {noun}", key="Ctrl+D")
        self._up = IconButton("arrow_up", f"Move the {noun} up", key="Alt+Up")
        self._down = IconButton("arrow_down", f"Move the {noun} down", key="Alt+Down")
        self._remove = IconButton("trash", f"Remove the {noun}", key="Delete")
        self._undo = IconButton("undo", f"Undo the last change of the {noun}s", key="Ctrl+Z")
        self._redo = IconButton("redo", "Do again what was undone", key="Ctrl+Shift+Z")
        set_tooltip(self._add, f"Put another {noun} behind the current one", key="Insert")
        self.setFocusProxy(self._add)
        self._row = QHBoxLayout(self)
        self._build()
        self._connect(editor)

    def set_offers(self, offers: Sequence[tuple[str, str, Callable[[], None]]]) -> None:
        """Offer entries to add: the words, what they mean, and what adds one."""
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        for title, meaning, add in offers:
            action = menu.addAction(title)
            action.setToolTip(meaning)
            action.triggered.connect(lambda _checked, add=add: add())
        before = self._add.menu()
        self._add.setMenu(menu)
        if before is not None:
            before.deleteLater()

    def add_before_steps(self, widget: QWidget) -> None:
        """Put something before undo and redo."""
        self._row.insertWidget(self._row.indexOf(self._undo), widget)

    def offer(self) -> None:
        """Show what can be added."""
        self._add.showMenu()

    def enable(self, *, there: bool, up: bool, down: bool, removable: bool = True) -> None:
        """Follow the list.

        Args:
            there: Whether there is a current entry.
            up: Whether it can be moved up.
            down: Whether it can be moved down.
            removable: Whether it may go.
        """
        self._duplicate.setEnabled(there)
        self._remove.setEnabled(there and removable)
        self._up.setEnabled(up)
        self._down.setEnabled(down)

    def set_steps(self, *, can_undo: bool, can_redo: bool) -> None:
        """Follow the history."""
        self._undo.setEnabled(can_undo)
        self._redo.setEnabled(can_redo)

    def _build(self) -> None:
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.SPACE_4)
        self._row.addWidget(self._add)
        self._row.addSpacing(theme.SPACE_8)
        for button in (self._duplicate, self._up, self._down, self._remove):
            self._row.addWidget(button)
        self._row.addStretch(1)
        self._row.addWidget(self._undo)
        self._row.addWidget(self._redo)

    def _connect(self, editor: QWidget) -> None:
        self._duplicate.clicked.connect(self.duplicating)
        self._up.clicked.connect(lambda: self.moving.emit(-1))
        self._down.clicked.connect(lambda: self.moving.emit(1))
        self._remove.clicked.connect(self.removing)
        self._undo.clicked.connect(self.undoing)
        self._redo.clicked.connect(self.redoing)
        for key, button in (("Alt+Up", self._up), ("Alt+Down", self._down), ("Ctrl+D", self._duplicate)):
            QShortcut(QKeySequence(key), editor, context=_WITHIN).activated.connect(button.click)
