"""The Overview: the verdict over the confusion matrix, and beside it the photos behind what is selected."""

from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QScrollArea, QWidget

from tlstudio.evaluation.report import Report
from tlstudio.events import CancelToken, Emit
from tlstudio.paths import runs_dir
from tlstudio.projects.project import runs_of
from tlstudio.runs.store import StoredRun, list_runs
from tlstudio.ui.tabs.evaluation import judged_photos
from tlstudio.ui.tabs.evaluation.matrix_card import MatrixCard, MatrixOf
from tlstudio.ui.tabs.evaluation.matrix_desk import MatrixDesk
from tlstudio.ui.tabs.evaluation.overview import VerdictCard, overview_column
from tlstudio.ui.tabs.evaluation.page import EvaluationPage, PageContext
from tlstudio.ui.tabs.evaluation.photos_pane import PhotosPane
from tlstudio.ui.tabs.quiet_job import QuietJob
from tlstudio.ui.widgets.matrix_layout import Selection
from tlstudio.wording import counted
from tlstudio.workflows.cautions import Caution, cautions


class OverviewPage(EvaluationPage):
    """Verdict over matrix | photos."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._report: Report | None = None
        self._of_run: Report | None = None  # its matrix, or one of its last layer learnt anew, is shown
        self._own = ""  # title of the photos that are chosen in the matrix; of others, nothing is selected there
        self._verdict, self._matrix = VerdictCard(context.session), MatrixCard()
        MatrixDesk(context.session, self._matrix)
        self._pane = PhotosPane(context)
        self.lay_out_columns(_scrolled(overview_column(self._verdict, self._matrix)), self._pane)
        self._matrix.selected.connect(lambda _selection: self._choose())
        self._matrix.pair_selected.connect(self._choose_pair)
        self._matrix.activated.connect(self._pane.grid.setFocus)
        self._matrix.which_chosen.connect(self._show_matrix_of)
        context.gain.changed.connect(lambda: self._show_matrix_of("run"))
        context.gain.matrix_requested.connect(self._show_new_matrix)
        context.chosen.changed.connect(self._show_photos)
        self._pane.all_requested.connect(self._show_in_photos)
        self._asking = QuietJob(context.session, self)
        self._asking.succeeded.connect(self._verdict.set_cautions)

    def show_report(self, report: Report) -> None:
        """Show a report with nothing selected."""
        self._report = self._of_run = report
        stored = self.context.session.stored
        self._verdict.show_report(report, stored)
        self._matrix.show_report(report)
        self._matrix.offer(corrected=self.context.gain.compared is not None)
        self._show_photos()
        if stored is not None:
            self._ask(stored, report)

    def _show_matrix_of(self, which: MatrixOf) -> None:
        """Show where the run goes wrong, or its last layer learnt anew without or with the corrections."""
        own, compared = self.context.session.report, self.context.gain.compared
        if own is not self._of_run:
            return  # another run has been opened, and is shown as soon as all know of it
        report = own if compared is None or which == "run" else compared.before if which == "before" else compared.after
        self._matrix.offer(compared is not None, which if compared is not None else "run")
        if report is not None and report is not self._report:
            self._report = report
            self._matrix.show_report(report)
            self.context.chosen.clear()
            self._show_photos()

    def _show_new_matrix(self) -> None:
        self.context.chosen.view_requested.emit("overview")
        self._show_matrix_of("after")

    def _ask(self, stored: StoredRun, report: Report) -> None:
        """What the verdict should be taken with: other runs are read for it."""
        session = self.context.session
        known, library = session.shown_photos_of(stored), session.photos.library

        def task(_emit: Emit, _token: CancelToken) -> tuple[Caution, ...]:
            folders = (runs_of(Path(entry.folder)) for entry in library.recent())
            others, _ = list_runs(runs_dir(), *folders)
            return cautions(stored, report, others, known)

        self._asking.start(task)

    def _choose(self) -> None:
        if self._report is None:
            return
        selection = self._matrix.selection()
        if selection:
            title = self._own = judged_photos.title_of(self._report, selection)
            self.context.chosen.choose(title, judged_photos.selected(self._report, selection))
        else:
            self._own = ""
            self.context.chosen.clear()

    def _choose_pair(self, first: int, second: int) -> None:
        if self._report is not None:
            first_name, second_name = self._report.classes[first], self._report.classes[second]
            title = self._own = f"{first_name} and {second_name} taken for each other"
            self.context.chosen.choose(title, judged_photos.confused(self._report, first, second))

    def _show_in_photos(self) -> None:
        chosen = self.context.chosen
        if self._report is not None and not chosen:
            wrong = judged_photos.of_kind(self._report, "wrong")
            chosen.choose(judged_photos.title_of(self._report, Selection()), wrong)
        chosen.view_requested.emit("photos")

    def _show_photos(self) -> None:
        if self.context.chosen.title != self._own:
            self._own = ""
            with QSignalBlocker(self._matrix):
                self._matrix.clear_selection()
        if self._report is not None:
            show_chosen(self._pane, self._report, self.context)


def show_chosen(pane: PhotosPane, report: Report, context: PageContext) -> None:
    """Show the chosen photos; the wrong ones where none are chosen."""
    chosen = context.chosen
    wrong = judged_photos.of_kind(report, "wrong")
    if chosen:
        pane.show_photos(chosen.title, report, chosen.photos)
    elif wrong:
        title = f"{len(wrong):,} wrong {'photo' if len(wrong) == 1 else 'photos, surest first'}"
        pane.show_photos(title, report, wrong)
    else:
        count = counted(len(report.photos), "photo")
        pane.show_calm("Wrong photos", "None is wrong", f"The model got all {count} of the exam right.")


def _scrolled(content: QWidget) -> QScrollArea:
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QScrollArea.Shape.NoFrame)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setWidget(content)
    return scroll
