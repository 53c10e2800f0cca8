"""The dialog that saves the present choices as a preset."""

from collections.abc import Collection
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from tlstudio.presets.preset_file import is_name
from tlstudio.ui import theme
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.sheet import Sheet
from tlstudio.ui.widgets.tooltip import set_tooltip

_WIDTH: Final = 420
_LONGEST: Final = 60


class SavePreset(Sheet):
    """Name and note, with what is wrong with the name while it is typed."""

    def __init__(self, shipped: Collection[str], own: Collection[str], parent: QWidget | None = None) -> None:
        """Make the dialog.

        Args:
            shipped: Names that can't be had, in small letters.
            own: Names of which the preset would be replaced, in small letters.
            parent: Owner.
        """
        super().__init__("Save as preset", parent, modal=False)
        self.setMinimumWidth(_WIDTH)
        self._shipped, self._own = shipped, own
        self._name = _line("Name", "How you will find it, such as: garden birds")
        self._note = _line("Note", "What you want to remember of it; may be empty")
        self._name.setMaxLength(_LONGEST)
        self._said = TextLabel(" ", "secondary", "text2", wrap=True)
        self._save = Button("Save", "filled")
        set_tooltip(self._save, "Keep network, training and shares under this name", key="Enter")
        self._save.setDefault(True)
        self._save.clicked.connect(self.accept)
        self._name.textChanged.connect(self._check)
        self._arrange()
        self._check()

    @property
    def name(self) -> str:
        """The name that was typed."""
        return self._name.text().strip()

    @property
    def note(self) -> str:
        """The note that was typed."""
        return self._note.text().strip()

    def _arrange(self) -> None:
        column = self.column
        column.setSpacing(theme.SPACE_8)
        for field in (self._name, self._note):
            column.addWidget(TextLabel(field.accessibleName(), "label"))
            column.addWidget(field)
            if field is self._name:
                column.addWidget(self._said)
        column.addSpacing(theme.SPACE_8)
        self.add_foot(self.cancel_button("Save nothing"), self._save)

    def _check(self) -> None:
        name = self.name
        taken = name.lower() in self._shipped
        possible = is_name(name) and not taken
        self._save.setEnabled(possible)
        wrong = bool(name) and not possible
        self._said.set_tone("wrong" if wrong else "text2")
        if taken:
            said = "A preset of this name comes with the program."
        elif wrong:
            said = 'A name has none of / \\ : * ? " < > | and no dot at its end.'
        else:
            said = "It takes the place of your preset of this name." if name.lower() in self._own else " "
        self._said.setText(said)
        self._name.setAccessibleDescription(said.strip())


def _line(name: str, hint: str) -> QLineEdit:
    field = QLineEdit()
    field.setFont(theme.font(13))
    field.setFixedHeight(theme.HEIGHT_FIELD)
    field.setAccessibleName(name)
    field.setPlaceholderText(hint)
    field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    set_tooltip(field, hint)
    return field
