"""The rounds of a training as a table, the newest first: also the curves for those who read rather than look."""

import math
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from tlstudio.events import EpochEnded
from tlstudio.training.history import History
from tlstudio.ui import icons, theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.photo_tile import Index
from tlstudio.ui.widgets.table import PAD, RowDelegate, RowModel, Table

_ROW_HEIGHT = 32
_TIME = 4


@dataclass(frozen=True, slots=True)
class _Round:
    """One row; ``ended`` is None while the round runs."""

    number: int
    accuracy: float
    ended: EpochEnded | None

    def texts(self) -> tuple[str, ...]:
        """What stands in the five columns."""
        if self.ended is None:
            return str(self.number), _percent(self.accuracy), "…", "…", "…"
        done = self.ended
        return (
            str(self.number),
            _percent(done.accuracy),
            _percent(done.val_accuracy),
            "–" if done.val_loss is None or not math.isfinite(done.val_loss) else f"{done.val_loss:.2f}",
            f"{done.seconds:.1f} s",
        )


def _percent(share: float | None) -> str:
    return "–" if share is None or not math.isfinite(share) else f"{share * 100:.1f} %"


class _RoundsModel(RowModel):
    """Rounds, the newest in row 0."""

    HEADERS = (
        ("Round", "", "Once through all photos to learn from (epoch)"),
        ("Learns from", "", "Share right of the photos it learns from (training accuracy)"),
        ("Not seen", "", "Share right of the photos it has not learnt from (validation accuracy)"),
        ("Error", "", "How far off it is on the photos it has not learnt from (validation loss): lower is better"),
        ("Time", "", "Time for this round, checking included"),
    )

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rounds: list[_Round] = []
        self.best = 0

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.rounds)

    def row(self, row: int) -> _Round:
        return self.rounds[-1 - row]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own signature
        if not index.isValid():
            return None
        entry = self.row(index.row())
        best = entry.number == self.best
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.texts()[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole and best:
            return "The best round so far: what it learnt here is kept"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            text = f"{self.HEADERS[index.column()][0]} {entry.texts()[index.column()]}"
            return f"{text}, best" if best and index.column() == 0 else text
        return None

    def put(self, entry: _Round) -> None:
        """Add a round, or replace the running one of the same number."""
        if self.rounds and self.rounds[-1].number == entry.number:
            self.rounds[-1] = entry
        else:
            self.beginInsertRows(QModelIndex(), 0, 0)
            self.rounds.append(entry)
            self.endInsertRows()
        changed = 0
        if entry.ended is not None and entry.ended.best:
            before, self.best = self.best, entry.number
            changed = next((row for row in range(len(self.rounds)) if self.row(row).number == before), 0)
        # No more rows than need it: this comes up to 20 times a second.
        for row in {0, changed}:
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.HEADERS) - 1))

    def reset(self, rounds: list[_Round]) -> None:
        self.beginResetModel()
        self.rounds = rounds
        self.best = next((entry.number for entry in reversed(rounds) if entry.ended and entry.ended.best), 0)
        self.endResetModel()


class _RoundDelegate(RowDelegate):
    """Numbers, quiet; the running round on a tinted ground, the best with a tick."""

    def __init__(self, model: _RoundsModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def ground(self, index: Index, selected: bool) -> QColor | None:
        running = self._model.row(index.row()).ended is None
        return theme.color("accent_soft") if selected or running else None

    def paint_cell(self, painter: QPainter, rect: QRectF, index: Index, selected: bool) -> None:  # noqa: ARG002
        entry = self._model.row(index.row())
        best = entry.number == self._model.best
        first = index.column() == 0
        box = rect.adjusted(PAD, 0, -PAD, 0)
        text = entry.texts()[index.column()]
        marked = best and index.column() in (0, 2)
        ink = theme.color("accent" if marked else "text2" if first else "text")
        font = theme.font(13, 600 if marked else 400 if first else 500)
        align = Qt.AlignmentFlag.AlignLeft if first else Qt.AlignmentFlag.AlignRight
        painting.text(painter, box, text, font, ink, align)
        if best and first:
            x = box.left() + painting.text_width(text, font) + 6.0
            icons.paint(painter, "check", QRectF(x, rect.center().y() - 7.0, 14.0, 14.0), ink)


class RoundsTable(Table):
    """Rounds of a training: number, share right of both parts, error, time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_ROW_HEIGHT, "Rounds", parent)
        self._rounds = _RoundsModel(self)
        self.use(self._rounds, _RoundDelegate(self._rounds, self), (0,))

    def set_running(self, number: int, accuracy: float) -> None:
        """Show the round that runs, with the share right so far of the photos it learns from (0 to 1)."""
        self._rounds.put(_Round(number, accuracy, None))

    def add_round(self, number: int, epoch: EpochEnded) -> None:
        """Show a finished round; it takes the place of the running one."""
        self._rounds.put(_Round(number, epoch.accuracy, epoch))

    def set_history(self, history: History) -> None:
        """Show the rounds of a finished training."""
        self._rounds.reset([_Round(number, epoch.accuracy, epoch) for number, epoch in enumerate(history.epochs, 1)])

    def clear(self) -> None:
        """Show no rounds."""
        self._rounds.reset([])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width among the columns."""
        super().resizeEvent(event)
        needed = [painting.text_width(word, theme.font(12, 500)) + 2 * PAD + 2.0 for word, _, _ in _RoundsModel.HEADERS]
        # Where they don't all fit, the time is left out: the steps of the training tell it, too.
        self.setColumnHidden(_TIME, sum(needed) > self.viewport().width())
        shown = {column: width for column, width in enumerate(needed) if not self.isColumnHidden(column)}
        spare = max(self.viewport().width() - sum(shown.values()), 0.0) / len(shown)
        self.set_widths({column: shown[column] + spare if column in shown else 0.0 for column in range(len(needed))})
