"""Asks how many classes to pick at random."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.fields import LabelledField, NumberField
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.popover import Popover
from tlstudio.ui.widgets.tooltip import set_tooltip

_WIDTH = 288
_FEWEST = 2
_USUAL = 10
_LARGEST_SEED = 999_999


class PickClasses(Popover):
    """Number of classes and seed.

    Attributes:
        picked: Carries the number and the seed.
    """

    picked = Signal(int, int)

    def __init__(self, classes: int, parent: QWidget) -> None:
        """Ask for a number.

        Args:
            classes: How many there are; at least two.
            parent: Owner.
        """
        super().__init__("Pick classes at random", _WIDTH, parent)
        usual = _USUAL if classes > _USUAL else max(_FEWEST, classes // 2)
        self._count = NumberField(usual, _FEWEST, classes, unit="classes", name="How many classes")
        self._seed = NumberField(0, 0, _LARGEST_SEED, name="Seed")
        for field, what, term in (
            (self._count, f"So many of the {classes:,} classes are used, the others are switched off", ""),
            (self._seed, "The same number picks the same classes again", "seed"),
        ):
            target = field.focusProxy()
            assert target is not None  # noqa: S101 - a NumberField has one
            set_tooltip(target, what, term=term)
        pick = Button("Pick", "soft")
        set_tooltip(pick, "Use these classes and switch off the others; you can undo it", key="Enter")
        pick.clicked.connect(self._pick)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(pick)
        self.body.addWidget(LabelledField(f"How many of {classes:,}", self._count, width=96))
        self.body.addWidget(LabelledField("Seed", self._seed, width=96))
        line = "All classes take part, also those that are switched off now."
        self.body.addWidget(TextLabel(line, "secondary", "text2", wrap=True))
        self.body.addSpacing(theme.SPACE_4)
        self.body.addLayout(foot)
        self._count.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter picks."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._pick()
        else:
            super().keyPressEvent(event)

    def _pick(self) -> None:
        self.close()
        self.picked.emit(round(self._count.value), round(self._seed.value))
