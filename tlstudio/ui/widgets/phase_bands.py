"""The phases of a training as tinted grounds of a plot, with their names at the top."""

from collections.abc import Sequence
from typing import Any, Final

import pyqtgraph as pg
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGraphicsSimpleTextItem

from tlstudio.ui import theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.curve_data import PhaseSpan
from tlstudio.ui.widgets.curve_line import over

_LEFT, _TOP, _GAP = 10.0, 4.0, 6.0
STRIP: Final = 22.0
"""Height of the names at the top, in pixels."""


def _ground(place: int) -> QColor:
    ground = theme.color("accent_soft" if place % 2 else "sunken")
    ground.setAlpha(150 if place % 2 else 90)
    return ground


class PhaseBands:
    """Tinted grounds, made anew only when something about them changed: that costs more than all else of a frame."""

    def __init__(self, item: Any, named: bool) -> None:  # noqa: ANN401 - pyqtgraph has no types
        """Make none yet.

        Args:
            item: The plot.
            named: Whether the names stand in it, too.
        """
        self._item = item
        self._box: Any = item.getViewBox()
        self._named = named
        self._bands: list[tuple[Any, QGraphicsSimpleTextItem]] = []
        self._shown: object = None

    def draw(self, spans: Sequence[PhaseSpan], left: float, right: float) -> None:
        """Show phases.

        Args:
            spans: Those within what is shown, the last one up to the right edge.
            left: First round that is shown.
            right: Last one, the room for names at the ends included.
        """
        shown = (tuple(spans), left, right, self._box.width(), theme.current())
        if shown == self._shown:
            return
        self._shown = shown
        for region, name in self._bands:
            self._item.removeItem(region)
            self._box.scene().removeItem(name)
        self._bands.clear()
        for place, span in enumerate(spans):
            if span.end > left and span.start < right:
                self._add(place, span, max(span.start, left), min(span.end, right))

    def ground(self, right: float) -> QColor:
        """What lies under a place near the right edge, opaque."""
        surface = theme.color("surface")
        spans: tuple[PhaseSpan, ...] = self._shown[0] if isinstance(self._shown, tuple) else ()
        place = next((place for place, span in enumerate(spans) if span.start < right <= span.end), None)
        return surface if place is None else over(_ground(place), surface)

    def name_beyond(self, left: float) -> bool:
        """Whether a name reaches beyond this place, in pixels."""
        return any(name.x() + name.boundingRect().width() > left for _, name in self._bands if name.text())

    def _add(self, place: int, span: PhaseSpan, start: float, end: float) -> None:
        region = pg.LinearRegionItem((start, end), movable=False, brush=_ground(place), pen=pg.mkPen(None))
        region.setZValue(-100)
        for line in region.lines:
            line.hide()
        self._item.addItem(region, ignoreBounds=True)
        self._bands.append((region, self._name(place, span.title if self._named else "", start, end)))

    def _name(self, place: int, title: str, start: float, end: float) -> QGraphicsSimpleTextItem:
        font = theme.font(12, 500)
        left, right = (QPointF(self._box.mapFromView(QPointF(x, 0))).x() for x in (start, end))
        fits = painting.text_width(title, font) <= right - left - _LEFT - _GAP
        item = QGraphicsSimpleTextItem(title if fits else "", self._box)
        item.setFont(font)
        item.setBrush(theme.color("accent" if place % 2 else "text2"))
        item.setPos(left + _LEFT, _TOP)
        return item
