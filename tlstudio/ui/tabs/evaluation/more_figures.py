"""The figures behind the verdict, each with the field's own word, and what each phase reached."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from tlstudio.evaluation.report import Report
from tlstudio.runs.run import PhaseEnd
from tlstudio.ui import theme
from tlstudio.ui.widgets.disclosure import Disclosure
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.ui.words.figures import Figure, figures, gain_sentence, phase_lines


class MoreFigures(Disclosure):
    """A table of words and values; under it the phases, where there were several."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("All figures", "evaluation-figures", small=True, parent=parent)
        self._table = QWidget()
        self._grid = QGridLayout(self._table)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.SPACE_16)
        self._grid.setVerticalSpacing(theme.SPACE_4)
        self._grid.setColumnStretch(0, 1)
        self._gain = TextLabel("", "secondary", "text2", wrap=True)
        self.body.addWidget(self._table)
        self.body.addWidget(self._gain)

    def show_report(self, report: Report, ends: Sequence[PhaseEnd]) -> None:
        """Show the figures of a report.

        Args:
            report: The judgement on the exam photos.
            ends: What each phase of the training reached.
        """
        while (item := self._grid.takeAt(0)) is not None:
            label = item.widget()
            if label is not None:
                label.hide()
                label.deleteLater()
        for row, figure in enumerate((*figures(report), *phase_lines(ends))):
            self._add(row, figure)
        self._gain.setText(gain_sentence(ends))
        self._gain.setVisible(bool(self._gain.text()))

    def _add(self, row: int, figure: Figure) -> None:
        words = TextLabel(f"{figure.words} ({figure.term})" if figure.term else figure.words, "secondary", wrap=True)
        value = TextLabel(figure.value, "secondary_strong")
        value.setAccessibleName(f"{figure.words}: {figure.value}")
        for label in (words, value):
            set_tooltip(label, figure.tip, term=figure.term)
        self._grid.addWidget(words, row, 0)
        self._grid.addWidget(value, row, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
