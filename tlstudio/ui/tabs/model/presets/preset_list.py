"""The list of presets, under the names of their collections."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from tlstudio.ui import icons, theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.words.presets import COLLECTIONS
from tlstudio.workflows.list_presets import PresetEntry

_ROW_HEIGHT: Final = 48
_HEADING_HEIGHT: Final = 32
_PAD: Final = 10
_ICON: Final = 16

Index = QModelIndex | QPersistentModelIndex
Row = str | PresetEntry


class PresetModel(QAbstractListModel):
    """Headings and presets in one list; headings can't be chosen."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[Row] = []

    def show(self, entries: Sequence[PresetEntry]) -> None:
        """Show these presets, each collection under its name."""
        self.beginResetModel()
        self.rows = []
        for collection, words in COLLECTIONS.items():
            found = [entry for entry in entries if _collection(entry) == collection]
            self.rows += [words, *found] if found else []
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Headings and presets."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own signature
        """Words for the eye, for letters that are typed, and for screen readers."""
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row if isinstance(row, str) else row.preset.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row if isinstance(row, str) else f"{row.preset.name}, {row.preset.title}, {row.needs.in_words}"
        if role == Qt.ItemDataRole.ToolTipRole and not isinstance(row, str):
            return f"{row.preset.title}. {row.preset.purpose}".strip()
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Only presets can be chosen."""
        is_heading = index.isValid() and isinstance(self.rows[index.row()], str)
        return Qt.ItemFlag.NoItemFlags if is_heading else super().flags(index)


def _collection(entry: PresetEntry) -> str:
    return "" if entry.own or entry.preset.collection not in COLLECTIONS else entry.preset.collection


class _PresetDelegate(QStyledItemDelegate):
    """Name over title, and an arrow where something has to be downloaded first."""

    def __init__(self, model: PresetModel, view: QListView) -> None:
        super().__init__(view)
        self._model, self._view = model, view

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        is_heading = isinstance(self._model.rows[index.row()], str)
        return QSize(0, _HEADING_HEIGHT if is_heading else _ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = self._model.rows[index.row()]
        rect = QRectF(option.rect)
        painter.save()
        painting.prepare(painter)
        if isinstance(row, str):
            painting.text(painter, rect.adjusted(_PAD, 8, -_PAD, 0), row, theme.font(12, 600), theme.color("text2"))
        else:
            selected = bool(option.state & QStyle.StateFlag.State_Selected)
            self._paint_preset(painter, rect, row, selected)
        painter.restore()

    def _paint_preset(self, painter: QPainter, rect: QRectF, row: PresetEntry, selected: bool) -> None:
        if selected:
            border = theme.color("accent") if self._view.hasFocus() else None
            painting.box(painter, rect.adjusted(0, 1, -2, -1), theme.RADIUS_BUTTON, theme.color("accent_soft"), border)
        inner = rect.adjusted(_PAD, 4, -_PAD, -4)
        if row.needs.download:
            place = QRectF(inner.right() - _ICON, inner.center().y() - _ICON / 2, _ICON, _ICON)
            icons.paint(painter, "download", place, theme.color("text2"))
            inner.setRight(place.left() - 6)
        upper, lower = QRectF(inner), QRectF(inner)
        upper.setHeight(inner.height() / 2)
        lower.setTop(inner.center().y())
        weight = 600 if selected else 500
        painting.text(painter, upper, row.preset.name, theme.font(14, weight), theme.color("text"))
        about = row.preset.title if row.preset.title != row.preset.name else row.preset.note
        painting.text(painter, lower, about, theme.font(12), theme.color("text2"))


class PresetList(QListView):
    """One row a preset; arrows and letters walk, Enter and a double click use it.

    Attributes:
        shown: Carries the PresetEntry that the list is at, or None.
        used: Enter or a double click asked for that preset.
    """

    shown = Signal(object)
    used = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presets = PresetModel(self)
        self.setModel(self._presets)
        self.setItemDelegate(_PresetDelegate(self._presets, self))
        self.setAccessibleName("Presets")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet("PresetList { background: transparent; }")
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.selectionModel().currentChanged.connect(lambda *_: self.shown.emit(self.current))
        theme.notifier().changed.connect(self.viewport().update)

    @property
    def current(self) -> PresetEntry | None:
        """The preset that the list is at."""
        index = self.currentIndex()
        row = self._presets.rows[index.row()] if index.isValid() else None
        return row if isinstance(row, PresetEntry) else None

    def set_entries(self, entries: Sequence[PresetEntry], name: str = "") -> None:
        """Show these presets, and go to the one of a name, else where the list was, else to the first."""
        before = self.current
        wanted = name or (before.preset.name if before else "")
        self._presets.show(entries)
        rows = [number for number, row in enumerate(self._presets.rows) if isinstance(row, PresetEntry)]
        at = next((number for number in rows if self._name(number) == wanted), rows[0] if rows else -1)
        self.setCurrentIndex(self._presets.index(at, 0))
        if at < 0:
            self.shown.emit(None)
        else:
            self.executeDelayedItemsLayout()  # a row that has no place yet can't be gone to
            self.scrollTo(self.currentIndex(), QListView.ScrollHint.PositionAtCenter)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter uses the preset."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current is not None:
            self.used.emit()
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click uses the preset."""
        super().mouseDoubleClickEvent(event)
        if self.current is not None and self.indexAt(event.position().toPoint()) == self.currentIndex():
            self.used.emit()

    def _name(self, number: int) -> str:
        row = self._presets.rows[number]
        return row.preset.name if isinstance(row, PresetEntry) else ""
