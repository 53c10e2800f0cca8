"""Looking closer at some rounds of the curves: wheel, drag, double click and keys."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent

from tlstudio.ui.widgets.curve_plot import CurvePlot

Span = tuple[float, float]

STEP = 1.5
_NOTCH = 120.0  # of a mouse wheel, in eighths of a degree
_FEWEST = 2.0


def zoomed(span: Span | None, reach: float, around: float, factor: float) -> Span | None:
    """Show fewer rounds or more.

    Args:
        span: First and last round that are shown; None for all.
        reach: Last round there is.
        around: The round that keeps its place.
        factor: Above 1 for closer, below 1 for farther away.

    Returns:
        What is shown then; None for all.
    """
    left, right = span or (0.0, reach)
    width = max((right - left) / factor, min(_FEWEST, reach))
    if width >= reach:
        return None
    share = min(max((around - left) / (right - left), 0.0), 1.0)
    return panned((around - share * width, around + (1 - share) * width), reach, 0.0)


def panned(span: Span | None, reach: float, rounds: float) -> Span | None:
    """Show later rounds, or earlier ones where ``rounds`` is negative, as far as there are any."""
    if span is None:
        return None
    width = span[1] - span[0]
    left = min(max(span[0] + rounds, 0.0), max(reach - width, 0.0))
    return left, left + width


class CurveZoom(QObject):
    """What mouse and keys do to the rounds that are shown.

    Attributes:
        changed: Other rounds are to be shown.
        span: First and last round that are shown; None for all.
    """

    changed = Signal()

    def __init__(self, plots: Sequence[CurvePlot], reach: Callable[[], float], parent: QObject) -> None:
        """Watch plots.

        Args:
            plots: All show the same rounds.
            reach: Tells the last round there is.
            parent: Owner.
        """
        super().__init__(parent)
        self.span: Span | None = None
        self._reach = reach
        self._plots = {plot.widget.viewport(): plot for plot in plots}
        self._dragged_from: float | None = None
        for viewport in self._plots:
            viewport.installEventFilter(self)

    def reset(self) -> None:
        """Show all rounds."""
        self._set(None)

    def zoom(self, factor: float, around: float | None = None) -> None:
        """Show fewer rounds (above 1) or more around one; without it, around the middle."""
        left, right = self.span or (0.0, self._reach())
        self._set(zoomed(self.span, self._reach(), (left + right) / 2 if around is None else around, factor))

    def pan(self, share: float) -> None:
        """Show later rounds by a share of what is shown, or earlier ones."""
        if self.span is not None:
            self._set(panned(self.span, self._reach(), share * (self.span[1] - self.span[0])))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Wheel, drag and double click on a plot."""
        plot = self._plots.get(watched)
        if plot is None:
            return False
        if isinstance(event, QWheelEvent) and event.angleDelta().y():
            self.zoom(STEP ** (event.angleDelta().y() / _NOTCH), plot.round_at(event.position().x()))
            return True
        return isinstance(event, QMouseEvent) and self._mouse(plot, event)

    def _mouse(self, plot: CurvePlot, event: QMouseEvent) -> bool:
        match event.type():
            case QEvent.Type.MouseButtonDblClick:
                self.reset()
            case QEvent.Type.MouseButtonPress if event.button() == Qt.MouseButton.LeftButton and self.span is not None:
                self._dragged_from = plot.round_at(event.position().x())
            case QEvent.Type.MouseMove if self._dragged_from is not None:
                self._set(panned(self.span, self._reach(), self._dragged_from - plot.round_at(event.position().x())))
                return True
            case QEvent.Type.MouseButtonRelease:
                self._dragged_from = None
        return False

    def _set(self, span: Span | None) -> None:
        if span != self.span:
            self.span = span
            self.changed.emit()
