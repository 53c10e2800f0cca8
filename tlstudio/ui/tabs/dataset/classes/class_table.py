"""The classes with the numbers that the network knows them by."""

from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.photo_tile import Index
from tlstudio.ui.widgets.sheet import Sheet
from tlstudio.ui.widgets.table import PAD, RowDelegate, RowModel, Table
from tlstudio.ui.widgets.tooltip import set_tooltip

_ROW_HEIGHT = 32
_WIDTHS = {0: 88.0, 2: 96.0}


class ClassTable(Sheet):
    """One row a class in use: number, name, photos. Ctrl+C or a button copies it all as text."""

    def __init__(self, counts: Mapping[str, int], parent: QWidget | None = None) -> None:
        """Show classes.

        Args:
            counts: Number of photos of the classes in use, in the order of their indices.
            parent: Owner.
        """
        super().__init__("Classes and their numbers", parent)
        self._model = _Model(counts, self)
        self._table = _Table(self._model)
        set_tooltip(self._table, "The network answers with these numbers", term="class index", key="Ctrl+C copies")
        self._copied = TextLabel("", "secondary", "text2")
        copy = Button("Copy")
        set_tooltip(copy, "Copy the table, to paste it into a spreadsheet or a program", key="Ctrl+C")
        copy.clicked.connect(self.copy)
        line = "A network counts the classes from 0, in this order. Programs that use it need to know."
        self.column.addWidget(TextLabel(line, "secondary", "text2", wrap=True))
        self.column.addWidget(self._table, 1)
        self.add_foot(copy, self.close_button("Close this window"), between=self._copied)
        self.resize(480, min(240 + len(counts) * _ROW_HEIGHT, 640))

    def copy(self) -> None:
        """Put the table on the clipboard, its columns separated by tabs."""
        QGuiApplication.clipboard().setText(self._model.text())
        self._copied.setText("Copied.")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+C copies."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)


class _Model(RowModel):
    HEADERS = (
        ("Number", "index", "What the network says for the class"),
        ("Class", "", ""),
        ("Photos", "", ""),
    )

    def __init__(self, counts: Mapping[str, int], parent: QWidget) -> None:
        super().__init__(parent)
        self._rows = [(number, name, count) for number, (name, count) in enumerate(counts.items())]

    def text(self) -> str:
        lines = ["index\tclass\tphotos", *("\t".join(map(str, row)) for row in self._rows)]
        return "\n".join(lines) + "\n"

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        value = self._rows[index.row()][index.column()]
        return f"{value:,}" if index.column() == len(self.HEADERS) - 1 else str(value)


class _Delegate(RowDelegate):
    def paint_cell(self, painter: QPainter, rect: QRectF, index: Index, selected: bool) -> None:  # noqa: ARG002
        words = str(index.data())
        is_name = index.column() == 1
        align = Qt.AlignmentFlag.AlignLeft if index.column() < len(_Model.HEADERS) - 1 else Qt.AlignmentFlag.AlignRight
        font, ink = theme.font(14, 500 if is_name else 400), theme.color("text" if is_name else "text2")
        elide = Qt.TextElideMode.ElideMiddle
        painting.text(painter, rect.adjusted(PAD, 0, -PAD, 0), words, font, ink, align, elide)


class _Table(Table):
    def __init__(self, model: _Model) -> None:
        super().__init__(_ROW_HEIGHT, "Classes and their numbers")
        self.use(model, _Delegate(self), (0, 1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.set_widths(_WIDTHS)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave copying to the window: all rows, not the cell that the keyboard is on."""
        if event.matches(QKeySequence.StandardKey.Copy):
            event.ignore()
        else:
            super().keyPressEvent(event)
