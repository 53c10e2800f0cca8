"""What the Dataset tab shows while a folder is being read."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.events import Progress
from tlstudio.ui import theme
from tlstudio.ui.widgets.bar import Bar
from tlstudio.ui.widgets.card import Card
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.next_step_bar import JobStatus
from tlstudio.wording import counted, percent

_WIDTH = 480
_TITLES = {"samples": "Writing the sample photos", "fetch": "Downloading", "unpack": "Unpacking"}
_VERBS = {"fetch": "Downloading", "unpack": "Unpacking"}
_PROMISE = "Every file is opened once. Nothing is moved or changed."
_PROMISES = {"fetch": "Stop when you like: the next time it goes on from there."}


class ReadingPage(QWidget):
    """A calm page with a count and a bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._progress = Progress("scan", 0, 0)
        self._name = ""
        self._title = TextLabel("", "verdict", wrap=True)
        self._line = TextLabel(" ", "text", "text2")
        # Of a fixed size: else each number would have the whole window, with all that is hidden in it, laid out anew.
        self._line.setFixedSize(_WIDTH - 2 * theme.SPACE_32, self._line.sizeHint().height())
        self._bar = Bar()
        card = Card(padding=theme.SPACE_32)
        card.setFixedWidth(_WIDTH)
        card.body.addWidget(self._title)
        card.body.addWidget(self._line)
        card.body.addSpacing(theme.SPACE_8)
        card.body.addWidget(self._bar)
        card.body.addSpacing(theme.SPACE_8)
        self._promise = TextLabel(_PROMISE, "secondary", "text2", wrap=True)
        card.body.addWidget(self._promise)
        row = QHBoxLayout()
        row.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        column = QVBoxLayout(self)
        column.addStretch(2)
        column.addLayout(row)
        column.addStretch(3)

    def begin(self, name: str) -> None:
        """Show that the reading of the folder ``name`` has begun."""
        self._name = name
        self.show_progress(Progress("scan", 0, 0))

    def show_progress(self, progress: Progress) -> None:
        """Show how far it is."""
        self._progress = progress
        _say(self._title, f"{_VERBS.get(progress.stage, 'Reading')} “{self._name}”")
        _say(self._promise, _PROMISES.get(progress.stage, _PROMISE))
        self._line.setText(self._counts())
        self._bar.set_share(self.share)
        self._bar.setAccessibleName(f"{self._title.text()}: {self._counts()}")

    @property
    def share(self) -> float | None:
        """0 to 1; None while the files are still being counted."""
        return self._progress.done / self._progress.total if self._progress.total else None

    def status(self) -> JobStatus:
        """The same for the bar at the bottom."""
        title = _TITLES.get(self._progress.stage, "Reading photos")
        return JobStatus(title, self._counts(), self.share, self._percent())

    def _percent(self) -> str:
        return "" if self.share is None else percent(self.share)

    def _counts(self) -> str:
        if self._progress.stage in _VERBS:  # these count bytes
            return self._progress.note or self._percent()
        done, total = self._progress.done, self._progress.total
        return f"{done:,} of {counted(total, 'file')}" if total else "Looking for files"


def _say(label: TextLabel, words: str) -> None:
    """Change the words of a label, if they are others: Qt measures it anew even where they aren't."""
    if label.text() != words:
        label.setText(words)
