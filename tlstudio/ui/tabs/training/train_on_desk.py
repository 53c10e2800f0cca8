"""From a run that is shown to the training that goes on from it."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from tlstudio.errors import TLStudioError
from tlstudio.runs.store import StoredRun, folder_of_now
from tlstudio.training.config import Phase
from tlstudio.ui import computing_settings
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.training.train_on_sheet import TrainOnSheet
from tlstudio.ui.widgets.message_bar import Message
from tlstudio.workflows.train_on import continuation


class TrainOnDesk(QObject):
    """Asks how to go on, and begins."""

    def __init__(self, session: Session, owner: QWidget) -> None:
        super().__init__(owner)
        self._session, self._owner = session, owner

    def obstacle(self, stored: StoredRun) -> str:
        """Why a run can't be trained on now, in a sentence; "" if it can."""
        photos = self._session.photos
        if photos.dataset is None or photos.split is None:
            return "Open its photos first."
        if tuple(photos.dataset.classes) != tuple(stored.run.classes):
            return "The classes are others than when it was trained."
        return "The computer is busy with something else." if self._session.occupied else ""

    def ask(self, stored: StoredRun) -> None:
        """Ask which phases are to follow."""
        sheet = TrainOnSheet(stored.run, self._owner.window())
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet.wanted.connect(partial(self._begin, stored))
        sheet.open()

    def _begin(self, stored: StoredRun, phases: tuple[Phase, ...]) -> None:
        session = self._session
        dataset, parts, obstacle = session.photos.dataset, session.photos.split, self.obstacle(stored)
        if dataset is None or parts is None or obstacle:
            session.posted.emit(Message("training", "It can't be trained on now.", "info", obstacle))
            return
        out = folder_of_now(stored.folder.parent, Path(dataset.root).name)
        events = computing_settings.event_folder() if computing_settings.writes_event_files() else None
        try:
            request = continuation(stored, phases, dataset, parts, out, events)
        except TLStudioError as error:
            session.report_failure("training", error)
            return
        session.begin_training(request)
