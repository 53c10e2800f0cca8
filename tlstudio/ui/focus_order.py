"""The order in which the Tab key goes through the window: that of reading, whenever a widget was made.

Qt goes by when widgets came into the window, which puts what is made on demand behind everything else, and passes over
what lies in a widget whose focus goes to one of its own parts. The order is found from where things stand, by cutting
them apart at the gaps between them, rows first (the XY cut of page layouts: Nagy and Seth, 1984). Layouts would tell
it, too, but PySide loses track of who owns their items when it is asked for them, and crashes later.
"""

from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

_Span = Callable[[QWidget], tuple[int, int]]


def in_reading_order(root: QWidget) -> list[QWidget]:
    """All that the Tab key can stop at in a widget, from left to right and from top to bottom."""
    return [widget for widget in _walk(root) if _is_stop(widget)]


def neighbour(window: QWidget, *, forward: bool) -> QWidget | None:
    """The stop after that which has the focus, or before it; from the last on to the first.

    Returns:
        The widget; None where there is nothing to go on from or to.
    """
    stops = in_reading_order(window)
    current: QWidget | None = window.focusWidget()
    while current is not None and current is not window and current not in stops:
        current = current.parentWidget()
    if current not in stops:
        return None if not stops else stops[0] if forward else stops[-1]
    return stops[(stops.index(current) + (1 if forward else -1)) % len(stops)]


def _is_stop(widget: QWidget) -> bool:
    return widget.isEnabled() and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None


def _walk(widget: QWidget) -> Iterator[QWidget]:
    inside = widget.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    for child in _ordered([child for child in inside if child.isVisible() and not child.isWindow()], _rows, _columns):
        yield child
        yield from _walk(child)


def _ordered(widgets: Sequence[QWidget], span: _Span, other: _Span) -> list[QWidget]:
    """Cut along one direction, and each piece along the other, until there is nothing to cut apart."""
    pieces = _cut(widgets, span)
    if len(pieces) < 2:
        span, other, pieces = other, span, _cut(widgets, other)
    if len(pieces) < 2:
        return sorted(widgets, key=lambda widget: (widget.y(), widget.x()))  # they lie over each other
    return [widget for piece in pieces for widget in _ordered(piece, other, span)]


def _cut(widgets: Sequence[QWidget], span: _Span) -> list[list[QWidget]]:
    """Pieces between which a straight line touches nothing."""
    pieces: list[list[QWidget]] = []
    reached = 0
    for widget in sorted(widgets, key=span):
        first, last = span(widget)
        if not pieces or first >= reached:
            pieces.append([])
            reached = last
        pieces[-1].append(widget)
        reached = max(reached, last)
    return pieces


def _rows(widget: QWidget) -> tuple[int, int]:
    return widget.y(), widget.y() + widget.height()


def _columns(widget: QWidget) -> tuple[int, int]:
    return widget.x(), widget.x() + widget.width()
