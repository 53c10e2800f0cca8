"""Buttons: filled, soft, outline, text, danger; and square ones that carry an icon."""

from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QToolButton, QWidget

from tlstudio.ui import icons, theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.tooltip import set_tooltip

Kind = Literal["filled", "soft", "outline", "text", "quiet", "danger"]
Size = Literal["main", "normal", "small"]

_HEIGHTS: Final[dict[Size, int]] = {
    "main": theme.HEIGHT_MAIN_BUTTON,
    "normal": theme.HEIGHT_BUTTON,
    "small": theme.HEIGHT_SMALL,
}
_STRONG: Final = {"filled", "soft", "text"}
_GAP: Final = 8


@dataclass(frozen=True, slots=True)
class _Paint:
    ink: QColor
    ground: QColor | None = None
    border: QColor | None = None


class Button(QPushButton):
    """A button with words.

    ``filled`` is the one main action of a screen, ``soft`` the suggested answer of a queue, ``outline`` any other,
    ``danger`` what takes something away, ``text`` a lesser choice in accent and ``quiet`` one in grey.
    """

    def __init__(
        self,
        text: str,
        kind: Kind = "outline",
        *,
        size: Size = "normal",
        icon: str = "",
        key: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """Make a button.

        Args:
            text: A verb, and what it does it to.
            kind: How it looks.
            size: "main" for the next-step bar, "small" for the inside of cards.
            icon: Name of an icon before the words.
            key: Name of the key that stands on a cap behind the words.
            parent: Owner.
        """
        super().__init__(text, parent)
        self._kind: Kind = kind
        self._height = _HEIGHTS[size]
        self._glyph = icon
        self._key = key
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def kind(self) -> Kind:
        """How it looks."""
        return self._kind

    def set_kind(self, kind: Kind) -> None:
        """Change how it looks."""
        if kind != self._kind:
            self._kind = kind
            self.updateGeometry()
            self.update()

    def set_glyph(self, name: str) -> None:
        """Change the icon before the words; empty for none."""
        self._glyph = name
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """All of the words fit."""
        return QSize(self._content_width() + 2 * self._padding(), self._height)

    def minimumSizeHint(self) -> QSize:
        """A button is never cut off."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground, icon, words and key cap."""
        painter = QPainter(self)
        painting.prepare(painter)
        paint = self._paint()
        if paint.ground is not None or paint.border is not None:
            painting.box(painter, self.rect(), theme.RADIUS_BUTTON, paint.ground, paint.border)
        x = self._first_x()
        if self._glyph:
            place = QRectF(x, (self.height() - theme.ICON_SIZE) / 2, theme.ICON_SIZE, theme.ICON_SIZE)
            icons.paint(painter, self._glyph, place, paint.ink)
            x += theme.ICON_SIZE + _GAP
        # Where a layout has less room than all of it takes, the words are shortened.
        width = painting.text_width(self.text(), self._font()) + min(self.width() - self._content_width(), 0)
        painting.text(painter, QRectF(x, 0, width, self.height()), self.text(), self._font(), paint.ink)
        if self._key:
            self._paint_key(painter, x + width + _GAP, paint.ink)

    def _font(self) -> QFont:
        # Not by setFont: a widget under a stylesheet gets its first font back when it is polished.
        weight = QFont.Weight.DemiBold if self._kind in _STRONG else QFont.Weight.Medium
        return theme.font(13 if self._height == theme.HEIGHT_SMALL else 14, weight)

    def _padding(self) -> int:
        if self._kind in ("text", "quiet"):
            return 0
        if self._height == theme.HEIGHT_SMALL:
            return theme.SPACE_12
        return theme.SPACE_24 if self._kind == "filled" else theme.SPACE_16

    def _content_width(self) -> int:
        width = painting.text_width(self.text(), self._font())
        width += theme.ICON_SIZE + _GAP if self._glyph else 0
        return width + (painting.key_cap_size(self._key).width() + _GAP if self._key else 0)

    def _first_x(self) -> float:
        return max(self.width() - self._content_width(), 0) / 2

    def _paint_key(self, painter: QPainter, x: float, ink: QColor) -> None:
        size = painting.key_cap_size(self._key)
        ground = theme.color("sunken")
        if self._kind == "soft":
            ground = QColor(ink)
            ground.setAlphaF(0.12)
        place = QRectF(x, (self.height() - size.height()) / 2, size.width(), size.height())
        painting.key_cap(painter, place, self._key, ink if self._kind == "soft" else theme.color("text2"), ground)

    def _paint(self) -> _Paint:
        active = self.isDown() or self.underMouse()
        if not self.isEnabled():
            bare = self._kind in ("text", "quiet")
            return _Paint(theme.color("text3"), None if bare else theme.color("sunken"))
        match self._kind:
            case "filled":
                ground = theme.color("accent_strong" if active else "accent")
                return _Paint(theme.color("on_accent"), ground)
            case "soft":
                border = theme.color("accent") if active else None
                return _Paint(theme.color("accent"), theme.color("accent_soft"), border)
            case "text":
                return _Paint(theme.color("accent_strong" if active else "accent"))
            case "quiet":
                return _Paint(theme.color("text" if active else "text2"))
            case "outline" | "danger":
                ground = theme.color("sunken" if active else "surface")
                ink = theme.color("wrong" if self._kind == "danger" else "text")
                return _Paint(ink, ground, theme.color("line2"))


class IconButton(QToolButton):
    """A square button with an icon; its tooltip and its accessible name say what it does."""

    def __init__(
        self,
        glyph: str,
        what: str,
        *,
        key: str = "",
        framed: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._glyph = glyph
        self._framed = framed
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFixedSize(theme.HEIGHT_SMALL, theme.HEIGHT_SMALL)
        self.set_action(glyph, what, key=key)

    def set_action(self, glyph: str, what: str, *, key: str = "") -> None:
        """Change what it shows and says."""
        self._glyph = glyph
        self.setAccessibleName(what)
        set_tooltip(self, what, key=key)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the icon."""
        painter = QPainter(self)
        painting.prepare(painter)
        active = self.isEnabled() and (self.isDown() or self.underMouse())
        ground = theme.color("sunken") if active else theme.color("surface") if self._framed else None
        border = theme.color("line2") if self._framed else None
        if ground is not None:
            painting.box(painter, self.rect(), theme.RADIUS_BUTTON, ground, border)
        side = theme.ICON_SIZE
        place = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        icons.paint(painter, self._glyph, place, theme.color("text2" if self.isEnabled() else "text3"))


class ActionButton(IconButton):
    """An icon that triggers an action, and says what the action says."""

    def __init__(self, glyph: str, action: QAction, key: str, parent: QWidget | None = None) -> None:
        super().__init__(glyph, action.text(), key=key, parent=parent)
        self._key = key
        self._action = action
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        action = self._action
        self.setEnabled(action.isEnabled())
        self.set_action(self._glyph, action.toolTip(), key=self._key if action.isEnabled() else "")
