"""The button that checks a run five times over, and what came of it."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tlstudio.evaluation.folds import CrossValidation, folds_sentence
from tlstudio.events import CancelToken, Emit
from tlstudio.runs.store import StoredRun
from tlstudio.ui import theme
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.evaluation.desk import Desk
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.workflows.cross_validate import USUAL_FOLDS, cross_validate

_TIP: Final = "Train the last layers five times on other shares of the photos, so that each photo is judged once"


class FoldsCheck(QWidget):
    """Starts a cross-validation of the open run; the bar at the bottom tells how far it is, and can stop it."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._of: StoredRun | None = None
        self._desk = Desk(session, "Checking it five times over", self)
        self._button = Button("Check it five times over", size="small")
        self._says = TextLabel("", "secondary", "text2", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.SPACE_8, 0, 0)
        column.setSpacing(theme.SPACE_8)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._says)
        set_tooltip(self._button, _TIP, term="5-fold cross-validation")
        self._button.clicked.connect(self._start)
        self._desk.changed.connect(self._follow)
        self._desk.succeeded.connect(self._take)
        self._say("")

    def show_run(self, stored: StoredRun | None) -> None:
        """Another run is open: what was said of the one before no longer holds."""
        if stored != self._of:
            self._of = stored
            self._desk.stop()
            self._say("")

    def _start(self) -> None:
        stored = self._of
        if stored is None:
            return
        known = self._session.shown_photos_of(stored)

        def task(emit: Emit, token: CancelToken) -> CrossValidation:
            return cross_validate(stored, USUAL_FOLDS, known, emit=emit, token=token)

        self._say("")
        self._desk.start(task)

    def _follow(self) -> None:
        self._button.setEnabled(self._of is not None and not self._desk.busy)

    def _take(self, checked: CrossValidation) -> None:
        self._say(folds_sentence(checked))

    def _say(self, words: str) -> None:
        self._says.setText(words)
        self._says.setVisible(bool(words))
        self._follow()
