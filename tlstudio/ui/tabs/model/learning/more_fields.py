"""The settings of a phase that most people never need, in groups."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tlstudio.training.config import Phase
from tlstudio.ui import theme
from tlstudio.ui.tabs.model.layers.setting_fields import SettingBox
from tlstudio.ui.tabs.model.learning.cells import Cell, CellGrid, SettingCell
from tlstudio.ui.tabs.model.learning.class_weights_table import ClassWeightsTable
from tlstudio.ui.tabs.model.learning.phase_lines import PhaseLine
from tlstudio.ui.tabs.model.learning.phase_settings import GROUPS, SETTINGS, Group
from tlstudio.ui.tabs.model.learning.stop_list import StopList
from tlstudio.ui.tabs.model.learning.stop_rules import usual_rule
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.tooltip import set_tooltip

_BY_HAND = "by hand"
_WEIGHTINGS = (
    ("none", "all alike"),
    ("balanced", "balanced"),
    ("max_count", "as the largest class"),
    (_BY_HAND, "as I say"),
)
_WEIGHTS = (
    "How much a photo counts. Balanced: photos of rare classes count more, so that all classes weigh alike. As the "
    "largest class: none less than 1"
)


class MoreFields(QWidget):
    """Groups of fields.

    Attributes:
        edited: Carries the phase as it is now, and the name of the setting that was changed.
        rate_wanted: A learning rate is to be looked for.
    """

    edited = Signal(object, str)
    rate_wanted = Signal()

    def __init__(self, line: PhaseLine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = line
        self._cells: dict[str, SettingCell] = {}
        self._grids: list[CellGrid] = []
        self._weighting = SettingBox([(words, key) for key, words in _WEIGHTINGS])
        self._weighting_cell = Cell("Classes count", "class weights", _WEIGHTS, self._weighting)
        self._weights = ClassWeightsTable()
        self._stops = StopList(usual_rule(line.phase.name))
        self._build()
        if not line.around.done:  # rates are tried from the beginning of a training
            self._add_finder()
        self._weighting.activated.connect(self._choose_weighting)
        self._weights.edited.connect(lambda weights: self._apply("class_weights", weights))
        self._stops.edited.connect(lambda stops: self._apply("stops", stops))
        self.show_line(line)

    def show_line(self, line: PhaseLine) -> None:
        """Show another phase, or the same with other settings."""
        self._line = line
        for name, cell in self._cells.items():
            cell.show_phase(line.phase, line.problem(name))
        self._show_weights()
        self._stops.show_stops(line.phase.stops)
        for grid in self._grids:
            grid.arrange()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_8)
        for group, title in GROUPS.items():
            column.addWidget(TextLabel(title, "secondary_strong"))
            grid = CellGrid(self._cells_of(group))
            self._grids.append(grid)
            column.addWidget(grid)
            if group == "counts":
                column.addWidget(self._weights)
            if group == "end":
                column.addWidget(self._stops)

    def _cells_of(self, group: Group) -> list[Cell]:
        cells: list[Cell] = [self._weighting_cell] if group == "counts" else []
        for setting in SETTINGS:
            if setting.group == group:
                cell = SettingCell(setting, self._line.phase)
                cell.edited.connect(partial(self._tell, setting.name))
                self._cells[setting.name] = cell
                cells.append(cell)
        return cells

    def _add_finder(self) -> None:
        find = Button("Find", "text", size="small")
        set_tooltip(find, "Try learning rates on your photos, and see which suits", term="learning-rate finder")
        find.setAccessibleName("Find a learning rate")
        find.clicked.connect(self.rate_wanted)
        self._cells["learning_rate"].add_beside(find)

    def _show_weights(self) -> None:
        weights, classes = self._line.phase.class_weights, self._line.around.classes
        by_hand = None if isinstance(weights, str) else dict(weights)
        self._weighting.setCurrentIndex(self._weighting.findData(weights if by_hand is None else _BY_HAND))
        problem = self._line.problem("class_weights")
        if problem and by_hand is not None and not by_hand.keys() <= set(classes):
            problem = f"{problem} Choose “as I say” once more to weigh these."
        waits = (
            "Open a folder of photos to say how much its classes count." if by_hand is not None and not classes else ""
        )
        self._weighting_cell.show_note(problem or waits)
        self._weights.setVisible(by_hand is not None and bool(classes))
        if by_hand is not None:
            self._weights.show_weights(classes, by_hand)

    def _choose_weighting(self) -> None:
        chosen = self._weighting.currentData()
        before = self._line.phase.class_weights
        if chosen != _BY_HAND:
            self._apply("class_weights", chosen)
        else:
            named = {} if isinstance(before, str) else dict(before)  # chosen once more: other classes are forgotten
            self._apply("class_weights", tuple((name, named.get(name, 1.0)) for name in self._line.around.classes))

    def _apply(self, name: str, value: object) -> None:
        changes = {name: value}
        self._tell(name, replace(self._line.phase, **changes))  # type: ignore[arg-type] # of "stops" and "class_weights"

    def _tell(self, setting: str, phase: Phase) -> None:
        if phase != self._line.phase:
            self.edited.emit(phase, setting)
