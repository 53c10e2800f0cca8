"""Curves in a square from 0 to 100 %."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets.labels import ElidedLabel

_TICKS: Final = [(share / 100, str(share)) for share in (0, 25, 50, 75, 100)]
_MOST_POINTS: Final = 2_000
_DOT: Final = 9


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One line of a plot.

    Attributes:
        x: Places, 0 to 1.
        y: Heights, 0 to 1.
        ink: Token of its colour.
        width: In pixels.
        dashed: Whether it is broken.
        dots: Diameters of the dots that mark its points, in pixels; none where empty.
    """

    x: Sequence[float]
    y: Sequence[float]
    ink: str = "accent"
    width: float = 2.5
    dashed: bool = False
    dots: Sequence[float] = ()


class UnitPlot(QWidget):
    """Title over a square plot with the words of its axes, lines, and one ring."""

    def __init__(self, title: str, x_words: str, y_words: str, parent: QWidget | None = None) -> None:
        """Make an empty plot.

        Args:
            title: Stands over it.
            x_words: What lies along the bottom.
            y_words: What lies upward; it stands under the title.
            parent: Owner.
        """
        super().__init__(parent)
        self._title = ElidedLabel(title, "strong")
        self._plot: Any = pg.PlotWidget(self, background=None)
        self._lines: tuple[UnitLine, ...] = ()
        self._ring: tuple[float, float] | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_4)
        column.addWidget(self._title)
        column.addWidget(ElidedLabel(f"↑ {y_words}, %", "caption", "text2"))
        column.addWidget(self._plot, 1)
        along = ElidedLabel(f"{x_words}, % →", "caption", "text2")
        along.setAlignment(Qt.AlignmentFlag.AlignRight)
        column.addWidget(along)
        self._quieten()
        theme.notifier().changed.connect(self._draw)
        self._draw()

    def set_title(self, title: str) -> None:
        """Change the title."""
        self._title.setText(title)
        self.setAccessibleName(title)

    def set_lines(self, lines: Sequence[UnitLine], ring: tuple[float, float] | None = None) -> None:
        """Show lines, and a ring at one place where there is one."""
        self._lines, self._ring = tuple(lines), ring
        self._draw()

    def _quieten(self) -> None:
        """Nothing of pyqtgraph's own controls."""
        self._plot.setMinimumSize(120, 110)
        self._plot.setAntialiasing(True)
        self._plot.setFrameShape(self._plot.Shape.NoFrame)
        self._plot.setStyleSheet("background: transparent;")
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        item = self._plot.getPlotItem()
        item.setMenuEnabled(False)
        item.hideButtons()
        item.showGrid(x=False, y=True, alpha=0.25)
        box = item.getViewBox()
        box.setMouseEnabled(x=False, y=False)
        box.setRange(xRange=(-0.02, 1.08), yRange=(-0.05, 1.09), padding=0)
        for side in ("left", "bottom"):
            item.getAxis(side).setTicks([_TICKS])
        item.getAxis("left").setWidth(34)

    def _draw(self) -> None:
        item = self._plot.getPlotItem()
        item.clear()
        for side in ("left", "bottom"):
            axis = item.getAxis(side)
            axis.setPen(pg.mkPen(theme.color("line")))
            axis.setTextPen(theme.color("text2"))
            axis.setStyle(hideOverlappingLabels=False, tickLength=0, tickFont=theme.font(12), tickTextOffset=6)
        for line in self._lines:
            self._draw_line(item, line)
        if self._ring is not None:
            pen, brush = pg.mkPen(theme.color("text"), width=2), pg.mkBrush(theme.color("surface"))
            x, y = self._ring
            item.plot([x], [y], pen=None, symbol="o", symbolSize=_DOT + 2, symbolPen=pen, symbolBrush=brush)

    def _draw_line(self, item: Any, line: UnitLine) -> None:  # noqa: ANN401 - pyqtgraph has no typed stubs
        style = Qt.PenStyle.DashLine if line.dashed else Qt.PenStyle.SolidLine
        ink = theme.color(line.ink)
        pen = pg.mkPen(ink, width=line.width, style=style)
        x, y = list(line.x), list(line.y)
        if line.dots:
            item.plot(x, y, pen=pen, symbol="o", symbolSize=list(line.dots), symbolBrush=ink, symbolPen=None)
            return
        step = max(len(x) // _MOST_POINTS, 1)
        item.plot([*x[:-1:step], *x[-1:]], [*y[:-1:step], *y[-1:]], pen=pen)
