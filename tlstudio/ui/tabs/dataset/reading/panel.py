"""The panel in which a person says how a folder is read, and sees at once what would come of it."""

from dataclasses import replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.doctor.ways import Ways, find_ways
from tlstudio.datasets.reading.label_tables import TableChoice
from tlstudio.datasets.reading.preview import ReadingPreview, preview_reading
from tlstudio.datasets.reading.reading import FOLDER_LABELS, Reading
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken
from tlstudio.ui import theme
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.dataset.reading.folders_page import FolderChoice
from tlstudio.ui.tabs.dataset.reading.names_page import NameChoice
from tlstudio.ui.tabs.dataset.reading.preview import PreviewCard
from tlstudio.ui.tabs.dataset.reading.table_page import TablePick
from tlstudio.ui.tabs.quiet_job import QuietJob
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.card import Hairline
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.scroll_column import ScrollColumn
from tlstudio.ui.widgets.segmented import Segmented
from tlstudio.ui.widgets.toggles import CheckBox
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.ui.words.readings import change_in_words
from tlstudio.wording import counted

_SIZE: Final = QSize(1000, 680)
_AROUND: Final = 48
_LEFT: Final = 376
_SETTLED_MS: Final = 120
_SOURCES: Final = (("folder", "Folder names"), ("names", "File names"), ("table", "A table"))
_PARTS: Final = "Folders called train, val or test give the parts"
_PARTS_HELP: Final = "Photos in such folders are learnt from, checked on or kept for the exam"
_PROMISE: Final = "Only the reading changes. No file is moved or renamed, and you can undo it."
_AS_NOW: Final = "This is how the photos are read now."


class ReadingPanel(QDialog):
    """Where the classes come from at the left, what would come of it at the right.

    Esc closes it and changes nothing; Ctrl+Enter takes the reading.
    """

    def __init__(self, session: Session, files: Dataset, reading: Reading, parent: QWidget) -> None:
        """Show how a folder is read.

        Args:
            session: Told of the reading that is chosen.
            files: The photos as they lie on disk.
            reading: How they are read now.
            parent: Owner.
        """
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("How the photos are read")
        self.setAccessibleName("How the photos are read")
        self._session, self._files, self._before = session, files, reading
        self._proposed = reading
        self._chosen: Reading | None = reading
        self._ways = Ways()
        self._looking, self._previewing = QuietJob(session, self), QuietJob(session, self)
        self._settling = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._source = Segmented(_SOURCES, "Where the classes come from")
        self._folders, self._names = FolderChoice(), NameChoice()
        self._table = TablePick(session, Path(reading.root))
        self._choices: dict[str, FolderChoice | NameChoice | TablePick] = {
            "folder": self._folders,
            "names": self._names,
            "table": self._table,
        }
        self._parts, self._hidden = CheckBox(_PARTS), CheckBox("Read hidden folders, too")
        self._left_out = CheckBox(_left_out_in_words(reading))
        self._preview = PreviewCard()
        self._why = TextLabel(_PROMISE, "secondary", "text2", wrap=True)
        self._apply = Button("Read them like this", "filled")
        self._lay_out()
        self.resize(_SIZE.boundedTo(parent.window().size() - QSize(_AROUND, _AROUND)))
        self._show_reading()
        self._connect()
        self._looking.start(lambda _emit, token: find_ways(files, reading, token=token))

    def propose_table(self, table: Path) -> None:
        """Begin with the classes taken from a table, in the place of how they are taken now; nothing is changed yet."""
        root = Path(self._before.root)
        file = table.relative_to(root).as_posix() if table.is_relative_to(root) else str(table)
        self._proposed = replace(self._before, labels=f"csv:{TableChoice(file)}", level=1)
        self._show_reading()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is looked for any more."""
        super().hideEvent(event)
        self._settling.stop()
        self._looking.cancel()
        self._previewing.cancel()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter presses the filled button, as in the window."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._apply.click()
        else:
            super().keyPressEvent(event)

    # Layout

    def _lay_out(self) -> None:
        set_tooltip(self._source, "Where the class of each photo is written", key="Arrow keys")
        choices = ScrollColumn("Where the classes come from")
        choices.set_card_width(_LEFT)
        choices.body.setSpacing(theme.SPACE_12)
        choices.body.addWidget(TextLabel("The class of a photo is told by", "label"))
        choices.body.addWidget(self._source)
        for page in self._choices.values():
            choices.body.addWidget(page)
        choices.body.addWidget(Hairline())
        for box in (self._parts, self._hidden, self._left_out):
            choices.body.addWidget(box)
        choices.body.addStretch(1)
        columns = QHBoxLayout()
        columns.setSpacing(theme.SPACE_16)
        columns.addWidget(choices)
        columns.addWidget(self._preview, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE_24, theme.SPACE_24, theme.SPACE_24, theme.SPACE_20)
        column.setSpacing(theme.SPACE_16)
        column.addWidget(TextLabel("How the photos are read", "title"))
        column.addLayout(columns, 1)
        column.addLayout(self._foot())

    def _foot(self) -> QHBoxLayout:
        cancel = Button("Keep as it is", "quiet")
        set_tooltip(cancel, "Close and change nothing", key="Esc")
        cancel.clicked.connect(self.reject)
        cancel.setAutoDefault(False)
        self._apply.setDefault(True)
        foot = QHBoxLayout()
        foot.setSpacing(theme.SPACE_24)
        foot.addWidget(self._why, 1)
        foot.addWidget(cancel)
        foot.addWidget(self._apply)
        return foot

    # Showing

    def _show_reading(self) -> None:
        reading = self._proposed
        kind = "table" if reading.labels.startswith("csv:") else "names"
        self._source.set_current("folder" if reading.labels == FOLDER_LABELS else kind)
        # Further down, parts are not looked for: the box says what is in force.
        self._parts.setChecked(reading.parts and (reading.level == 1 or reading.labels != FOLDER_LABELS))
        self._hidden.setChecked(reading.hidden)
        self._left_out.setChecked(bool(reading.left_out))
        self._left_out.setVisible(bool(reading.left_out))
        set_tooltip(self._left_out, "Take away the tick to read these folders again")
        # Until it is known what there is to choose from.
        for widget in (*self._choices.values(), self._parts, self._hidden, self._apply):
            widget.setEnabled(False)
        self._show_page()

    def _show_ways(self, ways: Ways) -> None:
        self._ways = ways
        level = self._before.level if self._before.labels == FOLDER_LABELS else 1
        self._folders.set_levels(ways.levels, level)
        self._names.set_reading(self._before, ways.pattern)
        self._table.set_tables(ways.tables, self._proposed)
        for page in self._choices.values():
            page.setEnabled(True)
        self._hidden.setEnabled(ways.hidden > 0)
        what = f"{counted(ways.hidden, 'photo')} in folders whose name begins with a dot, or that the system hides"
        set_tooltip(self._hidden, what if ways.hidden else "There are no photos in hidden folders")
        self._refresh()

    def _connect(self) -> None:
        self._looking.succeeded.connect(self._show_ways)
        self._previewing.succeeded.connect(self._show_preview)
        self._settling.timeout.connect(self._start_preview)
        self._source.changed.connect(self._refresh)
        for page in self._choices.values():
            page.changed.connect(self._refresh)
        for box in (self._parts, self._hidden, self._left_out):
            box.toggled.connect(self._refresh)
        self._apply.clicked.connect(self._take)

    def _refresh(self) -> None:
        """Follow the controls; the preview comes once they rest."""
        source = self._source.current_key()
        self._show_page()
        parts = self._ways.nested if source == "folder" else self._ways.parted
        self._parts.setEnabled(parts)
        set_tooltip(self._parts, _PARTS_HELP if parts else "There are no such folders here")
        self._folders.set_in_parts(in_parts=parts and self._parts.isChecked())
        self._chosen = self._reading()
        self._apply.setEnabled(False)
        if self._chosen is None:
            self._previewing.cancel()
            self._settling.stop()
            self._preview.show_obstacle(self._table.obstacle)
        else:
            self._settling.start()

    def _show_page(self) -> None:
        for key, page in self._choices.items():
            page.setVisible(key == self._source.current_key())

    def _reading(self) -> Reading | None:
        """What the controls say; None while something is missing."""
        chosen = self._choices[self._source.current_key()].applied(self._before)
        if chosen is None:
            return None
        if not self._left_out.isChecked():
            chosen = replace(chosen, left_out=frozenset())
        hidden = self._hidden.isChecked()
        merged = {**self._ways.shown, **chosen.merged} if hidden and not self._before.hidden else chosen.merged
        return replace(chosen, parts=self._parts.isChecked(), hidden=hidden, merged=merged)

    def _start_preview(self) -> None:
        chosen, files = self._chosen, self._files
        if chosen is not None:
            self._previewing.start(lambda _emit, token: (chosen, _previewed(files, chosen, token)))

    def _show_preview(self, answer: tuple[Reading, ReadingPreview | TLStudioError]) -> None:
        reading, preview = answer
        if reading != self._chosen:
            return
        if isinstance(preview, TLStudioError):
            self._preview.show_obstacle(f"{preview.message} {preview.hint}")
            return
        self._preview.show_preview(preview)
        self._apply.setEnabled(reading != self._before)
        set_tooltip(self._apply, _AS_NOW if reading == self._before else _PROMISE, key="Ctrl+Enter")

    def _take(self) -> None:
        if self._chosen is not None:
            reading, sentence = self._chosen, change_in_words(self._before, self._chosen)
            self.accept()
            self._session.photos.set_reading(reading, sentence)


def _previewed(files: Dataset, reading: Reading, token: CancelToken) -> ReadingPreview | TLStudioError:
    """The preview, or what keeps it from being made, which is for the panel and not for the window to say."""
    try:
        return preview_reading(files, reading, token=token)
    except TLStudioError as error:
        return error


def _left_out_in_words(reading: Reading) -> str:
    names = sorted(reading.left_out)
    more = f" and {len(names) - 1:,} more" if len(names) > 1 else ""
    return f"Leave out “{names[0]}”{more}" if names else ""
