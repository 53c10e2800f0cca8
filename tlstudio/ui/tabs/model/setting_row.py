"""The row that a setting of "Choose myself" stands in."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.segmented import Segmented
from tlstudio.ui.widgets.toggles import Switch
from tlstudio.ui.widgets.tooltip import set_tooltip

_CONTROL: Final = 200


class SettingRow(QWidget):
    """A setting in words, what it means under them, and its control at the right."""

    def __init__(self, title: str, term: str, meaning: str, control: QWidget, parent: QWidget | None = None) -> None:
        """Make a row.

        Args:
            title: The plain word.
            term: The word that the field uses, smaller beside it.
            meaning: A sentence on what it does.
            control: What changes it.
            parent: Owner.
        """
        super().__init__(parent)
        self._meaning = TextLabel(meaning, "secondary", "text2", wrap=True)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, theme.SPACE_8, 0, theme.SPACE_8)
        grid.setHorizontalSpacing(theme.SPACE_8)
        grid.setVerticalSpacing(2)
        grid.addWidget(TextLabel(title, "label"), 0, 0)
        grid.addWidget(TextLabel(term, "caption", "text3"), 0, 1, Qt.AlignmentFlag.AlignBottom)
        grid.addWidget(self._meaning, 1, 0, 1, 3)
        grid.setColumnMinimumWidth(3, theme.SPACE_16)
        grid.setColumnStretch(2, 1)
        if not isinstance(control, (Switch, Segmented, Button)):
            control.setFixedWidth(_CONTROL)
        grid.addWidget(control, 0, 4, 2, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        target = control.focusProxy() or control
        target.setAccessibleName(title)
        set_tooltip(target, meaning, term=term)

    def set_meaning(self, meaning: str) -> None:
        """Say something else about it."""
        self._meaning.setText(meaning)
