"""A row of something to go on with: four of its photos, what it is, and when it was."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from tlstudio.ui import theme
from tlstudio.ui.tabs.dataset.welcome.mosaic import MOSAIC_SIDE, Mosaic
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.thumbnails import ThumbnailCache

ROW_HEIGHT = 76
_TEXT_LEFT = MOSAIC_SIDE + theme.SPACE_16
_LINE = 19


class RecentRow(QAbstractButton):
    """Name, a line or two, and a day; a click anywhere on it opens it."""

    def __init__(
        self, name: str, line: str, day: str, photos: Sequence[Path], cache: ThumbnailCache, place: str = ""
    ) -> None:
        """Make a row.

        Args:
            name: What it is called.
            line: What to know of it.
            day: When it was.
            photos: Some of its photos, of which four are shown.
            cache: Knows their thumbnails.
            place: Where it is, as a second line, shortened in the middle where it doesn't fit.
        """
        super().__init__()
        self._name, self._line, self._day, self._place = name, line, day, place
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"Go on with {', '.join(part for part in (name, line, place, day) if part)}")
        mosaic = Mosaic(cache, self)
        mosaic.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        mosaic.move(0, (ROW_HEIGHT - MOSAIC_SIDE) // 2)
        mosaic.set_photos(photos)

    def sizeHint(self) -> QSize:
        """Four tiles, and the lines beside them."""
        return QSize(320, ROW_HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw name, lines and day; the name in accent under the pointer."""
        painter = QPainter(self)
        painting.prepare(painter)
        caption = theme.font(13)
        day = painting.text_width(self._day, caption)
        room = self.width() - _TEXT_LEFT - day - theme.SPACE_16
        lines = [line for line in (self._line, self._place) if line]
        top = (ROW_HEIGHT - (len(lines) + 1) * _LINE) / 2
        ink = theme.color("accent" if self.underMouse() or self.isDown() else "text")
        strong = theme.font(14, QFont.Weight.DemiBold)
        painting.text(painter, QRectF(_TEXT_LEFT, top, room, _LINE), self._name, strong, ink)
        for number, line in enumerate(lines, start=1):
            place = QRectF(_TEXT_LEFT, top + number * _LINE, room, _LINE)
            tone = theme.color("text3" if line == self._place else "text2")
            painting.text(painter, place, line, caption, tone, elide=Qt.TextElideMode.ElideMiddle)
        place = QRectF(self.width() - day, (ROW_HEIGHT - _LINE) / 2, day, _LINE)
        painting.text(painter, place, self._day, caption, theme.color("text2"))
