"""The page on how the network learns: phases, and what holds for all of them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tlstudio.modeling import backend
from tlstudio.training.config import Phase
from tlstudio.ui import theme
from tlstudio.ui.choices import Choices
from tlstudio.ui.tabs.model.choice_card import scrolled
from tlstudio.ui.tabs.model.head.quick_heads import answer_of
from tlstudio.ui.tabs.model.layers.edit_history import EditHistory
from tlstudio.ui.tabs.model.layers.undo_keys import UndoKeys
from tlstudio.ui.tabs.model.learning.phase_editor import PhaseEditor
from tlstudio.ui.tabs.model.learning.phase_lines import Surroundings
from tlstudio.ui.tabs.model.setting_row import SettingRow
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.card import Hairline
from tlstudio.ui.widgets.fields import NumberField
from tlstudio.ui.widgets.toggles import Switch

_MOST_SEED: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Repetition:
    """What makes one training like another.

    Attributes:
        seed: Of everything random.
        reproducible: Whether the same seed is to give the same run bit for bit.
    """

    seed: int = 0
    reproducible: bool = False


class LearningPage(UndoKeys):
    """Phases, seed, repetition.

    Attributes:
        edited: Carries the phases that were chosen by hand, and whether more is likely to follow within moments.
        repetition_edited: Carries the Repetition that was chosen by hand.
        answer_wanted: What is made small is to be chosen.
        rate_wanted: A learning rate is to be looked for; carries the position of the phase.
    """

    edited = Signal(object, bool)
    repetition_edited = Signal(object)
    answer_wanted = Signal()
    rate_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._history: EditHistory[tuple[Phase, ...]] = EditHistory(())
        self._usual: tuple[Phase, ...] = ()
        self._around: Surroundings | None = None
        self._repetition = Repetition()
        self._phases = PhaseEditor()
        self._answer = Button("Change the answer", "text", size="small")
        self._answer_row = SettingRow("What is made small", "loss", "", self._answer)
        self._seed = NumberField(0, 0, _MOST_SEED, name="Seed")
        self._exact = Switch("")
        self._exact_row = SettingRow("Exactly repeatable", "deterministic", _EXACT, self._exact)
        self._build()
        self._connect()

    def show_choices(self, choices: Choices, around: Surroundings) -> None:
        """Show what is chosen, and what for."""
        phases = choices.config().phases
        self._usual, self._around = choices.usual().phases, around
        if phases != self._history.value:
            # Of another network, or from a preset: nothing to go back to from here.
            self._history.reset(phases)
        recipe = choices.recipe is not None
        self._phases.set_reset(*(_TO_RECIPE if recipe else _TO_USUAL), offered=phases != self._usual)
        self._show_repetition(Repetition(choices.seed, choices.reproducible))
        answer = answer_of(choices.spec.head)
        self._answer_row.set_meaning(f"{_LOSSES[choices.spec.head.loss]} It belongs to the answer: {answer.title}.")
        self._show()

    # Building

    def _build(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, theme.SPACE_12, 0)
        column.setSpacing(0)
        column.addWidget(self._phases)
        seed = SettingRow("Shuffle", "seed", _SEED, self._seed)
        for row in (self._answer_row, seed, self._exact_row):
            column.addWidget(Hairline())
            column.addWidget(row)
        column.addStretch(1)
        area = scrolled(content)
        self._phases.seen.connect(lambda row: area.ensureWidgetVisible(row, 0, theme.SPACE_8))
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(area)

    def _connect(self) -> None:
        self._phases.edited.connect(self._edit)
        self._phases.reset_wanted.connect(lambda: self._edit(self._usual))
        self._phases.rate_wanted.connect(self.rate_wanted)
        self._answer.clicked.connect(self.answer_wanted)
        self._seed.value_changed.connect(lambda seed: self._repeat(seed=round(seed)))
        self._exact.clicked.connect(lambda exact: self._repeat(reproducible=exact))
        for undo in (self._phases.undone, self.undo_pressed):
            undo.connect(lambda: self._step(self._history.undo))
        for redo in (self._phases.redone, self.redo_pressed):
            redo.connect(lambda: self._step(self._history.redo))

    # Choosing

    def set_rate(self, index: int, rate: float) -> None:
        """Give a phase another learning rate."""
        phases = self._history.value
        if index < len(phases):
            self._edit((*phases[:index], replace(phases[index], learning_rate=rate), *phases[index + 1 :]))

    def _edit(self, phases: tuple[Phase, ...], merge: str = "") -> None:
        self._history.push(phases, merge)
        self._show()
        self.edited.emit(phases, bool(merge))

    def _step(self, step: Callable[[], tuple[Phase, ...]]) -> None:
        before, phases = self._history.value, step()
        if phases != before:
            self._show()
            self.edited.emit(phases, False)

    def _repeat(self, **changes: object) -> None:
        repetition = replace(self._repetition, **changes)  # type: ignore[arg-type] # names and types are those above
        if repetition != self._repetition:
            self._repetition = repetition
            self.repetition_edited.emit(repetition)

    # Showing

    def _show(self) -> None:
        history, around = self._history, self._around
        if around is not None:
            self._phases.show_phases(history.value, around, can_undo=history.can_undo, can_redo=history.can_redo)

    def _show_repetition(self, repetition: Repetition) -> None:
        self._repetition = repetition
        if round(self._seed.value) != repetition.seed:  # else leave alone what is being typed for it
            self._seed.set_value(repetition.seed)
        self._exact.setChecked(repetition.reproducible)
        self._exact_row.set_meaning(_EXACT_LATE if backend.is_started() and repetition.reproducible else _EXACT)


_TO_USUAL: Final = ("Back to the usual way", "Train as it suits this network; Ctrl+Z brings your phases back")
_TO_RECIPE: Final = ("Back to the recipe", "Train as the preset or the run did; Ctrl+Z brings your phases back")
_LOSSES: Final = {
    "auto": "The error of the whole answer (cross-entropy).",
    "binary": "The error of each of the two scores by itself (binary cross-entropy).",
}
_SEED: Final = "Another number shuffles the photos differently, also how they are shared out."
_EXACT: Final = (
    "The same photos, choices and seed give the same network, bit for bit. Computes with one thread, so it takes "
    "about a fifth longer."
)
_EXACT_LATE: Final = (
    f"{_EXACT} TensorFlow runs already: if it does so with several threads, start the program again before you train."
)
