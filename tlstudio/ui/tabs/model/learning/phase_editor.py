"""A list of phases that can be edited."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tlstudio.training.config import Phase, TrainConfig
from tlstudio.ui import theme
from tlstudio.ui.tabs.model.layers.list_editor import Entries, ListEditor
from tlstudio.ui.tabs.model.learning.phase_lines import (
    Offer,
    PhaseLine,
    Surroundings,
    is_possible,
    offers,
    phase_lines,
)
from tlstudio.ui.tabs.model.learning.phase_row import PhaseRow
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.tooltip import set_tooltip


class PhaseEditor(ListEditor):
    """Buttons and the phases under each other.

    Attributes:
        reset_wanted: The phases of the recipe are wanted again.
        rate_wanted: A learning rate is to be looked for; carries the position of the phase.
    """

    reset_wanted = Signal()
    rate_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("phase", "Phases of the training", self._make_row, parent)
        self._offered: tuple[Offer, ...] = ()
        self._done: tuple[Phase, ...] = ()
        self._reset = Button("Back to the usual way", "text", size="small")
        self._reset.clicked.connect(self.reset_wanted)
        self._tools.add_before_steps(self._reset)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_8)
        column.addWidget(self._tools)
        column.addWidget(self._list)

    def show_phases(self, phases: tuple[Phase, ...], around: Surroundings, *, can_undo: bool, can_redo: bool) -> None:
        """Show the phases of a training; the current place stays."""
        config = TrainConfig(phases)
        lines = phase_lines(config, around)
        self.show_entries(phases, lines, can_undo=can_undo, can_redo=can_redo)
        self._done = around.done
        offered = offers(config, around)
        if offered != self._offered:
            self._offered = offered
            self._tools.set_offers([(words, tip, partial(self.insert, phase)) for words, tip, phase in offered])

    def set_reset(self, words: str, tip: str, *, offered: bool) -> None:
        """Say what the way back is, and whether there is one."""
        self._reset.setText(words)
        self._reset.setVisible(offered)
        set_tooltip(self._reset, tip)

    def open_first(self) -> None:
        """Show the settings of the first phase as fields."""
        self._list.set_current(0)

    def _allows(self, entries: Entries) -> bool:
        return is_possible((*self._done, *entries)) and bool(entries)

    def _make_row(self, number: int, line: PhaseLine, parent: QWidget) -> PhaseRow:
        row = PhaseRow(number, line, parent)
        row.rate_wanted.connect(lambda: self.rate_wanted.emit(number - 1))
        return row
