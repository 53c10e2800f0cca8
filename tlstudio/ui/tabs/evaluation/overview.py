"""How good a model is, in one sentence."""

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from tlstudio.evaluation.report import Report
from tlstudio.runs.store import StoredRun
from tlstudio.ui import theme
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.evaluation.caution_rows import CautionRows
from tlstudio.ui.tabs.evaluation.folds_check import FoldsCheck
from tlstudio.ui.tabs.evaluation.more_figures import MoreFigures
from tlstudio.ui.widgets.card import Card
from tlstudio.ui.widgets.interval_bar import Interval, IntervalBar
from tlstudio.ui.widgets.labels import ElidedLabel, TextLabel
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.ui.words import verdict
from tlstudio.workflows.cautions import Caution


class VerdictCard(Card):
    """Sentence, what it stands on, the interval, what to take it with, and all figures on demand."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(padding=theme.SPACE_24, parent=parent)
        self._sentence = TextLabel("", "verdict", wrap=True)
        self._measured = TextLabel("", "text", "text2", wrap=True)
        self._bar = IntervalBar()
        self._terms = ElidedLabel("", "caption", "text3")
        self._cautions = CautionRows()
        self._figures = MoreFigures()
        self._folds = FoldsCheck(session)
        self._figures.body.addWidget(self._folds)
        self.body.addWidget(self._sentence)
        self.body.addWidget(self._measured)
        self.body.addSpacing(theme.SPACE_4)
        self.body.addWidget(self._bar)
        self.body.addWidget(self._terms)
        self.body.addWidget(self._cautions)
        self.body.addWidget(self._figures)

    def set_cautions(self, cautions: Sequence[Caution]) -> None:
        """Say what the verdict should be taken with."""
        self._cautions.set_cautions(cautions)

    def show_report(self, report: Report, stored: StoredRun | None) -> None:
        """Say how good it is.

        Args:
            report: The judgement on the exam photos.
            stored: The run that was judged.
        """
        self._figures.show_report(report, stored.run.phase_ends if stored is not None else ())
        self._folds.show_run(stored)
        self._cautions.set_cautions(())
        low, high = verdict.bounds(report)
        name = verdict.largest_class(report)
        self._sentence.setText(verdict.verdict(report))
        self._measured.setText(verdict.measured(report))
        self._bar.set_interval(Interval(low, high, report.accuracy * 100, report.baseline * 100, name))
        self._terms.setText(verdict.terms(report))
        set_tooltip(self._bar, verdict.terms(report), term=verdict.TERMS_EXPLAINED)
        set_tooltip(self, verdict.terms(report), term=verdict.TERMS_EXPLAINED)
        self.setAccessibleName(verdict.verdict(report))


def overview_column(*cards: QWidget) -> QWidget:
    """The cards under each other, as the content of a column that scrolls."""
    content = QWidget()
    content.setProperty("scrolled", True)
    column = QVBoxLayout(content)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme.SPACE_16)
    for place, card in enumerate(cards):
        column.addWidget(card, 1 if place == len(cards) - 1 else 0)
    return content
