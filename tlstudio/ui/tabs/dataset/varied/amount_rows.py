"""One line for each amount of the varied copies: a slider and a field with its unit, or a switch."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from tlstudio.datasets.augmentation.amounts import Augmentation, Unit
from tlstudio.ui import theme
from tlstudio.ui.widgets.fields import NumberField
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.slider import Slider
from tlstudio.ui.widgets.toggles import Switch
from tlstudio.ui.widgets.tooltip import set_tooltip

_FIELD_WIDTH: Final = 80
_UNIT_WIDTH: Final = 20
_SLIDER_WIDTH: Final = 136
# What stands behind the field, digits behind the point, and how many of it are one of the table's unit.
_SHOWN: Final[dict[Unit, tuple[str, int, float]]] = {
    "degrees": ("°", 2, 1.0),
    "share": ("%", 1, 100.0),
    "pixels": ("px", 1, 1.0),
}
_SPOKEN: Final = {"°": "degrees", "%": "percent", "px": "pixels"}


class AmountRow(QWidget):
    """Sets one number of an ``AugmentationConfig``.

    Attributes:
        changed: Carries the value that a person chose, in the unit of the table.
    """

    changed = Signal(float)

    def __init__(self, entry: Augmentation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        unit, decimals, self._factor = _SHOWN[entry.unit]
        self._step = entry.step
        self._slider = Slider(self._place(entry.minimum), self._place(entry.maximum), 0, entry.title)
        self._slider.setFixedSize(_SLIDER_WIDTH, theme.HEIGHT_FIELD)
        self._field = _SteppedField(entry, self._factor, decimals, unit)
        self._field.setFixedWidth(_FIELD_WIDTH)
        target = self._field.focusProxy()
        assert target is not None  # noqa: S101 - a NumberField has one
        for widget in (self._slider, target):
            set_tooltip(widget, entry.description, term=entry.term.capitalize())
        mark = TextLabel(unit, "secondary", "text2")
        mark.setFixedSize(_UNIT_WIDTH, theme.HEIGHT_FIELD)
        row = _row(self, entry)
        for widget in (self._slider, self._field, mark):
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignTop)
        self._slider.valueChanged.connect(self._slide)
        self._field.value_changed.connect(self._type)

    def set_value(self, value: float) -> None:
        """Show a value without telling it."""
        if round(self._field.value / self._factor, 6) != value:
            self._field.set_value(round(value * self._factor, 6))
        self._move(value)

    def _place(self, value: float) -> int:
        return round(value / self._step)

    def _move(self, value: float) -> None:
        self._slider.blockSignals(True)
        self._slider.setValue(self._place(value))
        self._slider.blockSignals(False)

    def _slide(self, place: int) -> None:
        value = round(place * self._step, 6)
        self._field.set_value(round(value * self._factor, 6))
        self.changed.emit(value)

    def _type(self, shown: float) -> None:
        value = round(shown / self._factor, 6)
        self._move(value)
        self.changed.emit(value)


class FlipRow(QWidget):
    """Switches one mirroring on or off.

    Attributes:
        changed: Carries whether a person switched it on.
    """

    changed = Signal(bool)

    def __init__(self, entry: Augmentation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._switch = Switch("", entry.title)
        set_tooltip(self._switch, entry.description, term=entry.term.capitalize())
        row = _row(self, entry)
        row.addWidget(self._switch)
        self._switch.clicked.connect(self.changed)

    def set_value(self, on: bool) -> None:
        """Show whether it is on without telling it."""
        self._switch.setChecked(on)


class _SteppedField(NumberField):
    """Arrow keys go up and down by the table's step, not by the last digit."""

    def __init__(self, entry: Augmentation, factor: float, decimals: int, unit: str) -> None:
        low, high = (round(bound * factor, decimals) for bound in (entry.minimum, entry.maximum))
        name = f"{entry.title}, in {_SPOKEN[unit]}"
        super().__init__(low, low, high, decimals=decimals, unit=unit, name=name)
        self._digits_a_step = round(entry.step * factor * 10**decimals)

    def step(self, steps: int) -> None:
        super().step(steps * self._digits_a_step)


def _row(owner: QWidget, entry: Augmentation) -> QHBoxLayout:
    """Title and term at the left, of the height of a field so that a note under one doesn't move them."""
    labels = [TextLabel(entry.title, "text")]
    if entry.term.lower() != entry.title.lower():
        labels.append(TextLabel(entry.term, "caption", "text3"))
    row = QHBoxLayout(owner)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.SPACE_8)
    for label in labels:
        label.setFixedHeight(theme.HEIGHT_FIELD)
        row.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
    row.addStretch(1)
    return row
