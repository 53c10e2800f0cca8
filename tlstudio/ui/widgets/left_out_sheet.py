"""Files that nothing was, or would be, done with: each with its reason."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, QRectF, Qt
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.photo_tile import Index
from tlstudio.ui.widgets.sheet import Sheet
from tlstudio.ui.widgets.table import PAD, RowDelegate, RowModel, Table
from tlstudio.ui.widgets.tooltip import as_plain, set_tooltip
from tlstudio.wording import counted

_WIDTH, _HEIGHT = 760, 480
_ROW_HEIGHT: Final = 32


class LeftOutSheet(Sheet):
    """A row for each file; hovering one tells its whole path and reason."""

    def __init__(self, files: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        """Show files.

        Args:
            files: Path and reason of each.
            parent: Owner.
        """
        super().__init__(f"{counted(len(files), 'file')} left out", parent)
        self.column.addWidget(_FilesTable(files), 1)
        self.add_foot(self.close_button("Close the list"))
        self.finished.connect(lambda _result: self.deleteLater())
        self.resize(_WIDTH, _HEIGHT)


class _FilesModel(RowModel):
    HEADERS = (("File", "", ""), ("Why", "", ""))

    def __init__(self, files: Sequence[tuple[str, str]], parent: QWidget) -> None:
        super().__init__(parent)
        self._files = files

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._files)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if not index.isValid():
            return None
        file = self._files[index.row()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return as_plain("\n".join(file))
        shown = role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
        return file[index.column()] if shown else None


class _FilesDelegate(RowDelegate):
    def paint_cell(self, painter: QPainter, rect: QRectF, index: Index, selected: bool) -> None:  # noqa: ARG002
        inner = rect.adjusted(PAD, 0, -PAD, 0)
        is_path = index.column() == 0
        ink = theme.color("text" if is_path else "text2")
        mode = Qt.TextElideMode.ElideMiddle if is_path else Qt.TextElideMode.ElideRight
        left = Qt.AlignmentFlag.AlignLeft
        painting.text(painter, inner, str(index.data()), theme.font(13), ink, left, mode)


class _FilesTable(Table):
    def __init__(self, files: Sequence[tuple[str, str]]) -> None:
        super().__init__(_ROW_HEIGHT, "Files left out, and why")
        self.use(_FilesModel(files, self), _FilesDelegate(self), (0, 1))
        set_tooltip(self, "Every file that was left out, and why")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.set_widths({})
