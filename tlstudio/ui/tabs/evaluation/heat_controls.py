"""Photo or heat map, how strong, for which class, and how it is found."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, cast

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from tlstudio.prediction.explanation.heat_map import MapLayer, Method
from tlstudio.ui import theme
from tlstudio.ui.tabs.evaluation.explanations import Explanations, HeatView
from tlstudio.ui.widgets.buttons import IconButton
from tlstudio.ui.widgets.fields import ComboBox
from tlstudio.ui.widgets.heat_photo import HeatLegend
from tlstudio.ui.widgets.labels import ElidedLabel, TextLabel
from tlstudio.ui.widgets.popover import Popover
from tlstudio.ui.widgets.segmented import Segmented
from tlstudio.ui.widgets.slider import Slider
from tlstudio.ui.widgets.tooltip import set_tooltip

_WIDTH: Final = 360
_AUTOMATIC: Final = "What fits the network"


def bind_heat_key(view: QWidget, explanations: Explanations) -> None:
    """Let H show the heat map or hide it while something in a view has the focus."""
    key = QShortcut(QKeySequence(Qt.Key.Key_H), view)
    key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    key.activated.connect(lambda: explanations.set_view(replace(explanations.view, shown=not explanations.view.shown)))


class HeatControls(QWidget):
    """A switch, the legend or what is going on, and a button for more.

    Attributes:
        class_chosen: Carries the index of the class that the heat map is to speak for.
    """

    class_chosen = Signal(int)

    def __init__(self, explanations: Explanations, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._explanations = explanations
        self._classes: Sequence[tuple[str, int]] = ()
        self._class_index = 0
        self._switch = Segmented([("photo", "Photo"), ("heat", "Heat map")], "What is shown of the photo")
        self._legend = HeatLegend()
        self._status = ElidedLabel("", "secondary", "text2")
        self._more = IconButton("sliders", "Strength, class and method of the heat map")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_12)
        for widget, stretch in ((self._switch, 0), (self._status, 1), (self._legend, 0), (self._more, 0)):
            row.addWidget(widget, stretch)
        set_tooltip(self._switch, "Show what the model looked at", term="Grad-CAM, occlusion sensitivity", key="H")
        self._switch.changed.connect(lambda key: self._change(shown=key == "heat"))
        self._more.clicked.connect(self._show_options)
        explanations.view_changed.connect(self._follow)
        self._follow()

    def set_classes(self, classes: Sequence[tuple[str, int]], class_index: int) -> None:
        """Offer these classes.

        Args:
            classes: Name and index of each.
            class_index: The one that the heat map speaks for.
        """
        self._classes, self._class_index = classes, class_index

    def set_status(self, words: str) -> None:
        """Say what is going on, or wrong; nothing for the legend."""
        self._status.setText(words)
        self._show_legend()

    def least_width(self) -> int:
        """Width that the switch and the button need; the legend is left out where there is no more."""
        return self._switch.sizeHint().width() + self._more.width() + 2 * theme.SPACE_12

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the legend out where there is no room for it."""
        super().resizeEvent(event)
        self._show_legend()

    def _show_legend(self) -> None:
        room = self.width() - self._switch.sizeHint().width() - self._more.width() - 3 * theme.SPACE_12
        wanted = self._explanations.view.shown and not self._status.full_text()
        self._legend.setVisible(wanted and room >= self._legend.sizeHint().width())

    def _follow(self) -> None:
        shown = self._explanations.view.shown
        self._switch.set_current("heat" if shown else "photo")
        self._more.setVisible(shown)
        self.set_status("")

    def _change(self, **changes: object) -> None:
        self._explanations.set_view(replace(self._explanations.view, **changes))  # type: ignore[arg-type]

    def _show_options(self) -> None:
        card = HeatOptions(self._explanations, self._classes, self._class_index, self)
        card.class_chosen.connect(self.class_chosen)
        card.adjustSize()
        corner = self._more.mapToGlobal(QPoint(self._more.width(), 0))
        card.show_at(corner - QPoint(card.width(), card.height() + theme.SPACE_8))


class HeatOptions(Popover):
    """Strength, class, method.

    Attributes:
        class_chosen: Carries the index of the class that the heat map is to speak for.
    """

    class_chosen = Signal(int)

    def __init__(
        self, explanations: Explanations, classes: Sequence[tuple[str, int]], class_index: int, parent: QWidget
    ) -> None:
        super().__init__("Heat map", _WIDTH, parent)
        self._explanations = explanations
        view = explanations.view
        strength = Slider(0, 100, round(view.strength * 100), "Strength of the colours, in percent")
        set_tooltip(strength, "How strongly the colours cover the photo")
        strength.valueChanged.connect(lambda value: self._change(strength=value / 100))
        speaks = ComboBox([(name, index) for name, index in classes])
        speaks.setCurrentIndex(max(speaks.findData(class_index), 0))
        speaks.setAccessibleName("What speaks for")
        set_tooltip(speaks, "Show what in the photo speaks for this class")
        speaks.activated.connect(lambda row: self.class_chosen.emit(speaks.itemData(row)))
        ways = ComboBox(_ways(explanations.layers))
        ways.setCurrentIndex(max(ways.findData(_key(view)), 0))
        ways.setAccessibleName("How it is found")
        set_tooltip(
            ways,
            "Earlier layers show finer places of simpler things. Covering parts works for every network, but is slower",
            term="Grad-CAM at a layer, or occlusion sensitivity",
        )
        ways.activated.connect(lambda row: self._choose_way(ways.itemData(row)))
        for words, field in (("Strength", strength), ("What speaks for", speaks), ("How it is found", ways)):
            self.body.addWidget(TextLabel(words, "label"))
            self.body.addWidget(field)

    def _choose_way(self, key: str) -> None:
        method, _, layer = key.partition("/")
        self._change(method=cast("Method | None", method or None), layer=layer)

    def _change(self, **changes: object) -> None:
        self._explanations.set_view(replace(self._explanations.view, **changes))  # type: ignore[arg-type]


def _ways(layers: Sequence[MapLayer]) -> list[tuple[str, object]]:
    """Words and key of every way to find a heat map."""
    looked = [
        (f"Grad-CAM at {layer.name} ({layer.width} × {layer.height})", f"grad_cam/{layer.name}") for layer in layers
    ]
    return [(_AUTOMATIC, ""), *looked, ("Covering parts of the photo (occlusion)", "occlusion")]


def _key(view: HeatView) -> str:
    return "/".join(part for part in (view.method, view.layer) if part)
