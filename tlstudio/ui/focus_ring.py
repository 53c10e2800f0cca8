"""The ring round the control that the keyboard is on."""

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QTabBar,
    QWidget,
)
from shiboken6 import isValid

from tlstudio.ui import theme

_REACH = theme.FOCUS_GAP + theme.FOCUS_WIDTH
_RINGED = (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QTabBar,
)
_MOVES = {QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.LayoutRequest}


class FocusRing(QObject):
    """Lays a ring round whatever control gets the focus by key: 2 px of accent after a gap of 2 px.

    Lists, tables and grids mark their current cell themselves, once they have one. A widget of another kind asks for a
    ring with the attribute ``focus_radius``, in pixels, which controls may have, too. A widget may offer
    ``focus_rect() -> QRect`` where the ring belongs round a part of it.
    """

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._frame: _Frame | None = None
        app.focusChanged.connect(self._move)

    def _move(self, _old: QWidget | None, now: QWidget | None) -> None:
        if self._frame is not None and isValid(self._frame):
            self._frame.leave()
        self._frame = None
        if now is not None and _is_ringed(now) and focused_by_key(now):
            self._frame = _Frame(now)


class _Frame(QWidget):
    """The ring itself: lies above its target, follows it, lets the mouse through."""

    def __init__(self, target: QWidget) -> None:
        host = _host(target)
        super().__init__(host)
        self._host = host
        self._target = target
        self._watched: list[QWidget] = []
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        watched: QWidget | None = target
        while watched is not None and watched is not self._host:
            watched.installEventFilter(self)
            self._watched.append(watched)
            watched = watched.parentWidget()
        if isinstance(target, QTabBar):
            target.currentChanged.connect(self._follow)
        self._follow()

    def leave(self) -> None:
        """Take the ring away."""
        for widget in self._watched:
            if isValid(widget):
                widget.removeEventFilter(self)
        if isValid(self._target) and isinstance(self._target, QTabBar):
            self._target.currentChanged.disconnect(self._follow)
        self.hide()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Follow the target and everything it lies in."""
        if event.type() in _MOVES and isValid(self._target):
            self._follow()
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("accent"), theme.FOCUS_WIDTH))
        half = theme.FOCUS_WIDTH / 2
        radius = float(getattr(self._target, "focus_radius", theme.RADIUS_BUTTON)) + theme.FOCUS_GAP + half
        box = QRectF(self.rect()).adjusted(half, half, -half, -half)
        radius = min(radius, box.height() / 2)
        painter.drawRoundedRect(box, radius, radius)

    def _follow(self) -> None:
        inner = focused_part(self._target)
        corner = self._target.mapTo(self._host, inner.topLeft())
        self.setGeometry(QRect(corner, inner.size()).adjusted(-_REACH, -_REACH, _REACH, _REACH))
        self.setVisible(self._target.isVisible())
        self.raise_()


def _is_ringed(widget: QWidget) -> bool:
    if isinstance(widget, QAbstractItemView):
        return not widget.currentIndex().isValid()
    return isinstance(widget, _RINGED) or hasattr(widget, "focus_radius")


def focused_by_key(widget: QWidget) -> bool:
    """Whether a widget that has the focus got it by key, and not by a click."""
    return widget.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)


def focused_part(widget: QWidget) -> QRect:
    """The part of a widget that keys act on: all of it, what its ``focus_rect`` says, or the current cell of a view.

    Returns:
        A rectangle in the coordinates of the widget; of the viewport of an item view.
    """
    if isinstance(widget, QAbstractItemView):
        cell = widget.visualRect(widget.currentIndex())
        return cell if cell.isValid() else widget.viewport().rect()
    return widget.focus_rect() if hasattr(widget, "focus_rect") else widget.rect()


def _host(target: QWidget) -> QWidget:
    """The widget that the ring lies in: the window, or what a scroll area scrolls, so that the ring scrolls along."""
    host = target.parentWidget() or target
    while not host.isWindow():
        above = host.parentWidget()
        if above is None or isinstance(above.parentWidget(), QAbstractScrollArea):
            break
        host = above
    return host
