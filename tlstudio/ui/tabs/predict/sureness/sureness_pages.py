"""Two ways to say how sure is sure enough: how few may be wrong, or a plain threshold. They know no session."""

import math

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.evaluation.promise import Promise, of_100
from tlstudio.evaluation.verdict import outward
from tlstudio.prediction.batch import DEFAULT_THRESHOLD
from tlstudio.ui import theme
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.share_bar import Share, ShareBar
from tlstudio.ui.widgets.slider import Slider
from tlstudio.ui.widgets.toggles import Switch
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.workflows.keep_promise import MOST_OFFERED, Offers

NOTHING = math.inf
"""The threshold at which no answer is sure."""


class _Page(QWidget):
    """A slider under what it means, with words at its ends.

    Attributes:
        changed: The slider was moved.
    """

    changed = Signal()

    def __init__(self, slider: Slider, right: str, left: str) -> None:
        super().__init__()
        self.slider = slider
        self._words = TextLabel("", "secondary_strong", "accent", wrap=True)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(theme.SPACE_4)
        self._head = QHBoxLayout()
        self._head.addWidget(self._words, 1)
        self.column.addLayout(self._head)
        self.column.addWidget(slider)
        self.column.addLayout(_ends(TextLabel(left, "caption", "text2"), TextLabel(right, "caption", "text2")))
        self.column.addSpacing(theme.SPACE_8)
        slider.valueChanged.connect(self._tell)

    def add_beside(self, widget: QWidget) -> None:
        """Put something at the end of the first line."""
        self._head.addWidget(widget)

    def _tell(self) -> None:
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        """Show what the value means."""


class ThresholdPage(_Page):
    """The score from which on an answer is sure, and how the answers then fall."""

    def __init__(self) -> None:
        slider = Slider(0, 100, round(DEFAULT_THRESHOLD * 100), "How sure is sure enough, in percent")
        super().__init__(slider, "fewer mistakes", "less to look at")
        self._shares = ShareBar()
        self._shares.hide()
        self._note = TextLabel("", "caption", "text2", wrap=True)
        self._note.hide()
        what = "Answers of which the model is less sure are marked as unsure"
        set_tooltip(slider, what, term="Threshold of the score")
        self.column.addWidget(self._shares)
        self.column.addWidget(self._note)
        self._say()

    @property
    def threshold(self) -> float:
        """Score from which on an answer is sure, 0 to 1."""
        return self.slider.value() / 100

    def set_threshold(self, threshold: float) -> None:
        """Move the slider."""
        self.slider.setValue(round(threshold * 100))

    def set_note(self, note: str) -> None:
        """Say why nothing is promised; empty for nothing."""
        self._note.setText(note)
        self._note.setVisible(bool(note))

    def show_counts(self, sure: int, unsure: int) -> None:
        """Show how many answers fall on either side."""
        self._shares.setVisible(sure + unsure > 0)
        self._shares.set_shares([Share("Sure", sure, "accent"), Share("Unsure", unsure, "unsure")])

    def _say(self) -> None:
        self._words.setText(f"Sure from {self.slider.value()} %")


class PromisePage(_Page):
    """How many of 100 filed photos may be wrong, and what that leaves for the person."""

    def __init__(self) -> None:
        name = "Of 100 photos that it files by itself, so many are wrong at most"
        super().__init__(Slider(0, MOST_OFFERED, 2, name), "less to look at", "fewer mistakes")
        self.slider.setPageStep(2)
        what = "The fewer may be wrong, the more photos are left for you"
        set_tooltip(self.slider, what, term="Selective risk, kept with a certainty of 95 percent")
        self._offers: Offers | None = None
        self._bar = ShareBar(rows=False)
        self._filed = TextLabel("", "secondary_strong", "accent")
        self._left = TextLabel("", "secondary_strong", "unsure")
        self._note = TextLabel("", "caption", "text2", wrap=True)
        self._instead = Button("Promise the fewest", "text", size="small")
        set_tooltip(self._instead, "The fewest mistakes that can be promised", term="Least selective risk")
        self._here = TextLabel("", "caption", "text2", wrap=True)
        self._instead.clicked.connect(self._take_best)
        self._place()

    def show_offers(self, offers: Offers, of_100_wrong: int) -> None:
        """Show what a run can promise, and so many of 100 to begin with."""
        self._offers = offers
        self.slider.setValue(min(of_100_wrong, MOST_OFFERED))
        self._say()

    @property
    def promised(self) -> float:
        """Share that may be wrong, 0 to 1."""
        return self.slider.value() / 100

    @property
    def threshold(self) -> float:
        """Score from which on an answer is sure; ``NOTHING`` where the promise can't be given."""
        given = self._given()
        return given.threshold if given is not None else NOTHING

    def show_counts(self, filed: int, left: int) -> None:
        """Show how the answers that are there fall."""
        self._here.setVisible(filed + left > 0)
        self._here.setText(f"Here: {filed:,} filed, {left:,} for you.")

    def _place(self) -> None:
        self.column.addWidget(self._bar)
        self.column.addSpacing(theme.SPACE_4)
        self.column.addLayout(_ends(self._filed, self._left))
        self.column.addSpacing(theme.SPACE_4)
        for part in (self._note, self._instead, self._here):
            self.column.addWidget(part)
        self._here.hide()

    def _given(self) -> Promise | None:
        return self._offers.given[self.slider.value()] if self._offers is not None else None

    def _take_best(self) -> None:
        if self._offers is not None and self._offers.best is not None:
            self.slider.setValue(round(self._offers.best.most_wrong * 100))

    def _say(self) -> None:
        given, offers = self._given(), self._offers
        self._words.setText(f"At most {of_100(self.promised)} wrong" if self.slider.value() else "None wrong")
        filed = round(given.share * 100) if given is not None else 0
        self._bar.set_shares([Share("Filed, of 100", filed, "accent"), Share("For you", 100 - filed, "unsure")])
        self._filed.setText(f"{filed} of 100 filed")
        self._left.setText(f"{100 - filed} for you")
        if offers is not None:
            self._note.setText(self._basis(given, offers))
        best = offers.best if offers is not None else None
        refused = given is None and self.slider.value() > 0
        offered = refused and best is not None and best.most_wrong * 100 <= MOST_OFFERED
        self._instead.setVisible(offered)
        if best is not None:
            self._instead.setText(f"Promise {of_100(best.most_wrong)}")

    def _basis(self, given: Promise | None, offers: Offers) -> str:
        if given is not None:
            low, high = outward(given.interval)
            return f"Checked on {offers.checked:,} photos. Likely {low} to {high} of 100 are filed."
        if not self.slider.value():
            return "Nothing is filed by itself: all photos are for you."
        return offers.refusals[self.slider.value()]


class HoldBackRow(QWidget):
    """Whether photos that are unlike everything learnt are for the person, however sure the model is.

    Attributes:
        changed: The switch was pressed.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._switch = Switch("", "Hold back photos that may be none of the classes")
        self._switch.setChecked(True)
        what = "Photos unlike all that the model learnt from are left for you, however sure it is of its answer"
        set_tooltip(self._switch, what, term="Out-of-distribution detection")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, theme.SPACE_4, 0, 0)
        row.setSpacing(theme.SPACE_8)
        row.addWidget(TextLabel("Hold back what may be none of the classes", "secondary", wrap=True), 1)
        row.addWidget(self._switch)
        self._switch.clicked.connect(self.changed)

    @property
    def on(self) -> bool:
        """Whether they are held back."""
        return self._switch.isChecked()

    def show_choice(self, *, on: bool, tells: bool) -> None:
        """Show what was chosen, without telling it; nothing where the model can't tell such photos."""
        self._switch.setChecked(on)
        self.setVisible(tells)


def _ends(left: QWidget, right: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addWidget(left)
    row.addStretch(1)
    row.addWidget(right)
    return row
