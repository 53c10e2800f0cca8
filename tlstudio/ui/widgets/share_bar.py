"""How a whole is shared out: coloured parts side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets import painting

_BAR = 12
_GAP = 2
_ROW = 26
_TOP = _BAR + 8


@dataclass(frozen=True, slots=True)
class Share:
    """One part.

    Attributes:
        name: What it is.
        count: How many it has.
        token: Colour, as a token of the theme.
    """

    name: str
    count: int
    token: str


class ShareBar(QWidget):
    """A bar in parts, and under it a row for each with dot, name and count."""

    def __init__(self, parent: QWidget | None = None, *, rows: bool = True) -> None:
        """Make an empty bar.

        Args:
            parent: Owner.
            rows: Whether there are rows under it; without them, words beside it have to say what the parts are.
        """
        super().__init__(parent)
        self._shares: tuple[Share, ...] = ()
        self._rows = rows
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_shares(self, shares: Sequence[Share]) -> None:
        """Show ``shares``."""
        self._shares = tuple(shares)
        self.setAccessibleName(", ".join(f"{share.name}: {share.count:,}" for share in self._shares))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Bar and rows."""
        return QSize(240, _TOP + _ROW * len(self._shares) if self._rows else _BAR)

    def minimumSizeHint(self) -> QSize:
        """Names may be shortened."""
        return QSize(120, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw bar and rows."""
        painter = QPainter(self)
        painting.prepare(painter)
        self._paint_bar(painter)
        if self._rows:
            self._paint_rows(painter)

    def _paint_rows(self, painter: QPainter) -> None:
        font = theme.font(14)
        for index, share in enumerate(self._shares):
            row = QRectF(0, _TOP + index * _ROW, self.width(), _ROW)
            painting.dot(painter, QPointF(5, row.center().y()), 10, theme.color(share.token))
            count = f"{share.count:,}"
            width = painting.text_width(count, font)
            painting.text(painter, row, count, font, theme.color("text2"), Qt.AlignmentFlag.AlignRight)
            painting.text(painter, row.adjusted(18, 0, -width - 8, 0), share.name, font, theme.color("text"))

    def _paint_bar(self, painter: QPainter) -> None:
        whole = QRectF(0, 0, self.width(), _BAR)
        total = sum(share.count for share in self._shares)
        if total == 0:
            painting.box(painter, whole, _BAR / 2, theme.color("sunken"))
            return
        outline = QPainterPath()
        outline.addRoundedRect(whole, _BAR / 2, _BAR / 2)
        shown = [share for share in self._shares if share.count]
        room = whole.width() - _GAP * (len(shown) - 1)
        x = 0.0
        for share in shown:
            width = room * share.count / total
            part = QPainterPath()
            part.addRect(QRectF(x, 0, width, _BAR))
            painter.fillPath(part.intersected(outline), theme.color(share.token))
            x += width + _GAP
