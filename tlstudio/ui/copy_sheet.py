"""What a person sees before photos are copied: how many, where to, how much room they take."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.datasets.sizes import size_in_words
from tlstudio.ui import theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.labels import ElidedLabel, TextLabel
from tlstudio.ui.widgets.photo_tile import Index
from tlstudio.ui.widgets.sheet import Sheet
from tlstudio.ui.widgets.table import PAD, RowDelegate, RowModel, Table
from tlstudio.ui.widgets.toggles import CheckBox
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.wording import counted
from tlstudio.workflows.copies import CopyPlan

_WIDTH = 560
_ROW_HEIGHT = 32
_COUNT_WIDTH = 96.0
_MOST_ROWS = 6
_EXAMPLES = 5
_PART_NAMES = {
    "train": "To learn from (train)",
    "validation": "To check while learning (validation)",
    "test": "Final exam (test)",
}


class CopySheet(Sheet):
    """One sheet with counts, place, room, and some of the paths; its filled button names the deed.

    Attributes:
        copy_wanted: Carries the CopyPlan that is shown.
        place_wanted: Another place is to be chosen.
        option_changed: Whether the choice is made now.
    """

    copy_wanted = Signal(object)
    place_wanted = Signal()
    option_changed = Signal(bool)

    def __init__(self, line: str, option: str = "", parent: QWidget | None = None) -> None:
        """Make an empty sheet.

        Args:
            line: What to know of these copies.
            option: Words of a choice; "" for none.
            parent: Owner.
        """
        super().__init__("Copy photos", parent)
        self._plan: CopyPlan | None = None
        self._place = ElidedLabel("", "strong", mode=Qt.TextElideMode.ElideMiddle)
        self._room = TextLabel("", "secondary", "text2", wrap=True)
        self._counts = _CountsTable()
        self._examples = [
            ElidedLabel("", "secondary", "text2", mode=Qt.TextElideMode.ElideMiddle) for _ in range(_EXAMPLES)
        ]
        self._details = self._counts_and_examples()
        self._option = CheckBox(option)
        self._option.setVisible(bool(option))
        self._option.toggled.connect(self._change_option)
        self._copy = Button("Copy", "filled")
        self._copy.setDefault(True)
        self._copy.clicked.connect(self._accept_plan)
        column = self.column
        column.addWidget(TextLabel(line, "secondary", "text2", wrap=True))
        column.addLayout(self._place_lines())
        column.addWidget(self._details)
        column.addWidget(self._option)
        column.addStretch(1)
        self.add_foot(self.cancel_button("Copy nothing"), self._copy)

    def show_plan(self, plan: CopyPlan) -> None:
        """Show what would be copied."""
        self._plan = plan
        title = f"Copy {counted(len(plan.copies), 'photo')}"
        self.set_title(title)
        self._show_place(plan.out)
        self._room.setText(f"They take {size_in_words(plan.room)}; {size_in_words(plan.free)} are free on that disk.")
        self._room.set_tone("text2")
        self._counts.show_counts(plan.counts)
        step = max(len(plan.copies) // _EXAMPLES, 1)
        paths = [copy.target for copy in plan.copies[::step]][:_EXAMPLES]
        for number, label in enumerate(self._examples):
            label.setText(paths[number] if number < len(paths) else "")
            label.setVisible(number < len(paths))
        self._copy.setText(title)
        self._details.show()
        self._allow(why_not="")
        self.fit_height(_WIDTH)

    def show_problem(self, place: Path, problem: str) -> None:
        """Say why nothing can be copied there."""
        self._plan = None
        self._show_place(place)
        self._room.setText(problem)
        self._room.set_tone("wrong")
        self._details.hide()
        self._allow(why_not=problem)
        self.fit_height(_WIDTH)

    def wait(self) -> None:
        """Let nothing be copied until a plan is shown."""
        self._plan = None
        self._allow(why_not="The photos are being counted")

    def _place_lines(self) -> QVBoxLayout:
        change = Button("Choose another place", "text", size="small")
        set_tooltip(change, "Choose the folder in which the new folder is made")
        change.setAutoDefault(False)
        change.clicked.connect(self.place_wanted)
        row = QHBoxLayout()
        row.addWidget(TextLabel("New folder", "secondary", "text2"), 1)
        row.addWidget(change)
        lines = QVBoxLayout()
        lines.setSpacing(theme.SPACE_4)
        lines.addLayout(row)
        lines.addWidget(self._place)
        lines.addWidget(self._room)
        return lines

    def _counts_and_examples(self) -> QWidget:
        details = QWidget()
        lines = QVBoxLayout(details)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(2)
        lines.addWidget(self._counts)
        lines.addSpacing(theme.SPACE_12)
        lines.addWidget(TextLabel("For instance", "secondary_strong"))
        for label in self._examples:
            lines.addWidget(label)
        return details

    def _show_place(self, place: Path) -> None:
        self._place.setText(str(place))
        self._place.setAccessibleName(f"New folder: {place}")

    def _allow(self, *, why_not: str) -> None:
        self._copy.setEnabled(not why_not)
        set_tooltip(self._copy, why_not or "The photos themselves stay where they are", key="" if why_not else "Enter")

    def _change_option(self, made: bool) -> None:
        self.wait()
        self.option_changed.emit(made)

    def _accept_plan(self) -> None:
        if self._plan is not None:
            self.accept()
            self.copy_wanted.emit(self._plan)


class _CountsModel(RowModel):
    HEADERS = (("Folder", "", ""), ("Photos", "", ""))

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: list[tuple[str, int]] = []

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Show these rows in the place of those before."""
        self.beginResetModel()
        self._rows = [(_PART_NAMES.get(name, name), count) for name, count in counts.items()]
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        name, count = self._rows[index.row()]
        return f"{count:,}" if index.column() else name


class _CountsDelegate(RowDelegate):
    def paint_cell(self, painter: QPainter, rect: QRectF, index: Index, selected: bool) -> None:  # noqa: ARG002
        align = Qt.AlignmentFlag.AlignRight if index.column() else Qt.AlignmentFlag.AlignLeft
        ink, words = theme.color("text2" if index.column() else "text"), str(index.data())
        inner = rect.adjusted(PAD, 0, -PAD, 0)
        painting.text(painter, inner, words, theme.font(14), ink, align, Qt.TextElideMode.ElideMiddle)


class _CountsTable(Table):
    def __init__(self) -> None:
        super().__init__(_ROW_HEIGHT, "Photos to copy")
        self._counts = _CountsModel(self)
        self.use(self._counts, _CountsDelegate(self), (0,))
        set_tooltip(self, "How many photos go where")

    def show_counts(self, counts: Mapping[str, int]) -> None:
        self._counts.show_counts(counts)
        all_but = max(len(counts) - _MOST_ROWS, 0)
        self.setFixedHeight(self.content_height() - all_but * _ROW_HEIGHT + 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.set_widths({1: _COUNT_WIDTH})
