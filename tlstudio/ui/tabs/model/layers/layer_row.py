"""One layer of a list: a painted line, and its settings as fields while it is the current one."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tlstudio.ui import icons, theme
from tlstudio.ui.tabs.model.layers.layer_rows import LayerLine
from tlstudio.ui.tabs.model.layers.list_row import ListRow
from tlstudio.ui.tabs.model.layers.setting_fields import SettingFields
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.labels import TextLabel

LINE: Final = 40
_MARK: Final = 3.0
_PAD: Final = 12.0
_COMPACT_BELOW: Final = 640


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the parts of a line stand, in pixels from its left end.

    Attributes:
        title: Begin of the kind.
        settings: Begin of the settings.
        output: Begin of the shape.
        parameters: Begin of the number of parameters, which ends at ``end``.
        end: Right end.
    """

    title: float
    settings: float
    output: float
    parameters: float
    end: float

    @classmethod
    def of(cls, width: int) -> "Columns":
        """The parts of a line of this width."""
        compact = width < _COMPACT_BELOW
        end = width - _PAD
        parameters = end - (88 if compact else 108)
        output = parameters - (122 if compact else 136)
        return cls(40.0, 40.0 + (136 if compact else 184), output, parameters, end)


class LayerRow(ListRow):
    """A layer."""

    def __init__(self, number: int, line: LayerLine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number, self._line = number, line
        self._current = False
        self._fields: SettingFields | None = None
        self._problem = TextLabel("", "secondary", "wrong", wrap=True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(40, LINE, int(_PAD), 0)
        self._column.setSpacing(theme.SPACE_8)
        self._column.addWidget(self._problem)
        self.show_line(line)

    @property
    def line(self) -> LayerLine:
        """What it shows."""
        return self._line

    def show_line(self, line: LayerLine) -> None:
        """Show another layer, or the same with other figures."""
        self._line = line
        self._problem.setText(line.problem)
        self._problem.setVisible(bool(line.problem))
        self.setAccessibleName(line.spoken(self._number))
        self._arrange()
        self.update()

    def set_current(self, current: bool) -> None:
        """Show the settings as fields, or take the fields away."""
        self._current = current
        super().set_current(current)
        self._arrange()
        self.update()

    def edit(self) -> None:
        """Go to the first field, or to the row where there is none."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        if self._fields is not None:
            self._fields.focus_first()

    def _arrange(self) -> None:
        if self._fields is not None and (not self._current or self._fields.kind.title != self._line.title):
            self._column.removeWidget(self._fields)
            self._fields.hide()
            self._fields.deleteLater()
            self._fields = None
        if self._current and self._fields is None:
            self._fields = SettingFields(self._line.layer, self)
            self._fields.edited.connect(self.edited)
            self._column.addWidget(self._fields)
            self._fields.show()  # now: the keyboard may be sent there before the layout comes to it
        elif self._fields is not None:
            self._fields.show_layer(self._line.layer)
        opened = self._current or self._line.problem
        self._column.setContentsMargins(40, LINE, int(_PAD), theme.SPACE_12 if opened else 0)

    # Being seen

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground and the line."""
        painter = QPainter(self)
        painting.prepare(painter)
        box = QRectF(self.rect())
        if self._current or self._line.problem:
            ground = "wrong_soft" if self._line.problem else "accent_soft"
            painting.box(painter, box.adjusted(0, 1, 0, -1), theme.RADIUS_CELL, theme.color(ground))
            if self._current:
                edge = theme.color("wrong" if self._line.problem else "accent")
                painting.box(painter, QRectF(0, 1, _MARK, box.height() - 2), 0, edge)
        else:
            painter.fillRect(QRectF(0, box.bottom() - 1, box.width(), 1), theme.color("line"))
        if self.hasFocus() and self.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange):
            painting.box(painter, box.adjusted(0, 1, 0, -1), theme.RADIUS_CELL, None, theme.color("accent"), 2.0)
        self._paint_line(painter)

    def _paint_line(self, painter: QPainter) -> None:
        columns, line = Columns.of(self.width()), self._line
        ink, strong = theme.color("text2"), theme.color("wrong" if line.problem else "text")
        right = Qt.AlignmentFlag.AlignRight
        if line.problem:
            icons.paint(painter, "warning", QRectF(_PAD, (LINE - 16) / 2, 16, 16), strong)
        else:
            number = QRectF(0, 0, columns.title - _PAD, LINE)
            painting.text(painter, number, str(self._number), theme.font(12), theme.color("text2"), right)
        weight = 600 if self._current else 500
        _text(painter, columns.title, columns.settings, line.title, strong, weight)
        if not self._current:
            _text(painter, columns.settings, columns.output, line.settings, ink)
        _text(painter, columns.output, columns.parameters, line.output, theme.color("text"))
        _text(painter, columns.parameters, columns.end, line.parameters, theme.color("text"), align=right)


def _text(
    painter: QPainter,
    left: float,
    right: float,
    words: str,
    ink: QColor,
    weight: int = 400,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    gap = 0 if align == Qt.AlignmentFlag.AlignRight else _PAD
    painting.text(painter, QRectF(left, 0, right - left - gap, LINE), words, theme.font(13, weight), ink, align)
