"""A thin bar that fills from the left."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, QTimer
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from tlstudio.ui import motion, theme
from tlstudio.ui.widgets import painting

_STEPS: Final = 1000
_TICK_MS: Final = 33
_SWEEP: Final = 0.25


class Bar(QProgressBar):
    """A bar 8 px high; screen readers take it for the progress bar that it is."""

    def __init__(self, height: int = 8, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fill = "accent"
        self._share: float | None = 0.0
        self._phase = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._sweep)
        self.setTextVisible(False)
        self.setRange(0, _STEPS)
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def share(self) -> float | None:
        """How full it is."""
        return self._share

    def set_share(self, share: float | None) -> None:
        """Fill the bar.

        Args:
            share: 0 to 1; None while nobody knows, which lets a piece of it wander.
        """
        self._share = share
        self.setUpdatesEnabled(False)  # or Qt paints at once, and with the bar all else that is to be painted anew
        self.setRange(0, 0 if share is None else _STEPS)
        if share is not None:
            self.setValue(round(min(max(share, 0.0), 1.0) * _STEPS))
        self.setUpdatesEnabled(True)
        self._wander()

    def set_fill(self, token: str) -> None:
        """Fill with the colour of a token."""
        self._fill = token
        self.update()

    def sizeHint(self) -> QSize:
        """Some width, its own height."""
        return QSize(120, self.height())

    def minimumSizeHint(self) -> QSize:
        """May become short."""
        return QSize(24, self.height())

    def showEvent(self, event: QShowEvent) -> None:
        """Wander only while somebody looks."""
        super().showEvent(event)
        self._wander()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while nobody looks."""
        super().hideEvent(event)
        self._timer.stop()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw track and filled part."""
        painter = QPainter(self)
        painting.prepare(painter)
        rect = QRectF(self.rect())
        fill = theme.color(self._fill)
        if self._share is not None:
            painting.bar(painter, rect, self._share, fill)
            return
        painting.bar(painter, rect, 0, fill)
        width = rect.width() * _SWEEP
        piece = QRectF((rect.width() - width) * self._phase, 0, width, rect.height())
        painting.box(painter, piece, rect.height() / 2, fill)

    def _wander(self) -> None:
        if self._share is None and self.isVisible() and motion.duration(1):
            self._timer.start()
        else:
            self._timer.stop()

    def _sweep(self) -> None:
        self._phase = (self._phase + 0.015) % 1.0
        self.update()
