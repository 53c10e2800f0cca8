"""The classes of a data set with the number of photos of each."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.photo_tile import Index

ROW_HEIGHT = 32
_BAR_WIDTH, _BAR_MIN, _BAR_HEIGHT, _PAD = 64.0, 28.0, 8.0, 8.0


class _ClassModel(QAbstractListModel):
    """Classes that match what is searched for."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.counts: dict[str, int] = {}
        self.names: list[str] = []
        self.positions: dict[str, int] = {}
        self.widest = 0
        self._wanted = ""

    def set_counts(self, counts: Mapping[str, int]) -> None:
        self.beginResetModel()
        self.counts = dict(counts)
        self.positions = {name: position for position, name in enumerate(counts)}
        self.widest = max((painting.text_width(name, theme.font(14, 600)) for name in counts), default=0)
        self._search()
        self.endResetModel()

    def search(self, words: str) -> None:
        self.beginResetModel()
        self._wanted = words.strip().casefold()
        self._search()
        self.endResetModel()

    def _search(self) -> None:
        self.names = [name for name in self.counts if self._wanted in name.casefold()]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.names)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own signature
        if not index.isValid():
            return None
        name = self.names[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return name
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            count = self.counts[name]
            return f"{name}, {count:,} {'photo' if count == 1 else 'photos'}"
        return None


class _ClassDelegate(QStyledItemDelegate):
    """Paints a row: dot, name, bar, count."""

    def __init__(self, model: _ClassModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        return QSize(160, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        name = self._model.names[index.row()]
        rect = QRectF(option.rect)
        state: QStyle.StateFlag = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_ground(painter, rect, state)
        fill = theme.class_color(self._model.positions[name], len(self._model.counts), selected)
        self._paint_row(painter, rect.adjusted(_PAD, 0, -_PAD, 0), name, fill, selected)
        painter.restore()

    def _paint_row(self, painter: QPainter, rect: QRectF, name: str, fill: Any, selected: bool) -> None:  # noqa: ANN401
        numbers = theme.font(13)
        largest = max(self._model.counts.values(), default=1) or 1
        digits = painting.text_width(f"{largest:,}", numbers) + 12.0
        bar = min(max(rect.width() - 31.0 - digits - self._model.widest, _BAR_MIN), _BAR_WIDTH)
        painting.dot(painter, QPointF(rect.left() + 5.0, rect.center().y()), 10.0, fill)
        words = QRectF(rect.left() + 19.0, rect.top(), rect.width() - 19.0 - digits - bar - 12.0, rect.height())
        font = theme.font(14, 600 if selected else 500)
        painting.text(painter, words, name, font, theme.color("text"), elide=Qt.TextElideMode.ElideMiddle)
        count = self._model.counts[name]
        track = QRectF(rect.right() - digits - bar, rect.center().y() - _BAR_HEIGHT / 2, bar, _BAR_HEIGHT)
        painting.bar(painter, track, count / largest, fill, theme.color("surface" if selected else "sunken"))
        painting.text(painter, rect, f"{count:,}", numbers, theme.color("text2"), Qt.AlignmentFlag.AlignRight)


def _paint_ground(painter: QPainter, rect: QRectF, state: QStyle.StateFlag) -> None:
    if state & QStyle.StateFlag.State_Selected:
        painting.box(painter, rect, theme.RADIUS_BUTTON, theme.color("accent_soft"))
    elif state & QStyle.StateFlag.State_MouseOver:
        painting.box(painter, rect, theme.RADIUS_BUTTON, theme.color("sunken"))
    if state & QStyle.StateFlag.State_HasFocus and state & QStyle.StateFlag.State_KeyboardFocusChange:
        painting.box(painter, rect, theme.RADIUS_BUTTON, border=theme.color("accent"), width=theme.FOCUS_WIDTH)


class ClassList(QListView):
    """Classes with their counts as bars. Letters find a class; a second click or Esc selects none.

    Attributes:
        class_selected: The name of the class selected; empty when none is.
    """

    class_selected = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._classes = _ClassModel(self)
        self.setAccessibleName("Classes")
        self.setModel(self._classes)
        self.setItemDelegate(_ClassDelegate(self._classes, self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet("ClassList { background: transparent; }")
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # The selection, not the current row: Qt makes the first row the current one when the list gets the focus.
        self.selectionModel().selectionChanged.connect(self._tell)
        theme.notifier().changed.connect(self.viewport().update)

    def set_counts(self, counts: Mapping[str, int]) -> None:
        """Show these classes, in this order, with their numbers of photos. A selected class stays selected."""
        selected = self.selected_class()
        self._classes.set_counts(counts)
        self._reselect(selected)

    def set_search(self, words: str) -> None:
        """Show only the classes whose name contains this, whatever the case; empty shows all."""
        selected = self.selected_class()
        self._classes.search(words)
        self._reselect(selected)

    def selected_class(self) -> str:
        """Name of the class selected, or empty."""
        chosen = self.selectionModel().selectedIndexes()
        return self._classes.names[chosen[0].row()] if chosen else ""

    def select_class(self, name: str) -> None:
        """Select a class and scroll to it; an empty or unknown name selects none."""
        if name in self._classes.names:
            self.setCurrentIndex(self._classes.index(self._classes.names.index(name)))
        else:
            self.setCurrentIndex(QModelIndex())
            self.clearSelection()

    def content_height(self) -> int:
        """Height at which all rows are seen without scrolling."""
        return len(self._classes.names) * ROW_HEIGHT

    def sizeHint(self) -> QSize:
        """As high as the rows, up to twelve of them."""
        return QSize(240, min(self.content_height(), 12 * ROW_HEIGHT))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc selects none; the rest as in every list."""
        if event.key() == Qt.Key.Key_Escape and self.selected_class():
            self.select_class("")
            event.accept()
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on the selected class takes the selection back."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self.selectionModel().isSelected(index):
            self.select_class("")
            event.accept()
            return
        super().mousePressEvent(event)

    def _reselect(self, name: str) -> None:
        if name in self._classes.names:
            self.selectionModel().blockSignals(True)
            self.select_class(name)
            self.selectionModel().blockSignals(False)
        elif name:
            self.class_selected.emit("")
        self.updateGeometry()

    def _tell(self) -> None:
        self.class_selected.emit(self.selected_class())
