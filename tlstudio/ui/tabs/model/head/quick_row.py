"""Often used last layers as chips, the one in force marked."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from tlstudio.modeling.spec import HeadSpec
from tlstudio.ui.tabs.model.head.quick_heads import QUICK_HEADS
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.chips import FilterChip
from tlstudio.ui.widgets.flow_layout import FlowLayout
from tlstudio.ui.widgets.tooltip import set_tooltip


class QuickRow(QWidget):
    """Chips in as many lines as they need.

    Attributes:
        chosen: Carries the QuickHead that was pressed.
        usual_wanted: The head that the network comes with is wanted.
    """

    chosen = Signal(object)
    usual_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._usual = Button("Usual last layers", "text", size="small")
        set_tooltip(self._usual, "Go back to the last layers that this network comes with")
        self._usual.clicked.connect(self.usual_wanted)
        self._chips: list[FilterChip] = []
        flow = FlowLayout(self)
        for quick in QUICK_HEADS:
            chip = FilterChip(quick.title)
            set_tooltip(chip, quick.tip)
            chip.clicked.connect(partial(self.chosen.emit, quick))
            self._chips.append(chip)
            flow.addWidget(chip)
        flow.addWidget(self._usual)

    def show_head(self, head: HeadSpec, usual: HeadSpec) -> None:
        """Mark the chip of a head; the way back is open unless it is the usual one."""
        for chip, quick in zip(self._chips, QUICK_HEADS, strict=True):
            chip.setChecked(quick.applied(head) == head)
        self._usual.setEnabled(head != usual)
