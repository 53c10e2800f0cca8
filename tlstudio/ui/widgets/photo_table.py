"""The answers for a folder of photos, one row a file, filling while they come."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, Protocol

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QWidget

from tlstudio.ui import icons, theme
from tlstudio.ui.widgets import painting, photo_painting, row_places
from tlstudio.ui.widgets.photo_tile import COVER_FACTOR, Index
from tlstudio.ui.widgets.table import PAD, RowDelegate, RowModel, Table
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.ui.widgets.tooltip import as_plain
from tlstudio.wording import percent

PredictionState = Literal["sure", "unsure", "unlike", "unreadable"]
STATES: Final[tuple[PredictionState, ...]] = ("sure", "unsure", "unlike", "unreadable")

_ROW_HEIGHT = 60
_FILE, _ANSWER, _SURE, _STATE = range(4)
_THUMB, _LEFT = 44.0, 16.0
_COMPACT = 560
_STATES: dict[PredictionState, tuple[str, str, str]] = {
    "sure": ("Sure", "check", "accent"),
    "unsure": ("Unsure", "question", "unsure"),
    "unlike": ("Unlike", "exclamation", "unsure"),
    "unreadable": ("Unreadable", "cross", "wrong"),
}
_UNLIKE_TIP = "Unlike every photo that it learnt from: it may be none of the classes"
_DECIDED = "By you"


@dataclass(frozen=True, slots=True)
class PredictionRow:
    """The answer for one file.

    Attributes:
        path: The file.
        folder: Where it lies, as a person would say it ("Plot 17 / morning").
        class_name: The answer; empty for an unreadable file.
        class_index: Position of the class, for the colour of the dot.
        score: How sure, 0 to 1.
        state: "sure", "unsure", "unlike" (held back because it is unlike anything seen) or "unreadable".
        reason: Why the file can't be read; empty otherwise.
        decided: Whether a person gave this answer.
    """

    path: Path
    folder: str
    class_name: str
    class_index: int
    score: float
    state: PredictionState
    reason: str = ""
    decided: bool = False

    def texts(self) -> tuple[str, str, str, str]:
        """What stands in the four columns."""
        score = "" if self.state == "unreadable" else percent(self.score)
        return self.path.name, self.class_name or "–", _DECIDED if self.decided else score, _STATES[self.state][0]


class RowSource(Protocol):
    """Where rows come from: the table asks only for those in view, so that a hundred thousand cost it nothing."""

    def row(self, position: int) -> PredictionRow:
        """The answer at a position."""

    def name(self, position: int) -> str:
        """Name of its file."""


class RowList:
    """Rows that are all there: the simplest source."""

    def __init__(self, rows: Iterable[PredictionRow] = ()) -> None:
        self.rows = list(rows)

    def row(self, position: int) -> PredictionRow:
        """The answer at a position."""
        return self.rows[position]

    def name(self, position: int) -> str:
        """Name of its file."""
        return self.rows[position].path.name


class _PredictionModel(RowModel):
    """Which answers are shown, in which order."""

    HEADERS = (
        ("File", "", "Name of the file; a click sorts by it"),
        ("Answer", "", "The class that the model names; a click sorts by it"),
        ("How sure", "", "How sure the model is of its answer (score); a click brings the least sure to the top"),
        ("State", "", "Sure answers are filed by themselves; the others are for you. A click sorts by it"),
    )

    def __init__(self, source: RowSource, parent: QObject) -> None:
        super().__init__(parent)
        self.source = source
        self.order = array("I")
        self._in_hand: dict[int, PredictionRow] | None = None

    def row(self, row: int) -> PredictionRow:
        position = self.order[row]
        if self._in_hand is None:
            return self.source.row(position)
        if position not in self._in_hand:
            self._in_hand[position] = self.source.row(position)
        return self._in_hand[position]

    @contextmanager
    def in_hand(self) -> Iterator[None]:
        """Meanwhile rows don't change: each is made once, however many of its cells are asked for."""
        self._in_hand = {}
        try:
            yield
        finally:
            self._in_hand = None

    def append(self, positions: Sequence[int]) -> None:
        self.beginInsertRows(QModelIndex(), len(self.order), len(self.order) + len(positions) - 1)
        self.order.extend(positions)
        self.endInsertRows()

    def arrange(self, order: "array[int]") -> None:
        self.beginResetModel()
        self.order = order
        self.endResetModel()

    def next_named(self, beginning: str, after: int) -> int | None:
        """The first row after one, from the top again at the end, whose file name begins so."""
        count, wanted = len(self.order), beginning.casefold()
        rows = ((after + step) % count for step in range(1, count + 1))
        return next((row for row in rows if self.source.name(self.order[row]).casefold().startswith(wanted)), None)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.order)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own signature
        if not index.isValid():
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.row(index.row()).texts()[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return as_plain(self._tooltip(self.row(index.row()), index.column()))
        return None

    def _tooltip(self, row: PredictionRow, column: int) -> str:
        if row.state == "unlike" and column == _STATE:
            return _UNLIKE_TIP
        return row.reason or (str(row.path) if column == _FILE else row.texts()[column])


class _PredictionDelegate(RowDelegate):
    """Photo, name and folder; dot and answer; bar and percent; icon and word."""

    rounded_selection = False

    def __init__(self, model: _PredictionModel, cache: ThumbnailCache, parent: "PhotoTable") -> None:
        super().__init__(parent)
        self._model = model
        self._cache = cache
        self._table = parent
        self.n_classes = 0

    def paint_cell(self, painter: QPainter, rect: QRectF, index: Index, selected: bool) -> None:
        row = self._model.row(index.row())
        box = rect.adjusted(PAD, 0, -PAD, 0)
        match index.column():
            case 0:
                self._paint_file(painter, rect, row)
            case 1:
                self._paint_answer(painter, box, row, selected)
            case 2:
                self._paint_score(painter, box, row, selected)
            case _:
                self._paint_state(painter, box, row)

    def _paint_file(self, painter: QPainter, rect: QRectF, row: PredictionRow) -> None:
        self._paint_photo(painter, QRectF(rect.left() + _LEFT, rect.center().y() - _THUMB / 2, _THUMB, _THUMB), row)
        left = rect.left() + _LEFT + _THUMB + 16.0
        name = QRectF(left, rect.center().y() - 21.0, rect.right() - left - PAD, 21.0)
        middle = Qt.TextElideMode.ElideMiddle
        painting.text(painter, name, row.path.name, theme.font(14, 500), theme.color("text"), elide=middle)
        under = row.reason if row.state == "unreadable" else row.folder
        painting.text(painter, name.translated(0, 20.0), under, theme.font(13), theme.color("text2"))

    def _paint_photo(self, painter: QPainter, box: QRectF, row: PredictionRow) -> None:
        radius = float(theme.RADIUS_CELL)
        if row.state == "unreadable" or self._cache.reason(row.path):
            photo_painting.unreadable(painter, box, radius, "")
            return
        side = round(_THUMB * COVER_FACTOR * self._table.devicePixelRatioF())
        pixmap = self._cache.pixmap(row.path, side, self._table)
        if pixmap is None:
            painting.box(painter, box, radius, theme.color("sunken"))
        else:
            photo_painting.photo(painter, box, pixmap, radius)

    def _paint_answer(self, painter: QPainter, box: QRectF, row: PredictionRow, selected: bool) -> None:
        if not row.class_name:
            painting.text(painter, box, "–", theme.font(14), theme.color("text3"))
            return
        fill = theme.class_color(row.class_index, self.n_classes or None, selected)
        painting.dot(painter, QPointF(box.left() + 5.0, box.center().y()), 10.0, fill)
        words = box.adjusted(18.0, 0, 0, 0)
        painting.text(painter, words, row.class_name, theme.font(14), theme.color("text"))

    def _paint_score(self, painter: QPainter, box: QRectF, row: PredictionRow, selected: bool) -> None:
        if row.state == "unreadable":
            return
        compact = self._table.compact()
        if not compact and not row.decided:
            track = QRectF(box.left(), box.center().y() - 4.0, box.width() - 48.0, 8.0)
            token = "accent" if row.state == "sure" else "unsure"
            ground = theme.color("surface" if selected else "sunken")
            painting.bar(painter, track, row.score, theme.color(token), ground)
        left = compact or row.decided
        align = Qt.AlignmentFlag.AlignLeft if left else Qt.AlignmentFlag.AlignRight
        painting.text(painter, box, row.texts()[_SURE], theme.font(13), theme.color("text2"), align)

    def _paint_state(self, painter: QPainter, box: QRectF, row: PredictionRow) -> None:
        word, glyph, token = _STATES[row.state]
        ink: QColor = theme.color(token)
        icons.paint(painter, glyph, QRectF(box.left(), box.center().y() - 8.0, 16.0, 16.0), ink)
        if not self._table.compact():
            painting.text(painter, box.adjusted(23.0, 0, 8.0, 0), word, theme.font(13, 500), ink)


class PhotoTable(Table):
    """The batch table. Takes rows while it is looked at; what is in view doesn't move.

    Attributes:
        photo_selected: Another row is the current one; carries the ``PredictionRow`` or None.
        photo_activated: Enter or a double click on a row; carries its position in the source.
        sort_wanted: A header was clicked; carries the column.
        copy_wanted: The paths of the selected rows are wanted on the clipboard.
        menu_wanted: The menu of the selected rows is wanted; carries the place on the screen (QPoint).
    """

    photo_selected = Signal(object)
    photo_activated = Signal(int)
    sort_wanted = Signal(int)
    copy_wanted = Signal()
    menu_wanted = Signal(object)

    def __init__(self, cache: ThumbnailCache, source: RowSource, parent: QWidget | None = None) -> None:
        super().__init__(_ROW_HEIGHT, "Photos and answers", parent)
        self._cache = cache
        self._arranging = False
        self._predictions = _PredictionModel(source, self)
        self._cells = _PredictionDelegate(self._predictions, cache, self)
        self.use(self._predictions, self._cells, (0, 1, 2, 3))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._header.first_indent = _LEFT + _THUMB + 16.0 - PAD
        self._header.setSectionsClickable(True)
        self._header.sectionClicked.connect(self.sort_wanted)
        self.selectionModel().currentRowChanged.connect(self._tell)
        self.verticalScrollBar().valueChanged.connect(self._drop_unseen)
        cache.loaded.connect(self._show_loaded)

    # What is shown

    def append(self, positions: Sequence[int]) -> None:
        """Show more answers at the end."""
        if positions:
            with self._painted_if_changed():
                self._predictions.append(positions)

    def merge(self, order: "array[int]") -> None:
        """Show more answers between those that are shown; the topmost row in view stays where it is.

        Args:
            order: Positions of all of them in the source; it belongs to the table from now on.
        """
        with self._painted_if_changed():
            self.arrange(order, keep_place=True)

    def arrange(self, order: "array[int]", *, keep_place: bool = False) -> None:
        """Show these answers in this order. A selection stays, as far as its rows do.

        Args:
            order: Positions in the source; it belongs to the table from now on.
            keep_place: Whether the topmost row in view stays where it is; otherwise the current row is scrolled to.
        """
        selected, current, anchor = self.selected_positions(), self.selected_position(), self._anchor()
        self._arranging = True
        self._predictions.arrange(order)
        self._arranging = False
        self.executeDelayedItemsLayout()  # without places for its rows a table can't scroll to one
        self._select(selected, current)
        if keep_place and anchor is not None:
            self._scroll_to(*anchor)
        elif self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())
        self._drop_unseen()
        if current is not None and not self.currentIndex().isValid():
            self.photo_selected.emit(None)

    def show_sort(self, column: int | None, *, descending: bool) -> None:
        """Tell by which column the rows are sorted, if by any."""
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self._header.setSortIndicator(-1 if column is None else column, order)
        self._header.setSortIndicatorShown(column is not None)

    def repaint_rows(self) -> None:
        """Answers in view have changed."""
        self.viewport().update()

    def set_classes(self, n: int) -> None:
        """Tell how many classes there are in all: with more than six, dots are neutral."""
        self._cells.n_classes = n
        self.viewport().update()

    def shown(self) -> int:
        """Number of rows."""
        return len(self._predictions.order)

    def order(self) -> Sequence[int]:
        """Positions of the answers shown, from the top."""
        return self._predictions.order

    # What is selected

    def selected_row(self) -> PredictionRow | None:
        """The current row."""
        index = self.currentIndex()
        return self._predictions.row(index.row()) if index.isValid() else None

    def selected_position(self) -> int | None:
        """Position of the current row in the source."""
        index = self.currentIndex()
        return self._predictions.order[index.row()] if index.isValid() else None

    def selected_positions(self) -> list[int]:
        """Positions of all selected rows, from the top."""
        ranges = sorted((part.top(), part.bottom() + 1) for part in self.selectionModel().selection().toList())
        return [position for first, end in ranges for position in self._predictions.order[first:end]]

    def select_position(self, position: int) -> bool:
        """Make an answer the current and only selected one, and scroll to it; tell whether it is shown."""
        row = row_places.place(self._predictions.order, position)
        if row is None:
            return False
        self.executeDelayedItemsLayout()
        self.selectRow(row)
        return True

    def compact(self) -> bool:
        """Whether there is no room for bars and words."""
        return self.viewport().width() < _COMPACT

    # Keys and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the photo, Ctrl+C copies; the rest as in every table."""
        position = self.selected_position()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and position is not None:
            self.photo_activated.emit(position)
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def keyboardSearch(self, search: str) -> None:  # noqa: N802 - Qt's name
        """Letters jump to a file by the beginning of its name; Qt's own search would make a row of every one."""
        row = self._predictions.next_named(search, self.currentIndex().row()) if self.shown() else None
        if row is not None:
            self.selectRow(row)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click opens the photo."""
        super().mouseDoubleClickEvent(event)
        position = self.selected_position()
        if position is not None and self.indexAt(event.position().toPoint()).isValid():
            self.photo_activated.emit(position)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """A right click or the Menu key."""
        place = event.pos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard and self.currentIndex().isValid():
            place = self.visualRect(self.currentIndex()).center()
        self.menu_wanted.emit(self.viewport().mapToGlobal(place))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows in view."""
        with self._predictions.in_hand():
            super().paintEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Names of files get what the other columns leave."""
        super().resizeEvent(event)
        if self.compact():
            self.set_widths({_ANSWER: 116.0, _SURE: 84.0, _STATE: 52.0})
        else:
            self.set_widths({_ANSWER: 140.0, _SURE: 124.0, _STATE: 128.0})
        self._drop_unseen()

    # Places

    def _anchor(self) -> tuple[int, int] | None:
        """The topmost answer in view, and how many pixels of its row are above; None while it is at the very top."""
        row = self.rowAt(0)
        if row < 0 or not self.verticalScrollBar().value():
            return None
        return self._predictions.order[row], -self.rowViewportPosition(row)

    def _scroll_to(self, position: int, above: int) -> None:
        row = row_places.place(self._predictions.order, position)
        if row is not None:
            self.verticalScrollBar().setValue(row * _ROW_HEIGHT + above)

    def _select(self, positions: Sequence[int], current: int | None) -> None:
        order, model, choice = self._predictions.order, self.selectionModel(), QItemSelectionModel.SelectionFlag
        selection = QItemSelection()
        for first, last in row_places.runs(row_places.places(order, positions)):
            selection.select(self._predictions.index(first, 0), self._predictions.index(last, _STATE))
        model.select(selection, choice.ClearAndSelect)
        row = row_places.place(order, current) if current is not None else None
        if row is not None:
            self._arranging = True  # it is the answer that was the current one before
            model.setCurrentIndex(self._predictions.index(row, 0), choice.NoUpdate)
            self._arranging = False

    @contextmanager
    def _painted_if_changed(self) -> Iterator[None]:
        """Paint the rows in view only if they are others afterwards; Qt does it whenever a row comes anywhere."""
        before, viewport = self._view(), self.viewport()
        off, was_off = Qt.WidgetAttribute.WA_UpdatesDisabled, not viewport.updatesEnabled()
        viewport.setAttribute(off, True)  # not setUpdatesEnabled: that paints everything when it ends
        try:
            yield
            self.executeDelayedItemsLayout()
        finally:
            viewport.setAttribute(off, was_off)
        if self._view() != before:
            viewport.update()

    def _view(self) -> tuple[Sequence[int], int, QSize]:
        """What is in view: positions of the rows, where the first of them begins, and the room for them."""
        rows = self._visible_rows()
        top = self.rowViewportPosition(rows.start) if rows else 0
        return self._predictions.order[rows.start : rows.stop], top, self.viewport().size()

    def _visible_rows(self) -> range:
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        count = len(self._predictions.order)
        return range(max(first, 0), count if last < 0 else last + 1)

    def _drop_unseen(self) -> None:
        self._cache.keep(self, {self._predictions.row(row).path for row in self._visible_rows()})

    def _show_loaded(self, path: Path) -> None:
        for row in self._visible_rows():
            if self._predictions.row(row).path == path:
                self.viewport().update(self.visualRect(self._predictions.index(row, _FILE)))

    def _tell(self, current: QModelIndex) -> None:
        if not self._arranging:
            self.photo_selected.emit(self._predictions.row(current.row()) if current.isValid() else None)
