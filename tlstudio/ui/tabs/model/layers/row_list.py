"""A list of rows under each other, one of them the current one, and open."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tlstudio.ui.tabs.model.layers.list_row import ListRow


class RowList(QWidget):
    """Rows; a click or an arrow key makes one the current one.

    Attributes:
        current_changed: Another row is the current one.
        edited: Carries the index of a row, what it is for as it is now, and the name of the setting that was changed.
        removed: Delete was pressed on the current row.
        wanted: Insert was pressed on the current row.
        seen: Carries the row that should be in sight.
        resized: It has another width or height.
    """

    current_changed = Signal()
    edited = Signal(int, object, str)
    removed = Signal()
    wanted = Signal()
    seen = Signal(QWidget)
    resized = Signal()

    def __init__(
        self, name: str, make_row: Callable[[int, Any, QWidget], ListRow], parent: QWidget | None = None
    ) -> None:
        """Make a list.

        Args:
            name: For screen readers.
            make_row: Makes a row from its number, counted from 1, what it shows, and its owner.
            parent: Owner.
        """
        super().__init__(parent)
        self._make_row = make_row
        self._rows: list[ListRow] = []
        self._current = -1
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        self.setAccessibleName(name)

    @property
    def current(self) -> int:
        """Index of the current row; -1 if there is none."""
        return self._current

    def show_lines(self, lines: Sequence[object]) -> None:
        """Show these; the current place stays, as far as there is one."""
        for row, line in zip(self._rows, lines, strict=False):
            if row.line != line:
                row.show_line(line)
        for line in lines[len(self._rows) :]:
            self._append(line)
        while len(self._rows) > len(lines):
            self._drop_last()
        if self._current >= len(lines):
            self.set_current(len(lines) - 1)

    def set_current(self, index: int, *, focus: bool = False, edit: bool = False) -> None:
        """Make a row the current one.

        Args:
            index: Which; -1 for none.
            focus: Whether the keyboard goes there.
            edit: Whether it goes on to the first field.
        """
        if index != self._current:
            # The new one first: otherwise the focus of a field that goes would fall on anything.
            before, self._current = self._current, index
            if 0 <= index < len(self._rows):
                self._rows[index].set_current(True)
            if focus:
                self._rows[index].setFocus(Qt.FocusReason.OtherFocusReason)
            if 0 <= before < len(self._rows):
                self._rows[before].set_current(False)
            self.current_changed.emit()
        if 0 <= index < len(self._rows) and focus:
            row = self._rows[index]
            row.edit() if edit else row.setFocus(Qt.FocusReason.OtherFocusReason)
            self.seen.emit(row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell the header."""
        super().resizeEvent(event)
        self.resized.emit()

    def refresh_hints(self) -> None:
        """Reckon with the rows as they are now, before the event loop comes to it."""
        self._column.activate()

    def _append(self, line: object) -> None:
        index = len(self._rows)
        row = self._make_row(index + 1, line, self)
        row.picked.connect(lambda: self._pick(index))
        row.edited.connect(lambda value, setting: self.edited.emit(index, value, setting))
        row.walked.connect(lambda by: self._walk(index + by))
        row.removed.connect(self.removed)
        row.wanted.connect(self.wanted)
        self._rows.append(row)
        self._column.insertWidget(index, row)
        row.show()

    def _drop_last(self) -> None:
        row = self._rows.pop()
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()

    def _pick(self, index: int) -> None:
        if index != self._current:
            self.set_current(index)
            self.seen.emit(self._rows[index])

    def _walk(self, index: int) -> None:
        self.set_current(min(max(index, 0), len(self._rows) - 1), focus=True)
