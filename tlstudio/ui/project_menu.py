"""The menu under the name of the project."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QMenu, QWidget

from tlstudio.datasets.samples import SAMPLE_DATASETS
from tlstudio.runs.store import StoredRun
from tlstudio.ui.session import Session

_SHOWN_RUNS = 8


class ProjectMenu(QMenu):
    """Opens folders, samples and earlier runs. The runs are looked up each time it opens."""

    def __init__(
        self,
        session: Session,
        choose_folder: Callable[[], None],
        choose_run: Callable[[], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Project", parent)
        self._session = session
        self.addAction("Open a folder of photos…", choose_folder).setShortcutVisibleInContextMenu(True)
        self.addAction("Open a run…", choose_run)
        self._runs = self.addMenu("Earlier runs")
        self._runs.menuAction().setVisible(False)
        samples = self.addMenu("Samples")
        for entry in SAMPLE_DATASETS:
            samples.addAction(entry.title, partial(self._open_sample, entry.name))
        self.aboutToShow.connect(session.list_runs)
        session.runs_listed.connect(self._fill)

    def _open_sample(self, name: str) -> None:
        self._session.tab_requested.emit("dataset")
        self._session.open_sample(name)

    def _fill(self, runs: list[StoredRun]) -> None:
        self._runs.clear()
        for stored in runs[:_SHOWN_RUNS]:
            self._runs.addAction(stored.run.name, partial(self._session.open_run, stored.folder))
        self._runs.menuAction().setVisible(bool(runs))
