"""What the confusion matrix needs of the window: saving it, and the order that takes a moment to find."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from tlstudio.evaluation.report import Report
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.evaluation.matrix_card import MatrixCard
from tlstudio.ui.tabs.quiet_job import QuietJob
from tlstudio.ui.tabs.saving import save
from tlstudio.ui.widgets.matrix_order import clustered
from tlstudio.whole_files import write_whole

_KEY: Final = "matrix"
_FILTERS: Final = {"png": "Pictures (*.png)", "svg": "Drawings (*.svg)", "csv": "Tables (*.csv)"}


class MatrixDesk(QObject):
    """Serves one matrix."""

    def __init__(self, session: Session, card: MatrixCard) -> None:
        super().__init__(card)
        self._session, self._card = session, card
        self._clustering = QuietJob(session, self)
        self._clustering.succeeded.connect(self._take_order)
        card.clustering_wanted.connect(self._cluster)
        card.save_requested.connect(self.save)

    def save(self, kind: str) -> None:
        """Ask where to, and write beside the window.

        Args:
            kind: "png", "svg" or "csv".
        """
        run = self._session.stored
        name = f"{run.run.name if run is not None else 'Run'} confusion matrix.{kind}"
        window = self._card.window()
        chosen, _ = QFileDialog.getSaveFileName(window, "Save the confusion matrix", name, _FILTERS[kind])
        if chosen:
            path = Path(chosen) if Path(chosen).suffix else Path(chosen).with_suffix(f".{kind}")
            save(self._session, _KEY, _written(path, self._content(kind)), "Confusion matrix saved")

    def _content(self, kind: str) -> Callable[[], bytes]:
        """What is to be written; a picture is drawn in the job."""
        if kind == "csv":
            return self._card.csv
        picture = self._card.picture()
        return picture.png if kind == "png" else picture.svg

    def _cluster(self) -> None:
        report = self._card.report
        if report is not None:
            self._clustering.start(lambda _emit, _token: (report, clustered(report.confusion)))

    def _take_order(self, answer: tuple[Report, list[int]]) -> None:
        report, order = answer
        if report is self._card.report:
            self._card.set_clustered(order)


def _written(path: Path, content: Callable[[], bytes]) -> Callable[[], Path]:
    def write() -> Path:
        write_whole(path, content())
        return path

    return write
