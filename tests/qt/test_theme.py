"""The theme: tokens, changes, icons and the focus ring."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QColor, QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tlstudio.ui import icons, theme
from tlstudio.ui.stylesheet import build_stylesheet
from tlstudio.ui.widgets.buttons import Button

# The offscreen platform says so for every window of a fixed size.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp)
    theme.set_theme("light")
    yield
    theme.set_theme("system")


def contrast(ink: str, ground: str) -> float:
    """Contrast of two colours as WCAG 2.2 defines it."""

    def luminance(hex_color: str) -> float:
        color = QColor(hex_color)
        parts = (color.redF(), color.greenF(), color.blueF())
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(ink), luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("which", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
def test_inks_are_legible(which: theme.Theme) -> None:
    for ink in (which.text, which.text2, which.text3, which.accent, which.wrong, which.unsure, which.info):
        assert contrast(ink, which.surface) >= 4.5
    for ink, ground in (*which.matrix_right, *which.matrix_wrong, (which.on_accent, which.accent)):
        assert contrast(ink, ground) >= 4.5
    for part in (which.line2, *which.classes):
        assert contrast(part, which.surface) >= 2.95


def test_a_change_is_told_once_and_reaches_labels(qtbot: QtBot) -> None:
    label = QLabel("words")
    qtbot.addWidget(label)
    label.setProperty("tone", "wrong")
    label.show()
    heard: list[theme.Theme] = []
    theme.notifier().changed.connect(heard.append)
    theme.set_theme("dark")
    theme.set_theme("dark")
    assert heard == [theme.DARK]
    assert theme.current() is theme.DARK
    assert theme.color("accent") == QColor(theme.DARK.accent)
    assert label.palette().windowText().color() == QColor(theme.DARK.wrong)
    theme.notifier().changed.disconnect(heard.append)


def test_the_system_is_followed_until_changed_by_hand(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    def change_system(dark: bool) -> None:
        monkeypatch.setattr(theme, "_system_is_dark", lambda: dark)
        qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light)

    theme.set_theme("system")
    change_system(dark=True)
    assert theme.current() is theme.DARK
    theme.set_theme("light")
    change_system(dark=False)
    change_system(dark=True)
    assert theme.current() is theme.LIGHT
    theme.set_theme("system")
    assert theme.current() is theme.DARK


def test_every_token_of_the_stylesheet_is_filled() -> None:
    assert "$" not in build_stylesheet(theme.DARK)


def test_class_colors_end_with_the_sixth() -> None:
    assert theme.class_color(2) == QColor(theme.LIGHT.classes[2])
    assert theme.class_color(6) == theme.color("line2")
    assert theme.class_color(2, n_classes=10) == theme.color("line2")
    assert theme.class_color(2, n_classes=10, selected=True) == QColor(theme.LIGHT.classes[2])
    assert theme.class_color(2, n_classes=6) == QColor(theme.LIGHT.classes[2])


def test_text_never_falls_below_its_smallest_size_and_digits_are_of_one_width() -> None:
    assert theme.font(14).pixelSize() >= 13
    assert theme.font(12).pixelSize() >= 12
    assert theme.font(28, 600).pixelSize() > theme.font(24, 600).pixelSize()
    metrics = QFontMetrics(theme.font(14))
    assert len({metrics.horizontalAdvance(digit * 8) for digit in "0123456789"}) == 1


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
    assert (before, after) == (QColor(theme.LIGHT.accent), QColor(theme.DARK.accent))


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
