"""The dialog that lists the keys."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QScrollArea, QSizePolicy, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A key and what it does.

    Attributes:
        keys: As Qt writes it ("Ctrl+O"), shown as the system writes it; or words ("arrows").
        what: What it does.
    """

    keys: str
    what: str


@dataclass(frozen=True, slots=True)
class ShortcutGroup:
    """Keys that act in one place.

    Attributes:
        where: The place.
        shortcuts: Its keys.
    """

    where: str
    shortcuts: tuple[Shortcut, ...]


class KeyCap(QWidget):
    """The name of a key on a cap."""

    def __init__(self, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        native = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
        self._keys = native if native and "+" in keys else keys
        self.setAccessibleName(self._keys)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """The name fits."""
        return painting.key_cap_size(self._keys) + QSize(4, 4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the cap."""
        painter = QPainter(self)
        painting.prepare(painter)
        painting.key_cap(painter, QRectF(self.rect()), self._keys, theme.color("text2"), theme.color("sunken"))


class HelpDialog(Sheet):
    """Lists the keys that exist, place by place."""

    def __init__(self, groups: Sequence[ShortcutGroup], parent: QWidget | None = None) -> None:
        super().__init__("Keys", parent)
        content = QWidget()
        content.setProperty("scrolled", True)
        grid = QGridLayout(content)
        grid.setContentsMargins(0, 0, theme.SPACE_16, 0)
        grid.setHorizontalSpacing(theme.SPACE_16)
        grid.setVerticalSpacing(theme.SPACE_8)
        grid.setColumnStretch(1, 1)
        for group in groups:
            _add_group(grid, group)
        grid.setRowStretch(grid.rowCount(), 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(content)
        self.column.setSpacing(theme.SPACE_16)
        self.column.addWidget(scroll, 1)
        self.add_foot(self.close_button("Close the list"))
        self.resize(520, 560)


def _add_group(grid: QGridLayout, group: ShortcutGroup) -> None:
    row = grid.rowCount()
    if row > 1:
        grid.setRowMinimumHeight(row, theme.SPACE_8)
        row += 1
    grid.addWidget(TextLabel(group.where, "secondary_strong", "text2"), row, 0, 1, 2)
    for offset, shortcut in enumerate(group.shortcuts, start=1):
        grid.addWidget(KeyCap(shortcut.keys), row + offset, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(TextLabel(shortcut.what, wrap=True), row + offset, 1)
