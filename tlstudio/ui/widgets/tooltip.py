"""Tooltips: what it does, then the expert's term, then the key; shown to the mouse and to the keyboard."""

from html import escape
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QTimer
from PySide6.QtGui import QHelpEvent, Qt
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QToolTip, QWidget
from shiboken6 import isValid

from tlstudio.ui.focus_ring import focused_by_key, focused_part

DELAY_MS: Final = 600
"""How long a control has the focus before its tooltip is shown."""

_CURSOR: Final = QPoint(2, 12)  # Qt shows a tooltip a little to the right of a cursor and under it
_LOW: Final = 80  # what is higher is a region of the window: its tooltip belongs to its top
_HIDING: Final = (QEvent.Type.KeyPress, QEvent.Type.Wheel, QEvent.Type.Hide)


def set_tooltip(widget: QWidget, what: str, *, term: str = "", key: str = "") -> None:
    """Explain a control to the eye and to a screen reader.

    Args:
        widget: The control.
        what: What it does, in plain words.
        term: The word that the field uses for it.
        key: Its keyboard shortcut.
    """
    parts = [part for part in (what, term, key) if part]
    widget.setAccessibleDescription(". ".join(part.rstrip(".") for part in parts))
    # Only rich text is wrapped by Qt; plain text would run across the screen.
    widget.setToolTip("<qt>" + "<br>".join(escape(part) for part in parts) + "</qt>")


def as_plain(text: str) -> str:
    """A tooltip that Qt shows as it is, also where a file or class is called "<b>x</b>"."""
    return f"<qt>{escape(text)}</qt>".replace("\n", "<br>") if Qt.mightBeRichText(text) else text


class FocusTooltips(QObject):
    """Shows the tooltip of whatever control got the focus by key, after a moment, until a key is pressed."""

    def __init__(self, app: QApplication) -> None:
        """Watch the focus of an application; lives as long as it."""
        super().__init__(app)
        self._control: QWidget | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self._show)
        app.focusChanged.connect(self._move)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Whoever goes on needs no words any more."""
        if event.type() in _HIDING:
            self._leave()
        return super().eventFilter(watched, event)

    def _move(self, _old: QWidget | None, now: QWidget | None) -> None:
        self._leave()
        if now is not None and focused_by_key(now):
            self._control = now
            now.installEventFilter(self)
            self._timer.start()

    def _leave(self) -> None:
        self._timer.stop()
        control, self._control = self._control, None
        if control is not None and isValid(control):
            control.removeEventFilter(self)
            QToolTip.hideText()

    def _show(self) -> None:
        control = self._control
        if control is None or not isValid(control) or not control.isVisible():
            return
        if QApplication.activePopupWidget() is None and control.isActiveWindow():
            part = focused_part(control)
            place = part.bottomLeft() if part.height() < _LOW else part.topLeft()
            target = control.viewport() if isinstance(control, QAbstractScrollArea) else control
            # As if the mouse rested there: then tabs, cells and whatever finds its own words show these.
            event = QHelpEvent(QEvent.Type.ToolTip, part.center(), target.mapToGlobal(place) - _CURSOR)
            QApplication.sendEvent(target, event)
