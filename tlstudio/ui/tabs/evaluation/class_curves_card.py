"""How well one class is told from all others, at every threshold, and what its own threshold comes to."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from tlstudio.evaluation.curves import ClassCurves, at_threshold
from tlstudio.runs.scores import LabelledScores
from tlstudio.ui import theme
from tlstudio.ui.tabs.evaluation.threshold_row import ThresholdRow
from tlstudio.ui.widgets.card import Card
from tlstudio.ui.widgets.empty_state import EmptyState
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.ui.widgets.unit_plot import UnitLine, UnitPlot
from tlstudio.ui.words.figures import threshold_sentence


class ClassCurvesCard(Card):
    """ROC and precision-recall curves over the threshold.

    Attributes:
        threshold_kept: Carries the name of a class and its threshold, or None for none of its own.
    """

    threshold_kept = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(" ", padding=theme.SPACE_24, parent=parent)
        self._scores: LabelledScores | None = None
        self._name, self._index = "", 0
        self._line = UnitLine((), ())
        self._roc = UnitPlot("ROC curve", "Others called it (FPR)", "Its photos found (recall)")
        self._pr = UnitPlot("PR curve", "Its photos found (recall)", "Right of those (precision)")
        self._threshold = ThresholdRow()
        set_tooltip(
            self._roc,
            "How many of its photos are found, against how many others are called it: best near the top left corner",
            term="ROC curve and the area under it (AUC)",
        )
        set_tooltip(
            self._pr,
            "How many of its photos are found, against how many called it are; the ring is the threshold below",
            term="Precision-recall curve and average precision",
        )
        self._empty = EmptyState("image", "No curves", "")
        self._lay_out()
        self._threshold.moved.connect(lambda _threshold: self._show_threshold())
        self._threshold.kept.connect(lambda threshold: self.threshold_kept.emit(self._name, threshold))

    def show_class(
        self,
        name: str,
        index: int,
        scores: LabelledScores | None,
        curves: ClassCurves | None,
        threshold: float | None,
    ) -> None:
        """Show a class.

        Args:
            name: The class.
            index: Its column in the scores.
            scores: Of the exam photos; None where they can't be read.
            curves: Of the class; None where there is nothing to tell apart.
            threshold: Its own threshold, if it has one.
        """
        self.flush()
        self._name, self._index, self._scores = name, index, scores
        self.set_title(f"{name}, at every threshold")
        if scores is None or curves is None:
            why = f"No exam photo, or every one, is of {name}: there is nothing to tell apart."
            self._empty.set_text("No curves", why if scores is not None else "This run keeps no scores of its photos.")
            self._stack.setCurrentIndex(1)
            return
        self._stack.setCurrentIndex(0)
        roc, pr = curves.roc, curves.precision_recall
        self._roc.set_title(f"ROC curve, area {roc.area:.3f}")
        self._roc.set_lines([UnitLine((0, 1), (0, 1), "line2", 1, dashed=True), UnitLine(tuple(roc.x), tuple(roc.y))])
        self._pr.set_title(f"PR curve, area {pr.area:.3f}")
        self._line = UnitLine(tuple(pr.x), tuple(pr.y))
        self._threshold.show_class(name, threshold)
        self._show_threshold()

    def flush(self) -> None:
        """Tell at once of a threshold that is still to be kept."""
        self._threshold.flush()

    def _show_threshold(self) -> None:
        scores = self._scores
        if scores is None:
            return
        threshold = self._threshold.threshold()
        found = at_threshold(scores.scores, scores.labels, self._index, threshold)
        self._threshold.set_words(threshold_sentence(self._name, threshold, found))
        ring = None if found.precision is None or found.recall is None else (found.recall, found.precision)
        self._pr.set_lines([self._line], ring)

    def _lay_out(self) -> None:
        plots = QHBoxLayout()
        plots.setSpacing(theme.SPACE_24)
        plots.addWidget(self._roc, 1)
        plots.addWidget(self._pr, 1)
        full = QWidget()
        column = QVBoxLayout(full)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_16)
        column.addLayout(plots, 1)
        column.addWidget(self._threshold)
        self._stack = QStackedLayout()
        self._stack.addWidget(full)
        self._stack.addWidget(self._empty)
        self.body.addLayout(self._stack, 1)
