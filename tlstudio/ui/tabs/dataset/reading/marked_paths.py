"""Paths in which the class is emphasised, and lists of paths that can be copied and saved."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QRectF, QSize, QStringListModel, Qt
from PySide6.QtGui import QFont, QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QListView, QSizePolicy, QWidget

from tlstudio.datasets.reading.preview import MarkedPath
from tlstudio.ui import theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.sheet import Sheet
from tlstudio.ui.widgets.tooltip import as_plain, set_tooltip

LINE_HEIGHT: Final = 24
_PAD: Final = 4
_LIST_SIZE: Final = QSize(560, 480)


def in_words(marked: MarkedPath) -> str:
    """For screen readers: "cat, in pets/cat.17.jpg"."""
    return f"{marked.class_name}, in {marked.path}"


def paint_marked(painter: QPainter, rect: QRectF, marked: MarkedPath) -> None:
    """Paint a path on one line, its class in bold on a soft ground; what doesn't fit is shortened around the class.

    Args:
        painter: Any active painter.
        rect: Where the line goes.
        marked: A class that the path doesn't say stands behind it.
    """
    plain, bold = theme.font(13), theme.font(13, QFont.Weight.DemiBold)
    before, name, after = f"{marked.path}  ", marked.class_name, ""
    if marked.end > marked.start:
        before, after = marked.path[: marked.start], marked.path[marked.end :]
        name = marked.path[marked.start : marked.end]
    name_width = min(painting.text_width(name, bold) + 2 * _PAD, rect.width())
    room = rect.width() - name_width
    before_width, after_width = (
        float(painting.text_width(words, plain)) if words else 0.0 for words in (before, after)
    )
    after_width = min(after_width, max(room - before_width, room / 2))
    before_width = min(before_width, room - after_width)
    x, ink = rect.left(), theme.color("text2")
    elide = Qt.TextElideMode
    left = Qt.AlignmentFlag.AlignLeft
    painting.text(
        painter, QRectF(x, rect.top(), before_width, rect.height()), before, plain, ink, left, elide.ElideLeft
    )
    x += before_width
    ground = QRectF(x, rect.center().y() - LINE_HEIGHT / 2 + 2, name_width, LINE_HEIGHT - 4)
    painting.box(painter, ground, theme.RADIUS_KEY, theme.color("accent_soft"))
    words = QRectF(x + _PAD, rect.top(), name_width - 2 * _PAD, rect.height())
    painting.text(painter, words, name, bold, theme.color("text"), left, elide.ElideMiddle)
    rest = QRectF(x + name_width, rect.top(), after_width, rect.height())
    painting.text(painter, rest, after, plain, ink, left, elide.ElideMiddle)


class MarkedPathLabel(QWidget):
    """One line with a path in which the class is emphasised."""

    def __init__(self, marked: MarkedPath, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marked = marked
        self.setFixedHeight(LINE_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(in_words(marked))
        self.setToolTip(as_plain(f"{marked.path} → {marked.class_name}"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the line."""
        painter = QPainter(self)
        painting.prepare(painter)
        paint_marked(painter, QRectF(self.rect()), self._marked)


class PathsDialog(Sheet):
    """A list of paths; Ctrl+C copies those selected, buttons copy or save all."""

    def __init__(self, title: str, line: str, paths: Sequence[str], parent: QWidget) -> None:
        """Show paths.

        Args:
            title: What they are, with their number.
            line: What follows from it.
            paths: Relative to the folder.
            parent: Owner.
        """
        super().__init__(title, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._paths = paths
        self._list = _PathList(paths)
        self._done = TextLabel("", "secondary", "text2", wrap=True)
        copy, save = Button("Copy"), Button("Save as CSV…")
        set_tooltip(copy, "Copy all paths, one a line")
        set_tooltip(save, "Write all paths into a table")
        copy.clicked.connect(self.copy)
        save.clicked.connect(self.save)
        self.column.addWidget(TextLabel(line, "secondary", "text2", wrap=True))
        self.column.addWidget(self._list, 1)
        self.add_foot(copy, save, self.close_button("Close this list"), between=self._done)
        self.resize(_LIST_SIZE)

    def copy(self) -> None:
        """Put all paths on the clipboard, one a line."""
        QGuiApplication.clipboard().setText("\n".join(self._paths))
        self._done.setText("Copied.")

    def save(self) -> None:
        """Ask for a file and write all paths into it, as a table with one column."""
        file, _ = QFileDialog.getSaveFileName(self, "Save as a table", "photos.csv", "Tables (*.csv)")
        if not file:
            return
        try:
            with Path(file).open("w", encoding="utf-8-sig", newline="", errors="surrogateescape") as stream:
                csv.writer(stream).writerows([["path"], *([path] for path in self._paths)])
        except OSError as error:
            self._done.setText(f"{Path(file).name} can't be written: {error.strerror or error}. Choose another place.")
        else:
            self._done.setText(f"Saved as {Path(file).name}.")


class _PathList(QListView):
    def __init__(self, paths: Sequence[str]) -> None:
        super().__init__()
        self.setModel(QStringListModel(list(paths), self))
        self.setFont(theme.font(13))
        self.setUniformItemSizes(True)
        self.setSpacing(3)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Files")
        set_tooltip(self, "The selected lines can be copied", key="Ctrl+C")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copying takes the selected lines."""
        if event.matches(QKeySequence.StandardKey.Copy):
            rows = sorted(index.row() for index in self.selectedIndexes())
            model = self.model()
            QGuiApplication.clipboard().setText("\n".join(str(model.index(row, 0).data()) for row in rows))
        else:
            super().keyPressEvent(event)
