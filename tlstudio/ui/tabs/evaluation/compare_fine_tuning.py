"""What refining brought, as a matrix of data sets and networks."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from tlstudio.evaluation.comparison import Cell
from tlstudio.ui import theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.photo_tile import Index
from tlstudio.ui.widgets.table import PAD, RowDelegate, RowModel, Table
from tlstudio.wording import percent

_ROW_HEIGHT: Final = 56
_WIDEST: Final = 260.0
MEAN: Final = "All, on average"


class _MatrixModel(RowModel):
    """Data sets as rows, networks as columns, and their means as the last row where there are several data sets."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.HEADERS: tuple[tuple[str, str, str], ...] = (("Photos", "data set", ""),)
        self._cells: dict[tuple[str, str], Cell] = {}
        self._datasets: list[str] = []
        self._models: list[str] = []

    def set_cells(self, cells: Sequence[Cell]) -> None:
        self.beginResetModel()
        self._cells = {(cell.dataset, cell.model): cell for cell in cells}
        self._datasets = list(dict.fromkeys(cell.dataset for cell in cells))
        self._models = sorted({cell.model for cell in cells}, key=str.casefold)
        if len(self._datasets) > 1:
            means = (_mean(model, [cell for cell in cells if cell.model == model]) for model in self._models)
            self._cells |= {(MEAN, cell.model): cell for cell in means}
            self._datasets.append(MEAN)
        tip = "Share of the exam photos right before and after refining (transfer learning, fine-tuning), and the gain"
        self.HEADERS = (("Photos", "data set", ""), *((model, "before → after", tip) for model in self._models))
        self.endResetModel()

    def dataset(self, row: int) -> str:
        return self._datasets[row]

    def cell(self, row: int, column: int) -> Cell | None:
        return self._cells.get((self._datasets[row], self._models[column - 1])) if column else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._datasets)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own signature
        if not index.isValid():
            return None
        cell = self.cell(index.row(), index.column())
        text = ", ".join(figures_of(cell)) if cell else "–" if index.column() else self.dataset(index.row())
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return text
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{self.HEADERS[index.column()][0]}: {text}"
        return None


def _mean(model: str, cells: Sequence[Cell]) -> Cell:
    """Mean over the data sets that were also refined, where there are any: before and after are of the same."""
    refined = [cell for cell in cells if cell.fine_tuned is not None]
    counted = refined or list(cells)
    after = [cell.fine_tuned for cell in refined if cell.fine_tuned is not None]
    transfer = sum(cell.transfer for cell in counted) / len(counted)
    return Cell(MEAN, model, "", transfer, sum(after) / len(after) if after else None)


def figures_of(cell: Cell) -> tuple[str, str]:
    """Before and after, and the gain in words: ("81.5 → 82.3 %", "+0.8 points")."""
    if cell.fine_tuned is None or cell.gain is None:
        return percent(cell.transfer, 1), "not refined"
    words = f"{cell.gain * 100:+.1f} points".replace("-", "−") if cell.gain else "no change"
    return (
        f"{cell.transfer * 100:.1f} → {percent(cell.fine_tuned, 1)}",
        words if cell.helped else f"{words}: did not help",
    )


class _MatrixDelegate(RowDelegate):
    """Two lines a cell; orange ground where refining did not help."""

    def __init__(self, model: _MatrixModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def ground(self, index: Index, selected: bool) -> QColor | None:
        """Orange where refining did not help."""
        cell = self._model.cell(index.row(), index.column())
        if cell is not None and not cell.helped:
            return theme.color("wrong_soft")
        return super().ground(index, selected)

    def paint_cell(self, painter: QPainter, rect: QRectF, index: Index, selected: bool) -> None:  # noqa: ARG002
        box = rect.adjusted(PAD, 8, -PAD, -8)
        if not index.column():
            painting.text(painter, box, self._model.dataset(index.row()), theme.font(14, 500), theme.color("text"))
            return
        cell = self._model.cell(index.row(), index.column())
        if cell is None:
            painting.text(painter, box, "–", theme.font(13), theme.color("text2"))
            return
        figures, gain = figures_of(cell)
        upper, lower = box.adjusted(0, 0, 0, -box.height() / 2), box.adjusted(0, box.height() / 2, 0, 0)
        painting.text(painter, upper, figures, theme.font(14, 600), theme.color("text"))
        painting.text(painter, lower, gain, theme.font(12), theme.color("text2" if cell.helped else "wrong"))


class FineTuningTable(Table):
    """Data sets and networks: before refining, after it, and the gain."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_ROW_HEIGHT, "What refining brought, by photos and network", parent)
        self._matrix = _MatrixModel(self)
        self.use(self._matrix, _MatrixDelegate(self._matrix, self), tuple(range(100)))

    def set_cells(self, cells: Sequence[Cell]) -> None:
        """Show these."""
        self._matrix.set_cells(cells)
        self._share_width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Columns as wide as their figures need."""
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        networks = self._matrix.columnCount() - 1
        if networks > 0:
            first = min(self.viewport().width() * 0.25, _WIDEST)
            wide = min((self.viewport().width() - first) / networks, _WIDEST)
            self.set_widths({0: first, **dict.fromkeys(range(1, networks + 1), wide)})
