"""The best answers for a photo, each with the number of its key."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QSizePolicy, QWidget

from tlstudio.prediction.batch import DEFAULT_TOP
from tlstudio.ui import theme
from tlstudio.ui.tabs.predict.answers.answers import KEPT_TOP
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.score_bars import Score
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.wording import percent

_WIDE: Final = 290
_IN_LINE: Final = 2
_BESIDE_MORE: Final = 3
_HEIGHT, _COMPACT, _PERCENT, _TRACK = 36, 30, 46, 72


class AnswerRows(QWidget):
    """Up to nine answers as buttons; the first is what the model says.

    Up to five have a line each, with bars; of more, the three best have. The others are small, two in a line, and so
    are all but the first where the window is low: what keys stand for is to be in view.

    Attributes:
        chosen: Carries the class that was pressed.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = [_AnswerRow(number, self) for number in range(1, KEPT_TOP + 1)]
        self._scores: tuple[Score, ...] = ()
        self._compact = False
        self._wide = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(theme.SPACE_4 + 2)
        for column in range(_IN_LINE):
            self._grid.setColumnStretch(column, 1)
        for row in self._rows:
            row.clicked.connect(lambda _checked=False, row=row: self.chosen.emit(row.score.name))
            row.hide()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_scores(self, scores: Sequence[Score], n_classes: int, chosen: str, *, unsure: bool) -> None:
        """Show answers, the surest first.

        Args:
            scores: At most nine.
            n_classes: How many classes there are in all.
            chosen: The answer that counts now; empty for none.
            unsure: Whether its bar takes the colour of what is unsure.
        """
        self._scores = tuple(scores[:KEPT_TOP])
        for row, score in zip(self._rows, self._scores, strict=False):
            row.show_score(score, n_classes, chosen=score.name == chosen, unsure=unsure)
        for number, row in enumerate(self._rows):
            row.setVisible(number < len(self._scores))
        self._place()

    def set_compact(self, compact: bool) -> None:
        """Take less height, for windows that are low."""
        self._compact = compact
        self._place()

    def _place(self) -> None:
        """Give as many as fit a line of their own."""
        wide = 1 if self._compact else _BESIDE_MORE if len(self._scores) > DEFAULT_TOP else DEFAULT_TOP
        if wide == self._wide:
            return
        self._wide = wide
        for number, row in enumerate(self._rows):
            row.set_wide(number < wide)
            self._grid.removeWidget(row)
            line, column = divmod(number - wide, _IN_LINE)
            if number < wide:
                self._grid.addWidget(row, number, 0, 1, _IN_LINE)
            else:
                self._grid.addWidget(row, wide + line, column)

    def class_of(self, number: int) -> str:
        """The class of a key, from 1 on; empty where there is none."""
        return self._scores[number - 1].name if 1 <= number <= len(self._scores) else ""


class _AnswerRow(QAbstractButton):
    """Key cap, dot, class, bar, percent; key cap and class alone where it is small."""

    focus_radius = theme.RADIUS_BUTTON

    def __init__(self, number: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._wide = True
        self.score = Score("", 0, 0.0)
        self._number, self._n_classes = number, 0
        self._chosen = self._unsure = False
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"Answer {number}")
        set_tooltip(self, "Say that it is this class", key=str(number))

    def show_score(self, score: Score, n_classes: int, *, chosen: bool, unsure: bool) -> None:
        self.score, self._n_classes, self._chosen, self._unsure = score, n_classes, chosen, unsure
        self.setAccessibleName(f"{score.name}, {percent(score.share)}")
        set_tooltip(self, f"Say that it is {score.name}", key=str(self._number))
        self.update()

    def set_wide(self, wide: bool) -> None:
        """Tell whether there is a whole line for it."""
        self._wide = wide
        self.setFixedHeight(_HEIGHT if wide else _COMPACT)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240 if self._wide else 112, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(180 if self._wide else 80, _HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Only the space bar presses it: the other keys are those of the card."""
        if event.key() == Qt.Key.Key_Space:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painting.prepare(painter)
        active, middle = self.isDown() or self.underMouse(), self.height() / 2
        ground = theme.color("accent_soft" if self._chosen else "sunken" if active else "surface")
        border = theme.color("accent" if self._chosen else "line")
        painting.box(painter, self.rect(), theme.RADIUS_BUTTON, ground, border, 2.0 if self._chosen else 1.0)
        cap = painting.key_cap_size(str(self._number))
        place = QRectF(10, middle - cap.height() / 2, cap.width(), cap.height())
        under = theme.color("surface" if self._chosen else "sunken")
        painting.key_cap(painter, place, str(self._number), theme.color("text2"), under)
        if not self._wide:
            words = QRectF(place.right() + 8, 0, self.width() - place.right() - 16, self.height())
            self._paint_name(painter, words, 13)
            return
        fill = theme.class_color(self.score.index, self._n_classes, selected=self._chosen)
        painting.dot(painter, QPointF(place.right() + 15, middle), 10, fill)
        self._paint_words(painter, place.right() + 28)

    def _paint_name(self, painter: QPainter, place: QRectF, px: int) -> None:
        font = theme.font(px, QFont.Weight.DemiBold if self._chosen else QFont.Weight.Normal)
        elide = Qt.TextElideMode.ElideMiddle
        painting.text(painter, place, self.score.name, font, theme.color("text"), elide=elide)

    def _paint_words(self, painter: QPainter, left: float) -> None:
        weight = QFont.Weight.DemiBold if self._chosen else QFont.Weight.Normal
        track_width = _TRACK if self.width() >= _WIDE else _TRACK // 2
        bar_left = self.width() - _PERCENT - 12 - track_width
        self._paint_name(painter, QRectF(left, 0, bar_left - left - 10, self.height()), 14)
        track = QRectF(bar_left, self.height() / 2 - 3, track_width, 6)
        token = ("unsure" if self._unsure else "accent") if self._chosen else "line2"
        ground = theme.color("surface" if self._chosen else "sunken")
        painting.bar(painter, track, self.score.share, theme.color(token), ground)
        number = QRectF(0, 0, self.width() - 12, self.height())
        ink = theme.color("text" if self._chosen else "text2")
        share = percent(self.score.share)
        painting.text(painter, number, share, theme.font(13, weight), ink, Qt.AlignmentFlag.AlignRight)
