"""Files that aren't photos, each with the reason; the list can be copied."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.prediction.table import write_spreadsheet
from tlstudio.ui import theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.card import Card
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.photo_tile import Index
from tlstudio.ui.widgets.table import PAD, RowDelegate, RowModel, Table
from tlstudio.ui.widgets.tooltip import as_plain, set_tooltip

_ROW_HEIGHT = 36
_COPY = "Copy list"


@dataclass(frozen=True, slots=True)
class FileReason:
    """One file, relative to the folder, and why it is in the list."""

    path: str
    reason: str

    def line(self) -> str:
        """Both, with a tab between them, as spreadsheets take it."""
        return f"{self.path}\t{self.reason}"


def write_files(path: Path, files: Sequence[FileReason], root: Path) -> Path:
    """Save files, their sizes and reasons as a table for a spreadsheet.

    Args:
        path: Where.
        files: The lines.
        root: The folder in which the files lie.

    Returns:
        ``path``.

    Raises:
        TLStudioError: If it can't be written.
    """
    rows = ((file.path, _bytes(root / file.path), file.reason) for file in files)
    write_spreadsheet(path, ("path", "bytes", "reason"), rows)
    return path


def _bytes(path: Path) -> int | str:
    try:
        return path.stat().st_size
    except OSError:
        return ""


class FileList(QWidget):
    """A title, a table of files, and the way back.

    Attributes:
        closed: The photos are wanted again.
        save_wanted: The list is to be saved; carries its lines (sequence of ``FileReason``).
    """

    closed = Signal()
    save_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = TextLabel("", "title")
        self._line = TextLabel("", "secondary", "text2", wrap=True)
        self._files = _FileTable()
        self._copy = Button(_COPY, "outline", size="small")
        set_tooltip(self._copy, "Copy all lines, for a spreadsheet or a message")
        self._copy.clicked.connect(self._copy_all)
        saves = Button("Save as CSV…", "outline", size="small")
        set_tooltip(saves, "Save the list as a table: file, size in bytes, and why")
        saves.clicked.connect(lambda: self.save_wanted.emit(self._files.files()))
        back = Button("Back to the photos", "text", size="small")
        set_tooltip(back, "Show the photos again", key="Esc")
        back.clicked.connect(self.closed)
        head = QHBoxLayout()
        head.setSpacing(theme.SPACE_16)
        head.addWidget(self._title, 1)
        head.addWidget(back)
        head.addWidget(self._copy)
        head.addWidget(saves)
        card = Card()
        card.body.addLayout(head)
        card.body.addWidget(self._line)
        card.body.addWidget(self._files, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)

    def show_files(self, title: str, line: str, files: Sequence[FileReason]) -> None:
        """Show ``files`` under a title and a sentence."""
        self._title.setText(title)
        self._line.setText(line)
        self._line.setVisible(bool(line))
        self._files.set_files(files)
        self._files.setFocus()
        self._copy.setText(_COPY)

    def _copy_all(self) -> None:
        self._files.copy_all()
        self._copy.setText("Copied")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back to the photos."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return
        super().keyPressEvent(event)


class _FileModel(RowModel):
    HEADERS = (
        ("File", "", "Where it lies in the folder"),
        ("Why", "", "What is the matter with it"),
    )

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.files: Sequence[FileReason] = ()

    def set_files(self, files: Sequence[FileReason]) -> None:
        self.beginResetModel()
        self.files = files
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.files)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own signature
        if not index.isValid():
            return None
        file = self.files[index.row()]
        words = file.reason if index.column() else file.path
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return words
            case Qt.ItemDataRole.ToolTipRole:
                return as_plain(words)
        return None


class _FileDelegate(RowDelegate):
    def paint_cell(self, painter: QPainter, rect: QRectF, index: Index, selected: bool) -> None:  # noqa: ARG002
        words = str(index.data())
        ink = theme.color("text2" if index.column() else "text")
        # The end of a path tells more than its beginning.
        elide = Qt.TextElideMode.ElideRight if index.column() else Qt.TextElideMode.ElideMiddle
        painting.text(painter, rect.adjusted(PAD, 0, -PAD, 0), words, theme.font(13), ink, elide=elide)


class _FileTable(Table):
    def __init__(self) -> None:
        super().__init__(_ROW_HEIGHT, "Files")
        self._model = _FileModel(self)
        self.use(self._model, _FileDelegate(self), (0, 1))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        set_tooltip(self, "Files and reasons; the selected lines can be copied", key="Ctrl+C")

    def set_files(self, files: Sequence[FileReason]) -> None:
        self._model.set_files(files)
        self.scrollToTop()

    def files(self) -> Sequence[FileReason]:
        return self._model.files

    def copy_all(self) -> None:
        self._copy(self._model.files)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copying takes the selected lines."""
        if event.matches(QKeySequence.StandardKey.Copy):
            rows = sorted({index.row() for index in self.selectionModel().selectedRows()})
            self._copy([self._model.files[row] for row in rows])
            return
        if event.key() == Qt.Key.Key_Escape:
            event.ignore()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.set_widths({0: self.viewport().width() * 0.45})

    def _copy(self, files: Sequence[FileReason]) -> None:
        if files:
            QGuiApplication.clipboard().setText("\n".join(file.line() for file in files))
