"""The sheet before answers are saved as a table: which kind of file, which photos, where."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QWidget

from tlstudio.prediction.batch import DEFAULT_TOP
from tlstudio.prediction.table_formats import TABLE_FORMATS, TableFormat, format_for
from tlstudio.ui import theme
from tlstudio.ui.tabs.predict.uses.answer_set import AnswerSet
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.fields import ComboBox
from tlstudio.ui.widgets.labels import ElidedLabel, TextLabel
from tlstudio.ui.widgets.segmented import Segmented
from tlstudio.ui.widgets.sheet import Sheet
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.wording import counted

_WIDTH: Final = 600
_LABEL_WIDTH: Final = 96
_ENDINGS: Final = frozenset(entry.suffix for entry in TABLE_FORMATS)


class TableSheet(Sheet):
    """Everything is chosen already; the filled button saves.

    Attributes:
        save_wanted: A table is to be saved as ``format``, ``path`` and ``top`` say.
    """

    save_wanted = Signal()

    def __init__(self, answers: AnswerSet, parent: QWidget | None = None) -> None:
        super().__init__("Save the answers as a table", parent)
        self._answers = answers
        self._format = ComboBox([(entry.title, entry.key) for entry in TABLE_FORMATS])
        self._line = TextLabel("", "secondary", "text2", wrap=True)
        self._top = Segmented(_top_choices(answers.top), "Answers for each photo")
        self._top.set_current(str(min(DEFAULT_TOP, answers.top)))
        self._path = answers.place / f"{answers.title}{self.format.suffix}"
        self._place = ElidedLabel("", "strong", mode=Qt.TextElideMode.ElideMiddle)
        self._note = TextLabel("", "secondary", "unsure", wrap=True)
        self._change = Button("Choose another place", "text", size="small")
        self._save = Button(f"Save {counted(answers.count, 'line')}", "filled")
        self._lay_out()
        self._format.setAccessibleName("Kind of table")
        self._format.currentIndexChanged.connect(lambda _index: self._show())
        self._change.clicked.connect(self._ask_for_place)
        self._save.clicked.connect(self._accept)
        self._show()

    @property
    def format(self) -> TableFormat:
        """The kind of file that is chosen."""
        return next(entry for entry in TABLE_FORMATS if entry.key == self._format.currentData())

    @property
    def path(self) -> Path:
        """Where it is to be saved."""
        return self._path

    @property
    def top(self) -> int:
        """Classes named for each photo."""
        return int(self._top.current_key())

    def _show(self) -> None:
        self._path = self._path.with_name(f"{_stem(self._path)}{self.format.suffix}")
        self._line.setText(self.format.description)
        self._place.setText(str(self._path))
        self._place.setAccessibleName(f"File: {self._path}")
        self._note.setText(f"{self._path.name} is there already: this one takes its place.")
        self._note.setVisible(self._path.exists())
        self.fit_height(_WIDTH)

    def _ask_for_place(self) -> None:
        kinds = f"{self.format.title} (*{self.format.suffix})"
        chosen, _ = QFileDialog.getSaveFileName(self, "Save the answers as a table", str(self._path), kinds)
        if not chosen:
            return
        self._path = Path(chosen)
        if self._path.suffix.lower() != self.format.suffix and self._path.suffix.lower() in _ENDINGS:
            self._format.setCurrentIndex(self._format.findData(format_for(self._path).key))
        self._show()

    def _accept(self) -> None:
        self.accept()
        self.save_wanted.emit()

    def _lay_out(self) -> None:
        choices = QGridLayout()
        choices.setHorizontalSpacing(theme.SPACE_12)
        choices.setVerticalSpacing(theme.SPACE_8)
        choices.setColumnMinimumWidth(0, _LABEL_WIDTH)
        choices.setColumnStretch(1, 1)
        rows = (("Kind", self._format), ("", self._line), ("Answers", self._top), ("File", self._place_row()))
        for number, (words, widget) in enumerate((*rows, ("", self._note))):
            choices.addWidget(TextLabel(words, "secondary", "text2"), number, 0)
            choices.addWidget(widget, number, 1)
        set_tooltip(self._format, "What kind of file it becomes")
        set_tooltip(self._top, "How many classes are named for each photo, the best first", term="Top K")
        line = "One line for each photo, those that can't be read included. Your photos are not touched."
        self.column.addWidget(TextLabel(line, "secondary", "text2", wrap=True))
        self.column.addLayout(choices)
        self.column.addStretch(1)
        set_tooltip(self._save, "Write the file", key="Enter")
        self._save.setDefault(True)
        self.add_foot(self.cancel_button("Save nothing"), self._save)

    def _place_row(self) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.SPACE_12)
        line.addWidget(self._place, 1)
        line.addWidget(self._change)
        set_tooltip(self._change, "Choose folder and name of the file")
        self._change.setAutoDefault(False)
        return row


def _top_choices(top: int) -> list[tuple[str, str]]:
    """How many answers a photo: one, three, as many as usual, or all that are kept."""
    counts = sorted({1, min(3, top), min(DEFAULT_TOP, top), top})
    return [(str(count), "The best one" if count == 1 else f"The best {count}") for count in counts]


def _stem(path: Path) -> str:
    """The name of a file without the ending of a table."""
    return path.stem if path.suffix.lower() in _ENDINGS else path.name
