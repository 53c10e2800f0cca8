"""The steps of a training in a row: done, running, to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets import painting

StepState = Literal["done", "running", "to_come"]

_CIRCLE = 20
_GAP = 6
_SPOKEN: dict[StepState, str] = {"done": "done", "running": "running", "to_come": "to come"}


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    Attributes:
        name: What it does.
        state: "done", "running" or "to_come".
        detail: Its time, or where it is: "round 5 of 10".
    """

    name: str
    state: StepState = "to_come"
    detail: str = ""


class StepsRow(QWidget):
    """Circles joined by lines, each with its name and a detail under it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: tuple[Step, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_steps(self, steps: Sequence[Step]) -> None:
        """Show ``steps``."""
        if tuple(steps) == self._steps:
            return
        self._steps = tuple(steps)
        spoken = (f"{step.name}, {_SPOKEN[step.state]}, {step.detail}".rstrip(", ") for step in self._steps)
        self.setAccessibleName("; ".join(spoken))
        self.setFixedHeight(self._height())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Every step 160 wide."""
        return QSize(160 * len(self._steps), self._height())

    def minimumSizeHint(self) -> QSize:
        """Details go under the names where there is little room."""
        return QSize(96 * len(self._steps), self._height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Change between one and two lines of words."""
        super().resizeEvent(event)
        self.setFixedHeight(self._height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw circles, lines and words."""
        if not self._steps:
            return
        painter = QPainter(self)
        painting.prepare(painter)
        width = self.width() / len(self._steps)
        for index, step in enumerate(self._steps):
            left = index * width
            self._paint_circle(painter, step, QPointF(left + _CIRCLE / 2, _CIRCLE / 2))
            if index + 1 < len(self._steps):
                token = "accent" if step.state == "done" else "line"
                painter.setPen(QPen(theme.color(token), 2))
                start, end = left + _CIRCLE + _GAP, left + width - _GAP
                painter.drawLine(QPointF(start, _CIRCLE / 2), QPointF(end, _CIRCLE / 2))
            self._paint_words(painter, step, QRectF(left, _CIRCLE + 6, width - 12, 20))

    def _paint_circle(self, painter: QPainter, step: Step, center: QPointF) -> None:
        match step.state:
            case "done":
                painting.state_circle(painter, center, _CIRCLE, "check")
            case "running":
                painting.ring(painter, center, _CIRCLE, theme.color("accent"), 2)
                painting.dot(painter, center, 9, theme.color("accent"))
            case "to_come":
                painting.ring(painter, center, _CIRCLE, theme.color("line2"), 1.5)

    def _paint_words(self, painter: QPainter, step: Step, rect: QRectF) -> None:
        font, small = theme.font(13, QFont.Weight.DemiBold), theme.font(12)
        ink = theme.color("text2" if step.state == "to_come" else "text")
        painting.text(painter, rect, step.name, font, ink)
        if not step.detail:
            return
        if self._two_lines():
            place = rect.translated(0, 18)
        else:
            place = rect.adjusted(painting.text_width(step.name, font) + 8, 0, 0, 0)
        painting.text(painter, place, step.detail, small, theme.color("text2"))

    def _two_lines(self) -> bool:
        room = self.width() / max(len(self._steps), 1) - 12
        font, small = theme.font(13, QFont.Weight.DemiBold), theme.font(12)
        return any(
            step.detail and painting.text_width(step.name, font) + 8 + painting.text_width(step.detail, small) > room
            for step in self._steps
        )

    def _height(self) -> int:
        return _CIRCLE + 28 + (18 if self._two_lines() else 0)
