"""From photo to answer, as a picture: what of a network stays, what is refined and what is new."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from tlstudio.ui import icons, theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.thumbnails import ThumbnailCache

MOST_CLASSES: Final = 6
_HEIGHT: Final = 132
_PHOTO: Final = 72.0
_LINK: Final = 18.0
_HEAD: Final = QSize(20, 84)
_FAN: Final = 26.0
_NAMES: Final = (64.0, 128.0)
_TALL, _LOW = 92.0, 42.0
_PITCH: Final = 11.0
_BLOCK_INK: Final = 0.48


@dataclass(frozen=True, slots=True)
class NetworkOutline:
    """What the picture shows.

    Attributes:
        photo: A photo of the data set, or None.
        input_size: Width and height in pixels that it is brought to.
        blocks: Blocks of the network.
        learning: How many of them, the last ones, learn; 0 for none.
        classes: Names of all classes.
    """

    photo: Path | None
    input_size: int
    blocks: int
    learning: int
    classes: tuple[str, ...]


class NetworkPicture(QWidget):
    """Photo, blocks, last layer, classes."""

    def __init__(self, thumbnails: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._outline = NetworkOutline(None, 224, 1, 0, ())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_HEIGHT)
        thumbnails.loaded.connect(self._loaded)

    def set_outline(self, outline: NetworkOutline) -> None:
        """Show a network."""
        self._outline = outline
        learning = f", the last {outline.learning} of them learn" if outline.learning else ""
        self.setAccessibleName(
            f"A photo of {outline.input_size} by {outline.input_size} pixels, {outline.blocks} blocks{learning}, "
            f"a new last layer, {len(outline.classes)} classes"
        )
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw everything from left to right."""
        painter = QPainter(self)
        painting.prepare(painter)
        middle = (_HEIGHT - 18) / 2
        names = self._names_width()
        painter.translate(self._spare(names) / 2, 0)
        self._paint_photo(painter, QRectF(0, middle - _PHOTO / 2, _PHOTO, _PHOTO))
        right = self.width() - names - _FAN - _HEAD.width()
        blocks = QRectF(_PHOTO + 2 * _LINK, middle, right - _PHOTO - 4 * _LINK, 0)
        end = self._paint_blocks(painter, blocks)
        painter.setPen(QPen(theme.color("line2"), 1))
        painter.drawLine(QPointF(_PHOTO + 8, middle), QPointF(blocks.left() - 8, middle))
        painter.drawLine(QPointF(end + 8, middle), QPointF(end + 2 * _LINK - 8, middle))
        head = QRectF(end + 2 * _LINK, middle - _HEAD.height() / 2, _HEAD.width(), _HEAD.height())
        painting.box(painter, head, 4, theme.color("accent"))
        self._paint_classes(painter, QPointF(head.right() + 3, middle), names)

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

    def _paint_blocks(self, painter: QPainter, room: QRectF) -> float:
        """Paint the bars; give back where they end."""
        count, learning = self._outline.blocks, self._outline.learning
        pitch = self._pitch(room.width())
        width = max(pitch * 0.62, 2.0)
        for number in range(count):
            height = _TALL + (_LOW - _TALL) * number / max(count - 1, 1)
            learns = number >= count - learning
            bar = QRectF(room.left() + number * pitch, room.top() - height / 2, width, height)
            painting.box(painter, bar, min(2.5, width / 2), block_color(learning=learns))
        if 0 < learning < count:
            x = room.left() + (count - learning) * pitch - (pitch - width) / 2
            painter.setPen(QPen(theme.color("text"), 1.4, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, room.top() - _TALL / 2 - 8), QPointF(x, room.top() + _TALL / 2 + 8))
        return room.left() + count * pitch - (pitch - width)

    def _pitch(self, room: float) -> float:
        return min(_PITCH, room / self._outline.blocks)

    def _spare(self, names: float) -> float:
        """Width that few blocks leave over."""
        room = self.width() - _PHOTO - 4 * _LINK - _HEAD.width() - _FAN - names
        return room - self._pitch(room) * self._outline.blocks

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
