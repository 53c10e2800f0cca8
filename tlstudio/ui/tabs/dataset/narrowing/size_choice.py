"""The page "Sizes" of the panel: look at the sizes of photos, and choose some by mouse or by numbers."""

from dataclasses import replace
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.datasets.photo_sizes import SizeChoice
from tlstudio.datasets.size_rule import SizeRule
from tlstudio.ui import theme
from tlstudio.ui.tabs.dataset.narrowing.narrowing import Overview
from tlstudio.ui.tabs.dataset.narrowing.pixel_field import PixelField
from tlstudio.ui.tabs.dataset.narrowing.size_plot import SizePlot, Tool
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.chips import FilterChip
from tlstudio.ui.widgets.flow_layout import FlowLayout
from tlstudio.ui.widgets.labels import ElidedLabel, TextLabel
from tlstudio.ui.widgets.segmented import Segmented
from tlstudio.ui.widgets.tooltip import set_tooltip

_LIMITS: Final[dict[int | None, tuple[str, str]]] = {
    None: ("All", "All sizes"),
    700: ("≤ 700 px", "Up to 700 px"),
    350: ("≤ 350 px", "Up to 350 px"),
}
_TOOLS: Final[tuple[tuple[Tool, str], ...]] = (("move", "Look"), ("rectangle", "Box"), ("lasso", "Lasso"))
_NARROWEST, _WIDEST = 52, 96


class SizeChoicePage(QWidget):
    """Plot and number fields; both choose the same.

    Attributes:
        changed: Carries the ``SizeChoice`` that was made, for ``set_choice``.
    """

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choice = SizeChoice()
        self._summary = ""
        self._plot = SizePlot()
        self._limits = {limit: FilterChip(words) for limit, (words, _) in _LIMITS.items()}
        self._tools = Segmented(_TOOLS, "What dragging in the plot does")
        self._reset = Button("Reset", "text", size="small")
        self._words = ElidedLabel("", "secondary", "text2")
        self._fields = {
            "min_width": PixelField("Width from", "Show no narrower photos; empty for any"),
            "max_width": PixelField("Width to", "Show no wider photos; empty for any"),
            "min_height": PixelField("Height from", "Show no lower photos; empty for any"),
            "max_height": PixelField("Height to", "Show no higher photos; empty for any"),
        }
        self._explain()
        self._lay_out()
        self._connect()
        self._show_view()

    def show_overview(self, overview: Overview) -> None:
        """Show photos."""
        self._summary = overview.summary
        self._words.setText(self._summary)
        self._plot.set_dots(overview.dots, overview.names, selected=overview.of_one_class)
        self._plot.set_choice(self._choice)
        self._show_view()

    def set_choice(self, choice: SizeChoice) -> None:
        """Show what is chosen."""
        self._choice = choice
        for name, field in self._fields.items():
            field.set_value(getattr(choice.area, name) or 0)
        self._reset.setEnabled(replace(choice, shape="").narrows)
        self._plot.set_choice(choice)

    def spare(self) -> int:
        """How much higher than it has to be the page is at its best."""
        return self._plot.spare()

    def _explain(self) -> None:
        set_tooltip(self._tools, "Move around, or draw around the photos that you want to see")
        set_tooltip(self._reset, "Choose no sizes, and show all of them in the plot")
        for limit, chip in self._limits.items():
            reach = "from 0 to the largest photo" if limit is None else f"from 0 to {limit} px"
            chip.setAccessibleName(_LIMITS[limit][1])
            set_tooltip(chip, f"{_LIMITS[limit][1]}: show this part of the plot, {reach}")
        drawing = "The wheel zooms; dragging moves, or draws around photos"
        self._plot.setToolTip(f"<qt>{drawing}<br>Arrows, +, −, 0</qt>")

    def _lay_out(self) -> None:
        head = FlowLayout()
        for widget in (*self._limits.values(), self._tools):
            head.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_8)
        column.addLayout(head)
        column.addWidget(self._plot, 1)
        column.addWidget(self._words)
        column.addLayout(self._field_row())

    def _field_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_4)
        for side in ("width", "height"):
            least, most = self._fields[f"min_{side}"], self._fields[f"max_{side}"]
            for field in (least, most):
                field.setMinimumWidth(_NARROWEST)
                field.setMaximumWidth(_WIDEST)
            row.addWidget(TextLabel(side.capitalize(), "secondary", "text2"))
            row.addWidget(least, 1)
            row.addWidget(TextLabel("to", "secondary", "text2"))
            row.addWidget(most, 1)
            row.addSpacing(theme.SPACE_4)
        row.addStretch(0)
        row.addWidget(self._reset)
        return row

    def _connect(self) -> None:
        for limit, chip in self._limits.items():
            chip.clicked.connect(lambda _checked, limit=limit: self._plot.show_up_to(limit))
            chip.clicked.connect(self._show_view)
        for field in self._fields.values():
            field.value_changed.connect(self._take_fields)
        self._tools.changed.connect(self._plot.set_tool)
        self._reset.clicked.connect(self._take_back)
        self._plot.view_changed.connect(self._show_view)
        self._plot.hovered.connect(lambda words: self._words.setText(words or self._summary))
        self._plot.area_drawn.connect(lambda area: self.changed.emit(replace(self._choice, area=area, codes=None)))
        self._plot.codes_drawn.connect(
            lambda codes: self.changed.emit(replace(self._choice, area=SizeRule(), codes=codes))
        )
        self._plot.cleared.connect(lambda: self.changed.emit(replace(self._choice, area=SizeRule(), codes=None)))

    def _show_view(self) -> None:
        for limit, chip in self._limits.items():
            chip.setChecked(self._plot.shows_up_to(limit))

    def _take_fields(self) -> None:
        values = {name: field.value for name, field in self._fields.items()}
        area = SizeRule(
            values["min_width"], values["min_height"], values["max_width"] or None, values["max_height"] or None
        )
        self.changed.emit(replace(self._choice, area=area, codes=None))

    def _take_back(self) -> None:
        self._plot.show_up_to(None)
        self.changed.emit(replace(self._choice, area=SizeRule(), codes=None))
