"""What was filed, newest first: each can be undone, also next week."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.events import CancelToken, Emit
from tlstudio.filing.journals import Filing, journals
from tlstudio.ui import theme
from tlstudio.ui.filing_jobs import FilingJobs
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.quiet_job import QuietJob
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.card import Hairline
from tlstudio.ui.widgets.labels import ElidedLabel, TextLabel
from tlstudio.ui.widgets.scroll_column import GUTTER, ScrollColumn
from tlstudio.ui.widgets.sheet import Sheet
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.ui.words import filing as words

_WIDTH: Final = 600
_HEIGHT: Final = 480
_SHOWN: Final = 50

_Act = Callable[[Filing], None]


class FiledSheet(Sheet):
    """A row for each filing; the list is read again whenever one of them has changed."""

    def __init__(self, session: Session, jobs: FilingJobs, folder: Path, parent: QWidget | None = None) -> None:
        """Read the list.

        Args:
            session: Runs the reading.
            jobs: Undoes and goes on.
            folder: Of the journals.
            parent: Owner.
        """
        super().__init__("What was filed", parent)
        self._jobs, self._folder = jobs, folder
        self._none = TextLabel("Nothing has been filed yet.", "text", "text2")
        self._rows = ScrollColumn("What was filed")
        self._rows.set_card_width(_WIDTH - 2 * theme.SPACE_24 - GUTTER)
        self._rows.body.setSpacing(0)
        self._lay_out()
        self.finished.connect(lambda _result: self.deleteLater())
        self._reading = QuietJob(session, self)
        self._reading.succeeded.connect(self._show)
        jobs.ended.connect(self._look)
        self._look()

    def _look(self) -> None:
        folder = self._folder

        def task(_emit: Emit, _token: CancelToken) -> tuple[Filing, ...]:
            return journals(folder)

        self._reading.start(task)

    def _show(self, filings: Sequence[Filing]) -> None:
        body = self._rows.body
        while item := body.takeAt(0):
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for filing in filings[:_SHOWN]:
            body.addWidget(self._row(filing))
            body.addWidget(Hairline())
        body.addStretch(1)
        self._none.setVisible(not filings)

    def _row(self, filing: Filing) -> QWidget:
        title, line = words.entry(filing)
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, theme.SPACE_8, theme.SPACE_8, theme.SPACE_8)
        layout.setSpacing(theme.SPACE_12)
        texts = QVBoxLayout()
        texts.setSpacing(theme.SPACE_4)
        texts.addWidget(ElidedLabel(title, "strong"))
        texts.addWidget(ElidedLabel(line, "secondary", "text2", mode=Qt.TextElideMode.ElideMiddle))
        layout.addLayout(texts, 1)
        if filing.phase == "stopped" or (filing.interrupted and filing.phase == "filing"):
            layout.addWidget(self._button(filing, "Go on", "Do what is left of it", self._go_on))
        if filing.can_be_undone:
            layout.addWidget(self._button(filing, "Undo", "Bring back what was before", self._undo))
        return row

    def _button(self, filing: Filing, name: str, tip: str, act: _Act) -> Button:
        button = Button(name, size="small")
        button.setAccessibleName(f"{name}: {', '.join(words.entry(filing))}")
        set_tooltip(button, tip)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: act(filing))
        return button

    def _go_on(self, filing: Filing) -> None:
        self.accept()
        self._jobs.go_on(filing.journal, filing.kind, filing.target)

    def _undo(self, filing: Filing) -> None:
        self.accept()
        self._jobs.undo(filing.journal)

    def _lay_out(self) -> None:
        line = "Undo brings back the folders and files as they were, also next week. Files that you changed since stay."
        self.column.addWidget(TextLabel(line, "secondary", "text2", wrap=True))
        self.column.addWidget(self._none)
        self.column.addWidget(self._rows, 1)
        self.add_foot(self.close_button("Close the list"))
        self._none.hide()
        self.resize(_WIDTH, _HEIGHT)
