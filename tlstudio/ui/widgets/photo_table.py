"""The answers for a folder of photos, one row a file, filling while they come."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QModelIndex, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from tlstudio.ui import icons, theme
from tlstudio.ui.widgets import painting, photo_painting
from tlstudio.ui.widgets.photo_tile import COVER_FACTOR, Index
from tlstudio.ui.widgets.table import PAD, RowDelegate, RowModel, Table
from tlstudio.ui.widgets.thumbnails import ThumbnailCache

PredictionState = Literal["sure", "unsure", "unreadable"]

_ROW_HEIGHT = 60
_FILE, _ANSWER, _SURE, _STATE = range(4)
_THUMB, _LEFT = 44.0, 16.0
_COMPACT = 560
_STATES: dict[PredictionState, tuple[str, str, str]] = {
    "sure": ("Sure", "check", "accent"),
    "unsure": ("Unsure", "question", "unsure"),
    "unreadable": ("Unreadable", "cross", "wrong"),
}


@dataclass(frozen=True, slots=True)
class PredictionRow:
    """The answer for one file.

    Attributes:
        path: The file.
        folder: Where it lies, as a person would say it ("Plot 17 / morning").
        class_name: The answer; empty for an unreadable file.
        class_index: Position of the class, for the colour of the dot.
        score: How sure, 0 to 1.
        state: "sure", "unsure" or "unreadable".
        reason: Why the file can't be read; empty otherwise.
        least: Score from which on answers of this class are sure; None for the threshold of the table.
    """

    path: Path
    folder: str
    class_name: str
    class_index: int
    score: float
    state: PredictionState
    reason: str = ""
    least: float | None = None

    def is_sure(self, threshold: float) -> bool:
        """Whether the answer is sure where the table has this threshold."""
        return self.score >= (threshold if self.least is None else self.least)

    def texts(self) -> tuple[str, str, str, str]:
        """What stands in the four columns."""
        sure = "" if self.state == "unreadable" else f"{self.score * 100:.0f} %"
        return self.path.name, self.class_name or "–", sure, _STATES[self.state][0]


class _PredictionModel(RowModel):
    """All rows, and which of them are shown."""

    HEADERS = (
        ("File", "", ""),
        ("Answer", "", "The class that the model names"),
        ("How sure", "", "How sure the model is of its answer (score)"),
        ("State", "", "Sure answers are filed by themselves; the others are for you"),
    )

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: list[PredictionRow] = []
        self.shown: list[int] = []
        self.counts: Counter[PredictionState] = Counter()
        self._state: PredictionState | None = None
        self._words = ""

    def row(self, row: int) -> PredictionRow:
        return self.rows[self.shown[row]]

    def append(self, rows: Iterable[PredictionRow]) -> None:
        start = len(self.rows)
        self.rows.extend(rows)
        added = self._matching(start)
        self.counts.update(row.state for row in self.rows[start:])
        if added:
            self.beginInsertRows(QModelIndex(), len(self.shown), len(self.shown) + len(added) - 1)
            self.shown += added
            self.endInsertRows()

    def clear(self) -> None:
        self.beginResetModel()
        self.rows, self.shown, self.counts = [], [], Counter()
        self.endResetModel()

    def remove(self, first: int, count: int) -> None:
        self.beginResetModel()
        self.counts.subtract(row.state for row in self.rows[first : first + count])
        del self.rows[first : first + count]
        self.shown = self._matching(0)
        self.endResetModel()

    def set_threshold(self, threshold: float) -> bool:
        """Tell the rows that it concerns apart anew; tells whether there were any."""
        flipped = 0
        for position, row in enumerate(self.rows):
            if row.state != "unreadable" and row.is_sure(threshold) != (row.state == "sure"):
                other: PredictionState = "unsure" if row.state == "sure" else "sure"
                self.rows[position] = replace(row, state=other)
                self.counts[row.state] -= 1
                self.counts[other] += 1
                flipped += 1
        return flipped > 0

    def filter(self, state: PredictionState | None, words: str) -> None:
        self._state, self._words = state, words.strip().casefold()
        self.beginResetModel()
        self.shown = self._matching(0)
        self.endResetModel()

    def _matching(self, start: int) -> list[int]:
        state, words = self._state, self._words
        return [
            position
            for position in range(start, len(self.rows))
            if (state is None or self.rows[position].state == state)
            and (not words or words in self.rows[position].path.name.casefold())
        ]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own signature
        if not index.isValid():
            return None
        row = self.row(index.row())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.texts()[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.reason or (str(row.path) if index.column() == _FILE else row.texts()[index.column()])
        return None


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
        if not compact:
            track = QRectF(box.left(), box.center().y() - 4.0, box.width() - 48.0, 8.0)
            token = "unsure" if row.state == "unsure" else "accent"
            ground = theme.color("surface" if selected else "sunken")
            painting.bar(painter, track, row.score, theme.color(token), ground)
        text = row.texts()[_SURE]
        align = Qt.AlignmentFlag.AlignLeft if compact else Qt.AlignmentFlag.AlignRight
        painting.text(painter, box, text, theme.font(13), theme.color("text2"), align)

    def _paint_state(self, painter: QPainter, box: QRectF, row: PredictionRow) -> None:
        word, glyph, token = _STATES[row.state]
        ink: QColor = theme.color(token)
        icons.paint(painter, glyph, QRectF(box.left(), box.center().y() - 8.0, 16.0, 16.0), ink)
        if not self._table.compact():
            painting.text(painter, box.adjusted(23.0, 0, 8.0, 0), word, theme.font(13, 500), ink)


class PhotoTable(Table):
    """The batch table. Takes rows while it is looked at; what is in view doesn't move.

    Attributes:
        photo_selected: Another row is selected; carries the ``PredictionRow`` or None.
        photo_activated: Enter or a double click on a row; carries the ``PredictionRow``.
    """

    photo_selected = Signal(object)
    photo_activated = Signal(object)

    def __init__(self, cache: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__(_ROW_HEIGHT, "Photos and answers", parent)
        self._cache = cache
        self._filter: tuple[PredictionState | None, str] = (None, "")
        self._predictions = _PredictionModel(self)
        self._cells = _PredictionDelegate(self._predictions, cache, self)
        self.use(self._predictions, self._cells, (0, 1, 2, 3))
        self._header.first_indent = _LEFT + _THUMB + 16.0 - PAD
        self.selectionModel().currentRowChanged.connect(self._tell)
        self.verticalScrollBar().valueChanged.connect(self._drop_unseen)
        cache.loaded.connect(self._show_loaded)

    def append(self, rows: Sequence[PredictionRow]) -> None:
        """Add rows at the end; those that the filter hides are only kept."""
        self._predictions.append(rows)

    def clear(self) -> None:
        """Remove all rows; the filter stays."""
        self._predictions.clear()
        self.photo_selected.emit(None)

    def set_filter(self, state: PredictionState | None = None, words: str = "") -> None:
        """Show only rows of one state (None: all) whose file name contains ``words``. A hidden selection is dropped."""
        selected = self.selected_row()
        self._filter = (state, words)
        self._predictions.filter(state, words)
        if selected is not None and not self.select_path(selected.path):
            self.photo_selected.emit(None)

    def set_threshold(self, threshold: float) -> None:
        """Tell from which score on an answer is sure, 0 to 1; the rows that are here follow."""
        if not self._predictions.set_threshold(threshold):
            return
        if self._filter[0] is None:
            self.viewport().update()
        else:
            self.set_filter(*self._filter)

    def remove(self, first: int, count: int) -> None:
        """Take rows out, by their positions among all rows. A selection stays if its row does."""
        selected = self.selected_row()
        self._predictions.remove(first, count)
        if selected is not None and not self.select_path(selected.path):
            self.photo_selected.emit(None)

    def set_classes(self, n: int) -> None:
        """Tell how many classes there are in all: with more than six, dots are neutral."""
        self._cells.n_classes = n
        self.viewport().update()

    def counts(self) -> dict[PredictionState, int]:
        """Rows of each state, hidden ones included."""
        return {state: self._predictions.counts[state] for state in _STATES}

    def shown(self) -> int:
        """Number of rows that the filter lets through."""
        return len(self._predictions.shown)

    def selected_row(self) -> PredictionRow | None:
        """The row selected."""
        index = self.currentIndex()
        return self._predictions.row(index.row()) if index.isValid() else None

    def selected_position(self) -> int | None:
        """Position of the row selected among all rows, hidden ones included."""
        index = self.currentIndex()
        return self._predictions.shown[index.row()] if index.isValid() else None

    def select_path(self, path: Path) -> bool:
        """Select the row of a file and scroll to it; tell whether it is shown."""
        for row, position in enumerate(self._predictions.shown):
            if self._predictions.rows[position].path == path:
                self.executeDelayedItemsLayout()  # without places for its rows a table can't scroll to one
                self.selectRow(row)
                return True
        return False

    def compact(self) -> bool:
        """Whether there is no room for bars and words."""
        return self.viewport().width() < _COMPACT

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the photo; the rest as in every table."""
        row = self.selected_row()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row is not None:
            self.photo_activated.emit(row)
            event.accept()
            return
        super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click opens the photo."""
        super().mouseDoubleClickEvent(event)
        row = self.selected_row()
        if row is not None and self.indexAt(event.position().toPoint()).isValid():
            self.photo_activated.emit(row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Names of files get what the other columns leave."""
        super().resizeEvent(event)
        if self.compact():
            self.set_widths({_ANSWER: 120.0, _SURE: 72.0, _STATE: 48.0})
        else:
            self.set_widths({_ANSWER: 140.0, _SURE: 124.0, _STATE: 128.0})
        self._drop_unseen()

    def _visible_rows(self) -> range:
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        count = len(self._predictions.shown)
        return range(max(first, 0), count if last < 0 else last + 1)

    def _drop_unseen(self) -> None:
        self._cache.keep(self, {self._predictions.row(row).path for row in self._visible_rows()})

    def _show_loaded(self, path: Path) -> None:
        for row in self._visible_rows():
            if self._predictions.row(row).path == path:
                self.viewport().update(self.visualRect(self._predictions.index(row, _FILE)))

    def _tell(self, current: QModelIndex) -> None:
        self.photo_selected.emit(self._predictions.row(current.row()) if current.isValid() else None)
