"""Short motions that show where something went; none where the system asks for less motion."""

from typing import Final

from PySide6.QtCore import QByteArray, QEasingCurve, QPropertyAnimation
from PySide6.QtWidgets import QApplication, QStyle, QWidget

SLIDE_MS: Final = 160
UNBOUNDED_HEIGHT: Final = 16_777_215  # QWIDGETSIZE_MAX, which the bindings don't carry


def duration(wanted: int) -> int:
    """``wanted`` milliseconds, or 0 where the system asks for less motion."""
    allowed = QApplication.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration)
    return wanted if allowed > 0 else 0


def slide_open(widget: QWidget) -> None:
    """Show ``widget``, growing to its height from nothing."""
    wanted = duration(SLIDE_MS)
    parent = widget.parentWidget()
    if widget.isVisible() or wanted == 0 or parent is None or not parent.isVisible():
        widget.show()
        return
    animation = QPropertyAnimation(widget, QByteArray(b"maximumHeight"), widget)
    animation.setDuration(wanted)
    animation.setStartValue(0)
    animation.setEndValue(widget.sizeHint().height())
    animation.setEasingCurve(QEasingCurve.Type.OutCubic)
    animation.finished.connect(widget.updateGeometry)
    widget.setMaximumHeight(0)
    widget.show()
    animation.start(QPropertyAnimation.DeletionPolicy.DeleteWhenStopped)
