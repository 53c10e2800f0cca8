"""Colours, type and spacing of the window, and the one place that knows whether it is light or dark.

Widgets read ``current()`` while they paint, or carry a dynamic property that the application's stylesheet knows; both
follow a change of theme without being told. Whoever keeps something made from a colour listens to
``notifier().changed``.
"""

import functools
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontInfo, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

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


@dataclass(frozen=True, slots=True)
class Theme:
    """One value a token of the design, as ``#RRGGBB``.

    Attributes:
        bg: Page.
        surface: Card, bars.
        sunken: Track, key cap.
        line: Hairline, decoration only.
        line2: Border of a field, switch, drop area.
        text: Main ink.
        text2: Second ink.
        text3: Hint; never on ``accent_soft``.
        accent: Action, right, focus.
        accent_strong: Action while pressed or hovered.
        accent_soft: Selection.
        on_accent: Ink on ``accent``.
        wrong: Ink for what is wrong.
        wrong_mark: Badge for what is wrong.
        wrong_soft: Ground for what is wrong.
        unsure: Ink for what is unsure.
        unsure_soft: Ground for what is unsure.
        info: Ink for what is worth knowing.
        info_soft: Ground for what is worth knowing.
        learn: Curve of the training photos.
        classes: Colours of the first six classes.
        matrix_right: Ground and ink of the five steps of right cells, from few to many.
        matrix_wrong: Ground and ink of the five steps of wrong cells, from few to many.
        is_dark: Whether this is the dark theme.
    """

    bg: str
    surface: str
    sunken: str
    line: str
    line2: str
    text: str
    text2: str
    text3: str
    accent: str
    accent_strong: str
    accent_soft: str
    on_accent: str
    wrong: str
    wrong_mark: str
    wrong_soft: str
    unsure: str
    unsure_soft: str
    info: str
    info_soft: str
    learn: str
    classes: tuple[str, ...]
    matrix_right: tuple[tuple[str, str], ...]
    matrix_wrong: tuple[tuple[str, str], ...]
    is_dark: bool


LIGHT = Theme(
    bg="#F5F6F4",
    surface="#FFFFFF",
    sunken="#ECEFEC",
    line="#DDE3DF",
    line2="#7F8B85",
    text="#17211D",
    text2="#4A5751",
    text3="#616E68",
    accent="#0B7468",
    accent_strong="#095F55",
    accent_soft="#DCF0EC",
    on_accent="#FFFFFF",
    wrong="#B23A08",
    wrong_mark="#D55E00",
    wrong_soft="#FCE8DD",
    unsure="#7D5200",
    unsure_soft="#FAEFD2",
    info="#2559A0",
    info_soft="#E3EDF9",
    learn="#6257B0",
    classes=("#1D6FB8", "#B07A00", "#5A2A16", "#A0455A", "#3F2B7A", "#8795A1"),
    matrix_right=(
        ("#DAEAE8", "#17211D"),
        ("#B1D3CF", "#17211D"),
        ("#85BAB4", "#17211D"),
        ("#238277", "#FFFFFF"),
        ("#095F55", "#FFFFFF"),
    ),
    matrix_wrong=tuple((ground, "#17211D") for ground in ("#F9E8DB", "#F4D7BF", "#EFC29E", "#E9AB7A", "#E29252")),
    is_dark=False,
)

DARK = Theme(
    bg="#111614",
    surface="#19201D",
    sunken="#242D29",
    line="#2F3A35",
    line2="#75837C",
    text="#E9EFEC",
    text2="#B7C3BD",
    text3="#97A59E",
    accent="#3CC7B0",
    accent_strong="#5AD6C2",
    accent_soft="#15382F",
    on_accent="#04201B",
    wrong="#FF9C6B",
    wrong_mark="#FF9C6B",
    wrong_soft="#3E2518",
    unsure="#EFC25E",
    unsure_soft="#372D14",
    info="#8FBCFF",
    info_soft="#1B2D46",
    learn="#B0A6F5",
    classes=("#4BA3E3", "#F2C23C", "#C9865A", "#B9516B", "#7F63D6", "#C3CDD4"),
    matrix_right=(
        ("#1E3933", "#E9EFEC"),
        ("#234F46", "#E9EFEC"),
        ("#276358", "#E9EFEC"),
        ("#35A693", "#04201B"),
        ("#3CC7B0", "#04201B"),
    ),
    matrix_wrong=tuple((ground, "#E9EFEC") for ground in ("#3A2C1F", "#4F3321", "#643A22", "#784223", "#914A25")),
    is_dark=True,
)


class ThemeNotifier(QObject):
    """Tells that the theme has changed, after palette and stylesheet are in place."""

    changed = Signal(object)


class _Manager:
    """Which theme is in force, and the application that wears it."""

    def __init__(self) -> None:
        self.theme = LIGHT
        self.mode: Mode = "system"
        self.notifier = ThemeNotifier()
        self.system_font: QFont | None = None
        self._app: QApplication | None = None

    def install(self, app: QApplication) -> None:
        """Dress ``app``; a second call for the same application changes nothing."""
        if self._app is app:
            return
        self._app = app
        self.system_font = QFont(app.font())
        app.setStyle(QStyleFactory.create("Fusion"))
        app.setFont(font(_BASE_PX, QFont.Weight.Normal))
        app.styleHints().colorSchemeChanged.connect(self._follow_system)
        self.theme = self._wanted()
        self._dress()
        from tlstudio.ui.focus_ring import FocusRing

        FocusRing(app)

    def choose(self, mode: Mode) -> None:
        """Change to ``mode`` and tell it."""
        self.mode = mode
        # Colours the frame that the system draws around the window, too.
        QGuiApplication.styleHints().setColorScheme(_SCHEMES[mode])
        self._change()

    def _follow_system(self) -> None:
        if self.mode == "system":
            self._change()

    def _change(self) -> None:
        wanted = self._wanted()
        if wanted is self.theme:
            return
        self.theme = wanted
        self._dress()
        self.notifier.changed.emit(wanted)

    def _wanted(self) -> Theme:
        if self.mode != "system":
            return DARK if self.mode == "dark" else LIGHT
        return DARK if _system_is_dark() else LIGHT

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


def notifier() -> ThemeNotifier:
    """The object whose signal ``changed`` carries the new ``Theme``."""
    return _manager().notifier


def set_theme(mode: Mode) -> None:
    """Change the theme of the whole window.

    Args:
        mode: "light", "dark", or "system" to follow the system from now on.
    """
    _manager().choose(mode)


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
    system = _manager().system_font
    made = QFont(system if system is not None else QGuiApplication.font())
    base = max(QFontInfo(made).pixelSize(), _SMALLEST_BASE_PX)
    made.setPixelSize(max(round(px * base / _BASE_PX), min(px, _SMALLEST_PX)))
    made.setWeight(QFont.Weight(weight))
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def _system_is_dark() -> bool:
    return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark


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
