"""The button that chooses light or dark colours, and how strongly they stand out."""

from typing import Final

from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets.buttons import IconButton
from tlstudio.ui.widgets.tooltip import set_tooltip

_MODES: Final[dict[theme.Mode, tuple[str, str]]] = {
    "light": ("Light", "Dark words on light ground"),
    "dark": ("Dark", "Light words on dark ground"),
    "system": ("As the system", "What your system is set to, in contrast, too"),
}


class ThemeButton(IconButton):
    """Opens a menu; its icon shows the other of light and dark."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("moon", "Colours", parent=parent)
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        group = QActionGroup(self)
        self._modes = {mode: menu.addAction(name) for mode, (name, _tip) in _MODES.items()}
        for mode, action in self._modes.items():
            action.setToolTip(_MODES[mode][1])
            action.setCheckable(True)
            action.triggered.connect(lambda _on, mode=mode: _choose(mode))
            group.addAction(action)
        menu.addSeparator()
        self._contrast = menu.addAction("More contrast")
        self._contrast.setToolTip("Words and borders stand out as much as they can")
        self._contrast.setCheckable(True)
        self._contrast.triggered.connect(theme.set_contrast)
        self.setMenu(menu)
        theme.notifier().changed.connect(self._follow)
        theme.notifier().chosen.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        self.set_action("sun" if theme.current().is_dark else "moon", "Colours")
        set_tooltip(self, "Light, dark, or with more contrast", term="Theme")
        self._modes[theme.mode()].setChecked(True)
        self._contrast.setChecked(theme.has_more_contrast())


def _choose(mode: theme.Mode) -> None:
    theme.set_theme(mode)
    if mode == "system":
        theme.set_contrast(None)
