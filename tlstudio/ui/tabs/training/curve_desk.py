"""Saving curves and rounds, and remembering how curves are looked at."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QSettings
from PySide6.QtWidgets import QFileDialog, QWidget

from tlstudio.training.history import History
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.saving import save
from tlstudio.ui.tabs.training.rounds_file import rounds_csv
from tlstudio.ui.widgets.curve_picture import FINER
from tlstudio.ui.widgets.curve_plot import CurveView
from tlstudio.ui.widgets.curves import Curves
from tlstudio.whole_files import write_whole

_KEY: Final = "curves"
_FILTERS: Final = {"png": "Pictures (*.png)", "svg": "Drawings (*.svg)", "csv": "Tables (*.csv)"}
_SAVED: Final = {"png": "Picture saved", "svg": "Drawing saved", "csv": "Rounds saved as a table"}
_SMOOTHING, _LOG, _RATE = "curves/smoothing", "curves/log", "curves/rate"


class CurveDesk(QObject):
    """Asks where to, and writes beside the window."""

    def __init__(self, session: Session, curves: Curves, history: Callable[[], History], owner: QWidget) -> None:
        """Serve the curves of a tab.

        Args:
            session: Runs the jobs and carries their messages.
            curves: What is saved; its view is set as it was left.
            history: Gives the rounds that are shown.
            owner: The dialogs stand over it.
        """
        super().__init__(owner)
        self._session, self._curves, self._history, self._owner = session, curves, history, owner
        curves.save_requested.connect(self.save)
        curves.view_changed.connect(_remember)
        curves.set_view(_remembered())

    def save(self, kind: str) -> None:
        """Save what is shown.

        Args:
            kind: "png", "svg" or "csv".
        """
        history = self._history()
        stored = self._session.stored
        name = f"{stored.run.name if stored is not None else self._session.photos.title or 'Training'} curves.{kind}"
        title = "Save the rounds as a table" if kind == "csv" else "Save the curves"
        chosen, _ = QFileDialog.getSaveFileName(self._owner.window(), title, name, _FILTERS[kind])
        if not chosen:
            return
        path = Path(chosen) if Path(chosen).suffix else Path(chosen).with_suffix(f".{kind}")
        save(self._session, _KEY, _written(path, self._content(kind, history)), _SAVED[kind])

    def _content(self, kind: str, history: History) -> Callable[[], bytes]:
        """What is to be written; the picture is recorded now and drawn in the job."""
        if kind == "csv":
            return lambda: rounds_csv(history)
        picture = self._curves.picture(FINER if kind == "png" else 1)
        return picture.png if kind == "png" else picture.svg


def _written(path: Path, content: Callable[[], bytes]) -> Callable[[], Path]:
    def write() -> Path:
        write_whole(path, content())
        return path

    return write


def _remembered() -> CurveView:
    settings = QSettings()
    kept = settings.value(_SMOOTHING, 0.0, type=float)
    smoothing = kept if isinstance(kept, float) and 0 <= kept < 1 else 0.0
    log, rate = (settings.value(key, False, type=bool) is True for key in (_LOG, _RATE))
    return CurveView(smoothing=smoothing, log=log, rate=rate)


def _remember(view: CurveView) -> None:
    settings = QSettings()
    for key, value in ((_SMOOTHING, view.smoothing), (_LOG, view.log), (_RATE, view.rate)):
        settings.setValue(key, value)
