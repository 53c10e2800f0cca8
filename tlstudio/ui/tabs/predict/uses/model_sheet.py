"""Saving the model for other programs: a format, a place, and afterwards whether it says the same there."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from tlstudio.datasets.file_names import shown_name
from tlstudio.datasets.sizes import size_in_words
from tlstudio.errors import TLStudioError
from tlstudio.events import Event, Progress
from tlstudio.runs.store import StoredRun
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.predict.uses.model_formats import FormatList
from tlstudio.ui.tabs.saving import show_in_folder
from tlstudio.ui.widgets.bar import Bar
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.labels import ElidedLabel, TextLabel, Tone
from tlstudio.ui.widgets.sheet import JobSheet
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.workflows.export import Exported, export, require_exportable

_WIDTH: Final = 620
_TITLE: Final = "Save the model"
_LINE: Final = (
    "Other programs can use it then. What is done to the pixels of a photo and the calibration of its scores are "
    "inside; its labels and an example of use lie beside it."
)
_PROMISE: Final = "Afterwards it is opened again by itself, and its answers are compared with those of this program."
_ASK: Final = "Choose where the new folder is to be made"


def save_model(session: Session, owner: QWidget) -> None:
    """Open the sheet for the model of the run that is open; without one there is nothing to save."""
    if session.stored is not None:
        ModelSheet(session, session.stored, owner.window()).open()


class ModelSheet(JobSheet):
    """Formats with what each is for, the place, progress, and the verdict."""

    def __init__(self, session: Session, stored: StoredRun, parent: QWidget | None = None) -> None:
        """Make a sheet.

        Args:
            session: Runs the job.
            stored: Whose model is saved.
            parent: Owner.
        """
        super().__init__(_TITLE, parent)
        self._session, self._stored = session, stored
        self._parent_folder = Path.home()
        self._made: Path | None = None
        self._formats = FormatList()
        self._place = ElidedLabel("", "strong", mode=Qt.TextElideMode.ElideMiddle)
        self._change = Button("Choose another place", "text", size="small")
        self._bar = Bar(8)
        self._words = TextLabel("", "text", "text2", wrap=True)
        self._stop = Button("Stop")
        self._show = Button("Show folder", icon="folder")
        self._close = self.cancel_button("Save nothing")
        self._save = Button("Save", "filled")
        self._arrange()
        self._connect()
        self._suggest()
        self._formats.setFocus()

    # Building

    def _arrange(self) -> None:
        column = self.column
        column.addWidget(TextLabel(_LINE, "secondary", "text2", wrap=True))
        column.addWidget(self._formats)
        place = QHBoxLayout()
        place.addWidget(TextLabel("New folder", "secondary", "text2"), 1)
        place.addWidget(self._change)
        column.addLayout(place)
        column.addWidget(self._place)
        column.addWidget(self._bar)
        column.addWidget(self._words)
        column.addStretch(1)
        self.add_foot(self._close, self._save, left=(self._stop, self._show))

    def _connect(self) -> None:
        set_tooltip(self._change, "Choose the folder in which the new folder is made")
        set_tooltip(self._stop, "End it; nothing is left behind")
        set_tooltip(self._show, "Open the folder of the model in the file manager")
        for button in (self._change, self._stop, self._show):
            button.setAutoDefault(False)
        self._bar.setAccessibleName("How far the model is saved")
        self._formats.chosen.connect(self._suggest)
        self._change.clicked.connect(self._choose_place)
        self._stop.clicked.connect(self._stop_saving)
        self._show.clicked.connect(self._show_made)
        self._save.clicked.connect(self._start)

    # Format and place

    def _suggest(self) -> None:
        """Name a folder for the format that is chosen; what was saved before is no longer spoken of."""
        exporter = self._formats.exporter
        name = shown_name(f"{self._stored.run.name} {exporter.name}")
        self._show_place(_unused(self._parent_folder / name))
        self._made = None
        try:
            require_exportable(self._stored, exporter)
        except TLStudioError as error:
            self._say(str(error), "unsure", why_not=error.message)
        else:
            self._say(_PROMISE)

    def _choose_place(self) -> None:
        if chosen := QFileDialog.getExistingDirectory(self, _ASK, str(self._parent_folder)):
            self._parent_folder = Path(chosen)
            self._suggest()

    def _show_place(self, place: Path) -> None:
        self._out = place
        self._place.setText(str(place))
        self._place.setAccessibleName(f"New folder: {place}")

    # While it is saved

    def _start(self) -> None:
        stored, name, out = self._stored, self._formats.exporter.name, self._out
        job = self._session.runner.start("save", lambda emit, token: export(stored, name, out, emit=emit, token=token))
        self.job = job
        job.reported.connect(self._report)
        job.succeeded.connect(self._succeed)
        job.failed.connect(self._fail)
        job.cancelled.connect(self._stopped)
        self._bar.set_share(None)
        self._say("It is made ready…")

    def _report(self, event: Event) -> None:
        if isinstance(event, Progress):
            self._bar.set_share(event.done / event.total if event.total else None)
            self._words.setText(f"{event.note}…")

    def _stop_saving(self) -> None:
        if self.job is not None:
            self.job.cancel()
            self._say("Stopping…")

    # After it

    def _succeed(self, exported: Exported) -> None:
        self.job = None
        self._made = exported.path if exported.path.is_dir() else exported.path.parent
        agreed = exported.agreement
        tone: Tone = "accent" if agreed.same == agreed.photos else "unsure"
        self._say(f"Saved: {size_in_words(exported.size)}. {agreed.sentence}", tone)

    def _stopped(self) -> None:
        self.job = None
        self._say("Stopped. Nothing was left behind.")

    def _fail(self, error: Exception) -> None:
        self.job = None
        if not isinstance(error, TLStudioError):
            self._session.report_failure("export", error)
        known = isinstance(error, TLStudioError)
        self._say(str(error) if known else "The model could not be saved.", "wrong")

    def _show_made(self) -> None:
        if self._made is not None:
            show_in_folder(self._made)

    def _say(self, words: str, tone: Tone = "text2", *, why_not: str = "") -> None:
        """Say how it stands, and let the buttons offer what can be done now.

        Args:
            words: How it stands.
            tone: Its ink.
            why_not: What is in the way of saving; "" for nothing.
        """
        self._words.setText(words)
        self._words.set_tone(tone)
        running, made = self.job is not None, self._made is not None
        for widget in (self._bar, self._stop):
            widget.setVisible(running)
        self._stop.setEnabled(self.job is not None and not self.job.cancelling)
        self._show.setVisible(made)
        self._close.setText("Close" if made else "Cancel")
        set_tooltip(self._close, "Close this sheet" if made else "Save nothing", key="Esc")
        self._formats.setEnabled(not running)
        self._change.setEnabled(not running)
        self._save.setEnabled(not running and not made and not why_not)
        self._save.setDefault(self._save.isEnabled())
        done = "It is saved; choose another format to save it once more" if made else ""
        set_tooltip(self._save, why_not or done or "Write the model and compare it with this program", key="Enter")
        self.fit_height(_WIDTH)


def _unused(folder: Path) -> Path:
    number, free = 1, folder
    while free.exists():
        number += 1
        free = folder.with_name(f"{folder.name} {number}")
    return free
