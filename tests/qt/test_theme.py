"""The theme: tokens, changes, icons and the focus ring."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QAction, QColor, QFontMetrics, QImage, QPainter, QStyleHints
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QToolTip, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tlstudio.ui import icons, theme
from tlstudio.ui.palettes import DARK, DARK_CONTRAST, LIGHT, LIGHT_CONTRAST, Theme
from tlstudio.ui.stylesheet import build_stylesheet
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.tooltip import FocusTooltips, set_tooltip


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp)
    theme.set_theme("light")
    yield
    theme.set_theme("system")
    theme.set_contrast(None)


def contrast(ink: str, ground: str) -> float:
    """Contrast of two colours as WCAG 2.2 defines it."""

    def luminance(hex_color: str) -> float:
        color = QColor(hex_color)
        parts = (color.redF(), color.greenF(), color.blueF())
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(ink), luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("which", "of_inks", "of_parts"),
    [(LIGHT, 4.5, 2.95), (DARK, 4.5, 2.95), (LIGHT_CONTRAST, 7.0, 4.3), (DARK_CONTRAST, 7.0, 4.3)],
    ids=["light", "dark", "light contrast", "dark contrast"],
)
def test_inks_are_legible(which: Theme, of_inks: float, of_parts: float) -> None:
    for ink in (which.text, which.text2, which.text3, which.accent, which.wrong, which.unsure, which.info):
        assert contrast(ink, which.surface) >= of_inks
    softs = ((which.wrong, which.wrong_soft), (which.unsure, which.unsure_soft), (which.info, which.info_soft))
    for ink, ground in ((which.accent, which.accent_soft), (which.text, which.accent_soft), *softs):
        assert contrast(ink, ground) >= min(of_inks, 4.75)
    for ink, ground in (*which.matrix_right, *which.matrix_wrong, (which.on_accent, which.accent)):
        assert contrast(ink, ground) >= of_inks
    for part in (which.line2, *which.classes):
        assert contrast(part, which.surface) >= of_parts


def test_a_change_is_told_once_and_reaches_labels(qtbot: QtBot) -> None:
    label = QLabel("words")
    qtbot.addWidget(label)
    label.setProperty("tone", "wrong")
    label.show()
    heard: list[Theme] = []
    theme.notifier().changed.connect(heard.append)
    theme.set_theme("dark")
    theme.set_theme("dark")
    assert heard == [DARK]
    assert theme.current() is DARK
    assert theme.color("accent") == QColor(DARK.accent)
    assert label.palette().windowText().color() == QColor(DARK.wrong)
    theme.notifier().changed.disconnect(heard.append)


def test_the_system_is_followed_until_changed_by_hand(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    def change_system(dark: bool) -> None:
        monkeypatch.setattr(theme, "_system_is_dark", lambda: dark)
        qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light)

    theme.set_theme("system")
    change_system(dark=True)
    assert theme.current() is DARK
    theme.set_theme("light")
    change_system(dark=False)
    change_system(dark=True)
    assert theme.current() is LIGHT
    theme.set_theme("system")
    assert theme.current() is DARK


@pytest.mark.skipif(not hasattr(QStyleHints, "accessibility"), reason="Qt asks the system for it from 6.10 on")
def test_more_contrast_follows_the_system_until_changed_by_hand(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change_system(more: bool) -> None:
        monkeypatch.setattr(theme, "_system_wants_contrast", lambda: more)
        wanted = Qt.ContrastPreference.HighContrast if more else Qt.ContrastPreference.NoPreference
        qapp.styleHints().accessibility().contrastPreferenceChanged.emit(wanted)

    change_system(more=True)
    assert theme.current() is LIGHT_CONTRAST
    assert theme.has_more_contrast()
    theme.set_contrast(False)
    assert theme.current() is LIGHT
    theme.set_theme("dark")
    theme.set_contrast(None)
    assert theme.current() is DARK_CONTRAST
    change_system(more=False)
    assert theme.current() is DARK


def test_what_stands_in_an_empty_field_is_legible(qtbot: QtBot) -> None:
    field = QLineEdit()
    qtbot.addWidget(field)
    field.setPlaceholderText("Find a class")
    field.show()
    assert field.palette().placeholderText().color() == QColor(LIGHT.text3)


def test_every_token_of_the_stylesheet_is_filled() -> None:
    assert "$" not in build_stylesheet(DARK)


def test_class_colors_end_with_the_sixth() -> None:
    assert theme.class_color(2) == QColor(LIGHT.classes[2])
    assert theme.class_color(6) == theme.color("line2")
    assert theme.class_color(2, n_classes=10) == theme.color("line2")
    assert theme.class_color(2, n_classes=10, selected=True) == QColor(LIGHT.classes[2])
    assert theme.class_color(2, n_classes=6) == QColor(LIGHT.classes[2])


def test_text_never_falls_below_its_smallest_size_and_digits_are_of_one_width() -> None:
    assert theme.font(14).pixelSize() >= 13
    assert theme.font(12).pixelSize() >= 12
    assert theme.font(28, 600).pixelSize() > theme.font(24, 600).pixelSize()
    metrics = QFontMetrics(theme.font(14))
    assert len({metrics.horizontalAdvance(digit * 8) for digit in "0123456789"}) == 1


def test_whoever_changes_a_font_changes_no_other() -> None:
    mine = theme.font(14)
    mine.setPixelSize(99)
    assert theme.font(14).pixelSize() != 99


@pytest.mark.parametrize("name", sorted(icons.GLYPHS))
def test_every_icon_draws_inside_its_box(qapp: QApplication, name: str) -> None:  # noqa: ARG001
    image = QImage(72, 72, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    icons.paint(painter, name, image.rect(), QColor("black"))
    painter.end()
    border = [(x, y) for x in range(72) for y in range(72) if min(x, y) == 0 or max(x, y) == 71]
    assert any(image.pixelColor(x, y).alpha() for x in range(72) for y in range(72))
    assert not any(image.pixelColor(x, y).alpha() for x, y in border)


def test_an_icon_is_crisp_and_takes_the_colour_of_its_token() -> None:
    made = icons.icon("check", "accent", 20)
    assert made.pixmap(QSize(20, 20), 2.0).size() == QSize(40, 40)
    image = icons.pixmap("dots", theme.color("wrong"), 24, 2).toImage()
    assert image.pixelColor(24, 24) == theme.color("wrong")


def test_a_bound_icon_follows_the_theme(qtbot: QtBot) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    action = QAction("Open", owner)
    icons.bind(action, "dots", "accent", 24)
    before = action.icon().pixmap(24, 24).toImage().pixelColor(12, 12)
    theme.set_theme("dark")
    after = action.icon().pixmap(24, 24).toImage().pixelColor(12, 12)
    assert (before, after) == (QColor(LIGHT.accent), QColor(DARK.accent))


def test_the_focus_ring_shows_for_keys_only(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    first, second = Button("First"), Button("Second")
    column.addWidget(first)
    column.addWidget(second)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    first.setFocus()

    def rings() -> list[QWidget]:
        known = {first, second}
        return [child for child in window.findChildren(QWidget) if child not in known and child.isVisible()]

    qtbot.keyClick(first, Qt.Key.Key_Tab)
    assert second.hasFocus()
    (ring,) = rings()
    assert ring.geometry() == second.geometry().adjusted(-4, -4, 4, 4)
    window.resize(window.width() + 80, window.height() + 60)
    qtbot.waitUntil(lambda: ring.geometry() == second.geometry().adjusted(-4, -4, 4, 4))
    qtbot.mouseClick(first, Qt.MouseButton.LeftButton)
    assert rings() == []


@pytest.fixture
def explained(qtbot: QtBot) -> Iterator[tuple[Button, Button]]:
    """Two buttons with tooltips, the keyboard on the first."""
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    buttons = Button("Train"), Button("Stop")
    for button in buttons:
        column.addWidget(button)
        set_tooltip(button, f"{button.text()} the network", key="F8")
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    buttons[0].setFocus()
    yield buttons
    window.close()


def test_a_tooltip_shows_on_focus_by_key_and_goes_with_the_next_key(
    explained: tuple[Button, Button], qtbot: QtBot
) -> None:
    train, stop = explained
    qtbot.keyClick(train, Qt.Key.Key_Tab)
    assert stop.hasFocus()
    qtbot.waitUntil(QToolTip.isVisible)
    assert "Stop the network<br>F8" in QToolTip.text()
    qtbot.keyClick(stop, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: not QToolTip.isVisible())


def test_a_tooltip_waits_for_the_mouse_where_the_mouse_brought_the_focus(
    explained: tuple[Button, Button], qapp: QApplication, qtbot: QtBot
) -> None:
    train, stop = explained
    waiting = qapp.findChildren(FocusTooltips)[0].findChildren(QTimer)[0]
    qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
    assert stop.hasFocus()
    assert not waiting.isActive()
    qtbot.keyClick(stop, Qt.Key.Key_Tab)
    assert train.hasFocus()
    assert waiting.isActive()
    qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
    assert not waiting.isActive(), "whoever takes the mouse is not kept waiting for words"
