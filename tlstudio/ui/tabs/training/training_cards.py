"""The cards of the Training tab: verdict with steps, plain words, rounds, facts."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from tlstudio.events import EpochEnded
from tlstudio.training.history import History
from tlstudio.ui import theme
from tlstudio.ui.tabs.training.training_story import Entry, Verdict
from tlstudio.ui.widgets.buttons import Button, IconButton
from tlstudio.ui.widgets.card import Card
from tlstudio.ui.widgets.labels import TYPE, TextLabel
from tlstudio.ui.widgets.rounds_table import RoundsTable
from tlstudio.ui.widgets.steps import Step, StepsRow
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.ui.words.time_left import stamp

_STAMP_WIDTH: Final = 40
_LINES: Final = 4
_LINES_IF_LOW: Final = 3
_FEW_ROWS: Final = 4


class VerdictCard(Card):
    """How it goes in a few words, the time left, and the steps.

    Attributes:
        change_requested: Another way to train is wanted.
        going_on_requested: The run that is shown is to be trained on.
    """

    change_requested = Signal()
    going_on_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(padding=theme.SPACE_24, parent=parent)
        self._headline = TextLabel("", "headline", wrap=True)
        self._sentence = TextLabel("", "text", "text2", wrap=True)
        self._time = TextLabel("", "headline")
        self._whole = TextLabel("", "text", "text2")
        self._change = Button("Change how it trains", "text", size="small")
        set_tooltip(self._change, "Choose what learns, for how long, and in which steps; or another network")
        self._change.clicked.connect(self.change_requested)
        self._go_on = Button("Train on", "text", size="small")
        self._go_on.clicked.connect(self.going_on_requested)
        self.offer_going_on(None)
        self._steps = StepsRow()
        for label in (self._time, self._whole):
            label.setAlignment(Qt.AlignmentFlag.AlignRight)
        words = QVBoxLayout()
        words.setSpacing(theme.SPACE_4)
        words.addWidget(self._headline)
        words.addWidget(self._sentence)
        words.addStretch(1)
        times = QVBoxLayout()
        times.setSpacing(theme.SPACE_4)
        for widget in (self._time, self._whole, self._change, self._go_on):
            times.addWidget(widget, 0, Qt.AlignmentFlag.AlignRight)
        times.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_24)
        row.addLayout(words, 1)
        row.addLayout(times)
        self.body.addLayout(row)
        self.body.addSpacing(theme.SPACE_4)
        self.body.addWidget(self._steps)
        self.setAccessibleName("How it goes")
        self._compact = False
        theme.notifier().changed.connect(self._restyle)

    def set_compact(self, compact: bool) -> None:
        """Smaller letters, so that the headline keeps to one line."""
        self._compact = compact
        for label in (self._headline, self._time):
            label.setFont(theme.font(*TYPE["verdict" if compact else "headline"]))

    def _restyle(self) -> None:
        """With the theme, widgets under a stylesheet get their first font back."""
        self.set_compact(self._compact)

    def show_verdict(self, verdict: Verdict) -> None:
        """Say how it goes."""
        self._headline.setText(verdict.headline)
        self._sentence.setText(verdict.sentence)

    def show_time(self, time: str, whole: str) -> None:
        """Say the time left, or taken, and a line under it; empty for nothing."""
        for label, words in ((self._time, time), (self._whole, whole)):
            label.setText(words)
            label.setVisible(bool(words))

    def show_steps(self, steps: Sequence[Step]) -> None:
        """Show the steps."""
        self._steps.set_steps(steps)

    def set_changeable(self, changeable: bool) -> None:
        """Offer the way to the choices, or not."""
        self._change.setVisible(changeable)

    def offer_going_on(self, obstacle: str | None) -> None:
        """Offer to train on; say why it can't be where there is an ``obstacle``. None where there is nothing to."""
        self._go_on.setVisible(obstacle is not None)
        self._go_on.setEnabled(not obstacle)
        set_tooltip(self._go_on, obstacle or "Learn more rounds from the best one of this run, or refine it further")


class StoryCard(Card):
    """The last few sentences, the newest at the top."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("In plain words", parent=parent)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(theme.SPACE_8)
        self._grid.setVerticalSpacing(theme.SPACE_12)
        self._grid.setColumnStretch(1, 1)
        self._rows: list[tuple[TextLabel, TextLabel]] = []
        self._lines = _LINES
        self._told: tuple[Sequence[Entry], str] = ((), "")
        for number in range(_LINES):
            when, words = TextLabel("", "secondary", "text2"), TextLabel("", "secondary", "text2", wrap=True)
            self._grid.addWidget(when, number, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(words, number, 1)
            self._rows.append((when, words))
        self.body.addLayout(self._grid)

    def set_low(self, low: bool) -> None:
        """Fewer sentences, so that all of each can be read where there is little room."""
        lines = _LINES_IF_LOW if low else _LINES
        if lines != self._lines:
            self._lines = lines
            self.show_story(*self._told)

    def show_story(self, entries: Sequence[Entry], now: str = "") -> None:
        """Show sentences.

        Args:
            entries: What is past, oldest first.
            now: What it is at; empty when nothing runs.
        """
        self._told = entries, now
        lines = [("now", now)] if now else []
        lines += [("" if entry.seconds is None else stamp(entry.seconds), entry.words) for entry in reversed(entries)]
        stamped = any(when for when, _ in lines)
        self._grid.setColumnMinimumWidth(0, _STAMP_WIDTH if stamped else 0)
        self._grid.setHorizontalSpacing(theme.SPACE_8 if stamped else 0)
        for number, (when, words) in enumerate(self._rows):
            line = lines[number] if number < min(len(lines), self._lines) else ("", "")
            fresh = line[0] == "now"
            when.setText(line[0])
            words.setText(line[1])
            when.set_tone("accent" if fresh else "text2")
            words.set_tone("text" if fresh else "text2")
            words.setFont(theme.font(13, 500 if fresh else 400))
            when.setVisible(bool(line[1]) and stamped)
            words.setVisible(bool(line[1]))


class RoundsCard(Card):
    """The rounds as a table; "All 40" gives it the room of the card above, and more room across.

    Attributes:
        grown: Whether it shall have that room.
        save_requested: The rounds are to be saved as a table.
    """

    grown = Signal(bool)
    save_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Rounds", parent=parent)
        self._table = RoundsTable()
        self._added: list[tuple[int, EpochEnded]] = []
        self._none = TextLabel(
            "One line for each round (epoch), as soon as it learns.", "secondary", "text3", wrap=True
        )
        self._all = Button("", "text", size="small")
        self._all.setCheckable(True)
        self._all.toggled.connect(self._grow)
        self.add_action(self._all)
        self._more = IconButton("dots", "Copy the rounds, or save them as a table")
        menu = QMenu(self._more)
        menu.addAction("Copy as text").triggered.connect(self._table.copy)
        menu.addAction("Save as a table (CSV) …").triggered.connect(self.save_requested)
        self._more.setMenu(menu)
        self.add_action(self._more)
        set_tooltip(self._table, "The rounds, the newest first", key="Ctrl+C")
        self.body.addWidget(self._none)
        self.body.addWidget(self._table, 1)
        self.body.addStretch(0)
        self._table.model().rowsInserted.connect(self._count)
        self._table.model().modelReset.connect(self._count)
        self._count()

    def add_phase(self, name: str) -> None:
        """A phase begins."""
        self.show_added()
        self._table.add_phase(name)

    def add_round(self, number: int, epoch: EpochEnded) -> None:
        """Add a finished round; it is seen from the next ``show_added`` on."""
        self._added.append((number, epoch))

    def show_added(self) -> None:
        """Show all rounds that were added: short ones come by the hundred."""
        if self._added:
            self._table.add_rounds(self._added[0][0], [epoch for _, epoch in self._added])
            self._added.clear()

    def set_running(self, number: int, accuracy: float) -> None:
        """Show the round that runs."""
        self.show_added()
        self._table.set_running(number, accuracy)

    def set_history(self, history: History) -> None:
        """Show the rounds of a finished training."""
        self._added.clear()
        self._table.set_history(history)

    def clear(self) -> None:
        """Show no rounds."""
        self._added.clear()
        self._table.clear()

    def _count(self) -> None:
        count = self._table.rounds
        self._none.setVisible(not count)
        self._table.setVisible(bool(count))
        self.body.setStretch(2, 0 if count else 1)
        if not count and self._all.isChecked():
            self._all.setChecked(False)
        self._all.setVisible(count > _FEW_ROWS)
        self._more.setVisible(bool(count))
        self._label(count)

    def _label(self, count: int) -> None:
        grown = self._all.isChecked()
        self._all.setText("Fewer" if grown else f"All {count:,}")
        set_tooltip(self._all, "Show the plain words again" if grown else "Give the rounds more room, and all figures")
        self._all.updateGeometry()

    def _grow(self, grown: bool) -> None:
        self._label(self._table.rounds)
        self.grown.emit(grown)


class FactsCard(Card):
    """Photos a second, memory, and what computes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_16)
        self._values: list[TextLabel] = []
        self._most = 0
        self._facts: list[QWidget] = []
        for words, tip in (
            ("Photos a second", "While reading or learning (throughput)"),
            ("Memory", "Main memory of this program now (resident set)"),
            ("Computing on", "TL Studio computes on the processor (CPU); no graphics card is needed"),
        ):
            value = TextLabel("–", "strong")
            fact = QWidget()
            column = QVBoxLayout(fact)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(2)
            column.addWidget(TextLabel(words, "caption", "text2"))
            column.addWidget(value)
            set_tooltip(fact, tip)
            row.addWidget(fact)
            self._values.append(value)
            self._facts.append(fact)
        row.addStretch(1)
        self.show_device("Processor")
        self.body.addLayout(row)
        self.setAccessibleName("Facts")

    def show_device(self, words: str) -> None:
        """Say what computes."""
        self._values[2].setText(words)

    def show_facts(self, rate: float | None, memory: int | None) -> None:
        """Show the figures of this moment; None for unknown."""
        self._values[0].setText("–" if rate is None else f"{rate:,.0f}")
        self._values[1].setText("–" if memory is None else f"{memory / 1e9:.1f} GB")
        if memory is not None and memory > self._most:
            self._most = memory
            most = f"Main memory of this program now; the most so far was {memory / 1e9:.1f} GB"
            set_tooltip(self._facts[1], most, term="resident set")
