"""Which level of folders is the class."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QVBoxLayout, QWidget

from tlstudio.datasets.reading.preview import LevelExample
from tlstudio.datasets.reading.reading import FOLDER_LABELS, Reading
from tlstudio.ui import theme
from tlstudio.ui.tabs.dataset.reading.marked_paths import LINE_HEIGHT, in_words, paint_marked
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.ui.words.readings import ordinal
from tlstudio.wording import counted

_RADIO: Final = 18
_LEFT: Final = _RADIO + 10
_ROW_HEIGHT: Final = 28 + LINE_HEIGHT
_IN_PARTS: Final = (
    "The folders inside train, val and test are the classes. "
    "To choose another level, switch off below that they give the parts."
)
_NO_FOLDERS: Final = "The photos lie in no folders, so folders can't tell their classes."


class FolderChoice(QWidget):
    """One row a level, with a path in which the class is emphasised.

    Attributes:
        changed: Another level is chosen.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._level = 1
        self._in_parts = False
        self._group = QButtonGroup(self)
        self._rows: list[_LevelRow] = []
        self._line = TextLabel("", "secondary", "text2", wrap=True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.SPACE_8)
        self._column.addWidget(self._line)
        self._group.idClicked.connect(self._choose)
        self._group.idToggled.connect(lambda level, on: self._choose(level) if on else None)

    def set_levels(self, levels: Sequence[LevelExample], level: int) -> None:
        """Offer levels; ``level`` is chosen."""
        self._level = level
        for row in self._rows:
            self._group.removeButton(row)
            row.hide()
            row.deleteLater()
        self._rows = [_LevelRow(entry) for entry in levels]
        for row in self._rows:
            row.setChecked(row.level == level)
            self._group.addButton(row, row.level)
            self._column.addWidget(row)
        self.set_in_parts(in_parts=False)

    def set_in_parts(self, *, in_parts: bool) -> None:
        """Offer no level where the folders of a split say where the classes are."""
        self._in_parts = in_parts
        for row in self._rows:
            row.setHidden(in_parts)
        self._line.setText(_IN_PARTS if in_parts else "" if self._rows else _NO_FOLDERS)
        self._line.setVisible(bool(self._line.text()))

    def applied(self, reading: Reading) -> Reading:
        """The reading with the classes from here."""
        return replace(reading, labels=FOLDER_LABELS, level=1 if self._in_parts else self._level)

    def _choose(self, level: int) -> None:
        if level != self._level:
            self._level = level
            self.changed.emit()


class _LevelRow(QAbstractButton):
    """A radio button with two lines: which folder, and an example."""

    focus_radius = theme.RADIUS_CELL

    def __init__(self, entry: LevelExample) -> None:
        super().__init__()
        self.level = entry.level
        self._example = entry.example
        self._classes = counted(entry.classes, "class", "classes")
        self.setText(f"{ordinal(entry.level).capitalize()} folder of the path")
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{self.text()}, {self._classes}: {in_words(entry.example)}")
        set_tooltip(self, f"{self._classes}. For example: {entry.example.path}", key="Arrow keys choose another level")

    def sizeHint(self) -> QSize:
        """Two lines."""
        return QSize(240, _ROW_HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw circle, words, number of classes and example."""
        painter = QPainter(self)
        painting.prepare(painter)
        painting.radio(painter, QPointF(_RADIO / 2, 14), _RADIO, self.isChecked())
        font, small = theme.font(14, QFont.Weight.Medium), theme.font(13)
        width = painting.text_width(self._classes, small)
        words = QRectF(_LEFT, 0, self.width() - _LEFT - width - theme.SPACE_8, 28)
        painting.text(painter, words, self.text(), font, theme.color("text"))
        number = QRectF(self.width() - width, 0, width, 28)
        painting.text(painter, number, self._classes, small, theme.color("text2"), Qt.AlignmentFlag.AlignRight)
        paint_marked(painter, QRectF(_LEFT, 26, self.width() - _LEFT, LINE_HEIGHT), self._example)
