"""Words with a mark before each, such as facts with icons or a legend, in as many lines as they need."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from tlstudio.ui import icons, theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.labels import TYPE, Kind

_MARK_GAP: Final = 7


@dataclass(frozen=True, slots=True)
class MarkedWord:
    """A few words and the mark before them.

    Attributes:
        words: What is said.
        glyph: Name of an icon in accent; empty for a square.
        color: Colour of the square, asked for anew at every drawing.
    """

    words: str
    glyph: str = ""
    color: Callable[[], QColor] | None = None


class MarkedWords(QWidget):
    """Marked words beside each other, in as many lines as the width needs."""

    def __init__(self, kind: Kind, tone: str, mark: int, line_height: int, parent: QWidget | None = None) -> None:
        """Make an empty row.

        Args:
            kind: Type of the words.
            tone: Token of their ink.
            mark: Side of the marks.
            line_height: From line to line.
            parent: Owner.
        """
        super().__init__(parent)
        self._font, self._tone = theme.font(*TYPE[kind]), tone
        self._mark, self._line = mark, line_height
        self._gap = theme.SPACE_24 if mark >= theme.ICON_SIZE else theme.SPACE_12
        self._items: tuple[MarkedWord, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_items(self, items: Sequence[MarkedWord]) -> None:
        """Show these; those without words are left out."""
        self._items = tuple(item for item in items if item.words)
        self.setAccessibleName(", ".join(item.words for item in self._items))
        self._fit()
        self.update()

    def words(self) -> list[str]:
        """What is said."""
        return [item.words for item in self._items]

    def sizeHint(self) -> QSize:
        """All in one line."""
        width = sum(self._width(item) + self._gap for item in self._items)
        return QSize(width, self.height())

    def minimumSizeHint(self) -> QSize:
        """The longest fits."""
        return QSize(max((self._width(item) for item in self._items), default=0), self._line)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Become as high as the width asks for."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw marks and words."""
        painter = QPainter(self)
        painting.prepare(painter)
        for item, corner in zip(self._items, self._corners(), strict=True):
            mark = QRectF(corner.x(), corner.y() + (self._line - self._mark) / 2, self._mark, self._mark)
            if item.color is not None:
                painting.box(painter, mark, 3, item.color())
            else:
                icons.paint(painter, item.glyph, mark, theme.color("accent"))
            left = corner.x() + self._mark + _MARK_GAP
            place = QRectF(left, corner.y(), self._width(item) - self._mark - _MARK_GAP, self._line)
            painting.text(painter, place, item.words, self._font, theme.color(self._tone))

    def _width(self, item: MarkedWord) -> int:
        return self._mark + _MARK_GAP + painting.text_width(item.words, self._font)

    def _corners(self) -> list[QPointF]:
        corners, x, y = [], 0, 0
        for item in self._items:
            if x and x + self._width(item) > self.width():
                x, y = 0, y + self._line
            corners.append(QPointF(x, y))
            x += self._width(item) + self._gap
        return corners

    def _fit(self) -> None:
        corners = self._corners()
        self.setFixedHeight(round(corners[-1].y()) + self._line if corners else 0)
