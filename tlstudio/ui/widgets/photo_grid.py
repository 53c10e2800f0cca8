"""A virtualised grid of photos.

``QListView`` measures every item when it is resized: 200 ms for 100,000 photos. All tiles are of one size here, so
places are computed and nothing depends on the number of photos.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from pathlib import Path

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QRegion, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets.left_out_tile import FadingTileDelegate
from tlstudio.ui.widgets.photo_tile import Index, PhotoItem, PhotoModel
from tlstudio.ui.widgets.rubber_band import RubberBand
from tlstudio.ui.widgets.thumbnails import ThumbnailCache

_GAP, _EDGE = 8, 16
_WIDTHS = (100, 130, 170, 220, 300, 420)
_PRESET = 2
_Hint = QAbstractItemView.ScrollHint
_Move = QAbstractItemView.CursorAction
_Select = QItemSelectionModel.SelectionFlag
_ADDING = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier


class PhotoGrid(QAbstractItemView):
    """Photos as tiles; as many columns as fit.

    Attributes:
        activated_photo: Enter or a double click; carries the ``PhotoItem``.
        current_photo_changed: Another photo has the keyboard; carries the ``PhotoItem`` or None.
        photos_selected: The selection has changed; carries how many are selected.
        tile_step_changed: Another size of tiles was chosen, with the wheel or by ``set_tile_step``.
    """

    activated_photo = Signal(object)
    current_photo_changed = Signal(object)
    photos_selected = Signal(int)
    tile_step_changed = Signal()

    def __init__(self, cache: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cache = cache
        self._photos = PhotoModel(self)
        self._tiles = FadingTileDelegate(cache, lambda row: self._photos.items[row], self)
        self._size_step = _PRESET
        self._band = RubberBand(self)
        self._before_band = QItemSelection()
        self.setAccessibleName("Photos")
        self.setStyleSheet("PhotoGrid { background: transparent; }")
        self.setFrameShape(QAbstractItemView.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(self._tiles)
        self.setModel(self._photos)
        self._band.changed.connect(self._select_touched)
        cache.loaded.connect(self._show_loaded)
        theme.notifier().changed.connect(self.viewport().update)

    def set_items(self, items: Sequence[PhotoItem]) -> None:
        """Show these photos from the top, with none selected."""
        self._replace_items(items)
        self.verticalScrollBar().setValue(0)
        self.photos_selected.emit(0)

    def change_items(self, items: Sequence[PhotoItem], moved: Callable[[int], int | None]) -> None:
        """Show other items of the same photos where the person is.

        What is selected, what has the keyboard and what is in view stay, as far as they are still shown; the keyboard
        goes on to the next photo that is.

        Args:
            items: What to show.
            moved: Where the photo of a position is now; None if it isn't shown any more.
        """
        selected = sorted(row for old in self.selected_rows() if (row := moved(old)) is not None)
        following = range(max(self.currentIndex().row(), 0), len(self._photos.items))
        current = next((row for old in following if (row := moved(old)) is not None), len(items) - 1)
        if not self.currentIndex().isValid():
            current = -1
        value = self.verticalScrollBar().value()
        anchor = next(((old, row) for old in self.visible_rows() if (row := moved(old)) is not None), (0, 0))
        self._replace_items(items)
        self.updateGeometries()
        lines = anchor[1] // self.columns() - anchor[0] // self.columns()
        self.verticalScrollBar().setValue(value + lines * self._pitch())
        self._restore_selection(selected, current)

    def _replace_items(self, items: Sequence[PhotoItem]) -> None:
        self._band.release()
        self._photos.set_items(items)
        self.setAccessibleDescription(f"{len(items):,} {'photo' if len(items) == 1 else 'photos'}")

    def _restore_selection(self, rows: Sequence[int], current: int) -> None:
        model = self.selectionModel()
        # Told once, at the end: nobody has to know of a selection that was lost for a moment.
        self.blockSignals(True)
        model.select(self._selection(runs_of(rows)), _Select.ClearAndSelect)
        # Without the view's own scrolling: the place is restored already.
        self.setAutoScroll(False)
        model.setCurrentIndex(self._photos.index(current), _Select.NoUpdate)
        self.setAutoScroll(True)
        self.blockSignals(False)
        self.current_photo_changed.emit(self.current_item())
        self.photos_selected.emit(len(rows))

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
        return [self._photos.items[row] for row in self.selected_rows()]

    def selected_rows(self) -> list[int]:
        """Positions of the photos selected, in the order shown."""
        return list(chain.from_iterable(sorted(self._selected_runs(), key=min)))

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
        """Select the run of photos from one corner of a rectangle to the opposite one, as Shift does."""
        first, last = sorted((self._nearest(rect.topLeft()), self._nearest(rect.bottomRight())))
        runs = [range(first, last + 1)] if first >= 0 else []
        self.selectionModel().select(self._selection(runs), command)

    def _selection(self, runs: Iterable[range]) -> QItemSelection:
        selection = QItemSelection()
        for run in runs:
            selection.append(QItemSelectionRange(self._photos.index(run[0]), self._photos.index(run[-1])))
        return selection

    def touched_runs(self, rect: QRect) -> list[range]:
        """Positions of the photos whose tiles a rectangle of the content touches, line by line."""
        size, columns = self.tile_size(), self.columns()
        across, down = size.width() + _GAP, self._pitch()
        # Where a tile ends lies before where the next one begins: a gap touches neither.
        first, last = (rect.left() + _GAP) // across, min(rect.right() // across, columns - 1)
        top, bottom = max((rect.top() + _GAP) // down, 0), rect.bottom() // down
        end = len(self._photos.items)
        bottom = min(bottom, (end - 1) // columns)
        lines = (
            range(line * columns + max(first, 0), min(line * columns + last + 1, end))
            for line in range(top, bottom + 1)
        )
        return [line for line in lines if line]

    def _select_touched(self) -> None:
        """Select what the rubber band touches, and what was selected before it where Shift or Ctrl is held."""
        if self._band.active:
            selection = QItemSelection(self._before_band)
            selection.merge(self._selection(self.touched_runs(self._band.rect())), _Select.Select)
            self.selectionModel().select(selection, _Select.ClearAndSelect)
        self.viewport().update()

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

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press may be the beginning of a rubber band."""
        if event.button() == Qt.MouseButton.LeftButton:
            adding = bool(event.modifiers() & _ADDING)
            self._before_band = QItemSelection(self.selectionModel().selection()) if adding else QItemSelection()
            self._band.press(event.position().toPoint())
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Dragging draws a rubber band."""
        if not (event.buttons() & Qt.MouseButton.LeftButton and self._band.drag(event.position().toPoint())):
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The rubber band goes, what it has selected stays."""
        if not self._band.release():
            super().mouseReleaseEvent(event)

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

    def tile_step(self) -> int:
        """Which of the sizes of tiles is chosen."""
        return self._size_step

    def set_tile_step(self, step: int) -> None:
        """Choose one of the sizes of tiles, 0 (smallest) to 5; the photo in view at the top stays there."""
        first = next(iter(self.visible_rows()), None)
        self._size_step = min(max(step, 0), len(_WIDTHS) - 1)
        self.updateGeometries()
        if first is not None:
            self.scrollTo(self._photos.index(first), _Hint.PositionAtTop)
        self.viewport().update()
        self.tile_step_changed.emit()

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
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._band.paint(painter)

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
        """Another width may mean another number of columns; what has the keyboard isn't covered by losing height."""
        was_in_view = QRect(QPoint(), event.oldSize()).contains(self.visualRect(self.currentIndex()))
        super().resizeEvent(event)
        self.updateGeometries()
        if was_in_view:
            self.scrollTo(self.currentIndex())
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


def runs_of(rows: Sequence[int]) -> list[range]:
    """The longest runs in ascending positions."""
    runs: list[range] = []
    for row in rows:
        if runs and runs[-1].stop == row:
            runs[-1] = range(runs[-1].start, row + 1)
        else:
            runs.append(range(row, row + 1))
    return runs
