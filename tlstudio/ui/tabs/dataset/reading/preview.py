"""What would come of a reading: its classes, photos without one, and examples."""

from collections.abc import Sequence
from itertools import islice
from pathlib import PurePosixPath
from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSpacerItem, QVBoxLayout, QWidget

from tlstudio.datasets.dataset import Part
from tlstudio.datasets.reading.preview import EXAMPLES, MarkedPath, ReadingPreview
from tlstudio.ui import theme
from tlstudio.ui.tabs.dataset.reading.marked_paths import LINE_HEIGHT, MarkedPathLabel, PathsDialog
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.card import Card
from tlstudio.ui.widgets.class_list import ClassList
from tlstudio.ui.widgets.class_rows import ROW_HEIGHT
from tlstudio.ui.widgets.labels import ElidedLabel, TextLabel
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.wording import counted

MOST_CLASSES: Final = 100
_FEWEST_ROWS: Final = 3
_PARTS: Final[tuple[tuple[Part, str], ...]] = (
    ("train", "to learn from"),
    ("validation", "to check on"),
    ("test", "for the exam"),
)


class PreviewCard(Card):
    """Classes with counts, what is left over, and photos in whose path the class is emphasised."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._title = TextLabel("", "title", wrap=True)
        self._line = TextLabel("", "secondary", "text2", wrap=True)
        self._classes = ClassList(checks=False)
        self._classes.setAccessibleName("Classes that come of it")
        set_tooltip(self._classes, "The classes that come of it, those with the most photos first")
        self._more = TextLabel("", "secondary", "text2")
        self._without = _Leftover("photos get no class", "Training goes on without them.")
        self._missing = _Leftover("files of the table are not there", "The table names them, the folder lacks them.")
        self._extra = _Leftover("photos are not in the table", "They get no class. Training goes on without them.")
        self._examples = _Examples()
        self.body.setSpacing(theme.SPACE_4)
        self.body.addWidget(self._title)
        self.body.addWidget(self._line)
        self.body.addSpacing(theme.SPACE_4)
        self.body.addWidget(self._classes, 1)
        for widget in (self._more, self._without, self._extra, self._missing, self._examples):
            self.body.addWidget(widget)
        self.body.addItem(QSpacerItem(0, 0, QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Expanding))
        self.show_obstacle("Looking at the folder…")

    def show_preview(self, preview: ReadingPreview) -> None:
        """Show what would come of it."""
        photos = sum(preview.counts.values())
        classes = counted(len(preview.counts), "class", "classes")
        self._title.setText(f"{classes}, {counted(photos, 'photo')}" if photos else "No photo gets a class")
        self._title.set_tone("text" if len(preview.counts) > 1 else "wrong")
        self._say(_line(preview))
        self._classes.setVisible(bool(photos))
        self._classes.set_counts(dict(islice(preview.counts.items(), MOST_CLASSES)))
        rows = min(len(preview.counts), MOST_CLASSES)
        self._classes.setMinimumHeight(min(rows, _FEWEST_ROWS) * ROW_HEIGHT)
        self._classes.setMaximumHeight(rows * ROW_HEIGHT)
        more = len(preview.counts) - MOST_CLASSES
        self._more.setText(f"and {more:,} more")
        self._more.setVisible(more > 0)
        in_table = set(preview.extra)
        self._without.show_paths([path for path in preview.without if path not in in_table])
        self._missing.show_paths(preview.missing)
        self._extra.show_paths(preview.extra)
        self._examples.show_paths(preview.examples)

    def show_obstacle(self, words: str) -> None:
        """Say why there is nothing to show."""
        self._title.setText("Nothing to show yet")
        self._title.set_tone("text")
        self._say(words)
        for widget in (self._classes, self._more, self._without, self._missing, self._extra, self._examples):
            widget.hide()

    def _say(self, words: str) -> None:
        self._line.setText(words)
        self._line.setVisible(bool(words))


def _line(preview: ReadingPreview) -> str:
    sentences = []
    if len(preview.counts) == 1:
        sentences.append("At least 2 classes are needed.")
    if preview.parts:
        parts = [f"{preview.parts[part]:,} {words}" for part, words in _PARTS if part in preview.parts]
        sentences.append(f"Shared out by folders: {', '.join(parts)}.")
    if preview.unread:
        unread = counted(preview.unread, "photo")
        sentences.append(f"{unread} in hidden folders {'is' if preview.unread == 1 else 'are'} opened for it.")
    return " ".join(sentences)


class _Leftover(QWidget):
    """A count with a way to the list, and some of the names; hidden where there are none."""

    def __init__(self, what: str, line: str) -> None:
        super().__init__()
        self._what, self._line_of_list = what, line
        self._paths: Sequence[str] = ()
        self._title = TextLabel("", "label", "unsure")
        self._names = ElidedLabel("", "secondary", "text2")
        self._show = Button("Show", "text", size="small")
        self._show.clicked.connect(self._open)
        row = QHBoxLayout()
        row.addWidget(self._title, 1)
        row.addWidget(self._show)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._names)

    def show_paths(self, paths: Sequence[str]) -> None:
        self._paths = paths
        self._title.setText(self._words())
        names = ", ".join(PurePosixPath(path).name for path in paths[:EXAMPLES])
        self._names.setText(names + (", …" if len(paths) > EXAMPLES else ""))
        self._show.setAccessibleName(f"Show: {self._words()}")
        set_tooltip(self._show, f"Show: {self._words()}. The list can be copied and saved")
        self.setVisible(bool(paths))

    def _words(self) -> str:
        words = self._what
        if len(self._paths) == 1:
            for many, one in (("photos get", "photo gets"), ("files", "file"), ("photos", "photo"), (" are ", " is ")):
                words = words.replace(many, one)
        return f"{len(self._paths):,} {words}"

    def _open(self) -> None:
        PathsDialog(self._words(), self._line_of_list, self._paths, self.window()).open()


class _Examples(QWidget):
    """A few photos, each on a line."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[QWidget] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, theme.SPACE_8, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(TextLabel("For example", "label"))

    def show_paths(self, examples: Sequence[MarkedPath]) -> None:
        for line in self._lines:
            line.hide()
            line.deleteLater()
        self._lines = [MarkedPathLabel(marked) for marked in examples]
        for line in self._lines:
            self._column.addWidget(line)
            line.show()  # at once: a layout shows what is added to it one turn later
        self.setFixedHeight((len(examples) + 1) * LINE_HEIGHT + theme.SPACE_8)
        self.setVisible(bool(examples))
