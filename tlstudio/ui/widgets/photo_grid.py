"""A virtualised grid of photos.

``QListView`` measures every item when it is resized: 200 ms for 100,000 photos. All tiles are of one size here, so
places are computed and nothing depends on the number of photos.
"""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QRegion, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets.photo_tile import Index, PhotoItem, PhotoModel, TileDelegate
from tlstudio.ui.widgets.thumbnails import ThumbnailCache

_GAP, _EDGE = 8, 16
_WIDTHS = (100, 130, 170, 220, 300, 420)
_PRESET = 2
_Hint = QAbstractItemView.ScrollHint
_Move = QAbstractItemView.CursorAction


class PhotoGrid(QAbstractItemView):
    """Photos as tiles; as many columns as fit.

    Attributes:
        activated_photo: Enter or a double click; carries the ``PhotoItem``.
        current_photo_changed: Another photo has the keyboard; carries the ``PhotoItem`` or None.
        photos_selected: The selection has changed; carries how many are selected.
    """

    activated_photo = Signal(object)
    current_photo_changed = Signal(object)
    photos_selected = Signal(int)

    def __init__(self, cache: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cache = cache
        self._photos = PhotoModel(self)
        self._tiles = TileDelegate(cache, lambda row: self._photos.items[row], self)
        self._size_step = _PRESET
        self._search = ""
        self.setAccessibleName("Photos")
        self.setStyleSheet("PhotoGrid { background: transparent; }")
        self.setFrameShape(QAbstractItemView.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(self._tiles)
        self.setModel(self._photos)
        cache.loaded.connect(self._show_loaded)
        theme.notifier().changed.connect(self.viewport().update)

    def set_items(self, items: Sequence[PhotoItem]) -> None:
        """Show these photos from the top, with none selected."""
        self._photos.set_items(items)
        self.verticalScrollBar().setValue(0)
        self.setAccessibleDescription(f"{len(items):,} {'photo' if len(items) == 1 else 'photos'}")
        self.photos_selected.emit(0)

    def items(self) -> Sequence[PhotoItem]:
        """The photos shown."""
        return self._photos.items

    def set_classes(self, n: int) -> None:
        """Tell how many classes there are in all: with more than six, dots are neutral."""
        self._tiles.n_classes = n
        self.viewport().update()

    def current_item(self) -> PhotoItem | None:
        """The photo that has the keyboard."""
        index = self.currentIndex()
        return self._photos.items[index.row()] if index.isValid() else None

    def selected_items(self) -> list[PhotoItem]:
        """The photos selected, in the order shown."""
        return [self._photos.items[row] for rows in sorted(self._selected_runs(), key=min) for row in rows]

    def select_row(self, row: int) -> None:
        """Select one photo by its position and scroll to it."""
        self.setCurrentIndex(self._photos.index(row))

    def select_path(self, path: Path) -> bool:
        """Select one photo by its file; tell whether it is here."""
        for row, item in enumerate(self._photos.items):
            if item.path == path:
                self.select_row(row)
                return True
        return False

    # Geometry: everything follows from the number of columns and the size of a tile.

    def columns(self) -> int:
        """Tiles side by side."""
        room = self._room() + _GAP
        return max(1, round(room / (_WIDTHS[self._size_step] + _GAP)))

    def tile_size(self) -> QSize:
        """Size of a tile, in the proportion 5:4."""
        width = max((self._room() + _GAP) // self.columns() - _GAP, 40)
        return QSize(width, round(width * 4 / 5))

    def _room(self) -> int:
        # The scroll bar's place is kept free also while there is none: the number of columns must not depend on it.
        return max(self.width() - _EDGE, 1)

    def _pitch(self) -> int:
        return self.tile_size().height() + _GAP

    def visualRect(self, index: Index) -> QRect:  # noqa: N802 - Qt's name, as all below
        """Place of a tile in the viewport."""
        if not index.isValid():
            return QRect()
        size = self.tile_size()
        row, column = divmod(index.row(), self.columns())
        return QRect(QPoint(column * (size.width() + _GAP), row * self._pitch() - self.verticalOffset()), size)

    def indexAt(self, point: QPoint) -> QModelIndex:  # noqa: N802
        """The photo under a point of the viewport."""
        column = point.x() // (self.tile_size().width() + _GAP)
        row = (point.y() + self.verticalOffset()) // self._pitch()
        index = self._photos.index(row * self.columns() + column) if 0 <= column < self.columns() else QModelIndex()
        return index if self.visualRect(index).contains(point) else QModelIndex()

    def scrollTo(self, index: Index, hint: QAbstractItemView.ScrollHint = _Hint.EnsureVisible) -> None:  # noqa: N802
        """Bring a photo into view."""
        rect, view, bar = self.visualRect(index), self.viewport().rect(), self.verticalScrollBar()
        if hint == _Hint.PositionAtCenter:
            bar.setValue(bar.value() + rect.center().y() - view.center().y())
        elif rect.top() < view.top() or hint == _Hint.PositionAtTop:
            bar.setValue(bar.value() + rect.top())
        elif rect.bottom() > view.bottom() or hint == _Hint.PositionAtBottom:
            bar.setValue(bar.value() + rect.bottom() - view.bottom())

    def horizontalOffset(self) -> int:  # noqa: N802
        """Always 0: nothing scrolls sideways."""
        return 0

    def verticalOffset(self) -> int:  # noqa: N802
        """Logical pixels scrolled."""
        return self.verticalScrollBar().value()

    def isIndexHidden(self, index: Index) -> bool:  # noqa: N802, ARG002
        """No photo is hidden."""
        return False

    def updateGeometries(self) -> None:  # noqa: N802
        """Fit the scroll bar to the photos."""
        lines = -(-len(self._photos.items) // self.columns())
        bar, height = self.verticalScrollBar(), self.viewport().height()
        bar.setPageStep(height)
        bar.setSingleStep(max(self._pitch() // 3, 1))
        bar.setRange(0, max(lines * self._pitch() - _GAP - height, 0))
        super().updateGeometries()

    def visible_rows(self) -> range:
        """Positions of the photos that are at least partly in view."""
        first = self.verticalOffset() // self._pitch() * self.columns()
        last = (self.verticalOffset() + self.viewport().height()) // self._pitch() * self.columns() + self.columns()
        return range(first, min(last, len(self._photos.items)))

    # Selection and keys.

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:  # noqa: N802
        """Select the run of photos from one corner of a rectangle to the opposite one: Shift, and dragging."""
        ends = sorted((self._nearest(rect.topLeft()), self._nearest(rect.bottomRight())))
        selection = QItemSelection()
        if ends[0] >= 0:
            selection.select(self._photos.index(ends[0]), self._photos.index(ends[1]))
        self.selectionModel().select(selection, command)

    def _selected_runs(self) -> list[range]:
        spans = self.selectionModel().selection()
        return [range(span.top(), span.bottom() + 1) for span in (spans.at(place) for place in range(spans.size()))]

    def _nearest(self, point: QPoint) -> int:
        """Position of the photo at or before a point; -1 without photos."""
        column = min(max(point.x() // (self.tile_size().width() + _GAP), 0), self.columns() - 1)
        line = max(point.y() + self.verticalOffset(), 0) // self._pitch()
        return min(line * self.columns() + column, len(self._photos.items) - 1)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:  # noqa: N802
        """What to paint again when the selection changes: the visible tiles."""
        if selection.isEmpty():
            return QRegion()
        return QRegion(self.viewport().rect())

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:  # noqa: N802, ARG002
        """Where a key leads to."""
        count = len(self._photos.items)
        if not count:
            return QModelIndex()
        columns, now = self.columns(), self.currentIndex().row()
        page = max(self.viewport().height() // self._pitch(), 1) * columns
        steps = {
            _Move.MoveLeft: -1, _Move.MovePrevious: -1, _Move.MoveRight: 1, _Move.MoveNext: 1,
            _Move.MoveUp: -columns, _Move.MoveDown: columns, _Move.MovePageUp: -page, _Move.MovePageDown: page,
            _Move.MoveHome: -count, _Move.MoveEnd: count,
        }  # fmt: skip
        if now < 0:
            return self._photos.index(0)
        wanted = now + steps[action]
        if action == _Move.MoveUp and wanted < 0:
            wanted = now
        return self._photos.index(min(max(wanted, 0), count - 1))

    def keyboardSearch(self, search: str) -> None:  # noqa: N802
        """Letters jump to the next photo of a class whose name begins with them."""
        items, now = self._photos.items, self.currentIndex().row()
        prefix = search.casefold()
        here = items[now].class_name if now >= 0 else ""
        for row in (*range(now + 1, len(items)), *range(now + 1)):
            name = items[row].class_name
            if name != here and name.casefold().startswith(prefix):
                self.select_row(row)
                return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the photo; the rest as in every list."""
        item = self.current_item()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and item is not None:
            self.activated_photo.emit(item)
            event.accept()
            return
        super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click opens the photo."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            self.activated_photo.emit(self._photos.items[index.row()])

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl and the wheel change the size of the tiles, the wheel alone scrolls."""
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
            return
        if event.angleDelta().y():
            self.set_tile_step(self._size_step + (1 if event.angleDelta().y() > 0 else -1))
        event.accept()

    def set_tile_step(self, step: int) -> None:
        """Choose one of the sizes of tiles, 0 (smallest) to 5; the photo in view at the top stays there."""
        first = next(iter(self.visible_rows()), None)
        self._size_step = min(max(step, 0), len(_WIDTHS) - 1)
        self.updateGeometries()
        if first is not None:
            self.scrollTo(self._photos.index(first), _Hint.PositionAtTop)
        self.viewport().update()

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tiles in view."""
        painter = QPainter(self.viewport())
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        current, focused = self.currentIndex(), self.hasFocus()
        for row in self.visible_rows():
            index = self._photos.index(row)
            rect = self.visualRect(index)
            if event.region().intersects(rect):
                option.rect = rect
                option.state = self._state(index, focused and index == current)
                self._tiles.paint(painter, option, index)

    def _state(self, index: QModelIndex, focused: bool) -> QStyle.StateFlag:
        state = QStyle.StateFlag.State_Enabled
        if self.selectionModel().isSelected(index):
            state |= QStyle.StateFlag.State_Selected
        if focused:
            state |= QStyle.StateFlag.State_HasFocus
        return state

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: N802, ARG002
        """Scrolling paints anew, and what is out of view is no longer wanted."""
        self._drop_unseen()
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may mean another number of columns."""
        super().resizeEvent(event)
        self.updateGeometries()
        self._drop_unseen()

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802
        """Tell who has the keyboard now."""
        super().currentChanged(current, previous)
        self.viewport().update()
        self.current_photo_changed.emit(self._photos.items[current.row()] if current.isValid() else None)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:  # noqa: N802
        """Tell how many photos are selected."""
        super().selectionChanged(selected, deselected)
        self.photos_selected.emit(sum(map(len, self._selected_runs())))

    def changeEvent(self, event: QEvent) -> None:
        """A larger font or another style paints anew."""
        super().changeEvent(event)
        self.viewport().update()

    def _drop_unseen(self) -> None:
        self._cache.keep(self, {self._photos.items[row].path for row in self.visible_rows()})

    def _show_loaded(self, path: Path) -> None:
        for row in self.visible_rows():
            if self._photos.items[row].path == path:
                self.viewport().update(self.visualRect(self._photos.index(row)))
