"""The rounds of a training as a table, the newest first: also the curves for those who read rather than look."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QKeySequence, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from tlstudio.events import EpochEnded
from tlstudio.training.history import History
from tlstudio.ui import icons, theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.photo_tile import Index
from tlstudio.ui.widgets.round_rows import PhaseRows, RoundRow, RoundRows
from tlstudio.ui.widgets.table import PAD, TERM_ROLE, RowDelegate, RowModel, Table

_ROW_HEIGHT = 32
_LEAST_WIDTH = 36  # of what stands in the rows
_NUMBER, _LEARNT, _OWN_ERROR, _SEEN, _ERROR, _TIME, _RATE = range(7)
_BESIDE: Final = (_RATE, _OWN_ERROR, _TIME, _ERROR)
"""Columns that are left out where they don't fit, the first one first; the steps of the training tell times, too."""


class _RoundsModel(RowModel):
    """Rounds under their phases, the newest at the top."""

    HEADERS = (
        ("Round", "epoch", "Once through all photos to learn from (epoch)"),
        ("Learns from", "accuracy", "Share right of the photos it learns from (training accuracy)"),
        ("Error", "loss", "How far off it is on the photos it learns from (training loss): lower is better"),
        ("Not seen", "val. accuracy", "Share right of the photos it has not learnt from (validation accuracy)"),
        (
            "Error",
            "val. loss",
            "How far off it is on the photos it has not learnt from (validation loss): lower is better",
        ),
        ("Time", "", "Time for this round, checking included"),
        ("Step size", "learning rate", "How large the steps are by which it learns, at the end of the round"),
    )

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows = RoundRows()
        self.terms_shown = False

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        if role == TERM_ROLE and not self.terms_shown:
            return ""
        return super().headerData(section, orientation, role)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own signature
        if not index.isValid():
            return None
        entry, first = self.rows.row(index.row()), index.column() == 0
        if isinstance(entry, PhaseRows):
            words = entry.words() if first else ""
            return words if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole) else None
        best = entry.number == self.rows.best
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.texts()[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole and best:
            return "The best round so far: what it learnt here is kept"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            text = f"{self.HEADERS[index.column()][0]} {entry.texts()[index.column()]}"
            return f"{text}, best" if best and first else text
        return None

    def put(self, entries: Sequence[RoundRow]) -> None:
        """Add rounds, oldest first; the first may replace the running one of the same number."""
        before, row = self.rows.best, self.rows.first_row
        replaced = self.rows.holds(entries[0].number)
        if replaced:
            self.rows.put(entries[0])
        if fresh := entries[replaced:]:
            self.beginInsertRows(QModelIndex(), row, row + len(fresh) - 1)
            for entry in fresh:
                self.rows.put(entry)
            self.endInsertRows()
        # No more rows than need it: this comes up to 10 times a second.
        changed = {0, self.rows.row_of(entries[0].number)}
        changed |= {self.rows.row_of(before)} if before != self.rows.best else set()
        for place in (place for place in changed if place is not None):
            self.dataChanged.emit(self.index(place, 0), self.index(place, len(self.HEADERS) - 1))

    def add_phase(self, name: str) -> None:
        self.beginResetModel()
        self.rows.add_phase(name)
        self.endResetModel()

    def reset(self, rows: RoundRows) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()


class _RoundDelegate(RowDelegate):
    """Numbers, quiet; the running round on a tinted ground, the best with a tick, phases across the whole row."""

    def __init__(self, model: _RoundsModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def ground(self, index: Index, selected: bool) -> QColor | None:
        entry = self._model.rows.row(index.row())
        if isinstance(entry, PhaseRows):
            return theme.color("accent_soft" if selected else "sunken")
        return theme.color("accent_soft") if selected or entry.ended is None else None

    def paint_cell(self, painter: QPainter, rect: QRectF, index: Index, selected: bool) -> None:  # noqa: ARG002
        entry = self._model.rows.row(index.row())
        box = rect.adjusted(PAD, 0, -PAD, 0)
        if isinstance(entry, PhaseRows):
            painting.text(painter, box, entry.words(), theme.font(12, 600), theme.color("text2"))
            return
        best = entry.number == self._model.rows.best
        first = index.column() == 0
        text = entry.texts()[index.column()]
        marked = best and index.column() in (_NUMBER, _SEEN)
        ink = theme.color("accent" if marked else "text2" if first else "text")
        font = theme.font(13, 600 if marked else 400 if first else 500)
        align = Qt.AlignmentFlag.AlignLeft if first else Qt.AlignmentFlag.AlignRight
        painting.text(painter, box, text, font, ink, align)
        if best and first:
            x = box.left() + painting.text_width(text, font) + 6.0
            icons.paint(painter, "check", QRectF(x, rect.center().y() - 7.0, 14.0, 14.0), ink)


class RoundsTable(Table):
    """Rounds of a training: number, share right and error of both parts, time, learning rate; as many as fit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_ROW_HEIGHT, "Rounds", parent)
        self._rounds = _RoundsModel(self)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.use(self._rounds, _RoundDelegate(self._rounds, self), (0,))
        self._rounds.modelReset.connect(self._span_phases)

    @property
    def rounds(self) -> int:
        """How many rounds there are."""
        return self._rounds.rows.rounds

    def add_phase(self, name: str) -> None:
        """A phase begins."""
        self._rounds.add_phase(name)

    def set_running(self, number: int, accuracy: float) -> None:
        """Show the round that runs, with the share right so far of the photos it learns from (0 to 1)."""
        self._rounds.put([RoundRow(number, accuracy, None)])

    def add_round(self, number: int, epoch: EpochEnded) -> None:
        """Show a finished round; it takes the place of the running one."""
        self.add_rounds(number, [epoch])

    def add_rounds(self, first: int, epochs: Sequence[EpochEnded]) -> None:
        """Show finished rounds, oldest first, from number ``first`` on; that one takes the place of the running one."""
        self._rounds.put([RoundRow(number, epoch.accuracy, epoch) for number, epoch in enumerate(epochs, first)])

    def set_history(self, history: History) -> None:
        """Show the rounds of a finished training."""
        self._rounds.reset(RoundRows.of(history))

    def clear(self) -> None:
        """Show no rounds."""
        self._rounds.reset(RoundRows())

    def copy(self) -> None:
        """Put the selected rows on the clipboard, or all of them, with the names of the columns."""
        chosen = sorted(index.row() for index in self.selectionModel().selectedRows())
        rows = chosen or range(len(self._rounds.rows))
        lines = ["\t".join(f"{word} ({term})" for word, term, _ in _RoundsModel.HEADERS)]
        entries = map(self._rounds.rows.row, rows)
        lines += [entry.words() if isinstance(entry, PhaseRows) else "\t".join(entry.texts()) for entry in entries]
        QGuiApplication.clipboard().setText("\n".join(lines))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+C copies."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width among the columns that fit."""
        super().resizeEvent(event)
        room = self.viewport().width()
        needed = self._needed(terms=True)
        complete = sum(needed.values()) <= room
        needed = needed if complete else self._needed(terms=False)
        for column in _BESIDE:
            if sum(needed.values()) > room:
                del needed[column]
        for column in range(len(_RoundsModel.HEADERS)):
            self.setColumnHidden(column, column not in needed)
        if complete != self._rounds.terms_shown:
            self._rounds.terms_shown = complete
            self._header.updateGeometry()
            self.updateGeometries()
        # Under a large font even these few may want more than there is; then their names are shortened.
        spare = (room - sum(needed.values())) / len(needed)
        self.set_widths(
            {column: needed[column] + spare if column in needed else 0.0 for column in range(len(_RoundsModel.HEADERS))}
        )

    def _needed(self, *, terms: bool) -> dict[int, float]:
        """Widths that the columns need, with the field's own words under the plain ones or without."""
        plain, small = theme.font(12, 500), theme.font(12)
        widths = {}
        for column, (word, term, _) in enumerate(_RoundsModel.HEADERS):
            wide = max(painting.text_width(word, plain), painting.text_width(term, small) if terms else 0)
            widths[column] = max(wide, _LEAST_WIDTH) + 2 * PAD + 2.0
        return widths

    def _span_phases(self) -> None:
        """Phases reach across all columns."""
        self.clearSpans()
        rows = self._rounds.rows
        for row in rows.phase_rows():
            self.setSpan(row, 0, 1, len(_RoundsModel.HEADERS))
