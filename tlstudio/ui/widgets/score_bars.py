"""How sure a model is of its best answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets import painting
from tlstudio.wording import percent

_ROW = 26
_PERCENT = 48


@dataclass(frozen=True, slots=True)
class Score:
    """One answer.

    Attributes:
        name: Class.
        index: Position of the class, for its colour.
        share: How sure, 0 to 1.
    """

    name: str
    index: int
    share: float


class ScoreBars(QWidget):
    """A row for each answer: dot, class, bar, percent. The first is the model's answer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scores: tuple[Score, ...] = ()
        self._n_classes = 0
        self._first_color = "accent"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_scores(self, scores: Sequence[Score], n_classes: int, *, unsure: bool = False) -> None:
        """Show ``scores``, the surest first.

        Args:
            scores: The best answers.
            n_classes: How many classes there are in all.
            unsure: Whether the first bar takes the colour of what is unsure.
        """
        self._scores, self._n_classes = tuple(scores), n_classes
        self._first_color = "unsure" if unsure else "accent"
        self.setAccessibleName(", ".join(f"{score.name} {percent(score.share)}" for score in self._scores))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """A row for each answer."""
        return QSize(280, _ROW * len(self._scores))

    def minimumSizeHint(self) -> QSize:
        """Names may be shortened."""
        return QSize(180, _ROW * len(self._scores))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the rows."""
        painter = QPainter(self)
        painting.prepare(painter)
        name_width = self._name_width()
        for index, score in enumerate(self._scores):
            first = index == 0
            row = QRectF(0, index * _ROW, self.width(), _ROW)
            font = theme.font(14, QFont.Weight.DemiBold if first else QFont.Weight.Normal)
            dot = theme.class_color(score.index, self._n_classes, selected=first)
            painting.dot(painter, QPointF(5, row.center().y()), 10, dot)
            name = QRectF(18, row.y(), name_width, _ROW)
            elide = Qt.TextElideMode.ElideMiddle
            painting.text(painter, name, score.name, font, theme.color("text"), elide=elide)
            track = QRectF(name.right() + 12, row.center().y() - 4, 0, 8)
            track.setRight(max(self.width() - _PERCENT, track.left()))
            fill = theme.color(self._first_color if first else "line2")
            painting.bar(painter, track, score.share, fill)
            number = theme.font(13, QFont.Weight.DemiBold if first else QFont.Weight.Normal)
            ink = theme.color("text" if first else "text2")
            painting.text(painter, row, percent(score.share), number, ink, Qt.AlignmentFlag.AlignRight)

    def _name_width(self) -> float:
        font = theme.font(14, QFont.Weight.DemiBold)
        wanted = max((painting.text_width(score.name, font) for score in self._scores), default=0)
        return float(min(max(wanted, 80), max(self.width() * 0.42, 60)))
