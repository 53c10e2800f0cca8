"""A button that a single key presses, too."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from tlstudio.ui.widgets.buttons import Button, Kind
from tlstudio.ui.widgets.tooltip import set_tooltip


def key_button(
    owner: QWidget, words: str, key: str, tip: str, act: Callable[[], object], kind: Kind = "outline"
) -> Button:
    """Make a small button for an answer that is given many times.

    Args:
        owner: While it is to be seen, its window listens to the key.
        words: On the button.
        key: Such as "C"; shown on the button.
        tip: What it does.
        act: Called when it is pressed, either way.
        kind: Its look.
    """
    button = Button(words, kind, size="small", key=key)
    set_tooltip(button, tip, key=key)
    button.clicked.connect(lambda _checked=False: act())
    shortcut = QShortcut(QKeySequence(key), owner)
    shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
    # The shortcut of an owner that isn't seen does nothing; a button that is hidden must not act either.
    shortcut.activated.connect(lambda: button.click() if button.isVisible() else None)
    return button
