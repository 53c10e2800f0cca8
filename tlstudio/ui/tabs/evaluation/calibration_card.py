"""Whether the model is as right as it is sure, before and after its scores were adjusted."""

import math
from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from tlstudio.evaluation.calibration import ReliabilityBin
from tlstudio.evaluation.report import Report
from tlstudio.ui import theme
from tlstudio.ui.widgets.card import Card
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.ui.widgets.unit_plot import UnitLine, UnitPlot
from tlstudio.ui.words.figures import calibration_sentence

_KEY_BOTH = "Solid: as it answers now. Dashed: the network by itself. Thin: as sure as right. Large dots: many photos."
_KEY_ONE = "Solid: as it answers. Thin: as sure as right. Large dots: many photos."
_SMALLEST_DOT, _LARGEST_DOT = 5.0, 16.0


class CalibrationCard(Card):
    """A sentence over the calibration curve of all exam photos."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Is it as right as it is sure?", padding=theme.SPACE_24, parent=parent)
        self._sentence = TextLabel("", "text", "text2", wrap=True)
        self._plot = UnitPlot("Calibration curve", "How sure it says it is (score)", "Of these, right")
        self._key = TextLabel("", "caption", "text3", wrap=True)
        self.body.setSpacing(theme.SPACE_16)
        self.body.addWidget(self._sentence)
        self.body.addWidget(self._plot, 1)
        self.body.addWidget(self._key)
        set_tooltip(
            self._plot,
            "Exam photos by how sure the model is of them: on the thin line it is as right as it says",
            term="Reliability diagram, 15 bins of equal width; temperature scaling",
        )

    def show_report(self, report: Report) -> None:
        """Show the calibration of a report."""
        before = report.uncalibrated
        lines = [UnitLine((0, 1), (0, 1), "line2", 1)]
        if before is not None:
            lines.append(_line(before.bins, "learn", dashed=True))
        self._plot.set_lines([*lines, _line(report.reliability, "accent")])
        self._plot.setAccessibleName("Calibration curve")
        self._sentence.setText(calibration_sentence(report))
        self._key.setText(_KEY_ONE if before is None else _KEY_BOTH)


def _line(bins: Sequence[ReliabilityBin], ink: str, *, dashed: bool = False) -> UnitLine:
    x, y = tuple(entry.sure for entry in bins), tuple(entry.right for entry in bins)
    most = max((entry.photos for entry in bins), default=1)
    dots = tuple(max(_LARGEST_DOT * math.sqrt(entry.photos / most), _SMALLEST_DOT) for entry in bins)
    return UnitLine(x, y, ink, 1.0 if dashed else 1.5, dashed=dashed, dots=dots)
