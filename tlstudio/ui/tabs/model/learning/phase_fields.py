"""Everything that can be set of one phase: the little that matters first, the rest behind "More"."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCompleter, QLineEdit, QVBoxLayout, QWidget

from tlstudio.training.config import Phase
from tlstudio.ui import theme
from tlstudio.ui.tabs.model.layers.setting_fields import SettingBox
from tlstudio.ui.tabs.model.learning.cells import Cell, CellGrid, SettingCell
from tlstudio.ui.tabs.model.learning.more_fields import MoreFields
from tlstudio.ui.tabs.model.learning.phase_lines import BY_NAME, PhaseLine, part_choices, with_part
from tlstudio.ui.tabs.model.learning.phase_settings import EPOCHS
from tlstudio.ui.tabs.model.learning.stop_rules import stopping_when_stalled
from tlstudio.ui.tabs.model.model_facts import LAYER_RULE, parse_layer
from tlstudio.ui.widgets.checked_field import CheckedField
from tlstudio.ui.widgets.disclosure import Disclosure
from tlstudio.ui.words.phases import refined_blocks

_WIDE = 232
_UNTIL_STALLED, _TO_THE_END = "until it stops getting better", "a number of rounds"


class PhaseFields(QWidget):
    """Fields of a phase.

    Attributes:
        edited: Carries the phase as it is now, and the name of the setting that was changed.
        rate_wanted: A learning rate is to be looked for.
    """

    edited = Signal(object, str)
    rate_wanted = Signal()

    def __init__(self, line: PhaseLine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = line
        self._by_name = False
        self._part = SettingBox()
        self._layer: CheckedField[str] = CheckedField("", parse_layer, str, LAYER_RULE, name="First layer that learns")
        self._length = SettingBox([(words, words) for words in (_UNTIL_STALLED, _TO_THE_END)])
        self._part_cell = Cell("What learns", "trainable", _PART, self._part)
        self._layer_cell = Cell("From layer", "unfreeze from", _LAYER, self._layer)
        self._epochs = SettingCell(EPOCHS, line.phase)
        length = Cell("How long", "early stopping", _LENGTH, self._length)
        self._plain = CellGrid([self._part_cell, self._layer_cell, length, self._epochs], _WIDE)
        self._disclosure = Disclosure("More", "model/learning", small=True)
        self._more: MoreFields | None = None
        self._build()
        self._connect()
        self.show_line(line)

    def show_line(self, line: PhaseLine) -> None:
        """Show another phase, or the same with other settings."""
        if line.phase.unfreeze_from != self._line.phase.unfreeze_from:
            self._by_name = False
        self._line = line
        self._show_part()
        self._length.setCurrentIndex(0 if line.phase.patience else 1)
        self._epochs.show_phase(line.phase, line.problem("epochs"))
        self._plain.arrange()
        self._show_more()

    def focus_first(self) -> None:
        """Go to the first field."""
        first = self._length if self._line.around.scratch else self._part
        first.setFocus(Qt.FocusReason.TabFocusReason)

    def _build(self) -> None:
        self._disclosure.body.setContentsMargins(0, theme.SPACE_4, 0, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_8)
        column.addWidget(self._plain)
        column.addWidget(self._disclosure)

    def _connect(self) -> None:
        self._part.activated.connect(self._choose_part)
        self._layer.value_changed.connect(self._choose_layer)
        self._length.activated.connect(self._choose_length)
        self._epochs.edited.connect(lambda phase: self._tell(phase, "epochs"))
        self._disclosure.toggled.connect(lambda _open: self._show_more())

    # Choosing

    def _choose_part(self) -> None:
        layer = self._part.currentData()
        self._by_name = layer == BY_NAME
        phase, spec = self._line.phase, self._line.around.spec
        if self._by_name and phase.name == "fine_tune":
            self._show_part()
            self._layer.setFocus(Qt.FocusReason.TabFocusReason)
            return
        if self._by_name:
            layer = self._line.around.blocks[-1].first_layer if self._line.around.blocks else ""
        by_name = self._by_name
        self._tell(with_part(phase, spec, layer), "unfreeze_from")
        self._by_name = by_name
        self._show_part()

    def _choose_layer(self, name: str) -> None:
        self._tell(with_part(self._line.phase, self._line.around.spec, name), "unfreeze_from")
        self._by_name = True
        self._show_part()

    def _choose_length(self, index: int) -> None:
        phase = self._line.phase
        self._tell(replace(phase, stops=stopping_when_stalled(phase, index == 0)), "stops")

    def _tell(self, phase: Phase, setting: str) -> None:
        if phase != self._line.phase:
            self.edited.emit(phase, setting)

    # Showing

    def _show_part(self) -> None:
        phase, around = self._line.phase, self._line.around
        self._part_cell.setVisible(not around.scratch)
        choices = part_choices(self._line)
        self._part.clear()
        for layer, words in choices:
            self._part.addItem(words, layer)
        wanted = self._wanted_part()
        known = [layer for layer, _ in choices if layer != BY_NAME]
        by_name = phase.name == "fine_tune" and (self._by_name or wanted not in known)
        self._part.setCurrentIndex(len(known) if by_name else known.index(wanted))
        self._layer_cell.setVisible(by_name and not around.scratch)
        self._layer.set_value(phase.unfreeze_from)
        self._layer_cell.show_note(self._line.problem("unfreeze_from"))
        self._complete()
        self._plain.arrange()

    def _wanted_part(self) -> str | None:
        """The layer that a phase is refined from; where that makes whole blocks, as the choice names it."""
        phase, blocks = self._line.phase, self._line.around.blocks
        if phase.name != "fine_tune":
            return None
        count = refined_blocks(phase.unfreeze_from, blocks)
        return blocks[-count].first_layer if count else phase.unfreeze_from

    def _complete(self) -> None:
        """Offer the names of the layers while one is typed."""
        edit, layers = self._layer.findChild(QLineEdit), self._line.around.layers
        if edit is not None and edit.completer() is None and layers:
            completer = QCompleter(layers, edit)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.activated.connect(edit.textEdited)
            edit.setCompleter(completer)

    def _show_more(self) -> None:
        """The fields behind "More" are made when they are seen first."""
        if not self._disclosure.open:
            return
        if self._more is None:
            self._more = MoreFields(self._line, self)
            self._more.edited.connect(self._tell)
            self._more.rate_wanted.connect(self.rate_wanted)
            self._disclosure.body.addWidget(self._more)
        self._more.show_line(self._line)


_PART = "Which layers learn in this phase; the others stay as they are"
_LAYER = "Name of the first layer that learns, with everything behind it"
_LENGTH = "With the first, the rounds are the most that it may take"
