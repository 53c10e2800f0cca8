"""Opening models that other programs made: asks for a file, has it checked, shows the sheet, makes a run of it."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from tlstudio import paths
from tlstudio.datasets.dataset import Dataset
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Emit
from tlstudio.foreign.opening import MODEL_ENDINGS, OpenedModel, open_foreign
from tlstudio.foreign.pixels import Pixels
from tlstudio.paths import is_file
from tlstudio.runs.store import StoredRun, folder_of_now
from tlstudio.ui.opening_sheet import OpeningSheet
from tlstudio.ui.session import Session
from tlstudio.workers.job import Job, Task
from tlstudio.workflows.open_model import found_labels, keep_model
from tlstudio.workflows.scan import read_photos
from tlstudio.workflows.try_pixels import PixelFinding, photos_to_try, try_pixels

_FILTER: Final = f"Models ({' '.join(f'*{ending}' for ending in MODEL_ENDINGS)})"


def is_model(place: Path) -> bool:
    """Whether a file goes by the name of a model from elsewhere."""
    return place.suffix.lower() in MODEL_ENDINGS and is_file(place)


class ModelDesk(QObject):
    """Leads from the wish to open a model to a run that is open."""

    def __init__(self, session: Session, owner: QWidget) -> None:
        super().__init__(owner)
        self._session, self._owner = session, owner

    def take(self, file: Path | None = None) -> None:
        """Open a file; ask for one where none is given."""
        file = file or self._asked()
        if file is not None:
            _Deal(self._session, file, self).check()

    def _asked(self) -> Path | None:
        chosen, _ = QFileDialog.getOpenFileName(self._owner.window(), "Choose a model", str(Path.home()), _FILTER)
        return Path(chosen) if chosen else None


class _Deal(QObject):
    """One file while its sheet is open."""

    def __init__(self, session: Session, file: Path, desk: ModelDesk) -> None:
        super().__init__(desk)
        self._session, self._file, self._desk = session, file, desk
        self._opened: OpenedModel | None = None
        self._job: Job | None = None
        dataset = session.photos.dataset
        self._photos = dataset if dataset is not None and dataset.samples else None
        words = "Try it on the photos that are open" if self._photos else "Try it on a folder of labelled photos…"
        owner = desk.parent()
        self._sheet = OpeningSheet(file, words, owner.window() if isinstance(owner, QWidget) else None)
        self._sheet.trial_wanted.connect(self._try)
        self._sheet.names_wanted.connect(self._ask_for_names)
        self._sheet.other_wanted.connect(self._ask_for_another)
        self._sheet.open_wanted.connect(self._keep)
        self._sheet.finished.connect(self._end)

    def check(self) -> None:
        """Check the file; the sheet shows what comes of it."""
        file = self._file

        def task(emit: Emit, token: CancelToken) -> OpenedModel:
            opened = open_foreign(file, emit=emit, token=token)
            if token.cancelled:  # nobody would hear of it
                opened.close()
                token.check()
            return opened

        job = self._start(task)
        job.succeeded.connect(self._show)
        job.failed.connect(self._refuse)
        self._sheet.open()

    def _start(self, task: Task) -> Job:
        self._job = self._session.runner.start("model", task)
        return self._job

    def _show(self, opened: OpenedModel) -> None:
        self._opened = opened
        self._sheet.show_model(opened, found_labels(opened))

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, TLStudioError):
            self._sheet.show_refusal(error)
        else:
            self._crash(error)

    def _crash(self, error: Exception) -> None:
        self._sheet.reject()
        self._session.report_failure("runs", error)

    # Names

    def _ask_for_names(self) -> None:
        folder = str(self._file.parent)
        chosen, _ = QFileDialog.getOpenFileName(self._sheet, "Choose a list of names", folder, "Text (*.txt *.csv)")
        if not chosen or self._opened is None:
            return
        try:
            self._sheet.show_names(found_labels(self._opened, Path(chosen)))
        except TLStudioError as error:
            self._sheet.show_problem(str(error))

    # Pixels

    def _try(self) -> None:
        if self._opened is None:
            return
        photos: Dataset | Path | None = self._photos
        if photos is None:
            chosen = QFileDialog.getExistingDirectory(self._sheet, "Choose a folder with a folder for each class")
            photos = Path(chosen) if chosen else None
        if photos is not None:
            self._try_on(self._opened, photos)

    def _try_on(self, opened: OpenedModel, photos: Dataset | Path) -> None:
        names = self._sheet.names()

        def task(emit: Emit, token: CancelToken) -> PixelFinding:
            known = read_photos(photos, emit=emit, token=token) if isinstance(photos, Path) else photos
            return try_pixels(opened, names, photos_to_try(known), emit=emit, token=token)

        self._sheet.wait("It is being tried on your photos")
        job = self._start(task)
        job.succeeded.connect(self._sheet.show_finding)
        job.failed.connect(self._tell_trial)

    def _tell_trial(self, error: Exception) -> None:
        if isinstance(error, TLStudioError):
            self._sheet.show_problem(str(error))
        else:
            self._crash(error)

    # The run

    def _keep(self, names: tuple[str, ...], pixels: Pixels) -> None:
        opened = self._opened
        if opened is None:
            return
        out = folder_of_now(paths.runs_dir(), self._file.stem)
        self._sheet.wait("It is being saved")
        job = self._start(lambda _emit, _token: keep_model(opened, names, pixels, out))
        job.succeeded.connect(self._done)
        job.failed.connect(self._tell_trial)

    def _done(self, stored: StoredRun) -> None:
        self._sheet.accept()
        self._session.show_model(stored)
        self._session.tab_requested.emit("predict")

    def _ask_for_another(self) -> None:
        self._sheet.reject()
        self._desk.take()

    def _end(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job.detach()
        if self._opened is not None:
            self._opened.close()
        self._sheet.deleteLater()
        self.deleteLater()
