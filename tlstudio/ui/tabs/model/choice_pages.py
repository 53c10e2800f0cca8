"""The pages of "Choose myself" beside the network: its last layers, and how it is refined."""

from dataclasses import dataclass, replace
from typing import Final, get_args

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from tlstudio.modeling import backend
from tlstudio.modeling.layer_table import ActivationFunction, Dropout
from tlstudio.modeling.spec import HeadSpec
from tlstudio.training.recipes import HEAD_EPOCHS, SCRATCH_EPOCHS
from tlstudio.ui import theme
from tlstudio.ui.choices import Choices
from tlstudio.ui.tabs.model.model_facts import LAYER_RULE, UNITS_RULE, parse_layer, parse_units, written_units
from tlstudio.ui.widgets.card import Hairline
from tlstudio.ui.widgets.checked_field import CheckedField
from tlstudio.ui.widgets.fields import ComboBox, NumberField
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.toggles import Switch
from tlstudio.ui.widgets.tooltip import set_tooltip

_CONTROL: Final = 200
_REFINING_ROUNDS: Final = 10
_MOST_ROUNDS: Final = 1000
_MOST_SEED: Final = 2**31 - 1


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
        if not isinstance(control, Switch):
            control.setFixedWidth(_CONTROL)
        grid.addWidget(control, 0, 4, 2, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        target = control.focusProxy() or control
        target.setAccessibleName(title)
        set_tooltip(target, meaning, term=term)

    def set_meaning(self, meaning: str) -> None:
        """Say something else about it."""
        self._meaning.setText(meaning)


def _stack(page: QWidget, rows: list[SettingRow]) -> None:
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, theme.SPACE_8, 0)
    column.setSpacing(0)
    for number, row in enumerate(rows):
        if number:
            column.addWidget(Hairline())
        column.addWidget(row)
    column.addStretch(1)


class HeadPage(QWidget):
    """The layers that come after the network.

    Attributes:
        edited: Carries the HeadSpec that was chosen by hand.
    """

    edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._head = HeadSpec()
        self._pooling = ComboBox([("their mean", "avg"), ("the strongest", "max"), ("every place", "flatten")])
        self._units: CheckedField[tuple[int, ...]] = CheckedField(
            (), parse_units, written_units, UNITS_RULE, name="Hidden layers", hint="none"
        )
        self._activation = ComboBox([(name, name) for name in get_args(ActivationFunction)])
        self._dropout = NumberField(0.5, 0, 0.9, decimals=2, name="Dropout")
        self._pooling.activated.connect(lambda: self._edit(replace(self._head, pooling=self._pooling.currentData())))
        for changed in (self._units.value_changed, self._activation.activated, self._dropout.value_changed):
            changed.connect(lambda _: self._edit_layers())
        _stack(
            self,
            [
                SettingRow(
                    "What is taken from the photo",
                    "pooling",
                    "The network finds things at many places of a photo: use the mean over all places, the strongest "
                    "find, or every place by itself.",
                    self._pooling,
                ),
                SettingRow(
                    "Hidden layers",
                    "dense layers",
                    "Sizes of the layers between network and answer, such as 256, 128. Without any, it learns fastest "
                    "and needs the fewest photos.",
                    self._units,
                ),
                SettingRow("Shape of the hidden layers", "activation", "Only with hidden layers.", self._activation),
                SettingRow(
                    "Forget on purpose",
                    "dropout",
                    "Share of what was found that is left out while learning, so that nothing is learnt by heart.",
                    self._dropout,
                ),
            ],
        )

    def show_head(self, head: HeadSpec) -> None:
        """Show what is chosen."""
        self._head = head
        self._pooling.setCurrentIndex(self._pooling.findData(head.pooling))
        self._units.set_value(tuple(layer.units for layer in head.hidden))
        if head.hidden:
            self._activation.setCurrentIndex(self._activation.findData(head.hidden[0].activation))
        self._activation.setEnabled(bool(head.hidden))
        dropout = next((layer.rate for layer in head.layers if isinstance(layer, Dropout)), 0.0)
        if dropout != self._dropout.value:
            self._dropout.set_value(dropout)

    def _edit_layers(self) -> None:
        plain = HeadSpec.plain("avg", self._units.value, self._activation.currentData(), self._dropout.value)
        self._edit(replace(self._head, layers=plain.layers))

    def _edit(self, head: HeadSpec) -> None:
        self._head = head
        self.edited.emit(head)


@dataclass(frozen=True, slots=True)
class Schedule:
    """The part of the choices that says how long is learnt, and how.

    Attributes:
        head_epochs: The most rounds for the last layers; None for the recipe's own number.
        fine_tune_epochs: Rounds of refining; 0 for none.
        unfreeze_from: First layer that is refined; "" for the network's own default.
        seed: Of everything random.
        reproducible: Whether the same seed is to give the same run bit for bit.
    """

    head_epochs: int | None
    fine_tune_epochs: int
    unfreeze_from: str
    seed: int
    reproducible: bool

    @classmethod
    def of(cls, choices: Choices) -> "Schedule":
        """What is chosen."""
        return cls(
            choices.head_epochs,
            choices.fine_tune_epochs,
            choices.unfreeze_from,
            choices.seed,
            choices.reproducible,
        )

    def apply(self, choices: Choices) -> Choices:
        """The same choices with this schedule."""
        return replace(
            choices,
            head_epochs=self.head_epochs,
            fine_tune_epochs=self.fine_tune_epochs,
            unfreeze_from=self.unfreeze_from,
            seed=self.seed,
            reproducible=self.reproducible,
        )


class RefiningPage(QWidget):
    """Refining, rounds, seed.

    Attributes:
        edited: Carries the Schedule that was chosen by hand.
    """

    edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._schedule = Schedule(None, 0, "", 0, reproducible=False)
        self._refine = Switch("")
        self._rounds = NumberField(_REFINING_ROUNDS, 1, _MOST_ROUNDS, unit="rounds", name="Rounds of refining")
        self._layer: CheckedField[str] = CheckedField("", parse_layer, str, LAYER_RULE, name="Refine from")
        self._head_rounds = NumberField(HEAD_EPOCHS, 1, _MOST_ROUNDS, unit="rounds", name="Rounds")
        self._seed = NumberField(0, 0, _MOST_SEED, name="Seed")
        self._exact = Switch("")
        self._refine_row = SettingRow("Refine afterwards", "fine-tuning", _REFINE, self._refine)
        self._exact_row = SettingRow("Exactly repeatable", "deterministic", _EXACT, self._exact)
        self._connect()
        _stack(
            self,
            [
                self._refine_row,
                SettingRow("Rounds of refining", "epochs", "Each goes once through all photos.", self._rounds),
                SettingRow("Refine from", "first layer that is trained", _LAYER, self._layer),
                SettingRow("Rounds for the last layers", "epochs", _HEAD_ROUNDS, self._head_rounds),
                SettingRow("Shuffle", "seed", _SEED, self._seed),
                self._exact_row,
            ],
        )

    def show_choices(self, choices: Choices, layer: str) -> None:
        """Show what is chosen.

        Args:
            choices: All choices.
            layer: First layer that is refined where none is named.
        """
        self._schedule = schedule = Schedule.of(choices)
        scratch = choices.spec.weights == "none"
        refining = schedule.fine_tune_epochs > 0
        self._refine.setChecked(refining)
        self._refine.setEnabled(not scratch)
        self._refine_row.set_meaning(_SCRATCH if scratch else _REFINE)
        for field in (self._rounds, self._layer):
            field.setEnabled(refining)
        _follow(self._rounds, schedule.fine_tune_epochs or round(self._rounds.value))
        self._layer.set_value(schedule.unfreeze_from)
        self._layer.set_hint(layer)
        usual = SCRATCH_EPOCHS if scratch else HEAD_EPOCHS
        _follow(self._head_rounds, usual if schedule.head_epochs is None else schedule.head_epochs)
        _follow(self._seed, schedule.seed)
        self._exact.setChecked(schedule.reproducible)
        self._exact_row.set_meaning(_EXACT_LATE if backend.is_started() and schedule.reproducible else _EXACT)

    def _connect(self) -> None:
        self._refine.clicked.connect(self._switch_refining)
        self._rounds.value_changed.connect(lambda rounds: self._edit(fine_tune_epochs=round(rounds)))
        self._layer.value_changed.connect(lambda name: self._edit(unfreeze_from=name))
        self._head_rounds.value_changed.connect(lambda rounds: self._edit(head_epochs=round(rounds)))
        self._seed.value_changed.connect(lambda seed: self._edit(seed=round(seed)))
        self._exact.clicked.connect(lambda exact: self._edit(reproducible=exact))

    def _switch_refining(self, on: bool) -> None:
        self._edit(fine_tune_epochs=round(self._rounds.value) if on else 0)

    def _edit(self, **changes: object) -> None:
        schedule = replace(self._schedule, **changes)  # type: ignore[arg-type] # names and types are those above
        if schedule != self._schedule:
            self._schedule = schedule
            self.edited.emit(schedule)


def _follow(field: NumberField, value: int) -> None:
    """Show a value, but leave alone what is being typed for that very value."""
    if round(field.value) != value:
        field.set_value(value)


_REFINE: Final = (
    "After the last layers, the last blocks of the network go on learning from your photos, in small steps. "
    "Slower, and often a few more photos right."
)
_SCRATCH: Final = "A network without any knowledge learns as a whole: there is nothing to refine afterwards."
_LAYER: Final = (
    "Name of the first layer that goes on learning, with everything behind it. Empty: the last stage of the network."
)
_HEAD_ROUNDS: Final = "At most so many. Learning ends by itself when it no longer gets better; the best round is kept."
_SEED: Final = "Another number shuffles the photos differently, also how they are shared out."
_EXACT: Final = (
    "The same photos, choices and seed give the same network, bit for bit. Computes with one thread, so it takes "
    "about a fifth longer."
)
_EXACT_LATE: Final = (
    f"{_EXACT} TensorFlow runs already: if it does so with several threads, start the program again before you train."
)
