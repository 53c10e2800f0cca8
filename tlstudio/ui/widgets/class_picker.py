"""A small window in which one class is picked, or a new one is named."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.labels import ElidedLabel
from tlstudio.ui.widgets.pick_list import Choice, PickPopup
from tlstudio.ui.widgets.tooltip import set_tooltip

_WIDTH, _SHOWN_ROWS = 272, 10
_SCREEN_MARGIN = 8


class ClassPicker(PickPopup):
    """Opens beside what it belongs to; closes when a class is picked, at Esc, and at a click elsewhere.

    Attributes:
        picked: Carries the name of the class, which may be one that doesn't exist yet.
    """

    picked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Classes", "Find a class", "No class of that name", "their class now", parent)
        self._new = Button("New class …", "text", size="small", icon="plus")
        self._naming = _NewName()
        self._lay_out()
        set_tooltip(self.search, "Show only the classes whose name contains this")
        set_tooltip(self.view, "The class that the photos go to", key="Enter")
        set_tooltip(self._new, "Name a class that doesn't exist yet")
        self.setAccessibleName("Move to a class")
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self._begin_naming)  # only where nothing was found: else Enter picks
        self.view.picked.connect(lambda choice: self._pick(choice.words))
        self._new.clicked.connect(self._begin_naming)
        self._naming.named.connect(self._pick)

    def set_classes(self, names: Sequence[str], current: str = "") -> None:
        """Offer these classes, in this order; the one that the photos have already is ticked."""
        choices = [Choice(name, name, class_index=place) for place, name in enumerate(names)]
        self.set_choices(choices, current, len(names))
        self._naming.set_existing(names)

    def open_beside(self, place: QRect) -> None:
        """Open under a rectangle of the screen, or above it where there is no room under it."""
        self.search.clear()
        self._filter("")
        self._naming.hide()
        self._new.show()
        self.view.fit(_SHOWN_ROWS)
        self.adjustSize()
        screen = self.screen().availableGeometry().adjusted(0, 0, -_SCREEN_MARGIN, -_SCREEN_MARGIN)
        below = place.bottom() + theme.SPACE_4
        above = place.top() - theme.SPACE_4 - self.height()
        y = below if below + self.height() <= screen.bottom() or above < screen.top() else above
        self.move(QPoint(min(place.left(), screen.right() - self.width()), y))
        self.show()
        if self.model.rowCount():
            self.take_keyboard()
        else:
            self._begin_naming()

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setContentsMargins(theme.SPACE_8, 0, theme.SPACE_8, 0)
        foot.addWidget(self._new)
        foot.addStretch(1)
        self.column.addLayout(foot)
        self.column.addWidget(self._naming)
        self.setFixedWidth(_WIDTH)

    def _filter(self, words: str) -> None:
        self.model.search(words)
        found = bool(self.model.rowCount())
        self.view.setVisible(found)
        self.none.setVisible(not found and bool(words))
        self._new.setText(f"New class “{words.strip()}”" if words.strip() and not found else "New class …")
        self.view.go_to(self.model.first_other())

    def _begin_naming(self) -> None:
        bottom = self.geometry().bottom()
        self._new.hide()
        self._naming.begin(self.search.text().strip())
        self.adjustSize()
        if bottom > self.screen().availableGeometry().center().y():
            self.move(self.x(), bottom - self.height() + 1)  # it lies above its button: grow upwards

    def _pick(self, name: str) -> None:
        self.close()
        self.picked.emit(name)


class _NewName(QWidget):
    """A field for the name of a new class; a name that there is already means that class."""

    named = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._existing: dict[str, str] = {}
        self._field = QLineEdit()
        self._field.setFont(theme.font(13))
        self._field.setFixedHeight(theme.HEIGHT_FIELD)
        self._field.setPlaceholderText("Name of the new class")
        self._field.setAccessibleName("Name of the new class")
        set_tooltip(self._field, "No folder is made: the class is known in this project only", key="Enter")
        self._move = Button("Move", "soft", size="small")
        set_tooltip(self._move, "Move the photos to this class", key="Enter")
        self._note = ElidedLabel("", "secondary", "text2", mode=Qt.TextElideMode.ElideMiddle)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_8)
        row.addWidget(self._field, 1)
        row.addWidget(self._move)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_4)
        column.addLayout(row)
        column.addWidget(self._note)
        self._field.textChanged.connect(self._judge)
        self._field.returnPressed.connect(self._take)
        self._move.clicked.connect(self._take)
        self.hide()

    def set_existing(self, names: Sequence[str]) -> None:
        """Know the classes that there are."""
        self._existing = {name.casefold(): name for name in names}

    def begin(self, name: str) -> None:
        """Ask for a name, which may be begun already."""
        self._field.setText(name)
        self._judge()
        self.show()
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _name(self) -> str:
        typed = " ".join(self._field.text().split())
        return self._existing.get(typed.casefold(), typed)

    def _judge(self) -> None:
        name = self._name()
        known = name.casefold() in self._existing
        self._move.setEnabled(bool(name))
        self._note.setText(f"There is “{name}” already. They go there." if known else "Your folders stay as they are.")

    def _take(self) -> None:
        if self._name():
            self.named.emit(self._name())
