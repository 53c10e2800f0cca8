"""The shares in percent, as a person types them."""

from dataclasses import replace
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from tlstudio.datasets.splits.split import SplitConfig
from tlstudio.ui import theme
from tlstudio.ui.widgets.fields import LabelledField, NumberField
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.ui.words.shares import hundredths

PARTS: Final = (
    ("To learn from", "training", "accent"),
    ("To check while learning", "validation", "learn"),
    ("For the final exam", "test", "unsure"),
)
"""Words, term and colour of the parts, in the order of ``SplitConfig.shares``."""

_WHOLE: Final = 100.0
_TOLERANCE: Final = 0.15  # three shares of 33.3 are a whole
_LARGEST_FRACTION: Final = 99.0
FIELD_WIDTH: Final = 96
"""Of a number at the right of its label."""

_PAUSE_MS: Final = 500  # after which what was typed is one change


class ShareFields(QWidget):
    """Three shares of all photos; or, for the nested way, the check and the exam as a share of what it leaves over.

    Attributes:
        typed: What stands there makes a whole and differs from before; comes when the typing pauses.
    """

    typed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._config = SplitConfig()
        self._shares = [
            NumberField(0, minimum, _WHOLE, decimals=1, unit="%", name=f"{words}, in percent")
            for (words, _, _), minimum in zip(PARTS, (1.0, 0.0, 0.0), strict=True)
        ]
        self._check = NumberField(0, 0, _LARGEST_FRACTION, decimals=1, unit="%", name="Check, in percent")
        self._exam = NumberField(0, 0, _LARGEST_FRACTION, decimals=1, unit="%", name="Exam, in percent of the rest")
        self._note = TextLabel("", "secondary", "text2", wrap=True)
        self._plain, self._nested = QWidget(), QWidget()
        self._changed = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._tell)
        self._lay_out()
        for field in (*self._shares, self._check, self._exam):
            field.value_changed.connect(self._follow)
            line = field.focusProxy()
            if isinstance(line, QLineEdit):
                line.editingFinished.connect(self._tell)

    def set_config(self, config: SplitConfig) -> None:
        """Show the shares of ``config``; what is being typed for the same way to share out stays."""
        renewed = (config.method == "nested") != (self._config.method == "nested")
        if renewed:
            self._changed = False
            self._pause.stop()
        self._config = config
        self._plain.setVisible(config.method != "nested")
        self._nested.setVisible(config.method == "nested")
        if not self._changed:
            fractions = (*config.shares, config.validation, config.test_of_rest)
            for field, share in zip((*self._shares, self._check, self._exam), fractions, strict=True):
                wanted = round(share * _WHOLE, 1)
                if field.value != wanted:  # or the cursor would jump
                    field.set_value(wanted)
        self._say()

    def config(self) -> SplitConfig | None:
        """The config with the shares that stand there; None where they make no whole."""
        if self._config.method == "nested":
            typed = SplitConfig.nested(self._check.value / _WHOLE, self._exam.value / _WHOLE)
        elif self._whole():
            train, validation, test = (field.value for field in self._shares)
            typed = SplitConfig(train, validation, test)
        else:
            return None
        return replace(self._config, train=typed.train, validation=typed.validation, test=typed.test)

    def _lay_out(self) -> None:
        plain, nested = _column(self._plain), _column(self._nested)
        plain.addWidget(TextLabel("Percent of the photos", "secondary_strong", "text2"))
        for (words, term, _), field in zip(PARTS, self._shares, strict=True):
            tip = f"How many percent of the photos are {words.lower()}"
            plain.addWidget(_labelled(words, field, tip, term))
        nested.addWidget(TextLabel("Percent of the photos", "secondary_strong", "text2"))
        tip = "How many percent of each class are to check while learning, rounded up"
        nested.addWidget(_labelled(PARTS[1][0], self._check, tip, "validation"))
        nested.addWidget(TextLabel("Percent of what the check leaves over", "secondary_strong", "text2"))
        tip = "How many percent of what the check leaves over are for the final exam, rounded up"
        nested.addWidget(_labelled(PARTS[2][0], self._exam, tip, "test"))
        column = _column(self)
        for widget in (self._plain, self._nested, self._note):
            column.addWidget(widget)

    def _follow(self) -> None:
        self._changed = True
        self._say()
        self._pause.start()

    def _tell(self) -> None:
        """What is typed digit by digit is one change, so one action to undo."""
        self._pause.stop()
        if self._changed and self.config() is not None:
            self._changed = False
            self.typed.emit()

    def _total(self) -> float:
        return round(sum(field.value for field in self._shares), 1)

    def _whole(self) -> bool:
        return abs(self._total() - _WHOLE) <= _TOLERANCE

    def _say(self) -> None:
        config = self.config()
        if config is None:
            total = f"{self._total():.1f}".removesuffix(".0")
            self._note.setText(f"Together these are {total} %. They need to add up to 100 %.")
        elif config.method == "nested":
            train, check, exam = map(hundredths, config.shares)
            self._note.setText(f"That is {train} % to learn from, {check} % to check and {exam} % for the exam.")
        self._note.setVisible(config is None or config.method == "nested")
        self._note.set_tone("wrong" if config is None else "text2")


def explain(field: NumberField, tip: str, term: str) -> None:
    """Give a number its tooltip."""
    target = field.focusProxy()
    if target is not None:
        set_tooltip(target, tip, term=term)


def _labelled(words: str, field: NumberField, tip: str, term: str) -> QWidget:
    explain(field, tip, term)
    return LabelledField(words, field, width=FIELD_WIDTH)


def _column(widget: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme.SPACE_8)
    return column
