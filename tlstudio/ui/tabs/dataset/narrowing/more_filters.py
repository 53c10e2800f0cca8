"""The page "Filters" of the panel: what photos are for, how they look, and a few or one of each class."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.ui import theme
from tlstudio.ui.tabs.dataset.narrowing.narrowing import LOOK_WORDS, PART_WORDS, Narrowing, NthOfClass, PerClass
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.fields import ComboBox, LabelledField, NumberField
from tlstudio.ui.widgets.toggles import Switch
from tlstudio.ui.widgets.tooltip import set_tooltip

_USUAL, _MOST, _LAST = 3, 12, 99_999


class MoreFiltersPage(QWidget):
    """Two choices and a sample; all of them narrow what chip, class and search let through.

    Attributes:
        changed: Carries the ``Narrowing`` that was chosen, for ``set_narrowing``.
    """

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._narrowing = Narrowing()
        self._part = ComboBox([("Anything", ""), *((words, key) for key, words in PART_WORDS.items())])
        self._look = ComboBox([("Whatever they look like", ""), *((words, key) for key, words in LOOK_WORDS.items())])
        self._few = Switch("A few at random of each class", "")
        self._count = NumberField(_USUAL, 1, _MOST, name="How many of each class")
        self._others = Button("Others", "outline", size="small")
        self._one = Switch("One of each class, by its number", "")
        self._number = NumberField(1, 1, _LAST, name="Which photo of each class")
        self._explain()
        self._lay_out()
        self._part.activated.connect(lambda: self.changed.emit(replace(self._narrowing, part=self._part.currentData())))
        self._look.activated.connect(lambda: self.changed.emit(replace(self._narrowing, look=self._look.currentData())))
        self._few.clicked.connect(self._switch)
        self._count.value_changed.connect(lambda: self._switch(True))
        self._others.clicked.connect(self._draw_others)
        self._one.clicked.connect(self._switch_one)
        self._number.value_changed.connect(lambda: self._switch_one(True))
        self.set_narrowing(self._narrowing)

    def set_narrowing(self, narrowing: Narrowing) -> None:
        """Show what is chosen."""
        self._narrowing = narrowing
        self._part.setCurrentIndex(self._part.findData(narrowing.part))
        self._look.setCurrentIndex(self._look.findData(narrowing.look))
        of_class = narrowing.per_class
        for switch, kind in ((self._few, PerClass), (self._one, NthOfClass)):
            switch.setChecked(isinstance(of_class, kind))
        if isinstance(of_class, PerClass) and of_class.count != self._count.value:
            self._count.set_value(of_class.count)
        if isinstance(of_class, NthOfClass) and of_class.number != self._number.value:
            self._number.set_value(of_class.number)
        self._others.setEnabled(isinstance(of_class, PerClass))

    def _explain(self) -> None:
        for control, what, term in self._explanations():
            set_tooltip(control.focusProxy() or control, what, term=term)

    def _explanations(self) -> Sequence[tuple[QWidget, str, str]]:
        return (
            (self._part, "Show only photos with this purpose", "Training, validation, test"),
            (self._look, "Show only photos that are hard to see, or leave these away", ""),
            (self._few, "Show a few photos of each class, drawn at random, class by class", "Random sample"),
            (self._count, f"So many of each class, 1 to {_MOST}", ""),
            (self._others, "Draw other photos", "Next seed"),
            (self._one, "Show one photo of each class: the first, the second and so on, by file name", ""),
            (self._number, "Which one: 1 for the first; classes with fewer photos show none", ""),
        )

    def _lay_out(self) -> None:
        choices = QHBoxLayout()
        choices.setSpacing(theme.SPACE_16)
        choices.addWidget(LabelledField("What they are for", self._part, placement="above"), 1)
        choices.addWidget(LabelledField("How they look", self._look, placement="above"), 1)
        few = QHBoxLayout()
        few.setSpacing(theme.SPACE_12)
        self._count.setFixedWidth(56)
        for widget in (self._few, self._count, self._others):
            few.addWidget(widget)
        few.addStretch(1)
        one = QHBoxLayout()
        one.setSpacing(theme.SPACE_12)
        self._number.setFixedWidth(72)
        one.addWidget(self._one)
        one.addWidget(self._number)
        one.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_12)
        column.addLayout(choices)
        column.addLayout(few)
        column.addLayout(one)

    def _switch(self, on: bool) -> None:
        now = self._narrowing.per_class
        seed = now.seed if isinstance(now, PerClass) else 0
        self.changed.emit(replace(self._narrowing, per_class=PerClass(round(self._count.value), seed) if on else None))

    def _switch_one(self, on: bool) -> None:
        chosen = NthOfClass(round(self._number.value)) if on else None
        self.changed.emit(replace(self._narrowing, per_class=chosen))

    def _draw_others(self) -> None:
        now = self._narrowing.per_class
        if isinstance(now, PerClass):
            self.changed.emit(replace(self._narrowing, per_class=replace(now, seed=now.seed + 1)))
