"""The page "Shapes" of the panel: how many photos are upright, square or 4:3, and only these."""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tlstudio.datasets.photo_sizes import ORIENTATIONS, SHAPES, SizeChoice
from tlstudio.ui import theme
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.chips import FilterChip
from tlstudio.ui.widgets.flow_layout import FlowLayout
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.tooltip import set_tooltip


class ShapeChoicePage(QWidget):
    """A chip with a count for each shape that photos have.

    Attributes:
        changed: Carries the ``SizeChoice`` that was made, for ``set_choice``.
    """

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choice = SizeChoice()
        self._chips = {shape.key: FilterChip(shape.words) for shape in SHAPES}
        self._every = Button("Every shape", "text", size="small")
        set_tooltip(self._every, "Show photos of every shape again")
        row = FlowLayout()
        for shape in SHAPES:
            chip = self._chips[shape.key]
            upright = "" if shape in ORIENTATIONS else ", upright or not"
            set_tooltip(chip, f"Show only these photos{upright}; a second click shows all", term="Aspect ratio")
            chip.clicked.connect(lambda on, key=shape.key: self._choose(key, on))
            row.addWidget(chip)
        row.addWidget(self._every)
        line = "Photos are stretched to a square for the network: the further from it, the more."
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_12)
        column.addLayout(row)
        column.addWidget(TextLabel(line, "secondary", "text2", wrap=True))
        self._every.clicked.connect(lambda: self._choose("", True))
        self.set_counts(dict.fromkeys(self._chips, 0))

    def set_counts(self, counts: Mapping[str, int]) -> None:
        """Show how many photos have each shape, by its key."""
        for key, count in counts.items():
            self._chips[key].set_count(count)
            self._chips[key].setVisible(count > 0 or key == self._choice.shape)

    def set_choice(self, choice: SizeChoice) -> None:
        """Show what is chosen."""
        self._choice = choice
        for key, chip in self._chips.items():
            chip.setChecked(key == choice.shape)
        self._every.setEnabled(bool(choice.shape))

    def _choose(self, key: str, on: bool) -> None:
        self.changed.emit(replace(self._choice, shape=key if on else ""))
