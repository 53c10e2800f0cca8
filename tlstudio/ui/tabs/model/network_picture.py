"""From photo to answer, as a picture: what of a network stays, what is refined and what is new."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from tlstudio.modeling.summary.summary import Block
from tlstudio.ui import icons, theme
from tlstudio.ui.tabs.model.chosen_network import block_in_words
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.thumbnails import ThumbnailCache

MOST_CLASSES: Final = 6
_HEIGHT: Final = 132
_MIDDLE: Final = (_HEIGHT - 18) / 2
_REACH: Final = 8.0
_PHOTO: Final = 72.0
_LINK: Final = 18.0
_HEAD: Final = QSize(20, 84)
_FAN: Final = 26.0
_NAMES: Final = (64.0, 128.0)
_TALL, _LOW = 92.0, 30.0
_PITCH: Final = 24.0
_WIDEST: Final = 12.0
_BLOCK_INK: Final = 0.48


@dataclass(frozen=True, slots=True)
class NetworkOutline:
    """What the picture shows.

    Attributes:
        photo: A photo of the data set, or None.
        input_size: Width and height in pixels that it is brought to.
        blocks: Blocks of the network.
        classes: Names of all classes.
    """

    photo: Path | None
    input_size: int
    blocks: tuple[Block, ...]
    classes: tuple[str, ...]

    @property
    def learning(self) -> int:
        """How many blocks learn."""
        return sum(block.state != "frozen" for block in self.blocks)


class NetworkPicture(QWidget):
    """Photo, blocks, last layer, classes. Arrow keys walk the blocks; Enter, space or a click opens one.

    Attributes:
        pointed: Carries the Block that the pointer or the keyboard is on, or None.
        opened: Carries the Block that was pressed, and where on the screen (QPoint).
    """

    pointed = Signal(object)
    opened = Signal(object, QPoint)

    focus_radius = theme.RADIUS_BUTTON

    def __init__(self, thumbnails: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._outline = NetworkOutline(None, 224, (), ())
        self._current: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_HEIGHT)
        thumbnails.loaded.connect(self._loaded)

    def set_outline(self, outline: NetworkOutline) -> None:
        """Show a network."""
        self._outline = outline
        if self._current is not None and self._current >= len(outline.blocks):
            self._current = None
        learning = f", the last {outline.learning} of them learn" if outline.learning else ""
        self.setAccessibleName(
            f"A photo of {outline.input_size} by {outline.input_size} pixels, {len(outline.blocks)} blocks{learning}, "
            f"a new last layer, {len(outline.classes)} classes"
        )
        self.update()

    def current_block(self) -> Block | None:
        """The block that the pointer or the keyboard is on."""
        return None if self._current is None else self._outline.blocks[self._current]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Point at the block under the pointer."""
        self._point_at(self._block_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Point at none."""
        super().leaveEvent(event)
        self._point_at(None)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Point at none, unless a menu of the block has taken the keyboard."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._point_at(None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open the block under the pointer."""
        super().mouseReleaseEvent(event)
        place = self._block_at(event.position())
        if place is not None and event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            self._point_at(place)
            self._open(event.globalPosition().toPoint())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk the blocks, and open one."""
        last = len(self._outline.blocks) - 1
        now = last + 1 if self._current is None else self._current
        places = {
            Qt.Key.Key_Left: now - 1,
            Qt.Key.Key_Right: now + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        if event.key() in places and last >= 0:
            self._point_at(min(max(places[Qt.Key(event.key())], 0), last))
            self._announce()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._current is not None:
            self._open(self.mapToGlobal(self._bars()[self._current].bottomLeft().toPoint()))
        else:
            super().keyPressEvent(event)

    def _point_at(self, place: int | None) -> None:
        if place != self._current:
            self._current = place
            self.pointed.emit(self.current_block())
            self.update()

    def _open(self, place: QPoint) -> None:
        block = self.current_block()
        if block is not None:
            self.opened.emit(block, place)

    def _announce(self) -> None:
        block = self.current_block()
        if block is not None:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, block_in_words(block)))

    def _block_at(self, point: QPointF) -> int | None:
        """The block whose column, gap included, is under a point."""
        bars = self._bars()
        if not bars:
            return None
        pitch = self._pitch(self._room())
        place = math.floor((point.x() - bars[0].left() + (pitch - bars[0].width()) / 2) / pitch)
        return place if 0 <= place < len(bars) and abs(point.y() - _MIDDLE) <= _TALL / 2 + _REACH else None

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw everything from left to right."""
        painter = QPainter(self)
        painting.prepare(painter)
        left, names = self._left(), self._names_width()
        self._paint_photo(painter, QRectF(left, _MIDDLE - _PHOTO / 2, _PHOTO, _PHOTO))
        bars = self._bars()
        start = left + _PHOTO + 2 * _LINK
        end = bars[-1].right() if bars else start
        self._paint_blocks(painter, bars)
        self._paint_sides(painter, bars)
        painter.setPen(QPen(theme.color("line2"), 1))
        painter.drawLine(QPointF(left + _PHOTO + 8, _MIDDLE), QPointF(start - 8, _MIDDLE))
        painter.drawLine(QPointF(end + 8, _MIDDLE), QPointF(end + 2 * _LINK - 8, _MIDDLE))
        head = QRectF(end + 2 * _LINK, _MIDDLE - _HEAD.height() / 2, _HEAD.width(), _HEAD.height())
        painting.box(painter, head, 4, theme.color("accent"))
        self._paint_classes(painter, QPointF(head.right() + 3, _MIDDLE), names)

    def _paint_photo(self, painter: QPainter, place: QRectF) -> None:
        pixmap = self._pixmap()
        path = QPainterPath()
        path.addRoundedRect(place, theme.RADIUS_BUTTON, theme.RADIUS_BUTTON)
        painter.save()
        painter.setClipPath(path)
        painter.fillRect(place, theme.color("sunken"))
        if pixmap is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(place, pixmap, QRectF(_square(pixmap)))
        else:
            icons.paint(painter, "image", place.adjusted(24, 24, -24, -24), theme.color("text3"))
        painter.restore()
        words = f"{self._outline.input_size} × {self._outline.input_size}"
        under = QRectF(place.left(), place.bottom() + 4, place.width(), 18)
        painting.text(painter, under, words, theme.font(12), theme.color("text2"), Qt.AlignmentFlag.AlignHCenter)

    def _pixmap(self) -> QPixmap | None:
        photo = self._outline.photo
        side = round(_PHOTO * self.devicePixelRatioF() * 1.5)  # the shorter side has to be enough, too
        return self._thumbnails.pixmap(photo, side, self) if photo is not None else None

    def _bars(self) -> list[QRectF]:
        """Where the blocks stand: the larger the map that one makes, the taller."""
        left = self._left() + _PHOTO + 2 * _LINK
        pitch = self._pitch(self._room())
        width = min(max(pitch * 0.62, 2.0), _WIDEST)
        sides = [_side(block) for block in self._outline.blocks]
        most = math.log2(max(sides, default=1))
        heights = [_LOW + (_TALL - _LOW) * (math.log2(side) / most if most else 0.5) for side in sides]
        return [
            QRectF(left + number * pitch, _MIDDLE - height / 2, width, height) for number, height in enumerate(heights)
        ]

    def _paint_blocks(self, painter: QPainter, bars: Sequence[QRectF]) -> None:
        states = [block.state != "frozen" for block in self._outline.blocks]
        for number, (bar, learns) in enumerate(zip(bars, states, strict=True)):
            painting.box(painter, bar, min(2.5, bar.width() / 2), block_color(learning=learns))
            if number == self._current:
                painting.box(painter, bar.adjusted(-2.5, -2.5, 2.5, 2.5), 4, None, theme.color("text"), 1.5)
        if True in states[1:] and not states[0]:
            bar, before = bars[states.index(True)], bars[states.index(True) - 1]
            x = (bar.left() + before.right()) / 2
            painter.setPen(QPen(theme.color("text"), 1.4, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, _MIDDLE - _TALL / 2 - 8), QPointF(x, _MIDDLE + _TALL / 2 + 4))

    def _paint_sides(self, painter: QPainter, bars: Sequence[QRectF]) -> None:
        """Write how wide the maps are under the blocks that share it, where there is room."""
        font, right = theme.font(12), 0.0
        for side, group in groupby(zip(self._outline.blocks, bars, strict=True), lambda pair: _side(pair[0])):
            stretch = [bar for _, bar in group]
            width = painting.text_width(str(side), font)
            middle = (stretch[0].left() + stretch[-1].right()) / 2
            if side > 1 and middle - width / 2 > right + 2:
                right = middle + width / 2
                place = QRectF(middle - width / 2, _MIDDLE + _TALL / 2 + 6, width + 1, 16)
                painting.text(painter, place, str(side), font, theme.color("text3"))

    def _pitch(self, room: float) -> float:
        return min(_PITCH, room / max(len(self._outline.blocks), 1))

    def _room(self) -> float:
        """Width that there is for the blocks."""
        return self.width() - _PHOTO - 4 * _LINK - _HEAD.width() - _FAN - self._names_width()

    def _left(self) -> float:
        """Where the photo stands: few blocks leave width over on both sides."""
        room = self._room()
        return (room - self._pitch(room) * len(self._outline.blocks)) / 2

    def _paint_classes(self, painter: QPainter, start: QPointF, width: float) -> None:
        lines = self._lines()
        pitch = min(22.0, (_HEIGHT - 18) / max(len(lines), 1))
        for number, name in enumerate(lines):
            y = start.y() + (number - (len(lines) - 1) / 2) * pitch
            dot = QPointF(start.x() + _FAN, y)
            painter.setPen(QPen(theme.color("line2"), 1))
            painter.drawLine(start, QPointF(dot.x() - 7, y))
            rest = number >= len(self._outline.classes) or (number == MOST_CLASSES - 1 and self._more())
            color = theme.color("line2") if rest else theme.class_color(number, len(self._outline.classes))
            painting.dot(painter, dot, 10, color)
            place = QRectF(dot.x() + 11, y - 9, width - 11, 18)
            painting.text(painter, place, name, theme.font(12), theme.color("text"))

    def _more(self) -> int:
        """Classes without a name of their own in the picture."""
        count = len(self._outline.classes)
        return count - MOST_CLASSES + 1 if count > MOST_CLASSES else 0

    def _lines(self) -> Sequence[str]:
        classes, more = self._outline.classes, self._more()
        if more:
            return (*classes[: MOST_CLASSES - 1], f"and {more} more")
        return classes or ("your classes",)

    def _names_width(self) -> float:
        widest = max(painting.text_width(name, theme.font(12)) for name in self._lines()) + 13.0
        return min(max(widest, _NAMES[0]), _NAMES[1])

    def _loaded(self, path: Path) -> None:
        if path == self._outline.photo:
            self.update()


def _side(block: Block) -> int:
    """Width of the last map that a block makes; 1 where it makes none."""
    return next((layer.shape[1] for layer in reversed(block.layers) if len(layer.shape) == 3), 1)


def block_color(*, learning: bool) -> QColor:
    """Colour of a block that learns, or of one that stays as it is: half as strong as the ink they stand for."""
    ink, paper = theme.color("accent" if learning else "line2"), theme.color("surface")

    def mix(one: int, other: int) -> int:
        return round(_BLOCK_INK * one + (1 - _BLOCK_INK) * other)

    return QColor(mix(ink.red(), paper.red()), mix(ink.green(), paper.green()), mix(ink.blue(), paper.blue()))


def _square(pixmap: QPixmap) -> QRect:
    """The middle of a picture, as large a square as fits."""
    side = min(pixmap.width(), pixmap.height())
    return QRect((pixmap.width() - side) // 2, (pixmap.height() - side) // 2, side, side)
