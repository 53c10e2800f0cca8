"""The button that checks a run five times over, how far it is, and what came of it."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.evaluation.folds import CrossValidation, folds_sentence
from tlstudio.events import Event, Progress
from tlstudio.runs.store import StoredRun
from tlstudio.ui import theme
from tlstudio.ui.session import Session
from tlstudio.ui.widgets.bar import Bar
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.message_bar import Message
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.workers.job import Job
from tlstudio.workflows.cross_validate import USUAL_FOLDS, cross_validate

_CHECK, _STOP = "Check it five times over", "Stop"
_TIP = "Train the last layers five times on other shares of the photos, so that each photo is judged once"


class FoldsCheck(QWidget):
    """Starts a cross-validation of the open run on the lane of trainings, and can stop it."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._job: Job | None = None
        self._of: StoredRun | None = None
        self._button = Button(_CHECK, size="small")
        self._bar = Bar()
        self._says = TextLabel("", "secondary", "text2", wrap=True)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_16)
        row.addWidget(self._button)
        row.addWidget(self._bar, 1)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.SPACE_8, 0, 0)
        column.setSpacing(theme.SPACE_8)
        column.addLayout(row)
        column.addWidget(self._says)
        self._bar.setAccessibleName("How far the checking is")
        self._button.clicked.connect(self._press)
        session.runner.busy_changed.connect(self._look)
        self._show_idle("")

    def show_run(self, stored: StoredRun | None) -> None:
        """Another run is open: what was said of the one before no longer holds."""
        if stored == self._of:
            return
        if self._running():
            self._stop()
        self._of = stored
        self._show_idle("")

    def _running(self) -> bool:
        return self._job is not None and self._job.active

    def _press(self) -> None:
        if self._running():
            self._stop()
        elif self._of is not None:
            self._start(self._of)

    def _start(self, stored: StoredRun) -> None:
        session = self._session
        if session.occupied or session.training:
            line = "It can begin when the computer has ended what it does now."
            session.posted.emit(Message("folds", "The computer is busy with something else.", "info", line))
            return
        session.withdrawn.emit("folds")
        shown = session.photos.dataset
        known = shown if shown is not None and shown.root == stored.run.root else None
        job = session.runner.start(
            "compute", lambda emit, token: cross_validate(stored, USUAL_FOLDS, known, emit=emit, token=token)
        )
        self._job = job
        job.reported.connect(self._report)
        job.succeeded.connect(self._succeed)
        job.failed.connect(self._fail)
        job.cancelled.connect(lambda: self._show_idle("Stopped. Nothing was changed."))
        self._button.setText(_STOP)
        set_tooltip(self._button, "Stop the checking; the run stays as it is")
        self._bar.set_share(None)
        self._bar.show()
        self._say("Making ready…")

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._button.setEnabled(False)
            self._say("Stopping…")

    def _report(self, event: Event) -> None:
        if not isinstance(event, Progress):
            return
        if event.stage == "folds":
            self._bar.set_share(event.done / event.total)
            self._say(f"Round {min(event.done + 1, event.total)} of {event.total}")
        elif event.stage in ("scan", "features") and event.done < event.total:
            self._say(f"Reading photos: {event.done:,} of {event.total:,}")

    def _succeed(self, checked: CrossValidation) -> None:
        self._show_idle(folds_sentence(checked))

    def _fail(self, error: Exception) -> None:
        self._show_idle("")
        self._session.report_failure("folds", error)

    def _look(self) -> None:
        """A training or a batch may have pushed the checking off its lane without a word."""
        if self._job is not None and not self._running():
            self._job = None
            if self._bar.isVisibleTo(self):
                self._show_idle("Something else took the computer; nothing was changed.")

    def _show_idle(self, words: str) -> None:
        self._job = None
        self._button.setText(_CHECK)
        self._button.setEnabled(self._of is not None)
        set_tooltip(self._button, _TIP, term="5-fold cross-validation")
        self._bar.hide()
        self._say(words)

    def _say(self, words: str) -> None:
        self._says.setText(words)
        self._says.setVisible(bool(words))
