"""How the curves are looked at, and saving them: the small card behind the sliders button."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.card import Hairline
from tlstudio.ui.widgets.curve_plot import CurveView
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.popover import Popover
from tlstudio.ui.widgets.slider import Slider
from tlstudio.ui.widgets.toggles import Switch
from tlstudio.ui.widgets.tooltip import set_tooltip

WIDTH: Final = 340
_MOST: Final = 99
_KINDS: Final = (
    ("png", "PNG", "Save the curves as a picture, twice as fine as on the screen"),
    ("svg", "SVG", "Save the curves as a drawing that stays sharp at every size"),
    ("csv", "CSV", "Save the figures of all rounds as a table, as they were measured"),
)


class CurveOptions(Popover):
    """Smoothing, scale, what is shown, zoom, and three ways to save.

    Attributes:
        view_changed: Carries the ``CurveView`` that was chosen.
        zoom_requested: Carries a factor; 0 for all rounds.
        save_requested: Carries "png", "svg" or "csv".
    """

    view_changed = Signal(object)
    zoom_requested = Signal(float)
    save_requested = Signal(str)

    def __init__(self, view: CurveView, *, has_batches: bool, empty: bool, parent: QWidget) -> None:
        """Make the card.

        Args:
            view: How the curves are looked at now.
            has_batches: Whether running means within the rounds are known.
            empty: Whether there is nothing to zoom and to save yet.
            parent: Owner.
        """
        super().__init__("Curves", WIDTH, parent)
        self._view = view
        self._amount = TextLabel("", "secondary", "text2")
        self._build_smoothing()
        self._switch("Error on a logarithmic scale", view.log, self._set_log).setToolTip(
            "<qt>Equal factors are equally far apart: shows what happens near 0<br>log scale</qt>"
        )
        self._switch("Learning rate, as a third plot", view.rate, self._set_rate).setToolTip(
            "<qt>How large the steps are by which it learns<br>learning rate</qt>"
        )
        within = self._switch("Within every round, batch by batch", view.within and has_batches, self._set_within)
        within.setEnabled(has_batches)
        tip = "Follow the photos it learns from within each round: running means"
        set_tooltip(within, tip if has_batches else "Known only while a training runs, and until another run is opened")
        self.body.addWidget(Hairline())
        zooms = (("Closer", 1.5, "+"), ("Farther", 1 / 1.5, "-"), ("All rounds", 0.0, "0"))
        self._row("Zoom", [self._zoom(words, factor, key) for words, factor, key in zooms], empty)
        self._row("Save as", [self._save(*kind) for kind in _KINDS], empty)

    def _build_smoothing(self) -> None:
        row = QHBoxLayout()
        row.addWidget(TextLabel("Smoothing", "text"))
        row.addStretch(1)
        row.addWidget(self._amount)
        slider = Slider(0, _MOST, round(self._view.smoothing * 100), "Smoothing of the curves, in percent")
        set_tooltip(slider, "Even out the noise; the lines as measured stay faintly behind", term="moving average")
        slider.valueChanged.connect(self._set_smoothing)
        self.body.addLayout(row)
        self.body.addWidget(slider)
        self._tell_amount()

    def _switch(self, words: str, on: bool, changed: Callable[[bool], None]) -> Switch:
        switch = Switch(words)
        switch.setChecked(on)
        switch.toggled.connect(changed)
        self.body.addWidget(switch)
        return switch

    def _row(self, words: str, buttons: list[Button], empty: bool) -> None:
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_8)
        row.addWidget(TextLabel(words, "text"), 1, Qt.AlignmentFlag.AlignVCenter)
        for button in buttons:
            button.setEnabled(not empty)
            row.addWidget(button)
        self.body.addLayout(row)

    def _zoom(self, words: str, factor: float, key: str) -> Button:
        button = Button(words, "outline", size="small")
        set_tooltip(
            button, "Show all rounds" if not factor else f"{words} at the rounds: the wheel does it, too", key=key
        )
        button.clicked.connect(lambda: self.zoom_requested.emit(factor))
        return button

    def _save(self, kind: str, words: str, tip: str) -> Button:
        button = Button(words, "outline", size="small")
        button.setAccessibleName(f"Save as {words}")
        set_tooltip(button, tip)
        button.clicked.connect(lambda: self._leave(kind))
        return button

    def _leave(self, kind: str) -> None:
        self.close()
        self.save_requested.emit(kind)

    def _set_smoothing(self, value: int) -> None:
        self._change(replace(self._view, smoothing=value / 100))
        self._tell_amount()

    def _tell_amount(self) -> None:
        self._amount.setText(f"{self._view.smoothing:.2f}" if self._view.smoothing else "none")

    def _set_log(self, on: bool) -> None:
        self._change(replace(self._view, log=on))

    def _set_rate(self, on: bool) -> None:
        self._change(replace(self._view, rate=on))

    def _set_within(self, on: bool) -> None:
        self._change(replace(self._view, within=on))

    def _change(self, view: CurveView) -> None:
        self._view = view
        self.view_changed.emit(view)
