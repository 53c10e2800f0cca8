"""The Classes view: how well each class is recognised, and beside it its photos, its curves, or the calibration."""

from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from tlstudio.errors import TLStudioError
from tlstudio.evaluation.curves import ClassCurves, class_curves
from tlstudio.evaluation.report import Report
from tlstudio.events import CancelToken, Emit
from tlstudio.runs.scores import LabelledScores, load_scores
from tlstudio.runs.store import StoredRun
from tlstudio.runs.thresholds import load_thresholds, save_thresholds
from tlstudio.ui import theme
from tlstudio.ui.tabs.evaluation import judged_photos
from tlstudio.ui.tabs.evaluation.calibration_card import CalibrationCard
from tlstudio.ui.tabs.evaluation.class_curves_card import ClassCurvesCard
from tlstudio.ui.tabs.evaluation.overview_page import show_chosen
from tlstudio.ui.tabs.evaluation.page import EvaluationPage, PageContext
from tlstudio.ui.tabs.evaluation.photos_pane import PhotosPane
from tlstudio.ui.tabs.quiet_job import QuietJob
from tlstudio.ui.widgets.card import Card
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.matrix_layout import Selection
from tlstudio.ui.widgets.metrics_table import MetricsTable
from tlstudio.ui.widgets.segmented import Segmented
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.ui.words import verdict
from tlstudio.ui.words.figures import class_sentence

_SIDES: Final = (("photos", "Its photos"), ("curves", "Curves and threshold"), ("calibration", "Calibration"))


@dataclass(frozen=True, slots=True)
class _Known:
    """What was read of a run beside the window.

    Attributes:
        test: Scores of the exam photos; None where they can't be read, or not yet.
        curves: Of each class; empty without scores.
        thresholds: Of the classes that have one of their own.
    """

    test: LabelledScores | None = None
    curves: tuple[ClassCurves | None, ...] = ()
    thresholds: dict[str, float] = field(default_factory=dict)


class ClassesPage(EvaluationPage):
    """Table of the classes | what is known of the one selected."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._report: Report | None = None
        self._stored: StoredRun | None = None
        self._known = _Known()
        self._table = MetricsTable()
        self._average = TextLabel("", "secondary", "text2", wrap=True)
        self._sides = Segmented(_SIDES, "What is shown of the class")
        self._pane = PhotosPane(context)
        self._curves, self._calibration = ClassCurvesCard(), CalibrationCard()
        self._stack = QStackedWidget()
        self._loading = QuietJob(context.session, self)
        self._lay_out()
        self._connect()

    def show_report(self, report: Report) -> None:
        """Show the classes of a report with none selected."""
        self._curves.flush()  # a threshold that is still to be kept is of the run shown so far
        self._report, self._stored = report, self.context.session.stored
        self._known = _Known()
        self._table.set_metrics(report.per_class)
        self._calibration.show_report(report)
        self._show_photos()
        self._show_curves()
        stored = self._stored
        if stored is not None:
            self._loading.start(lambda _emit, _token: _load(stored, _emit, _token))

    def _lay_out(self) -> None:
        card = Card("How well each class is recognised", padding=theme.SPACE_24)
        card.body.addWidget(self._table, 1)
        card.add_footer(self._average)
        for side in (self._pane, self._curves, self._calibration):
            self._stack.addWidget(side)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_12)
        column.addWidget(self._sides, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._stack, 1)
        self.lay_out_columns(card, right)
        set_tooltip(self._table, "A click on a class shows its photos and curves, a click on a column's name sorts")
        set_tooltip(self._sides, "The photos of the class, its curves over the threshold, or how sure all answers are")

    def _connect(self) -> None:
        self._table.class_selected.connect(self._choose_class)
        self._sides.changed.connect(self._show_side)
        self._curves.threshold_kept.connect(self._keep_threshold)
        self._loading.succeeded.connect(self._loaded)
        self.context.chosen.changed.connect(self._show_photos)
        self._pane.all_requested.connect(lambda: self.context.chosen.view_requested.emit("photos"))

    def _loaded(self, known: "_Known") -> None:
        self._known = known
        self._show_curves()

    def _choose_class(self, name: str) -> None:
        if self._report is not None and name in self._report.classes:
            selection = Selection(self._report.classes.index(name))
            title = judged_photos.title_of(self._report, selection)
            self.context.chosen.choose(title, judged_photos.selected(self._report, selection))
            self._show_curves()

    def _show_side(self, key: str) -> None:
        self._stack.setCurrentIndex([name for name, _ in _SIDES].index(key))

    def _show_photos(self) -> None:
        if self._report is None:
            return
        if not self.context.chosen:
            with QSignalBlocker(self._table):
                self._table.setCurrentIndex(self._table.rootIndex())
            self._show_curves()
        show_chosen(self._pane, self._report, self.context)

    def _show_curves(self) -> None:
        """Of the class selected; of the one recognised worst where none is."""
        report = self._report
        if report is None:
            return
        worst = min((entry for entry in report.per_class if entry.support), key=lambda entry: entry.f1)
        name = self._table.selected_class() or worst.name
        index = report.classes.index(name)
        known = self._known
        curves = known.curves[index] if known.curves else None
        self._curves.show_class(name, index, known.test, curves, known.thresholds.get(name))
        chosen = class_sentence(report, index) if self._table.selected_class() else verdict.macro_average(report)
        self._average.setText(chosen)

    def _keep_threshold(self, name: str, threshold: float | None) -> None:
        if self._stored is None:
            return
        if threshold is None:
            self._known.thresholds.pop(name, None)
        else:
            self._known.thresholds[name] = threshold
        try:
            save_thresholds(self._stored.folder, self._known.thresholds)
        except TLStudioError as error:
            self.context.session.report_failure("thresholds", error)


def _load(stored: StoredRun, _emit: Emit, token: CancelToken) -> _Known:
    thresholds = load_thresholds(stored.folder)
    try:
        test = load_scores(stored).test
    except TLStudioError:
        return _Known(thresholds=thresholds)  # said in the place of the curves; the rest can be shown
    curves = []
    for index in range(len(stored.run.classes)):
        token.check()
        curves.append(class_curves(test.scores, test.labels, index))
    return _Known(test, tuple(curves), thresholds)
