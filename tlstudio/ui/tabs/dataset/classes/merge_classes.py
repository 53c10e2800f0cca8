"""Merging classes: into which one, and whether to do so where a new name is taken."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.class_list import ClassList
from tlstudio.ui.widgets.class_rows import ROW_HEIGHT
from tlstudio.ui.widgets.fields import SearchField
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.popover import Popover
from tlstudio.ui.widgets.tooltip import set_tooltip

_WIDTH = 280
_MOST_ROWS = 10
_SEARCHED_FROM = 7


class MergeClasses(Popover):
    """The other classes, to be found by their names; Enter or a click takes one.

    Attributes:
        chosen: Carries the name of the class that the others become part of.
    """

    chosen = Signal(str)

    def __init__(self, names: Sequence[str], counts: Mapping[str, int], parent: QWidget) -> None:
        """Offer classes.

        Args:
            names: The classes to be merged; where there are several, each of them may give the name.
            counts: Number of photos of every class.
            parent: Owner.
        """
        what = f"“{names[0]}”" if len(names) == 1 else f"{len(names)} classes"
        super().__init__(f"Merge {what} into …", _WIDTH, parent)
        offered = {name: count for name, count in counts.items() if len(names) > 1 or name not in names}
        first = {name: offered[name] for name in names if name in offered}
        self._list = ClassList(checks=False)
        self._list.set_counts(first | offered)
        self._list.setAccessibleName("Class to merge into")
        self._list.setFixedHeight(min(len(offered), _MOST_ROWS) * ROW_HEIGHT)
        set_tooltip(self._list, "The photos get the class that you take here", key="Enter")
        self._search = SearchField("Find a class")
        set_tooltip(self._search, "Show only the classes whose name contains this")
        self._search.setVisible(len(offered) >= _SEARCHED_FROM)
        line = "The photos become part of that class. The files stay where they are."
        self.body.addWidget(self._search)
        self.body.addWidget(self._list)
        self.body.addWidget(TextLabel(line, "secondary", "text2", wrap=True))
        self.body.setSpacing(theme.SPACE_8)
        self._search.textChanged.connect(self._find)
        self._list.clicked.connect(lambda index: self._take(index.data()))
        self._list.select_class(next(iter(first | offered), ""))
        (self._search if len(offered) >= _SEARCHED_FROM else self._list).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk the list also from the search field; Enter takes the class selected."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(self._list.selected_class())
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._list.setFocus()
            self._list.keyPressEvent(event)
        else:
            super().keyPressEvent(event)

    def _find(self, words: str) -> None:
        self._list.set_search(words)
        if not self._list.selected_class():
            self._list.select_class(next(iter(self._list.found()), ""))

    def _take(self, name: str) -> None:
        if name:
            self.close()
            self.chosen.emit(name)


class MergeQuestion(QWidget):
    """Asks, where the name typed for a class is that of another, whether they are one; hidden until then.

    Attributes:
        answered: Carries the class and the one to merge it into; that is "" where they stay two.
    """

    answered = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = self._into = ""
        self._words = TextLabel("", "secondary", "text", wrap=True)
        self._yes, no = Button("Make one class", "soft", size="small"), Button("Keep both", "quiet", size="small")
        set_tooltip(self._yes, "Merge the classes; you can undo it", key="Enter")
        set_tooltip(no, "Leave the classes and their names as they are", key="Esc")
        self._yes.clicked.connect(lambda: self._answer(self._into))
        no.clicked.connect(lambda: self._answer(""))
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.SPACE_16)
        buttons.addWidget(self._yes)
        buttons.addWidget(no)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.SPACE_8, 0, 0)
        column.setSpacing(theme.SPACE_8)
        column.addWidget(self._words)
        column.addLayout(buttons)
        self.hide()

    def ask(self, name: str, into: str) -> None:
        """Ask whether ``name`` is to become part of ``into``."""
        self._name, self._into = name, into
        self._words.setText(f"There is a class “{into}” already. Make “{name}” and “{into}” one class?")
        self.show()
        self._yes.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the focus, Esc keeps both."""
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._answer(self._into if self._yes.hasFocus() else "")
            case Qt.Key.Key_Escape:
                self._answer("")
            case _:
                super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Take Esc before the window does, for which it closes the message."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            event.setAccepted(event.key() == Qt.Key.Key_Escape)
        return super().event(event)

    def _answer(self, into: str) -> None:
        self.hide()
        self.answered.emit(self._name, into)
