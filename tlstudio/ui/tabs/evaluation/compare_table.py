"""Runs as a table that ranks, sorts and lets runs be ticked for a comparison."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from tlstudio.datasets.sizes import size_in_words
from tlstudio.evaluation.comparison import MOST_PAIRED, Figures, Measured
from tlstudio.ui import icons, theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.photo_tile import Index
from tlstudio.ui.widgets.table import PAD, RowDelegate, RowModel, Table
from tlstudio.ui.widgets.tooltip import as_plain
from tlstudio.ui.words.time_left import in_words
from tlstudio.wording import percent

RUN_TOKENS: Final = ("accent", "learn", "wrong_mark", "info", "unsure", "text2")
"""Colours of the ticked runs, in the order in which they were ticked."""

_ROW_HEIGHT: Final = 36
_BOX: Final = 18.0
_TICK_WIDTH: Final = 40
_COMPACT_BELOW: Final = 1200
_RUN, _PLACE, _NETWORK = 0, 1, 2
_LEARNT, _LEARNT_LOSS, _SIZE = 4, 5, 11
_WIDTHS: Final = {1: 76.0, 3: 92.0, 4: 72.0, 5: 64.0, 6: 80.0, 7: 64.0, 8: 72.0, 9: 92.0, 10: 92.0, 11: 76.0, 12: 108.0}
_COMPACT: Final = (_LEARNT, _LEARNT_LOSS, _SIZE)


def _share(measured: Measured | None) -> str:
    return percent(measured.accuracy, 1) if measured else "–"


def _loss(measured: Measured | None) -> str:
    return f"{measured.loss:.3f}" if measured else "–"


def _accuracy_of(measured: Measured | None) -> float | None:
    return measured.accuracy if measured else None


def _loss_of(measured: Measured | None) -> float | None:
    return measured.loss if measured else None


def _interval(row: Figures) -> str:
    return f"{row.interval[0] * 100:.0f} to {percent(row.interval[1])}" if row.interval else "–"


# What a line is sorted by in each column but the place; None comes last whatever the direction.
_KEYS: Final[tuple[Callable[[Figures], Any], ...]] = (
    lambda row: row.name.casefold(),
    lambda _row: None,
    lambda row: row.model.casefold(),
    lambda row: row.trained,
    lambda row: _accuracy_of(row.train),
    lambda row: _loss_of(row.train),
    lambda row: _accuracy_of(row.validation),
    lambda row: _loss_of(row.validation),
    lambda row: _accuracy_of(row.test),
    lambda row: row.interval[0] if row.interval else None,
    lambda row: row.seconds,
    lambda row: row.size,
    lambda row: row.speed.photos_per_second if row.speed else None,
)


class _RunsModel(RowModel):
    """Runs in the order asked for."""

    HEADERS = (
        ("Run", "", "Tick the runs to compare; a click on a column's name sorts"),
        ("Place", "rank", "By the photos checked on, among runs with one exam: choosing by the exam would use it up"),
        ("Network", "backbone", "What it was made from"),
        ("Learns", "parameters", "Weights that the training changes (trainable parameters)"),
        ("Learnt", "accuracy", "Share right of the photos it learnt from (training accuracy)"),
        ("Error", "loss", "Error on the photos it learnt from (training loss)"),
        ("Checked", "validation", "Share right of the photos it was checked on (validation accuracy)"),
        ("Error", "loss", "Error on the photos it was checked on (validation loss)"),
        ("Exam", "test", "Share right of the exam photos (test accuracy)"),
        ("Between", "95 %", "Where the share would lie for many more photos like these (95 % Wilson interval)"),
        ("Time", "", "From the start of the training to the saved run"),
        ("Size", "on disk", "What the folder of the run takes"),
        ("Quick", "photos/s", "Photos a second that the network computes on this computer; “about” is an estimate"),
    )  # fmt: skip

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: list[Figures] = []
        self.order: list[int] = []
        self.ticked: list[str] = []
        self.places: Mapping[str, int] = {}

    def set_rows(self, rows: Sequence[Figures], places: Mapping[str, int], column: int, order: Qt.SortOrder) -> None:
        self.beginResetModel()
        self.rows, self.places = list(rows), places
        self._arrange(column, order)
        self.endResetModel()

    def at(self, row: int) -> Figures:
        return self.rows[self.order[row]]

    def text(self, row: int, column: int) -> str:
        return self._cells(self.at(row))[column]

    def _cells(self, row: Figures) -> tuple[str, ...]:
        place = self.places.get(row.key)
        return (
            row.name,
            f"{place}." if place else "–",
            row.model,
            "–" if row.trained is None else f"{row.trained:,}",
            _share(row.train),
            _loss(row.train),
            _share(row.validation),
            _loss(row.validation),
            _share(row.test),
            _interval(row),
            "–" if row.seconds is None else in_words(row.seconds),
            size_in_words(row.size),
            row.speed.in_words() if row.speed else "–",
        )

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.order)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own signature
        if not index.isValid():
            return None
        row, text = self.at(index.row()), self.text(index.row(), index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return text
            case Qt.ItemDataRole.CheckStateRole if index.column() == _RUN:
                return Qt.CheckState.Checked if row.key in self.ticked else Qt.CheckState.Unchecked
            case Qt.ItemDataRole.ToolTipRole:
                return as_plain(f"{row.name}\n{row.key}\nPhotos: {row.source}" if index.column() == _RUN else text)
            case Qt.ItemDataRole.AccessibleTextRole:
                state = ", ticked" if index.column() == _RUN and row.key in self.ticked else ""
                return f"{self.HEADERS[index.column()][0]}: {text}{state}"
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.layoutAboutToBeChanged.emit()
        before = {index: self.order[index.row()] for index in self.persistentIndexList()}
        self._arrange(column, order)
        places = {position: row for row, position in enumerate(self.order)}
        for index, position in before.items():
            self.changePersistentIndex(index, self.index(places[position], index.column()))
        self.layoutChanged.emit()

    def tell_ticks(self) -> None:
        """The ticks are others now."""
        if self.order:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.order) - 1, 0))

    def _arrange(self, column: int, order: Qt.SortOrder) -> None:
        key = (lambda row: self.places.get(row.key)) if column == _PLACE else _KEYS[column]
        values: list[Any] = [key(row) for row in self.rows]
        known = [position for position, value in enumerate(values) if value is not None]
        known.sort(key=lambda position: values[position], reverse=order == Qt.SortOrder.DescendingOrder)
        self.order = known + [position for position, value in enumerate(values) if value is None]


class _RunsDelegate(RowDelegate):
    """A box to tick, the run's colour and name; figures at the right."""

    def __init__(self, model: _RunsModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def paint_cell(self, painter: QPainter, rect: QRectF, index: Index, selected: bool) -> None:  # noqa: ARG002
        box = rect.adjusted(PAD, 0, -PAD, 0)
        text = self._model.text(index.row(), index.column())
        if index.column() == _RUN:
            self._paint_run(painter, box, index.row(), text)
            return
        left = index.column() == _NETWORK
        ink = theme.color("text" if index.column() in (_PLACE, 8) else "text2")
        where = Qt.AlignmentFlag.AlignLeft if left else Qt.AlignmentFlag.AlignRight
        painting.text(painter, box, text, theme.font(13, 600 if text == "1." else 400), ink, where)

    def _paint_run(self, painter: QPainter, box: QRectF, row: int, text: str) -> None:
        key = self._model.at(row).key
        place = QRectF(box.left() + 2, box.center().y() - _BOX / 2, _BOX, _BOX)
        left = 32.0
        if key in self._model.ticked:
            ink = theme.color(RUN_TOKENS[self._model.ticked.index(key) % len(RUN_TOKENS)])
            painting.box(painter, place, theme.RADIUS_KEY, theme.color("accent"))
            tick = place.adjusted(2.5, 2.5, -2.5, -2.5)
            icons.paint(painter, "check", tick, theme.color("on_accent"), painting.MARK_STROKE)
            painting.dot(painter, QPointF(box.left() + left + 5.0, box.center().y()), 10.0, ink)
            left += 18.0
        else:
            painting.box(painter, place, theme.RADIUS_KEY, theme.color("surface"), theme.color("line2"), 1.5)
        words = box.adjusted(left, 0, 0, 0)
        elide = Qt.TextElideMode.ElideMiddle
        painting.text(painter, words, text, theme.font(14, 500), theme.color("text"), elide=elide)


class CompareTable(Table):
    """One row a run. A click on its box, Enter or the space bar ticks it; a click on a column's name sorts.

    Attributes:
        ticked: Other runs are ticked now.
        refused: One more can't be ticked: there are as many as can be compared.
    """

    ticked = Signal()
    refused = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_ROW_HEIGHT, "Runs", parent)
        self._runs = _RunsModel(self)
        self.use(self._runs, _RunsDelegate(self._runs, self), (_RUN, _NETWORK))
        self._header.setSectionsClickable(True)
        self._header.setSortIndicator(_PLACE, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)

    def set_rows(self, rows: Sequence[Figures], places: Mapping[str, int]) -> None:
        """Show these runs with their places; what they are sorted by stays, and so do the ticks of those still here."""
        keys = {row.key for row in rows}
        self._runs.ticked = [key for key in self._runs.ticked if key in keys]
        self._runs.set_rows(rows, places, self._header.sortIndicatorSection(), self._header.sortIndicatorOrder())

    def ticked_keys(self) -> tuple[str, ...]:
        """Keys of the ticked runs, in the order in which they were ticked."""
        return tuple(self._runs.ticked)

    def tick(self, keys: Sequence[str]) -> None:
        """Tick these runs and no others, without telling it."""
        self._runs.ticked = list(keys)[:MOST_PAIRED]
        self._runs.tell_ticks()

    def shown_keys(self) -> list[str]:
        """Keys of the runs from the top."""
        return [self._runs.at(row).key for row in range(self._runs.rowCount())]

    def toggle(self, row: int) -> None:
        """Tick a run, or take the tick away."""
        ticked, key = self._runs.ticked, self._runs.at(row).key
        if key in ticked:
            ticked.remove(key)
        elif len(ticked) < MOST_PAIRED:
            ticked.append(key)
        else:
            self.refused.emit()
            return
        self._runs.tell_ticks()
        self.ticked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and the space bar tick the run that the keyboard is on."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.currentIndex().isValid():
            self.toggle(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a box ticks it."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        near = event.position().x() < self.columnViewportPosition(_RUN) + _TICK_WIDTH
        if event.button() == Qt.MouseButton.LeftButton and index.isValid() and near:
            self.toggle(index.row())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A quick second click on a box is a click; elsewhere it ticks the run."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.position().x() >= self.columnViewportPosition(_RUN) + _TICK_WIDTH:
            self.toggle(index.row())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width between names of runs and networks; narrow windows do without three columns."""
        super().resizeEvent(event)
        compact = self.viewport().width() < _COMPACT_BELOW
        for column in _COMPACT:
            self.setColumnHidden(column, compact)
        self.set_widths({**_WIDTHS, **(dict.fromkeys(_COMPACT, 0.0) if compact else {})})
