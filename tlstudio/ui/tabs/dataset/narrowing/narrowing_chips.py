"""Chips for what the panel of sizes and filters asks for, each with a way to take it back."""

from dataclasses import replace
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal

from tlstudio.datasets.photo_sizes import EVERY_SIZE
from tlstudio.ui.tabs.dataset.narrowing.narrowing import LOOK_WORDS, PART_WORDS, Narrowing, NthOfClass, PerClass
from tlstudio.ui.widgets.chips import FilterChip
from tlstudio.ui.widgets.tooltip import set_tooltip

_CLEARED: Final = {
    "sizes": partial(replace, sizes=EVERY_SIZE),
    "part": partial(replace, part=""),
    "look": partial(replace, look=""),
    "per_class": partial(replace, per_class=None),
}


class NarrowingChips(QObject):
    """One chip for each thing that narrows the photos down; a click takes it back.

    Attributes:
        changed: Carries the ``Narrowing`` that is left.
        chips: All of them; those of what isn't asked for are hidden.
    """

    changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._narrowing = Narrowing()
        self._chips = {name: FilterChip("", glyph="close") for name in _CLEARED}
        for name, chip in self._chips.items():
            set_tooltip(chip, "Show the others again")
            chip.clicked.connect(partial(self._take_back, name))
        self.show_narrowing(self._narrowing, 0)

    @property
    def chips(self) -> tuple[FilterChip, ...]:
        """All of them, in the order in which they narrow."""
        return tuple(self._chips.values())

    def show_narrowing(self, narrowing: Narrowing, photos: int) -> None:
        """Show what is asked for; the last chip says how many photos are left."""
        self._narrowing = narrowing
        words = {
            "sizes": "Size" if narrowing.sizes.narrows else "",
            "part": PART_WORDS[narrowing.part] if narrowing.part else "",
            "look": LOOK_WORDS.get(narrowing.look, ""),
            "per_class": _of_each_class(narrowing),
        }
        last = next((name for name in reversed(words) if words[name]), "")
        for name, chip in self._chips.items():
            chip.setText(words[name])
            chip.set_count(photos if name == last else None)
            chip.setChecked(True)
            chip.setVisible(bool(words[name]))

    def _take_back(self, name: str) -> None:
        self.changed.emit(_CLEARED[name](self._narrowing))


def _of_each_class(narrowing: Narrowing) -> str:
    match narrowing.per_class:
        case PerClass(count):
            return f"{count} of each class"
        case NthOfClass(number):
            return f"Photo {number:,} of each class"
    return ""
