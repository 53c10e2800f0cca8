"""Small round labels: filters with a count, classes, badges."""

from typing import Final, Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from tlstudio.ui import icons, theme
from tlstudio.ui.widgets import painting

BadgeKind = Literal["accent", "unsure", "wrong", "info", "neutral"]

_BADGES: Final[dict[BadgeKind, tuple[str, str]]] = {
    "accent": ("accent", "accent_soft"),
    "unsure": ("unsure", "unsure_soft"),
    "wrong": ("wrong", "wrong_soft"),
    "info": ("info", "info_soft"),
    "neutral": ("text", "sunken"),
}
_PAD: Final = 12
_GLYPH: Final = 16


class FilterChip(QAbstractButton):
    """Chooses what a list shows; put several into an exclusive ``QButtonGroup``."""

    focus_radius = theme.HEIGHT_SMALL // 2

    def __init__(
        self,
        words: str,
        *,
        glyph: str = "",
        glyph_token: str = "accent",  # noqa: S107 - a colour, no password
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._glyph, self._glyph_token = glyph, glyph_token
        self._count: int | None = None
        self._terse = False
        self.setText(words)
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFont(theme.font(13, QFont.Weight.DemiBold))

    def set_count(self, count: int | None) -> None:
        """Show how many there are; None for no number."""
        before, self._count = self.sizeHint(), count
        self.setAccessibleName(f"{self.text()}, {count:,}" if count is not None else self.text())
        if self.sizeHint() != before:  # else everything around it would be laid out anew, ten times a second
            self.updateGeometry()
        self.update()

    def set_terse(self, terse: bool) -> None:
        """Leave the words out beside an icon, where there is little room."""
        if terse != self._terse:
            self._terse = terse
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """Icon, words and count."""
        width = 2 * _PAD + painting.text_width(self._words(), self.font())
        width += _GLYPH + 4 if self._glyph else 0
        width += painting.text_width(self._number(), theme.font(13)) + 6 if self._count is not None else 0
        return QSize(width, theme.HEIGHT_SMALL)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the chip."""
        painter = QPainter(self)
        painting.prepare(painter)
        checked = self.isChecked()
        ground = "accent_soft" if checked else "sunken" if self.underMouse() else "surface"
        border = theme.color("accent" if checked else "line")
        painting.box(painter, self.rect(), self.height() / 2, theme.color(ground), border)
        x = float(_PAD)
        if self._glyph:
            place = QRectF(x, (self.height() - _GLYPH) / 2, _GLYPH, _GLYPH)
            icons.paint(painter, self._glyph, place, theme.color(self._glyph_token))
            x += _GLYPH + 4
        width = painting.text_width(self._words(), self.font())
        ink = theme.color("accent" if checked else "text")
        painting.text(painter, QRectF(x, 0, width, self.height()), self._words(), self.font(), ink)
        if self._count is not None:
            ink = theme.color("accent" if checked else "text2")
            number = QRectF(x + width + (6 if self._words() else 2), 0, self.width() - x - width, self.height())
            painting.text(painter, number, self._number(), theme.font(13), ink)

    def _words(self) -> str:
        return "" if self._terse and self._glyph else self.text()

    def _number(self) -> str:
        return "" if self._count is None else f"{self._count:,}"


class ClassChip(QWidget):
    """The dot of a class and its name, for instance "labelled roses"."""

    def __init__(self, words: str, index: int, n_classes: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._index, self._n_classes = words, index, n_classes
        self.setAccessibleName(words)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_class(self, words: str, index: int, n_classes: int) -> None:
        """Show another class."""
        self._words, self._index, self._n_classes = words, index, n_classes
        self.setAccessibleName(words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Dot and words."""
        return QSize(painting.text_width(self._words, theme.font(12, QFont.Weight.Medium)) + 34, 24)

    def minimumSizeHint(self) -> QSize:
        """The words may be shortened in the middle."""
        return QSize(min(64, self.sizeHint().width()), 24)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the chip."""
        painter = QPainter(self)
        painting.prepare(painter)
        painting.box(painter, self.rect(), self.height() / 2, theme.color("sunken"))
        color = theme.class_color(self._index, self._n_classes, selected=True)
        painting.dot(painter, QPointF(14, self.height() / 2), 9, color)
        words = QRectF(23, 0, self.width() - 33, self.height())
        font = theme.font(12, QFont.Weight.Medium)
        painting.text(painter, words, self._words, font, theme.color("text"), elide=Qt.TextElideMode.ElideMiddle)


class Badge(QWidget):
    """A few words on a soft ground, for instance "Recommended for your photos"."""

    def __init__(self, words: str, kind: BadgeKind = "accent", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._kind: BadgeKind = kind
        self.setAccessibleName(words)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_text(self, words: str, kind: BadgeKind) -> None:
        """Say something else."""
        self._words, self._kind = words, kind
        self.setAccessibleName(words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """The words fit."""
        return QSize(painting.text_width(self._words, theme.font(12, QFont.Weight.DemiBold)) + 16, 24)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the badge."""
        painter = QPainter(self)
        painting.prepare(painter)
        ink, ground = _BADGES[self._kind]
        painting.box(painter, self.rect(), self.height() / 2, theme.color(ground))
        font = theme.font(12, QFont.Weight.DemiBold)
        painting.text(painter, self.rect(), self._words, font, theme.color(ink), Qt.AlignmentFlag.AlignHCenter)
