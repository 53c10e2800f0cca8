"""A small window in which one class is picked, or a new one is named."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from tlstudio.ui import icons, theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.fields import SearchField
from tlstudio.ui.widgets.labels import ElidedLabel, TextLabel
from tlstudio.ui.widgets.photo_tile import Index
from tlstudio.ui.widgets.tooltip import set_tooltip

SEARCHED_FROM: Final = 13
"""So many classes can't be looked through at a glance: they get a search."""

_WIDTH, _ROW_HEIGHT, _SHOWN_ROWS = 272, 32, 10
_SCREEN_MARGIN = 8


class ClassPicker(QFrame):
    """Opens beside what it belongs to; closes when a class is picked, at Esc, and at a click elsewhere.

    Attributes:
        picked: Carries the name of the class, which may be one that doesn't exist yet.
    """

    picked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._model = _NameModel(self)
        self._search = SearchField("Find a class")
        self._none = TextLabel("No class of that name", "secondary", "text2")
        self._list = _NameList(self._model)
        self._new = Button("New class …", "text", size="small", icon="plus")
        self._naming = _NewName()
        self._lay_out()
        set_tooltip(self._search, "Show only the classes whose name contains this")
        set_tooltip(self._new, "Name a class that doesn't exist yet")
        self.setAccessibleName("Move to a class")
        self._search.textChanged.connect(self._filter)
        self._search.installEventFilter(self)
        self._list.chosen.connect(self._pick)
        self._list.typed.connect(self._begin_search)
        self._new.clicked.connect(self._begin_naming)
        self._naming.named.connect(self._pick)

    def set_classes(self, names: Sequence[str], current: str = "") -> None:
        """Offer these classes, in this order; the one that the photos have already is ticked."""
        self._model.set_names(names, current)
        self._naming.set_existing(names)
        self._search.setHidden(len(names) < SEARCHED_FROM)

    def open_beside(self, place: QRect) -> None:
        """Open under a rectangle of the screen, or above it where there is no room under it."""
        self._search.clear()
        self._filter("")
        self._naming.hide()
        self._new.show()
        self._fit()
        screen = self.screen().availableGeometry().adjusted(0, 0, -_SCREEN_MARGIN, -_SCREEN_MARGIN)
        below = place.bottom() + theme.SPACE_4
        above = place.top() - theme.SPACE_4 - self.height()
        y = below if below + self.height() <= screen.bottom() or above < screen.top() else above
        self.move(QPoint(min(place.left(), screen.right() - self.width()), y))
        self.show()
        first = self._search if not self._search.isHidden() else self._list
        if self._model.rowCount():
            first.setFocus(Qt.FocusReason.PopupFocusReason)
        else:
            self._begin_naming()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """From the search, arrows walk the list and Enter picks from it."""
        if watched is self._search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self._list.walk(1 if event.key() == Qt.Key.Key_Down else -1)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if self._model.rowCount():
                    self._list.choose()
                else:
                    self._begin_naming()
                return True
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw surface and border, as menus have them."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("line"))
        painter.fillRect(self.rect().adjusted(1, 1, -1, -1), theme.color("surface"))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE_8, theme.SPACE_8, theme.SPACE_8, theme.SPACE_8)
        column.setSpacing(theme.SPACE_8)
        self._none.setContentsMargins(theme.SPACE_8, 0, 0, 0)
        foot = QHBoxLayout()
        foot.setContentsMargins(theme.SPACE_8, 0, theme.SPACE_8, 0)
        foot.addWidget(self._new)
        foot.addStretch(1)
        for widget in (self._search, self._list, self._none):
            column.addWidget(widget)
        column.addLayout(foot)
        column.addWidget(self._naming)
        self.setFixedWidth(_WIDTH)

    def _filter(self, words: str) -> None:
        self._model.search(words)
        found = bool(self._model.rowCount())
        self._list.setVisible(found)
        self._none.setVisible(not found and bool(words))
        self._new.setText(f"New class “{words.strip()}”" if words.strip() and not found else "New class …")
        if found:
            self._list.setCurrentIndex(self._model.index(self._model.first()))

    def _fit(self) -> None:
        self._list.setFixedHeight(min(self._model.rowCount(), _SHOWN_ROWS) * _ROW_HEIGHT)
        self.adjustSize()

    def _begin_search(self, text: str) -> None:
        if not self._search.isHidden():
            self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._search.setText(text)

    def _begin_naming(self) -> None:
        bottom = self.geometry().bottom()
        self._new.hide()
        self._naming.begin(self._search.text().strip())
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


class _NameModel(QAbstractListModel):
    """Names of classes that contain what is searched for."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.all: Sequence[str] = ()
        self.current = ""
        self._shown: list[tuple[int, str]] = []

    def set_names(self, names: Sequence[str], current: str) -> None:
        self.all, self.current = names, current
        self.search("")

    def search(self, words: str) -> None:
        wanted = words.strip().casefold()
        self.beginResetModel()
        self._shown = [(place, name) for place, name in enumerate(self.all) if wanted in name.casefold()]
        # A name that begins with the words is more likely meant than one that holds them somewhere.
        self._shown.sort(key=lambda entry: not entry[1].casefold().startswith(wanted))
        self.endResetModel()

    def first(self) -> int:
        """Row of the first class that the photos don't have already."""
        return next((row for row, (_, name) in enumerate(self._shown) if name != self.current), 0)

    def place(self, row: int) -> int:
        """Position of the class among all of them."""
        return self._shown[row][0]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own signature
        if not index.isValid():
            return None
        name = self._shown[index.row()][1]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{name}, their class now" if name == self.current else name
        return None


class _NameList(QListView):
    """The names; Enter, Space or a click picks one, letters go to the search."""

    chosen = Signal(str)
    typed = Signal(str)

    def __init__(self, model: _NameModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(_NameDelegate(model, self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName("Classes")
        set_tooltip(self, "The class that the photos go to", key="Enter")
        self.clicked.connect(lambda index: self.chosen.emit(index.data()))
        self.entered.connect(self.setCurrentIndex)

    def walk(self, steps: int) -> None:
        """Go so many rows on."""
        row = min(max(self.currentIndex().row() + steps, 0), self.model().rowCount() - 1)
        self.setCurrentIndex(self.model().index(row, 0))

    def choose(self) -> None:
        """Pick the class that the keyboard is on."""
        if self.currentIndex().isValid():
            self.chosen.emit(self.currentIndex().data())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.choose()
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:  # noqa: N802 - Qt's name
        if len(self._names().all) < SEARCHED_FROM:
            super().keyboardSearch(search)
        else:
            self.typed.emit(search)

    def _names(self) -> _NameModel:
        model = self.model()
        assert isinstance(model, _NameModel)  # noqa: S101 - for the type checker
        return model


class _NameDelegate(QStyledItemDelegate):
    """Paints a row: dot, name, and a tick at the class that the photos have already."""

    def __init__(self, model: _NameModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        return QSize(_WIDTH, _ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect, name = QRectF(option.rect), str(index.data())
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            painting.box(painter, rect, theme.RADIUS_BUTTON, theme.color("accent_soft"))
        fill = theme.class_color(self._model.place(index.row()), len(self._model.all))
        painting.dot(painter, QPointF(rect.left() + 13.0, rect.center().y()), 10.0, fill)
        words = rect.adjusted(27.0, 0, -34.0, 0)
        painting.text(
            painter, words, name, theme.font(14, 500), theme.color("text"), elide=Qt.TextElideMode.ElideMiddle
        )
        if name == self._model.current:
            side = float(theme.ICON_SIZE)
            place = QRectF(rect.right() - side - 8.0, rect.center().y() - side / 2, side, side)
            icons.paint(painter, "check", place, theme.color("accent"))
        painter.restore()
