"""How sure the model has to be before a photo is called a class."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.slider import Slider
from tlstudio.ui.widgets.toggles import Switch
from tlstudio.ui.widgets.tooltip import set_tooltip

_USUAL = 50
_QUIET_MS = 300


class ThresholdRow(QWidget):
    """A slider from 0 to 100 %, what it comes to in words, and whether classifying goes by it.

    Attributes:
        moved: Carries the threshold while it is dragged, 0 to 1.
        kept: Carries the threshold to keep for this class, 0 to 1, or None for none of its own.
    """

    moved = Signal(float)
    kept = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lead = TextLabel("", "label")
        self._slider = Slider(0, 100, _USUAL, "Least sure that counts, in percent")
        self._value = TextLabel("", "strong")
        self._words = TextLabel("", "text", "text2", wrap=True)
        self._use = Switch("Go by this when classifying photos")
        set_tooltip(self._slider, "How sure the model has to be; below it, a photo counts as unsure", term="Threshold")
        set_tooltip(
            self._use,
            "Keep this with the run: photos called this class with less certainty wait for you as unsure",
            term="Per-class threshold",
        )
        self._waiting = QTimer(self, interval=_QUIET_MS, singleShot=True)
        self._waiting.timeout.connect(self._keep)
        self._lay_out()
        self._slider.valueChanged.connect(self._move)
        self._use.toggled.connect(lambda _on: self._keep())

    def show_class(self, name: str, threshold: float | None) -> None:
        """Show the threshold of a class; None for none of its own. What is still to be kept is ``flush``'s."""
        self._lead.setText(f"Call a photo {name} from")
        for control in (self._slider, self._use):
            control.blockSignals(True)
        self._slider.setValue(_USUAL if threshold is None else round(100 * threshold))
        self._use.setChecked(threshold is not None)
        for control in (self._slider, self._use):
            control.blockSignals(False)
        self._value.setText(f"{self._slider.value()} % sure")

    def flush(self) -> None:
        """Tell at once what is still to be kept: it is of the class shown."""
        if self._waiting.isActive():
            self._waiting.stop()
            self._keep()

    def threshold(self) -> float:
        """What the slider stands at, 0 to 1."""
        return self._slider.value() / 100

    def set_words(self, words: str) -> None:
        """Say what the threshold comes to."""
        self._words.setText(words)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_12)
        row.addWidget(self._lead)
        row.addWidget(self._slider, 1)
        row.addWidget(self._value)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_8)
        column.addLayout(row)
        column.addWidget(self._words)
        column.addWidget(self._use)

    def _move(self, value: int) -> None:
        self._value.setText(f"{value} % sure")
        self.moved.emit(value / 100)
        if self._use.isChecked():
            self._waiting.start()  # while it is dragged, nothing is written

    def _keep(self) -> None:
        self.kept.emit(self.threshold() if self._use.isChecked() else None)
