"""Which table names the classes, and which of its columns."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.datasets.reading.label_tables import Table, TableChoice, likely_columns, read_table
from tlstudio.datasets.reading.reading import Reading
from tlstudio.errors import TLStudioError
from tlstudio.ui import theme
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.quiet_job import QuietJob
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.fields import ComboBox, LabelledField
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.ui.words.readings import table_in_words, table_of
from tlstudio.wording import counted

_NONE_INSIDE: Final = "No table (CSV or TSV) lies in this folder. Choose one from elsewhere."
_KINDS: Final = "Tables (*.csv *.tsv *.txt);;All files (*)"
_LONGEST_NAME: Final = 40


@dataclass(frozen=True, slots=True)
class _Looked:
    """What is known of a table, or why it can't be read."""

    file: str
    table: Table | None
    likely: tuple[str, str] = ("", "")
    obstacle: str = ""


class TablePick(QWidget):
    """The tables of the folder, and the columns of the one chosen.

    Attributes:
        changed: Another table or column is chosen, or the table has been read.
    """

    changed = Signal()

    def __init__(self, session: Session, root: Path, parent: QWidget | None = None) -> None:
        """Make the page.

        Args:
            session: For reading tables beside the window.
            root: Folder of the photos.
            parent: Owner.
        """
        super().__init__(parent)
        self._root = root
        self._wanted = TableChoice("")
        self._looked: _Looked | None = None
        self._job = QuietJob(session, self)
        self._files, self._file_column, self._class_column = ComboBox(), ComboBox(), ComboBox()
        self._line = TextLabel("", "secondary", "text2", wrap=True)
        self._columns = QWidget()
        self._lay_out()
        self._job.succeeded.connect(self._show)
        self._files.currentIndexChanged.connect(self._read)
        for column in (self._file_column, self._class_column):
            column.currentIndexChanged.connect(self.changed)

    def set_tables(self, tables: Sequence[str], reading: Reading) -> None:
        """Offer tables of the folder; the one that is in force is chosen.

        Args:
            tables: Paths relative to the folder.
            reading: How the folder is read.
        """
        self._wanted = table_of(reading) or TableChoice("")
        files = dict.fromkeys([*tables, *([self._wanted.file] if self._wanted.file else [])])
        with QSignalBlocker(self._files):
            for file in files:
                self._add(file)
            self._files.setCurrentIndex(max(self._files.findData(self._wanted.file), 0))
        self._read()

    @property
    def obstacle(self) -> str:
        """Why there is no reading from here, in a sentence; empty if there is one."""
        if not self._files.count():
            return _NONE_INSIDE
        if self._looked is None:
            return "Reading the table…"
        if self._looked.obstacle:
            return self._looked.obstacle
        if not (self._file_column.currentData() and self._class_column.currentData()):
            return "Choose the column of the files and the column of the classes."
        return ""

    def applied(self, reading: Reading) -> Reading | None:
        """The reading with the classes from here; None while there is an obstacle."""
        if self.obstacle:
            return None
        columns = (str(self._file_column.currentData()), str(self._class_column.currentData()))
        return replace(reading, labels=f"csv:{TableChoice(str(self._files.currentData()), *columns)}")

    def ask(self) -> None:
        """Let a table be chosen that lies elsewhere."""
        chosen, _ = QFileDialog.getOpenFileName(self, "Choose the table of the classes", str(self._root), _KINDS)
        if chosen:
            self.choose(Path(chosen))

    def choose(self, file: Path) -> None:
        """Take the labels from this table."""
        # A table that lies in the folder goes with it when the folder is moved.
        name = file.relative_to(self._root).as_posix() if file.is_relative_to(self._root) else str(file)
        if self._files.findData(name) < 0:
            self._add(name)
        self._files.setCurrentIndex(self._files.findData(name))
        self._read()

    def _add(self, file: str) -> None:
        self._files.addItem(file if len(file) <= _LONGEST_NAME else f"…{file[1 - _LONGEST_NAME :]}", file)

    def _lay_out(self) -> None:
        another = Button("Choose another…", "text", size="small")
        set_tooltip(another, "Choose a table that lies elsewhere, as CSV or TSV")
        another.clicked.connect(self.ask)
        head = QHBoxLayout()
        head.setSpacing(theme.SPACE_12)
        head.addWidget(LabelledField("Table", self._files, placement="above"), 1)
        set_tooltip(self._files, "The table that names the class of each photo")
        set_tooltip(
            self._file_column, "The column that names the files", term="path, file name, or name without ending"
        )
        set_tooltip(self._class_column, "The column that names the classes", term="label")
        columns = QVBoxLayout(self._columns)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(theme.SPACE_12)
        columns.addWidget(LabelledField("The file is in", self._file_column, placement="above"))
        columns.addWidget(LabelledField("The class is in", self._class_column, placement="above"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_12)
        column.addLayout(head)
        column.addWidget(self._line)
        column.addWidget(another)
        column.addWidget(self._columns)

    def _read(self) -> None:
        self._looked = None
        self._columns.hide()
        self._files.setEnabled(self._files.count() > 0)
        self._say(self.obstacle)
        if self._files.count():
            file, root = str(self._files.currentData()), self._root
            self._job.start(lambda _emit, _token: _look(file, root))
        self.changed.emit()

    def _show(self, looked: _Looked) -> None:
        self._looked = looked
        table = looked.table
        if table is not None:
            chosen = self._wanted if self._wanted.file == looked.file else TableChoice(looked.file)
            for box, wanted, likely in (
                (self._file_column, chosen.file_column, looked.likely[0]),
                (self._class_column, chosen.class_column, looked.likely[1]),
            ):
                _offer(box, table.columns, wanted or likely)
        self._columns.setVisible(table is not None)
        self._say(looked.obstacle)
        if table is not None:
            self._say(f"{counted(len(table.rows), 'line')}. {table_in_words(table)}", wrong=False)
        self.changed.emit()

    def _say(self, words: str, *, wrong: bool | None = None) -> None:
        self._line.setText(words)
        self._line.setVisible(bool(words))
        bad = bool(self._looked and self._looked.obstacle) if wrong is None else wrong
        self._line.set_tone("wrong" if bad else "text2")


def _offer(box: ComboBox, columns: Sequence[str], chosen: str) -> None:
    with QSignalBlocker(box):
        box.clear()
        if chosen not in columns:
            box.addItem("Choose a column", "")
        for name in columns:
            box.addItem(name or "(no name)", name)
        box.setCurrentIndex(max(box.findData(chosen), 0))
    box.updateGeometry()


def _look(file: str, root: Path) -> _Looked:
    """Read a table; what is wrong with it is part of the answer."""
    try:
        table = read_table(root / Path(file).expanduser())
    except TLStudioError as error:
        return _Looked(file, None, obstacle=f"{error.message} {error.hint}")
    if not table.columns:
        return _Looked(file, None, obstacle="The table is empty. Choose another.")
    return _Looked(file, table, likely_columns(table))
