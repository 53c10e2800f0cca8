"""A list in a small window of its own, of which one entry is picked; long ones are searched by typing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from tlstudio.ui import icons, theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.fields import SearchField
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.photo_tile import Index
from tlstudio.ui.widgets.tooltip import as_plain

SEARCHED_FROM: Final = 13
"""So many entries can't be looked through at a glance: they get a search."""

_ROW_HEIGHT: Final = 32
_PICKS: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
_WALKS: Final[dict[int, int]] = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of the list.

    Attributes:
        words: What stands there.
        value: What it stands for.
        count: How many there are of it; None for no number.
        class_index: Position of the class whose dot stands before the words; None for no dot.
    """

    words: str
    value: object
    count: int | None = None
    class_index: int | None = None


class PickModel(QAbstractListModel):
    """Entries that contain what is searched for; those that begin with it first.

    Attributes:
        value: Of the entry that is ticked.
        n_classes: How many classes there are in all, for the colours of dots.
    """

    def __init__(self, ticked: str, parent: QObject) -> None:
        """Make an empty list.

        Args:
            ticked: What a screen reader says of the entry that is ticked.
            parent: Owner.
        """
        super().__init__(parent)
        self.value: object = None
        self.n_classes = 0
        self._ticked = ticked
        self._all: Sequence[Choice] = ()
        self._shown: list[Choice] = []

    @property
    def total(self) -> int:
        """Number of entries, shown or not."""
        return len(self._all)

    def set_choices(self, choices: Sequence[Choice], value: object, n_classes: int) -> None:
        """Offer these; the one with this value is ticked."""
        self._all, self.value, self.n_classes = choices, value, n_classes
        self.search("")

    def search(self, words: str) -> None:
        """Show the entries that contain these words."""
        wanted = words.strip().casefold()
        self.beginResetModel()
        self._shown = [choice for choice in self._all if wanted in choice.words.casefold()]
        # Words that begin so are more likely meant than those that hold it somewhere.
        self._shown.sort(key=lambda choice: not choice.words.casefold().startswith(wanted))
        self.endResetModel()

    def choice(self, row: int) -> Choice:
        """The entry in a row."""
        return self._shown[row]

    def row_of_value(self) -> int:
        """Row of the entry that is ticked; the first if it is not shown."""
        return next((row for row, choice in enumerate(self._shown) if choice.value == self.value), 0)

    def first_other(self) -> int:
        """Row of the first entry that is not ticked."""
        return next((row for row, choice in enumerate(self._shown) if choice.value != self.value), 0)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Number of entries shown."""
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own signature
        """Words of an entry, for the eye and for screen readers."""
        if not index.isValid():
            return None
        choice = self._shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return choice.words
        if role == Qt.ItemDataRole.ToolTipRole:
            return as_plain(choice.words)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            ticked = f", {self._ticked}" if choice.value == self.value else ""
            return f"{choice.words}{'' if choice.count is None else f', {choice.count:,}'}{ticked}"
        return None


class PickView(QListView):
    """The entries; Enter, Space or a click picks one, letters go to the search where there is one.

    Attributes:
        picked: Carries the Choice.
    """

    picked = Signal(object)

    def __init__(self, model: PickModel, search: SearchField, name: str) -> None:
        """Make a list.

        Args:
            model: Its entries.
            search: From it, arrows walk this list and Enter picks.
            name: What a screen reader calls it.
        """
        super().__init__()
        self._choices, self._search = model, search
        self.setModel(model)
        self.setItemDelegate(_PickDelegate(model, self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName(name)
        self.clicked.connect(self.pick)
        self.entered.connect(self.setCurrentIndex)
        search.installEventFilter(self)

    def fit(self, most_rows: int) -> None:
        """Be as high as the entries shown, or so many of them."""
        self.setFixedHeight(min(self._choices.rowCount(), most_rows) * _ROW_HEIGHT)

    def go_to(self, row: int) -> None:
        """Put the keyboard on a row, or on the last one."""
        self.setCurrentIndex(self._choices.index(min(max(row, 0), self._choices.rowCount() - 1)))

    def pick(self) -> None:
        """Pick the entry that the keyboard is on."""
        if self.currentIndex().isValid():
            self.picked.emit(self._choices.choice(self.currentIndex().row()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """From the search, arrows walk the list and Enter picks from it."""
        if watched is self._search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if steps := _WALKS.get(event.key()):
                self.go_to(self.currentIndex().row() + steps)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._choices.rowCount():
                self.pick()
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and the space bar pick; Esc belongs to the small window."""
        if event.key() in _PICKS:
            self.pick()
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:  # noqa: N802 - Qt's name
        """Letters begin the search; without one they go to the entry that begins so."""
        if self._search.isHidden():
            super().keyboardSearch(search)
        else:
            self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._search.setText(search)


class PickPopup(QFrame):
    """The small window: a search where the list is long, the list, and words for nothing found.

    Attributes:
        column: Layout of the three; more may be added.
        model: The entries.
        search: The search; hidden where the list is short.
        none: Words for nothing found.
        view: The list.
    """

    def __init__(self, name: str, find: str, none: str, ticked: str, parent: QWidget | None = None) -> None:
        """Make an empty one.

        Args:
            name: What a screen reader calls the list.
            find: Words in the empty search.
            none: Words for nothing found.
            ticked: What a screen reader says of the entry that is ticked.
            parent: Owner.
        """
        super().__init__(parent, Qt.WindowType.Popup)
        self.model = PickModel(ticked, self)
        self.search = SearchField(find)
        self.none = TextLabel(none, "secondary", "text2")
        self.view = PickView(self.model, self.search, name)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(theme.SPACE_8, theme.SPACE_8, theme.SPACE_8, theme.SPACE_8)
        self.column.setSpacing(theme.SPACE_8)
        self.none.setContentsMargins(theme.SPACE_8, 0, 0, 0)
        for widget in (self.search, self.view, self.none):
            self.column.addWidget(widget)

    def set_choices(self, choices: Sequence[Choice], value: object, n_classes: int) -> None:
        """Offer these; the one with this value is ticked."""
        self.model.set_choices(choices, value, n_classes)
        self.search.setHidden(len(choices) < SEARCHED_FROM)

    def take_keyboard(self) -> None:
        """Send keys to the search, or to the list where there is none."""
        first = self.view if self.search.isHidden() else self.search
        first.setFocus(Qt.FocusReason.PopupFocusReason)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw surface and border, as menus have them."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("line"))
        painter.fillRect(self.rect().adjusted(1, 1, -1, -1), theme.color("surface"))


class _PickDelegate(QStyledItemDelegate):
    """Dot, words, number, and a tick at what is chosen."""

    def __init__(self, model: PickModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002 - Qt's own signature
        return QSize(0, _ROW_HEIGHT)  # the view is as wide as its window

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        choice, rect = self._model.choice(index.row()), QRectF(option.rect)
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            painting.box(painter, rect, theme.RADIUS_BUTTON, theme.color("accent_soft"))
        box = rect.adjusted(12, 0, -12, 0)
        if choice.value == self._model.value:
            icons.paint(painter, "check", QRectF(box.right() - 16, box.center().y() - 8, 16, 16), theme.color("accent"))
        box.setRight(box.right() - 24)
        if choice.class_index is not None:
            fill = theme.class_color(choice.class_index, self._model.n_classes or None)
            painting.dot(painter, QPointF(box.left() + 5, box.center().y()), 10, fill)
            box.setLeft(box.left() + 18)
        if choice.count is not None:
            number = f"{choice.count:,}"
            painting.text(painter, box, number, theme.font(13), theme.color("text2"), Qt.AlignmentFlag.AlignRight)
            box.setRight(box.right() - painting.text_width(number, theme.font(13)) - 8)
        middle = Qt.TextElideMode.ElideMiddle
        painting.text(painter, box, choice.words, theme.font(14), theme.color("text"), elide=middle)
        painter.restore()
