"""Filings of photos that a crash or a loss of power has cut off: offered for going on, or for rolling back."""

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from tlstudio import paths
from tlstudio.events import CancelToken, Emit
from tlstudio.filing.journals import FOLDER, Filing, unfinished
from tlstudio.ui.filing_jobs import KEY, FilingJobs
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.quiet_job import QuietJob
from tlstudio.ui.widgets.message_bar import Message
from tlstudio.ui.words import filing as words


class UnfinishedFilings(QObject):
    """Those whose journals lie with the projects of this computer, or with the program."""

    def __init__(self, session: Session, owner: QWidget) -> None:
        super().__init__(owner)
        self._session = session
        self._jobs = FilingJobs(session, owner)
        self._reading = QuietJob(session, self)
        self._reading.succeeded.connect(self._offer)
        self._jobs.ended.connect(self.offer)  # the next one, if there is one

    def offer(self) -> None:
        """Look them up, and offer the last one."""
        library = self._session.photos.library

        def task(_emit: Emit, _token: CancelToken) -> list[Filing]:
            folders = [paths.home_dir(), *(Path(entry.folder) for entry in library.recent())]
            found = [filing for folder in folders for filing in unfinished(folder / FOLDER)]
            return sorted(found, key=lambda filing: filing.created, reverse=True)

        self._reading.start(task)

    def _offer(self, filings: list[Filing]) -> None:
        if filings and not self._session.runner.busy("copy"):
            self._session.posted.emit(self._message(filings[0]))

    def _message(self, filing: Filing) -> Message:
        title, line = words.cut_off(filing)
        if filing.phase == "undoing":
            return Message(KEY, title, "unsure", line, fix="Go on", on_fix=lambda: self._jobs.undo(filing.journal))
        return Message(
            KEY,
            title,
            "unsure",
            line,
            fix="Go on",
            on_fix=lambda: self._jobs.go_on(filing.journal, filing.kind, filing.target),
            choice="Roll back",
            on_choice=lambda: self._jobs.undo(filing.journal),
        )
