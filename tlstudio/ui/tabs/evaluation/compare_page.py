"""The Compare view: all runs in a table, and below it what is to be said of those that are ticked."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from tlstudio import paths
from tlstudio.errors import TLStudioError
from tlstudio.evaluation.comparison import MOST_PAIRED, ranks
from tlstudio.evaluation.report import Report
from tlstudio.events import CancelToken, Emit
from tlstudio.modeling.speeds import SpeedStore
from tlstudio.projects.project import runs_of
from tlstudio.runs import store
from tlstudio.runs.store import StoredRun
from tlstudio.ui import theme
from tlstudio.ui.tabs.evaluation.compare_curves import CompareCurves
from tlstudio.ui.tabs.evaluation.compare_fine_tuning import FineTuningTable
from tlstudio.ui.tabs.evaluation.compare_pairs import ComparePairs
from tlstudio.ui.tabs.evaluation.compare_table import CompareTable
from tlstudio.ui.tabs.evaluation.page import EvaluationPage, PageContext
from tlstudio.ui.tabs.quiet_job import QuietJob
from tlstudio.ui.tabs.saving import save
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.card import Card
from tlstudio.ui.widgets.empty_state import EmptyState
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.message_bar import Message
from tlstudio.ui.widgets.segmented import Segmented
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.workflows.compare import ComparedRun, Comparison, compare_runs, compared_run, comparison_csv

_KEY: Final = "compare"
_LEAST_HEIGHT: Final = 236  # three runs
_VIEWS: Final = (("pairs", "Which is better"), ("curves", "Curves"), ("refining", "What refining brought"))
_SCOPES: Final = (("these", "These photos"), ("all", "All runs"))


class ComparePage(EvaluationPage):
    """Table of runs over pairs, curves, and the matrix of data sets and networks."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._known: dict[str, ComparedRun] = {}
        self._added: list[Path] = []
        self._ticked_for = ""
        self._comparison: Comparison | None = None
        self._list = QuietJob(context.session, self)
        self._table = CompareTable()
        self._scope = Segmented(_SCOPES, "Runs")
        self._views = Segmented(_VIEWS, "What is compared")
        self._note = TextLabel("", "secondary", "text2")
        self._pairs = ComparePairs(context.thumbnails)
        self._curves, self._refining = CompareCurves(), FineTuningTable()
        self._nothing_refined = EmptyState(
            "image",
            "Nothing was refined yet",
            "Runs whose last layers learnt first and which were then refined stand here, by photos and network.",
        )
        self._lay_out()
        self._connect()

    def show_report(self, report: Report) -> None:  # noqa: ARG002 - the runs on disk are what counts
        """Another run is open: it is ticked, with those that can be compared with it, when the view is opened."""
        if self.isVisible():
            self.opened()

    def opened(self) -> None:
        """Look up the runs on disk."""
        library = self.context.session.photos.library
        folders = [paths.runs_dir(), *(runs_of(Path(entry.folder)) for entry in library.recent())]
        further = [*self._added, *self._open_folder()]
        known = dict(self._known)
        self._list.start(lambda _emit, token: _found(folders, further, known, token))

    def comparison(self) -> Comparison | None:
        """What is shown of the ticked runs."""
        return self._comparison

    # Building.

    def _lay_out(self) -> None:
        runs = Card("Runs", padding=theme.SPACE_16)
        add, save_table = Button("Add a run", "text", size="small"), Button("Save as table", "text", size="small")
        set_tooltip(add, "Compare with a run in another folder")
        set_tooltip(save_table, "Save the ticked runs with all their figures", term="CSV")
        set_tooltip(self._scope, "Runs on the same photos as the open one, or all runs on this computer")
        set_tooltip(self._views, "What is shown of the ticked runs")
        set_tooltip(self._table, "Tick the runs to compare; a click on a column's name sorts", key="Space")
        add.clicked.connect(self._add)
        save_table.clicked.connect(self._save)
        for widget in (self._note, self._scope, add, save_table):
            runs.add_action(widget)
        runs.body.addWidget(self._table, 1)
        shown = Card(padding=theme.SPACE_16)
        self._shown = QStackedWidget()
        for view in (self._pairs, self._curves, self._refining, self._nothing_refined):
            self._shown.addWidget(view)
        head = QHBoxLayout()
        head.addWidget(self._views)
        head.addStretch(1)
        head.addWidget(self._curves.part)
        shown.body.setSpacing(theme.SPACE_12)
        shown.body.addLayout(head)
        shown.body.addWidget(self._shown, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_16)
        runs.setMinimumHeight(_LEAST_HEIGHT)
        column.addWidget(runs, 9)
        column.addWidget(shown, 11)

    def _connect(self) -> None:
        self._list.succeeded.connect(self._take)
        self._scope.changed.connect(lambda _key: self._show_table())
        self._views.changed.connect(lambda _key: self._show_view())
        self._table.ticked.connect(self._compare)
        self._table.refused.connect(
            lambda: self._note.setText(f"{MOST_PAIRED} runs at once are the most: take a tick away first.")
        )

    # What is shown.

    def _open_folder(self) -> list[Path]:
        stored = self.context.session.stored
        return [stored.folder] if stored is not None else []

    def _take(self, found: dict[str, ComparedRun]) -> None:
        self._known = found
        self._show_table()

    def _show_table(self) -> None:
        runs = [run for run in self._known.values() if self._scope.current_key() == "all" or self._of_these(run)]
        rows = [run.figures for run in runs]
        self._table.set_rows(rows, ranks(rows))
        self._tick_first(runs)
        self._compare()

    def _of_these(self, run: ComparedRun) -> bool:
        """Whether a run learnt from the photos of the open one, was judged on the same, or was added by hand."""
        stored = self.context.session.stored
        opened = self._known.get(str(stored.folder)) if stored is not None else None
        if opened is None or Path(run.figures.key) in self._added:
            return True
        return run.figures.source == opened.figures.source or run.figures.exam == opened.figures.exam != ""

    def _tick_first(self, runs: list[ComparedRun]) -> None:
        """Tick the open run and the newest that can be compared with it, once for each run that is opened."""
        stored = self.context.session.stored
        opened = self._known.get(str(stored.folder)) if stored is not None else None
        if opened is None or self._ticked_for == opened.figures.key:
            return
        self._ticked_for = opened.figures.key
        alike = [run for run in runs if run.figures.exam == opened.figures.exam != "" and run is not opened]
        alike.sort(key=lambda run: run.figures.created, reverse=True)
        self._table.tick([run.figures.key for run in (opened, *alike)])

    def _compare(self) -> None:
        ticked = [self._known[key] for key in self._table.ticked_keys()]
        self._comparison = compare_runs(ticked)
        self._note.setText("" if ticked else "Tick the runs to compare.")
        self._pairs.show_comparison(self._comparison)
        self._show_view()

    def _show_view(self) -> None:
        if self._comparison is None:
            return
        key, comparison = self._views.current_key(), self._comparison
        self._curves.part.setVisible(key == "curves")
        if key == "curves":
            names = [run.figures.name for run in comparison.runs]
            self._curves.show_runs(names, [run.stored.run.history for run in comparison.runs])
        if key == "refining":
            self._refining.set_cells(comparison.cells)
        empty = key == "refining" and not comparison.cells
        widgets = {"pairs": self._pairs, "curves": self._curves, "refining": self._refining}
        self._shown.setCurrentWidget(self._nothing_refined if empty else widgets[key])

    # What can be done.

    def _add(self) -> None:
        folder = QFileDialog.getExistingDirectory(self.window(), "The folder of a run", str(paths.runs_dir()))
        if folder:
            self.add_run(Path(folder))

    def add_run(self, folder: Path) -> None:
        """Compare with a run in another folder, too."""
        session = self.context.session

        def task(_emit: Emit, _token: CancelToken) -> StoredRun:
            return store.load(folder)

        def done(stored: StoredRun) -> None:
            if stored.folder not in self._added:
                self._added.append(stored.folder)
            self.opened()

        session.withdrawn.emit(_KEY)
        job = session.runner.start("ask", task)
        job.succeeded.connect(done)
        job.failed.connect(lambda error: session.report_failure(_KEY, error))

    def _save(self) -> None:
        comparison, session = self._comparison, self.context.session
        if comparison is None or not comparison.runs:
            session.posted.emit(Message(_KEY, "No run is ticked", "info", "Tick the runs that the table shall hold."))
            return
        chosen, _ = QFileDialog.getSaveFileName(
            self.window(), "Save the runs as a table", "Runs compared.csv", "Tables (*.csv)"
        )
        if chosen:
            path = Path(chosen) if Path(chosen).suffix else Path(chosen).with_suffix(".csv")
            save(session, _KEY, _writing(path, comparison), "Runs saved as a table")


def _writing(path: Path, comparison: Comparison) -> Callable[[], Path]:
    def write() -> Path:
        try:
            path.write_bytes(comparison_csv(comparison))
        except OSError as error:
            raise TLStudioError(f"{path} can't be written: {error.strerror}.", "Choose another place.") from error
        return path

    return write


def _found(
    folders: list[Path], further: list[Path], known: dict[str, ComparedRun], token: CancelToken
) -> dict[str, ComparedRun]:
    """All runs in some folders, and single ones; a run never changes, so those known are not read again.

    Runs that can't be opened are left out: where they are opened, it is said why.
    """
    places = [path.parent for folder in folders for path in sorted(folder.glob(f"*/{store.RUN_FILE}"))]
    speeds = SpeedStore()
    found: dict[str, ComparedRun] = {}
    for place in [*places, *further]:
        token.check()
        key = str(place)
        if place.name.startswith(".") or key in found:
            continue
        try:
            found[key] = known.get(key) or compared_run(store.load(place), speeds)
        except TLStudioError:
            continue
    return found
