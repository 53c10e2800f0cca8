"""A slider whose left part is filled."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets import painting

_TRACK, _HANDLE = 6.0, 18.0


class Slider(QSlider):
    """A horizontal slider; a click on the track goes there, the wheel belongs to the page."""

    def __init__(self, minimum: int, maximum: int, value: int, name: str, parent: QWidget | None = None) -> None:
        """Make a slider.

        Args:
            minimum: Value at the left end.
            maximum: Value at the right end.
            value: First value.
            name: For screen readers.
            parent: Owner.
        """
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(minimum, maximum)
        self.setValue(value)
        self.setPageStep(max((maximum - minimum) // 10, 1))
        self.setAccessibleName(name)
        self.setFixedHeight(theme.HEIGHT_SMALL)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Some width, high enough to be hit."""
        return QSize(200, theme.HEIGHT_SMALL)

    def minimumSizeHint(self) -> QSize:
        """May become short."""
        return QSize(80, theme.HEIGHT_SMALL)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the handle to the mouse."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._follow(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the handle."""
        if self.isSliderDown():
            self._follow(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002 - Qt's own signature
        """Let go of the handle."""
        self.setSliderDown(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw track, filled part and handle."""
        painter = QPainter(self)
        painting.prepare(painter)
        middle, x = self.height() / 2, self._x()
        track = QRectF(0, middle - _TRACK / 2, self.width(), _TRACK)
        painting.box(painter, track, _TRACK / 2, theme.color("sunken"))
        painting.box(painter, QRectF(0, track.y(), x, _TRACK), _TRACK / 2, theme.color("accent"))
        painting.dot(painter, QPointF(x, middle), _HANDLE, theme.color("surface"))
        painting.ring(painter, QPointF(x, middle), _HANDLE, theme.color("accent"), 2)

    def _x(self) -> float:
        share = (self.value() - self.minimum()) / max(self.maximum() - self.minimum(), 1)
        return _HANDLE / 2 + share * (self.width() - _HANDLE)

    def _follow(self, x: float) -> None:
        share = (x - _HANDLE / 2) / max(self.width() - _HANDLE, 1)
        self.setValue(self.minimum() + round(min(max(share, 0.0), 1.0) * (self.maximum() - self.minimum())))
