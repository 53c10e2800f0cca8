"""A choice of one among a few, side by side."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets import painting

_INSET = 3
_ROOM, _LEAST_ROOM = 26, 10


class Segmented(QWidget):
    """Segments on a sunken track; arrow keys move the choice.

    Attributes:
        changed: Carries the key of the segment that was chosen by hand.
    """

    changed = Signal(str)

    def __init__(self, items: Sequence[tuple[str, str]], name: str, parent: QWidget | None = None) -> None:
        """Make the segments; the first is chosen.

        Args:
            items: Key and words of each segment.
            name: What is chosen, for screen readers.
            parent: Owner.
        """
        super().__init__(parent)
        self._segments: dict[str, _Segment] = {}
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(_INSET, _INSET, _INSET, _INSET)
        row.setSpacing(0)
        for key, words in items:
            segment = _Segment(key, words)
            self._segments[key] = segment
            self._group.addButton(segment)
            row.addWidget(segment)
        next(iter(self._segments.values())).setChecked(True)
        self._group.buttonClicked.connect(self._tell)
        self._group.buttonToggled.connect(self._tell_key)
        self._current = self.current_key()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def current_key(self) -> str:
        """Key of the chosen segment."""
        return next(key for key, segment in self._segments.items() if segment.isChecked())

    def set_current(self, key: str) -> None:
        """Choose a segment without telling it."""
        self._current = key
        self._segments[key].setChecked(True)

    def set_offered(self, key: str, offered: bool) -> None:
        """Show or hide a segment; whoever hides the chosen one chooses another."""
        self._segments[key].setVisible(offered)

    def set_count(self, key: str, count: int | None) -> None:
        """Put a number behind the words of a segment; None takes it away."""
        self._segments[key].set_count(count)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the track."""
        painter = QPainter(self)
        painting.prepare(painter)
        painting.box(painter, self.rect(), theme.RADIUS_BUTTON, theme.color("sunken"))

    def _tell_key(self, button: QAbstractButton, checked: bool) -> None:
        if checked:
            self._tell(button)

    def _tell(self, button: QAbstractButton) -> None:
        key = button.objectName()
        if key != self._current:
            self._current = key
            self.changed.emit(key)


class _Segment(QAbstractButton):
    focus_radius = theme.RADIUS_CELL

    def __init__(self, key: str, words: str) -> None:
        super().__init__()
        self.setObjectName(key)
        self.setText(words)
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)  # a button's own never shrinks
        self.setFont(theme.font(13, QFont.Weight.Medium))
        self._count: int | None = None

    def set_count(self, count: int | None) -> None:
        self._count = count
        self.setAccessibleName(self._words())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        bold = theme.font(13, QFont.Weight.DemiBold)
        return QSize(painting.text_width(self._words(), bold) + _ROOM, theme.HEIGHT_SMALL - 3)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint() - QSize(_ROOM - _LEAST_ROOM, 0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painting.prepare(painter)
        if self.isChecked():
            ground = theme.color("line" if theme.current().is_dark and not theme.has_more_contrast() else "surface")
            painting.box(painter, self.rect(), theme.RADIUS_CELL, ground, theme.color("line"))
        strong = self.isChecked() or self.underMouse()
        ink = theme.color("text3" if not self.isEnabled() else "text" if strong else "text2")
        weight = QFont.Weight.DemiBold if self.isChecked() else QFont.Weight.Medium
        place = QRectF(self.rect())
        painting.text(painter, place, self._words(), theme.font(13, weight), ink, Qt.AlignmentFlag.AlignHCenter)

    def _words(self) -> str:
        return self.text() if self._count is None else f"{self.text()}  {self._count:,}"
