"""A chip that opens a list to choose from: classes, folders, orders; with a search where the list is long."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from tlstudio.ui import icons, theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.chips import FilterChip
from tlstudio.ui.widgets.fields import SearchField
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.photo_tile import Index
from tlstudio.ui.widgets.tooltip import set_tooltip

_WIDTH, _ROW_HEIGHT, _SHOWN_ROWS = 304, 32, 11
_SEARCHED_FROM: Final = 13
_CHEVRON: Final = 14
_SCREEN_MARGIN: Final = 8
_LONGEST: Final = 150


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


class ChoiceChip(FilterChip):
    """Names what is chosen; a press opens the list, which is filled when it is wanted.

    Attributes:
        wanted: The list is about to open: call ``set_choices``.
        chosen: Carries the value of the entry that was picked by hand.
    """

    wanted = Signal()
    chosen = Signal(object)

    def __init__(self, choice: Choice, name: str, tip: str, parent: QWidget | None = None) -> None:
        """Make a chip.

        Args:
            choice: What is chosen at first; anything else marks the chip.
            name: What is chosen with it, for screen readers: "Class".
            tip: What it does.
            parent: Owner.
        """
        super().__init__(choice.words, parent=parent)
        self._first, self._choice, self._name, self._tip = choice.value, choice, name, tip
        self._list = _ChoiceList(name, self)
        self._list.picked.connect(self._pick)
        self.clicked.connect(self._open)
        self.choose(choice)

    def set_choices(self, choices: Sequence[Choice], n_classes: int = 0) -> None:
        """Fill the list.

        Args:
            choices: The entries.
            n_classes: How many classes there are in all, for the colours of dots.
        """
        self._list.set_choices(choices, self._choice.value, n_classes)

    def choose(self, choice: Choice) -> None:
        """Show that something is chosen, without telling it."""
        self._choice = choice
        self.setText(choice.words)
        self.setChecked(choice.value != self._first)
        self.setAccessibleName(f"{self._name}: {choice.words}")
        set_tooltip(self, self._tip)
        self.updateGeometry()
        self.update()

    @property
    def value(self) -> object:
        """What is chosen."""
        return self._choice.value

    def sizeHint(self) -> QSize:
        """Words and chevron; long words are shortened."""
        size = super().sizeHint()
        return QSize(min(size.width(), _LONGEST) + _CHEVRON, size.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the chip."""
        painter = QPainter(self)
        painting.prepare(painter)
        chosen = self.isChecked()
        ground = "accent_soft" if chosen else "sunken" if self.underMouse() else "surface"
        border = theme.color("accent" if chosen else "line")
        painting.box(painter, self.rect(), self.height() / 2, theme.color(ground), border)
        ink = theme.color("accent" if chosen else "text")
        words = QRectF(12, 0, self.width() - 12 - _CHEVRON - 12, self.height())
        painting.text(painter, words, self.text(), self.font(), ink, elide=Qt.TextElideMode.ElideMiddle)
        side = float(_CHEVRON)
        place = QRectF(self.width() - side - 9, (self.height() - side) / 2, side, side)
        icons.paint(painter, "chevron_down", place, ink)

    def _open(self) -> None:
        self.setChecked(self._choice.value != self._first)  # a press opens the list; it switches nothing
        self.wanted.emit()
        self._list.open_under(self)

    def _pick(self, choice: Choice) -> None:
        self.choose(choice)
        self.chosen.emit(choice.value)


class _ChoiceList(QFrame):
    """The list; closes when an entry is picked, at Esc, and at a click elsewhere."""

    picked = Signal(object)

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._model = _ChoiceModel(self)
        self._search = SearchField("Find")
        self._none = TextLabel("Nothing of that name", "secondary", "text2")
        self._view = _ChoiceView(self._model, name)
        self.setAccessibleName(name)
        set_tooltip(self._search, "Show only entries that contain this")
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE_8, theme.SPACE_8, theme.SPACE_8, theme.SPACE_8)
        column.setSpacing(theme.SPACE_8)
        for widget in (self._search, self._view, self._none):
            column.addWidget(widget)
        self.setFixedWidth(_WIDTH)
        self._search.textChanged.connect(self._filter)
        self._search.installEventFilter(self)
        self._view.picked.connect(self._pick)
        self._view.typed.connect(self._begin_search)

    def set_choices(self, choices: Sequence[Choice], value: object, n_classes: int) -> None:
        """Offer these; the one with this value is ticked."""
        self._model.set_choices(choices, value, n_classes)
        self._search.setVisible(len(choices) >= _SEARCHED_FROM)

    def open_under(self, chip: QWidget) -> None:
        """Open under a chip, or where the screen has room."""
        self._search.clear()
        self._filter("")
        rows = min(self._model.rowCount(), _SHOWN_ROWS)
        self._view.setFixedHeight(rows * _ROW_HEIGHT)
        self.adjustSize()
        screen = self.screen().availableGeometry().adjusted(0, 0, -_SCREEN_MARGIN, -_SCREEN_MARGIN)
        place = chip.mapToGlobal(QPoint(0, chip.height() + theme.SPACE_4))
        self.move(min(place.x(), screen.right() - self.width()), min(place.y(), screen.bottom() - self.height()))
        self.show()
        first = self._view if self._search.isHidden() else self._search
        first.setFocus(Qt.FocusReason.PopupFocusReason)
        self._view.scrollTo(self._view.currentIndex())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """From the search, arrows walk the list and Enter picks from it."""
        if watched is self._search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self._view.walk(1 if event.key() == Qt.Key.Key_Down else -1)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._view.pick()
                return True
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw surface and border, as menus have them."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("line"))
        painter.fillRect(self.rect().adjusted(1, 1, -1, -1), theme.color("surface"))

    def _filter(self, words: str) -> None:
        self._model.search(words)
        found = self._model.rowCount() > 0
        self._none.setVisible(not found)
        if found:
            self._view.setCurrentIndex(self._model.index(0 if words else self._model.row_of_value()))

    def _begin_search(self, text: str) -> None:
        if not self._search.isHidden():
            self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._search.setText(text)

    def _pick(self, choice: Choice) -> None:
        self.close()
        self.picked.emit(choice)


class _ChoiceModel(QAbstractListModel):
    """Entries that contain what is searched for."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.value: object = None
        self.n_classes = 0
        self._all: Sequence[Choice] = ()
        self._shown: list[Choice] = []

    def set_choices(self, choices: Sequence[Choice], value: object, n_classes: int) -> None:
        self._all, self.value, self.n_classes = choices, value, n_classes
        self.search("")

    def search(self, words: str) -> None:
        wanted = words.strip().casefold()
        self.beginResetModel()
        self._shown = [choice for choice in self._all if wanted in choice.words.casefold()]
        self.endResetModel()

    def choice(self, row: int) -> Choice:
        return self._shown[row]

    def row_of_value(self) -> int:
        return next((row for row, choice in enumerate(self._shown) if choice.value == self.value), 0)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own signature
        if not index.isValid():
            return None
        choice = self._shown[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return choice.words
        if role == Qt.ItemDataRole.AccessibleTextRole:
            chosen = ", chosen" if choice.value == self.value else ""
            return f"{choice.words}{'' if choice.count is None else f', {choice.count:,}'}{chosen}"
        return None


class _ChoiceView(QListView):
    """The entries; Enter, Space or a click picks one, letters go to the search."""

    picked = Signal(object)
    typed = Signal(str)

    def __init__(self, model: _ChoiceModel, name: str) -> None:
        super().__init__()
        self._choices = model
        self.setModel(model)
        self.setItemDelegate(_ChoiceDelegate(model, self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName(name)
        self.clicked.connect(self.pick)
        self.entered.connect(self.setCurrentIndex)

    def walk(self, steps: int) -> None:
        """Go so many rows on."""
        row = min(max(self.currentIndex().row() + steps, 0), self._choices.rowCount() - 1)
        self.setCurrentIndex(self._choices.index(row))

    def pick(self) -> None:
        """Pick the entry that the keyboard is on."""
        if self.currentIndex().isValid():
            self.picked.emit(self._choices.choice(self.currentIndex().row()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pick()
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:  # noqa: N802 - Qt's name
        self.typed.emit(search)


class _ChoiceDelegate(QStyledItemDelegate):
    """Dot, words, number, and a tick at what is chosen."""

    def __init__(self, model: _ChoiceModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002 - Qt's own signature
        return QSize(_WIDTH, _ROW_HEIGHT)

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
