"""The curves of several runs in one plot each: photos right, and error, of the photos checked on."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.training.history import History
from tlstudio.ui import theme
from tlstudio.ui.tabs.evaluation.compare_table import RUN_TOKENS
from tlstudio.ui.widgets.curve_data import CurveData, PhaseSpan
from tlstudio.ui.widgets.curve_line import LineKind
from tlstudio.ui.widgets.curve_plot import CurvePlot, CurveView
from tlstudio.ui.widgets.curve_scales import ScaleKind
from tlstudio.ui.widgets.curve_shaping import Points
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.segmented import Segmented
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.ui.words.names import shortened

_PARTS: Final = (("val_", "Photos checked on"), ("", "Photos learnt from"))


class _Overlaid(CurveData):
    """Curves of several trainings; a line's series is "PLACE FIGURE", such as "0 loss"."""

    def __init__(self, histories: Sequence[History] = (), part: str = "") -> None:
        super().__init__()
        self._runs = [CurveData.of(history) for history in histories]
        self._part = part

    @property
    def reach(self) -> float:
        return max((run.rounds for run in self._runs), default=1.0) or 1.0

    @property
    def empty(self) -> bool:
        return all(run.empty for run in self._runs)

    @property
    def idle(self) -> bool:
        return self.empty

    def phases(self) -> list[PhaseSpan]:
        """None: each run has its own, and their bands would lie on one another."""
        return []

    def points(self, name: str, *, within: bool = False) -> Points:
        place, _, figure = name.partition(" ")
        if int(place) >= len(self._runs):
            return np.empty(0), np.empty(0)
        return self._runs[int(place)].points(f"{self._part}{figure}", within=within)


class _RunsPlot(CurvePlot):
    """One figure of as many runs as can be compared."""

    def __init__(self, kind: ScaleKind, figure: str, parent: QWidget) -> None:
        lines = (LineKind(f"{place} {figure}", " ", token, 2.0) for place, token in enumerate(RUN_TOKENS))
        super().__init__(kind, tuple(lines), parent)
        self.widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.restyle()

    def name_lines(self, names: Sequence[str]) -> None:
        """Put these names at the ends of the lines."""
        for line, name in zip(self._lines, names, strict=False):
            line.name.setText(name)


class CompareCurves(QWidget):
    """Two plots side by side, with one line a run in the run's colour, its name at the end.

    Attributes:
        part: Chooses the photos that the curves are of; it stands wherever its owner wants it.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._histories: tuple[History, ...] = ()
        self._plots: list[_RunsPlot] = []
        self.part = Segmented(_PARTS, "Photos")
        set_tooltip(self.part, "Which photos the curves are of", term="Validation or training")
        self.part.changed.connect(lambda _key: self._draw())
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.SPACE_24)
        theme.notifier().changed.connect(self._restyle)

    def show_runs(self, names: Sequence[str], histories: Sequence[History]) -> None:
        """Show the curves of these runs, in the order of their colours."""
        if not self._plots:  # making them takes 100 ms: not before somebody looks
            self._row.addWidget(self._column("percent", "Photos right", "(accuracy), in percent", "accuracy"), 1)
            self._row.addWidget(self._column("error", "Error", "(loss), lower is better", "loss"), 1)
        self._names, self._histories = tuple(map(shortened, names)), tuple(histories)
        self.setAccessibleName(f"Curves of {', '.join(names)}")
        self._draw()

    def shown(self) -> dict[str, Points]:
        """What is drawn, by line: "0 accuracy" is the first run's."""
        return {series: points for plot in self._plots for series, points in plot.shown().items()}

    def _column(self, kind: ScaleKind, title: str, rest: str, figure: str) -> QWidget:
        column = QWidget()
        plot = _RunsPlot(kind, figure, column)
        self._plots.append(plot)
        head = QHBoxLayout()
        head.setSpacing(theme.SPACE_8)
        head.addWidget(TextLabel(title, "strong"), 0, Qt.AlignmentFlag.AlignBaseline)
        head.addWidget(TextLabel(rest, "secondary", "text2"), 1, Qt.AlignmentFlag.AlignBaseline)
        whole = QVBoxLayout(column)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addLayout(head)
        whole.addWidget(plot.widget, 1)
        return column

    def _draw(self) -> None:
        data = _Overlaid(self._histories, self.part.current_key())
        for plot in self._plots:
            plot.name_lines(self._names)
            plot.draw(data, CurveView())

    def _restyle(self) -> None:
        for plot in self._plots:
            plot.restyle()
        self._draw()
