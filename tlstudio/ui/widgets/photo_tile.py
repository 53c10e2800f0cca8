"""One photo of a grid: what is known of it, and how its tile is painted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from tlstudio.ui import icons, theme
from tlstudio.ui.widgets import painting, photo_painting
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.ui.widgets.tooltip import as_plain

TileState = Literal["", "right", "wrong", "unsure", "unreadable"]
Index = QModelIndex | QPersistentModelIndex

PATH_ROLE = Qt.ItemDataRole.UserRole
COVER_FACTOR = 1.5
"""A thumbnail is fetched so much larger than its tile's longer side that a 3:2 photo still fills the tile."""

_BADGES: dict[str, tuple[str, str]] = {
    "right": ("accent", "check"),
    "wrong": ("wrong_mark", "cross"),
    "unsure": ("unsure", "question"),
}
_BADGE, _INSET, _PILL, _RADIUS = 22.0, 6.0, 22.0, float(theme.RADIUS_BUTTON)
_RING, _RING_GAP = 3.0, 2.0


@dataclass(frozen=True, slots=True)
class PhotoItem:
    """One photo of a grid.

    Attributes:
        path: The file.
        class_name: What stands on the chip; no chip where it is empty.
        class_index: Position of the class, for the colour of the dot.
        state: What the badge says, or "unreadable" for a file that is known to be no photo.
        flag: A word or two at the top left ("Blurred"), or empty.
        note: One line more for the tooltip, and the reason of an unreadable file; may be empty.
    """

    path: Path
    class_name: str = ""
    class_index: int = 0
    state: TileState = ""
    flag: str = ""
    note: str = ""

    def spoken(self) -> str:
        """What a screen reader says: "roses, IMG 6209, right"."""
        words = (self.class_name, self.path.stem.replace("_", " "), self.state, self.flag)
        return ", ".join(word for word in words if word)


class PhotoModel(QAbstractListModel):
    """The photos of a grid, given as one sequence."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.items: Sequence[PhotoItem] = ()

    def set_items(self, items: Sequence[PhotoItem]) -> None:
        """Replace all photos."""
        self.beginResetModel()
        self.items = items
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Number of photos."""
        return 0 if parent.isValid() else len(self.items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own signature
        """Text of the class, tooltip, accessible text, and the path."""
        if not index.isValid():
            return None
        item = self.items[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return item.class_name
            case Qt.ItemDataRole.AccessibleTextRole:
                return item.spoken()
            case Qt.ItemDataRole.ToolTipRole:
                return as_plain("\n".join(line for line in (item.path.name, item.note) if line))
            case _:
                return item.path if role == PATH_ROLE else None


class TileDelegate(QStyledItemDelegate):
    """Paints the tiles of a grid."""

    def __init__(self, cache: ThumbnailCache, item_at: Callable[[int], PhotoItem], parent: QWidget) -> None:
        super().__init__(parent)
        self._cache = cache
        self._item_at = item_at
        self._owner = parent
        self.n_classes = 0

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one tile in ``option.rect``."""
        item = self._item_at(index.row())
        rect = QRectF(option.rect)
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        if state & QStyle.StateFlag.State_Selected:
            painting.box(painter, rect, _RADIUS, border=theme.color("accent"), width=_RING)
            inset = _RING + _RING_GAP
            rect = rect.adjusted(inset, inset, -inset, -inset)
        elif state & QStyle.StateFlag.State_HasFocus:
            painting.box(painter, rect, _RADIUS, border=theme.color("accent"), width=float(theme.FOCUS_WIDTH))
            inset = float(theme.FOCUS_WIDTH + theme.FOCUS_GAP)
            rect = rect.adjusted(inset, inset, -inset, -inset)
        self._paint_photo(painter, rect, item)
        self._paint_chip(painter, rect, item, bool(state & QStyle.StateFlag.State_Selected))
        _paint_flag(painter, rect, item.flag)
        _paint_badge(painter, rect, item.state)
        painter.restore()

    def _paint_photo(self, painter: QPainter, rect: QRectF, item: PhotoItem) -> None:
        radius = min(_RADIUS, rect.height() / 8)
        reason = item.note or "Unreadable" if item.state == "unreadable" else self._cache.reason(item.path)
        if reason:
            photo_painting.unreadable(painter, rect, radius, reason)
            return
        side = round(max(rect.width(), rect.height()) * COVER_FACTOR * self._owner.devicePixelRatioF())
        pixmap = self._cache.pixmap(item.path, side, self._owner)
        if pixmap is None:
            painting.box(painter, rect, radius, theme.color("sunken"))
        else:
            photo_painting.photo(painter, rect, pixmap, radius)

    def _paint_chip(self, painter: QPainter, rect: QRectF, item: PhotoItem, selected: bool) -> None:
        if not item.class_name:
            return
        font = theme.font(12, 500)
        words = painting.text_width(item.class_name, font)
        width = min(words + 33.0, rect.width() - 2 * _INSET)
        pill = QRectF(rect.left() + _INSET, rect.bottom() - _INSET - _PILL, width, _PILL)
        painting.box(painter, pill, _PILL / 2, theme.color("surface"))
        fill = theme.class_color(item.class_index, self.n_classes or None, selected)
        painting.dot(painter, QPointF(pill.left() + 13.0, pill.center().y()), 8.0, fill)
        box = pill.adjusted(22.0, 0, -10.0, 0)
        painting.text(painter, box, item.class_name, font, theme.color("text"), elide=Qt.TextElideMode.ElideMiddle)


def _paint_flag(painter: QPainter, rect: QRectF, flag: str) -> None:
    if not flag:
        return
    font = theme.font(12, 500)
    width = min(painting.text_width(flag, font) + 20.0, rect.width() - 3 * _INSET - _BADGE)
    pill = QRectF(rect.left() + _INSET, rect.top() + _INSET, width, _PILL)
    painting.box(painter, pill, _PILL / 2, theme.color("unsure_soft"))
    painting.text(painter, pill.adjusted(10.0, 0, -9.0, 0), flag, font, theme.color("unsure"))


def _paint_badge(painter: QPainter, rect: QRectF, state: str) -> None:
    if state not in _BADGES:
        return
    token, glyph = _BADGES[state]
    badge = QRectF(rect.right() - _INSET - _BADGE, rect.top() + _INSET, _BADGE, _BADGE)
    painting.dot(painter, badge.center(), _BADGE + 2.0, theme.color("surface"))
    painting.dot(painter, badge.center(), _BADGE - 1.5, theme.color(token))
    icons.paint(painter, glyph, badge.adjusted(4.0, 4.0, -4.0, -4.0), theme.color("on_accent"))
