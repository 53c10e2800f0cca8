"""The rows of the list of classes: what is in them, and how they look."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from tlstudio.ui import icons, theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.photo_tile import Index
from tlstudio.ui.widgets.tooltip import as_plain

ROW_HEIGHT: Final = 32
CHECK_WIDTH: Final = 30
"""Width at the left of a row in which a click means its check box."""

_PAD, _BOX, _DOT, _GAP = 6.0, 18.0, 10.0, 8.0
_BAR_WIDTH, _BAR_MIN, _BAR_HEIGHT, _NAME_MIN = 64.0, 28.0, 8.0, 112.0


class ClassModel(QAbstractListModel):
    """Classes that match what is searched for: those in use in their order, then those that are switched off.

    Attributes:
        counts: Number of photos of every class, in the order of the classes.
        off: Classes that are switched off.
        placed_off: Classes that stand at the end; differs from ``off`` between a click and what comes of it.
        names: The classes of the rows.
        editable: Whether classes can be switched, renamed and moved.
        why_not: Why they can't be, in a sentence.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.counts: dict[str, int] = {}
        self.off: frozenset[str] = frozenset()
        self.placed_off: frozenset[str] = frozenset()
        self.names: list[str] = []
        self.editable = False
        self.why_not = ""
        self.widest = 0
        self._colors: dict[str, int] = {}
        self._wanted = ""

    @property
    def searching(self) -> bool:
        """Whether something is searched for."""
        return bool(self._wanted)

    def set_counts(self, counts: Mapping[str, int], off: Collection[str]) -> None:
        """Show these classes, ``off`` those of them that are switched off."""
        self.beginResetModel()
        self.counts = dict(counts)
        self.off = self.placed_off = frozenset(off)
        self._colors = {name: place for place, name in enumerate(self.in_use())}
        self.widest = max((painting.text_width(name, theme.font(14, 600)) for name in counts), default=0)
        self._search()
        self.endResetModel()

    def search(self, words: str) -> None:
        """Keep only the classes whose name contains this."""
        self.beginResetModel()
        self._wanted = words.strip().casefold()
        self._search()
        self.endResetModel()

    def mark(self, names: Iterable[str], *, on: bool) -> None:
        """Show classes as switched on or off, where they stand."""
        self.off = self.off - frozenset(names) if on else self.off | frozenset(names)
        self._tell_all()

    def set_editable(self, editable: bool, why_not: str) -> None:
        """Let classes be changed, or say why they can't be."""
        self.editable, self.why_not = editable, why_not
        self._tell_all()

    def in_use(self) -> list[str]:
        """The classes that are not switched off, in their order."""
        return [name for name in self.counts if name not in self.placed_off]

    def color(self, name: str, *, selected: bool) -> QColor:
        """Colour of the dot and the bar of a class."""
        if name in self.off or name not in self._colors:
            return theme.color("line2")
        return theme.class_color(self._colors[name], len(self._colors), selected)

    def _search(self) -> None:
        found = [name for name in self.counts if self._wanted in name.casefold()]
        self.names = sorted(found, key=lambda name: name in self.placed_off)

    def _tell_all(self) -> None:
        if self.names:
            self.dataChanged.emit(self.index(0), self.index(len(self.names) - 1))

    # What Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Number of rows."""
        return 0 if parent.isValid() else len(self.names)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Rows can be selected; where classes can be changed, also checked, renamed and dragged."""
        flags = super().flags(index)
        if not self.editable:
            return flags
        if not index.isValid():
            return flags | Qt.ItemFlag.ItemIsDropEnabled
        flags |= Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEditable
        movable = not self.searching and self.names[index.row()] not in self.off
        return flags | Qt.ItemFlag.ItemIsDragEnabled if movable else flags

    def supportedDropActions(self) -> Qt.DropAction:  # noqa: N802 - Qt's name
        """Rows are moved."""
        return Qt.DropAction.MoveAction

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own signature
        """Name, check mark, and the row in words."""
        if not index.isValid():
            return None
        name = self.names[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return name
            case Qt.ItemDataRole.CheckStateRole:
                return Qt.CheckState.Unchecked if name in self.off else Qt.CheckState.Checked
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._in_words(name)
            case Qt.ItemDataRole.ToolTipRole:
                return as_plain("\n".join(filter(None, (self._in_words(name), self.why_not))))
        return None

    def _in_words(self, name: str) -> str:
        count = self.counts[name]
        words = f"{name}, {count:,} {'photo' if count == 1 else 'photos'}"
        return f"{words}, switched off" if name in self.off else words


class ClassDelegate(QStyledItemDelegate):
    """Paints a row: check box, dot, name, bar, count. Its editor asks for a new name.

    Attributes:
        renamed: Carries the name of a class and the name that was typed.
    """

    renamed = Signal(str, str)

    def __init__(self, model: ClassModel, parent: QWidget, *, checks: bool = True) -> None:
        super().__init__(parent)
        self._model = model
        self._checks = checks
        self._dot_left = _BOX + _GAP if checks else 0.0
        self._name_left = self._dot_left + _DOT + _GAP

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        """One line."""
        return QSize(160, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the row."""
        name = self._model.names[index.row()]
        rect = QRectF(option.rect)
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_ground(painter, rect, state)
        self._paint_row(painter, rect.adjusted(_PAD, 0, -_PAD, 0), name, bool(state & QStyle.StateFlag.State_Selected))
        painter.restore()

    def _paint_row(self, painter: QPainter, rect: QRectF, name: str, selected: bool) -> None:
        off = name in self._model.off
        fill = self._model.color(name, selected=selected) if self._checks else theme.color("line2")
        if self._checks:
            box = QRectF(rect.left(), rect.center().y() - _BOX / 2, _BOX, _BOX)
            self._paint_check(painter, box, checked=not off)
        painting.dot(painter, QPointF(rect.left() + self._dot_left + _DOT / 2, rect.center().y()), _DOT, fill)
        numbers = theme.font(13)
        largest = max(self._model.counts.values(), default=1) or 1
        digits = painting.text_width(f"{largest:,}", numbers) + 8.0
        bar = self._bar_width(rect.width() - self._name_left - digits - _GAP)
        right = rect.right() - digits - (bar + _GAP if bar else 0.0)
        words = QRectF(rect.left() + self._name_left, rect.top(), right - rect.left() - self._name_left, rect.height())
        font = theme.font(14, 600 if selected else 500)
        ink = theme.color("text2" if off and selected else "text3" if off else "text")
        painting.text(painter, words, name, font, ink, elide=Qt.TextElideMode.ElideMiddle)
        count = self._model.counts[name]
        if bar:
            track = QRectF(rect.right() - digits - bar, rect.center().y() - _BAR_HEIGHT / 2, bar, _BAR_HEIGHT)
            painting.bar(painter, track, count / largest, fill, theme.color("surface" if selected else "sunken"))
        ink = ink if off else theme.color("text2")
        painting.text(painter, rect, f"{count:,}", numbers, ink, Qt.AlignmentFlag.AlignRight)

    def _bar_width(self, room: float) -> float:
        """Width of the bars; 0 where the names need all of the room."""
        bar = min(max(room - self._model.widest, _BAR_MIN), _BAR_WIDTH)
        return bar if room - bar >= min(self._model.widest, _NAME_MIN) else 0.0

    def _paint_check(self, painter: QPainter, box: QRectF, *, checked: bool) -> None:
        enabled = self._model.editable
        if checked:
            painting.box(painter, box, theme.RADIUS_KEY, theme.color("accent" if enabled else "line2"))
            tick = box.adjusted(2.5, 2.5, -2.5, -2.5)
            icons.paint(painter, "check", tick, theme.color("on_accent"), painting.MARK_STROKE)
        else:
            ground = theme.color("surface" if enabled else "sunken")
            painting.box(painter, box, theme.RADIUS_KEY, ground, theme.color("line2"), 1.5)

    # Renaming

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:  # noqa: ARG002
        """A field in the place of the name."""
        field = QLineEdit(parent)
        field.setFont(theme.font(14, 500))
        field.setStyleSheet("QLineEdit { padding: 0px 4px; border-radius: 6px; }")
        field.setAccessibleName(f"New name of “{self._model.names[index.row()]}”")
        field.setToolTip("Enter takes the name, Esc leaves the old one. Your folders keep their names.")
        return field

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:  # noqa: N802, ARG002
        """Leave check box and dot in sight."""
        row = option.rect
        editor.setGeometry(row.adjusted(int(_PAD + self._name_left - 5), 2, 0, -2))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:  # noqa: N802, ARG002
        """Tell the new name; nothing is changed here."""
        assert isinstance(editor, QLineEdit)  # noqa: S101 - for the type checker
        old, new = self._model.names[index.row()], " ".join(editor.text().split())
        if new and new != old:
            self.renamed.emit(old, new)


def moved(order: Sequence[str], names: Collection[str], step: int) -> list[str]:
    """The order in which each of ``names`` goes one place up (-1) or down (1), as far as there is one."""
    result = list(order)
    places = [place for place, name in enumerate(order) if name in names]
    edge = 0 if step < 0 else len(result) - 1
    for place in places if step < 0 else reversed(places):
        if place == edge:
            edge -= step
        else:
            result[place], result[place + step] = result[place + step], result[place]
    return result


def placed(order: Sequence[str], names: Collection[str], row: int) -> list[str]:
    """The order in which ``names`` stand together, before what is in ``row`` now."""
    before = [name for name in order[:row] if name not in names]
    after = [name for name in order[row:] if name not in names]
    return [*before, *(name for name in order if name in names), *after]


def woven(order: Sequence[str], everything: Sequence[str]) -> list[str]:
    """``order`` with the rest of ``everything`` put in, each behind the one that it was behind."""
    result = list(order)
    known = set(order)
    for place, name in enumerate(everything):
        if name not in known:
            result.insert(result.index(everything[place - 1]) + 1 if place else 0, name)
    return result


def _paint_ground(painter: QPainter, rect: QRectF, state: QStyle.StateFlag) -> None:
    if state & QStyle.StateFlag.State_Selected:
        painting.box(painter, rect, theme.RADIUS_BUTTON, theme.color("accent_soft"))
    elif state & QStyle.StateFlag.State_MouseOver:
        painting.box(painter, rect, theme.RADIUS_BUTTON, theme.color("sunken"))
    if state & QStyle.StateFlag.State_HasFocus and state & QStyle.StateFlag.State_KeyboardFocusChange:
        painting.box(painter, rect, theme.RADIUS_BUTTON, border=theme.color("accent"), width=theme.FOCUS_WIDTH)
