"""One phase of the list: a painted line, and its settings as fields while it is the current one."""

from typing import Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tlstudio.ui import icons, theme
from tlstudio.ui.tabs.model.layers.list_row import ListRow
from tlstudio.ui.tabs.model.learning.phase_fields import PhaseFields
from tlstudio.ui.tabs.model.learning.phase_lines import PhaseLine, rate_course
from tlstudio.ui.tabs.model.learning.rate_picture import paint_rate
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.ui.words.phases import rate_words

_LINE: Final = 56
_LEFT: Final = 40
_PAD: Final = 12
_GAP: Final = 8  # under each row
_PICTURE: Final = (88, 30)
_KEYBOARD: Final = Qt.WidgetAttribute.WA_KeyboardFocusChange
_RIGHT: Final = Qt.AlignmentFlag.AlignRight


class PhaseRow(ListRow):
    """A phase.

    Attributes:
        rate_wanted: A learning rate is to be looked for.
    """

    rate_wanted = Signal()

    def __init__(self, number: int, line: PhaseLine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number, self._line = number, line
        self._current = False
        self._fields: PhaseFields | None = None
        self._problem = TextLabel("", "secondary", "wrong", wrap=True)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(theme.SPACE_8)
        self._column.addWidget(self._problem)
        self.show_line(line)

    @property
    def line(self) -> PhaseLine:
        """What it shows."""
        return self._line

    def show_line(self, line: PhaseLine) -> None:
        """Show another phase, or the same with other settings."""
        self._line = line
        self._course = rate_course(line)
        self._problem.setText(" ".join(f"{misfit.message} {misfit.hint}" for misfit in line.misfits))
        self.setAccessibleName(line.spoken(self._number))
        set_tooltip(self, rate_words(line.phase), term="learning-rate schedule")
        self._arrange()
        self.update()

    def set_current(self, current: bool) -> None:
        """Show the settings as fields, or take the fields away."""
        self._current = current
        super().set_current(current)
        self._arrange()
        self.update()

    def edit(self) -> None:
        """Go to the first field."""
        self.setFocus()
        if self._fields is not None:
            self._fields.focus_first()

    def _arrange(self) -> None:
        if self._fields is not None and not self._current:
            self._column.removeWidget(self._fields)
            self._fields.hide()
            self._fields.deleteLater()
            self._fields = None
        if self._current and self._fields is None:
            self._fields = PhaseFields(self._line, self)
            self._fields.edited.connect(self.edited)
            self._fields.rate_wanted.connect(self.rate_wanted)
            self._column.addWidget(self._fields)
            self._fields.show()  # now: the keyboard may be sent there before the layout comes to it
        elif self._fields is not None:
            self._fields.show_line(self._line)
        # Open, each field says what is wrong with it.
        self._problem.setVisible(bool(self._line.misfits) and not self._current)
        opened = self._current or self._line.misfits
        left = _PAD if self._current else _LEFT
        self._column.setContentsMargins(left, _LINE, _PAD, _GAP + (_PAD if opened else 0))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the frame and the line."""
        painter = QPainter(self)
        painting.prepare(painter)
        box = QRectF(self.rect()).adjusted(0, 0, 0, -_GAP)
        wrong = bool(self._line.misfits)
        edge = "wrong_mark" if wrong else "accent" if self._current else "line"
        painting.box(painter, box, theme.RADIUS_BUTTON, theme.color("surface"), theme.color(edge))
        if self._current:
            strip = QRectF(box.left() + 1, box.top() + 1, box.width() - 2, _LINE - _PAD)
            painting.box(painter, strip, theme.RADIUS_BUTTON - 1, theme.color("wrong_soft" if wrong else "accent_soft"))
        if self.hasFocus() and self.window().testAttribute(_KEYBOARD):
            painting.box(painter, box, theme.RADIUS_BUTTON, None, theme.color("accent"), 2.0)
        self._paint_line(painter, QRectF(0, 0, self.width(), _LINE - (_PAD if self._current else 0)))

    def _paint_line(self, painter: QPainter, line: QRectF) -> None:
        ink = theme.color("wrong" if self._line.misfits else "text")
        middle = line.center().y()
        if self._line.misfits:
            icons.paint(painter, "warning", QRectF(_PAD, middle - 9, 18, 18), ink)
        else:
            place = QRectF(0, middle - 10, _LEFT - _PAD, 20)
            painting.text(painter, place, str(self._number), theme.font(13), theme.color("text2"), _RIGHT)
        width, height = _PICTURE
        picture = QRectF(line.right() - _PAD - width, middle - height / 2, width, height)
        paint_rate(painter, picture, self._course)
        words = QRectF(_LEFT, middle - 19, picture.left() - _LEFT - _PAD, 20)
        painting.text(painter, words, self._line.title, theme.font(14, 600), ink)
        painting.text(painter, words.translated(0, 19), self._line.facts, theme.font(13), theme.color("text2"))
