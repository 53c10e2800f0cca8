"""Photos down, networks across: the best answer of each, with its score."""

from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QObject, QRectF, Qt
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.photo_tile import Index
from tlstudio.ui.widgets.table import PAD, RowDelegate, RowModel, Table
from tlstudio.ui.widgets.tooltip import as_plain, set_tooltip
from tlstudio.wording import percent
from tlstudio.workflows.check_up import CheckUp

_ROW_HEIGHT: Final = 32
_MOST_ROWS: Final = 12
_PERCENT_WIDTH: Final = 44.0
_NAME_SHARE: Final = 0.3


class _AnswersModel(RowModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.result: CheckUp | None = None

    def show(self, result: CheckUp | None) -> None:
        """Show a result in the place of the one before."""
        self.beginResetModel()
        self.result = result
        titles = [opinion.title for opinion in result.opinions] if result else []
        self.HEADERS = (
            ("Photo", "", "The file that the networks have looked at"),
            *((title, "", f"The best answer of {title}, and its score") for title in titles),
        )
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() or self.result is None else len(self.result.photos)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own signature
        if self.result is None or not index.isValid():
            return None
        photo = Path(self.result.photos[index.row()])
        if index.column() == 0:
            shown = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
            return (
                photo.name if role in shown else as_plain(str(photo)) if role == Qt.ItemDataRole.ToolTipRole else None
            )
        guesses = self.result.opinions[index.column() - 1].guesses[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return guesses[0].name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{guesses[0].name}, {percent(guesses[0].score)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return ", ".join(f"{guess.name} {percent(guess.score)}" for guess in guesses)
        return None

    def score(self, index: Index) -> float:
        """Score of the best answer in a cell."""
        return self.result.opinions[index.column() - 1].guesses[index.row()][0].score if self.result else 0.0


class _AnswersDelegate(RowDelegate):
    def __init__(self, model: _AnswersModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model

    def paint_cell(self, painter: QPainter, rect: QRectF, index: Index, selected: bool) -> None:  # noqa: ARG002
        box = rect.adjusted(PAD, 0, -PAD, 0)
        if index.column() == 0:
            elide = Qt.TextElideMode.ElideMiddle
            painting.text(painter, box, str(index.data()), theme.font(13), theme.color("text2"), elide=elide)
            return
        words = box.adjusted(0, 0, -_PERCENT_WIDTH, 0)
        painting.text(painter, words, str(index.data()), theme.font(13), theme.color("text"))
        share, align = percent(self._model.score(index)), Qt.AlignmentFlag.AlignRight
        painting.text(painter, box, share, theme.font(13), theme.color("text2"), align)


class AnswersTable(Table):
    """All photos with the best answer of every network; the tooltips have the other four."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_ROW_HEIGHT, "Photos and networks", parent)
        self._answers = _AnswersModel(self)
        self.use(self._answers, _AnswersDelegate(self._answers, self), tuple(range(64)))
        set_tooltip(self, "The best answer of each network for each photo")

    def show_answers(self, result: CheckUp | None) -> None:
        """Show a result; None for nothing."""
        self._answers.show(result)
        rows = min(self._answers.rowCount(), _MOST_ROWS)
        self.setFixedHeight(self._header.sizeHint().height() + rows * _ROW_HEIGHT + 2)
        self._share_width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width."""
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        if self._answers.columnCount():
            self.set_widths({0: self.viewport().width() * _NAME_SHARE})
