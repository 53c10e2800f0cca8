"""What is on or off: switch and check box."""

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from tlstudio.ui import icons, theme
from tlstudio.ui.widgets import painting

_GAP = 8
_SWITCH = QSize(34, 18)
_BOX = QSize(18, 18)


class _Toggle(QCheckBox):
    """A mark with words behind it; the space bar and a click anywhere on it change it."""

    mark = _BOX

    def __init__(self, words: str, name: str = "", parent: QWidget | None = None) -> None:
        """Make a toggle.

        Args:
            words: What stands behind the mark; may be empty where a title says it.
            name: What it switches, for screen readers, where ``words`` is empty.
            parent: Owner.
        """
        super().__init__(words, parent)
        self.setFont(theme.font(14))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if name:
            self.setAccessibleName(name)

    def sizeHint(self) -> QSize:
        """Mark and words."""
        words = painting.text_width(self.text(), self.font()) + _GAP if self.text() else 0
        return QSize(self.mark.width() + words, theme.HEIGHT_SMALL)

    def minimumSizeHint(self) -> QSize:
        """Never cut off."""
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:  # noqa: N802 - Qt's name
        """Words and mark alike can be clicked."""
        return self.rect().contains(pos)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw mark and words."""
        painter = QPainter(self)
        painting.prepare(painter)
        mark = QRectF(0, (self.height() - self.mark.height()) / 2, self.mark.width(), self.mark.height())
        self.paint_mark(painter, mark)
        ink = theme.color("text" if self.isEnabled() else "text3")
        left = self.mark.width() + _GAP
        painting.text(painter, QRectF(left, 0, self.width() - left, self.height()), self.text(), self.font(), ink)

    def paint_mark(self, painter: QPainter, rect: QRectF) -> None:
        """Draw the mark."""
        raise NotImplementedError


class CheckBox(_Toggle):
    """A box with a tick."""

    mark = _BOX

    def paint_mark(self, painter: QPainter, rect: QRectF) -> None:
        """A box, ticked or empty."""
        if self.isChecked():
            fill = theme.color("accent" if self.isEnabled() else "line2")
            painting.box(painter, rect, theme.RADIUS_KEY, fill)
            icons.paint(
                painter, "check", rect.adjusted(2.5, 2.5, -2.5, -2.5), theme.color("on_accent"), painting.MARK_STROKE
            )
        else:
            painting.box(painter, rect, theme.RADIUS_KEY, theme.color("surface"), theme.color("line2"), 1.5)


class Switch(_Toggle):
    """A switch for what takes effect at once."""

    mark = _SWITCH
    focus_radius = 16

    def paint_mark(self, painter: QPainter, rect: QRectF) -> None:
        """A track with a knob at its left or right end."""
        radius = rect.height() / 2
        if self.isChecked():
            painting.box(painter, rect, radius, theme.color("accent" if self.isEnabled() else "line2"))
            painting.dot(painter, QPointF(rect.right() - radius, rect.center().y()), 12, theme.color("on_accent"))
        else:
            painting.box(painter, rect, radius, theme.color("surface"), theme.color("line2"), 1.5)
            painting.dot(painter, QPointF(rect.left() + radius, rect.center().y()), 11, theme.color("line2"))
