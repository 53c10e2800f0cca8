"""Type and spacing of the window, and the one place that knows which colours are in force.

Widgets read ``current()`` while they paint, or carry a dynamic property that the application's stylesheet knows; both
follow a change of theme without being told. Whoever keeps something made from a colour listens to
``notifier().changed``.
"""

import functools
from typing import TYPE_CHECKING, Final, Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontInfo, QGuiApplication, QPalette, QStyleHints
from PySide6.QtWidgets import QApplication, QStyleFactory

from tlstudio.ui.palettes import DARK, DARK_CONTRAST, LIGHT, LIGHT_CONTRAST, Theme

if TYPE_CHECKING:
    from PySide6.QtGui import QAccessibilityHints

Mode = Literal["light", "dark", "system"]

SPACE_4, SPACE_8, SPACE_12, SPACE_16, SPACE_20, SPACE_24, SPACE_32 = 4, 8, 12, 16, 20, 24, 32
RADIUS_KEY, RADIUS_CELL, RADIUS_BUTTON, RADIUS_CARD, RADIUS_DROP = 4, 6, 8, 12, 16
HEIGHT_SMALL, HEIGHT_FIELD, HEIGHT_BUTTON, HEIGHT_MAIN_BUTTON = 32, 36, 40, 44
HEIGHT_HEADER, HEIGHT_BAR = 64, 72
FOCUS_WIDTH, FOCUS_GAP = 2, 2
ICON_SIZE = 18

_SCHEMES: Final[dict[Mode, Qt.ColorScheme]] = {
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
    "system": Qt.ColorScheme.Unknown,
}
_BASE_PX = 14
_SMALLEST_BASE_PX = 13
_SMALLEST_PX = 12


class ThemeNotifier(QObject):
    """Tells of changes, after palette and stylesheet are in place.

    Attributes:
        changed: Other colours are in force; carries the Theme.
        chosen: Somebody has chosen, though the colours may be the same as before.
    """

    changed = Signal(object)
    chosen = Signal()


class _Manager:
    """Which theme is in force, and the application that wears it."""

    def __init__(self) -> None:
        self.theme = LIGHT
        self.mode: Mode = "system"
        self.contrast: bool | None = None
        self.notifier = ThemeNotifier()
        self.system_font: QFont | None = None
        self.fonts: dict[tuple[int, int], QFont] = {}
        self._app: QApplication | None = None

    def install(self, app: QApplication) -> None:
        """Dress ``app``; a second call for the same application changes nothing."""
        if self._app is app:
            return
        self._app = app
        self.system_font = QFont(app.font())
        self.fonts.clear()
        app.setStyle(QStyleFactory.create("Fusion"))
        app.setFont(font(_BASE_PX, QFont.Weight.Normal))
        _style_hints().colorSchemeChanged.connect(self._follow_system)
        if (hints := _accessibility()) is not None:
            hints.contrastPreferenceChanged.connect(self._follow_system)
        self.theme = self._wanted()
        self._dress()
        from tlstudio.ui.focus_ring import FocusRing
        from tlstudio.ui.widgets.tooltip import FocusTooltips

        FocusRing(app)
        FocusTooltips(app)

    def choose(self, mode: Mode) -> None:
        """Change to ``mode`` and tell it."""
        self.mode = mode
        # Colours the frame that the system draws around the window, too.
        _style_hints().setColorScheme(_SCHEMES[mode])
        self._change()
        self.notifier.chosen.emit()

    def choose_contrast(self, more: bool | None) -> None:
        """Change to more contrast, away from it, or to what the system asks for, and tell it."""
        self.contrast = more
        self._change()
        self.notifier.chosen.emit()

    def _follow_system(self) -> None:
        self._change()

    def _change(self) -> None:
        wanted = self._wanted()
        if wanted is self.theme:
            return
        self.theme = wanted
        self._dress()
        self.notifier.changed.emit(wanted)

    def _wanted(self) -> Theme:
        dark = _system_is_dark() if self.mode == "system" else self.mode == "dark"
        if _system_wants_contrast() if self.contrast is None else self.contrast:
            return DARK_CONTRAST if dark else LIGHT_CONTRAST
        return DARK if dark else LIGHT

    def _dress(self) -> None:
        from tlstudio.ui.stylesheet import build_stylesheet

        if self._app is not None:
            self._app.setPalette(_palette(self.theme))
            self._app.setStyleSheet(build_stylesheet(self.theme))


@functools.cache
def _manager() -> _Manager:
    return _Manager()


def current() -> Theme:
    """The theme in force."""
    return _manager().theme


def mode() -> Mode:
    """What was asked for: "light", "dark", or "system" until changed by hand."""
    return _manager().mode


def contrast() -> bool | None:
    """Whether more contrast was asked for; None for what the system asks for."""
    return _manager().contrast


def has_more_contrast() -> bool:
    """Whether a theme with more contrast is in force."""
    return current() in (LIGHT_CONTRAST, DARK_CONTRAST)


def notifier() -> ThemeNotifier:
    """The object that tells of changes."""
    return _manager().notifier


def set_theme(mode: Mode) -> None:
    """Change the theme of the whole window.

    Args:
        mode: "light", "dark", or "system" to follow the system from now on.
    """
    _manager().choose(mode)


def set_contrast(more: bool | None) -> None:
    """Change how strong the colours of the whole window stand out.

    Args:
        more: Whether text and borders stand out more; None to follow the system from now on.
    """
    _manager().choose_contrast(more)


def apply(app: QApplication) -> None:
    """Install style, font, palette and stylesheet in ``app``."""
    _manager().install(app)


def color(token: str) -> QColor:
    """The colour of a token of the theme in force.

    Raises:
        AttributeError: For a name that is no token.
    """
    return QColor(getattr(current(), token))


def class_color(index: int, n_classes: int | None = None, selected: bool = False) -> QColor:
    """The colour of a class's dot.

    Six colours can be told apart, more can't: from the seventh class on a dot is neutral unless its class is selected.

    Args:
        index: Position of the class.
        n_classes: How many classes there are; with more than six, none but the selected one is coloured.
        selected: Whether the class is selected.
    """
    colors = current().classes
    if not selected and max(index + 1, n_classes or 0) > len(colors):
        return color("line2")
    return QColor(colors[index % len(colors)])


def font(px: int, weight: QFont.Weight | int = QFont.Weight.Normal) -> QFont:
    """The system's font with digits of equal width.

    Args:
        px: Size in the design, where 14 stands for the system's size (never below 13).
        weight: 400, 500 or 600.
    """
    system, known = _manager().system_font, _manager().fonts
    if system is None:
        return _derived(QGuiApplication.font(), px, weight)
    key = (px, int(weight))
    if key not in known:
        known[key] = _derived(system, px, weight)
    return QFont(known[key])  # shares what Qt has found out about it: a new one takes a quarter of painting a table


def _derived(base_font: QFont, px: int, weight: QFont.Weight | int) -> QFont:
    made = QFont(base_font)
    base = max(QFontInfo(made).pixelSize(), _SMALLEST_BASE_PX)
    made.setPixelSize(max(round(px * base / _BASE_PX), min(px, _SMALLEST_PX)))
    made.setWeight(QFont.Weight(weight))
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def _system_is_dark() -> bool:
    return _style_hints().colorScheme() == Qt.ColorScheme.Dark


@functools.cache  # PySide takes what these hints hold for deleted once nobody holds the hints themselves
def _style_hints() -> QStyleHints:
    return QGuiApplication.styleHints()


def _accessibility() -> "QAccessibilityHints | None":
    """What the system says of those who see badly; None before Qt 6.10, which doesn't ask it."""
    ask = getattr(_style_hints(), "accessibility", None)
    return ask() if ask is not None else None


def _system_wants_contrast() -> bool:
    hints = _accessibility()
    return hints is not None and hints.contrastPreference() == Qt.ContrastPreference.HighContrast


def _palette(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for which, token in {
        role.Window: theme.bg,
        role.WindowText: theme.text,
        role.Base: theme.surface,
        role.AlternateBase: theme.sunken,
        role.Text: theme.text,
        role.Button: theme.surface,
        role.ButtonText: theme.text,
        role.BrightText: theme.on_accent,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        role.ToolTipBase: theme.text,
        role.ToolTipText: theme.bg,
        role.PlaceholderText: theme.text3,
        role.Accent: theme.accent,
        role.Light: theme.surface,
        role.Midlight: theme.line,
        role.Mid: theme.line2,
        role.Dark: theme.line2,
        role.Shadow: theme.text3,
    }.items():
        palette.setColor(which, QColor(token))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(theme.text3))
    return palette
