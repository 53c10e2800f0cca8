"""What a person sees before anything is done with photos: how many, where to, what it takes, what is left out."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from tlstudio.datasets.sizes import size_in_words
from tlstudio.events import CancelToken, Emit
from tlstudio.filing.action import leader
from tlstudio.filing.plan import FilingEntry, FilingPlan
from tlstudio.ui import theme
from tlstudio.ui.tabs.predict.uses.counts_table import CountsTable
from tlstudio.ui.tabs.predict.uses.outlook import Outlook
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.labels import ElidedLabel, TextLabel
from tlstudio.ui.widgets.left_out_sheet import LeftOutSheet
from tlstudio.ui.widgets.segmented import Segmented
from tlstudio.ui.widgets.sheet import Sheet
from tlstudio.ui.widgets.tooltip import set_tooltip

_WIDTH: Final = 760
_LABEL_WIDTH: Final = 96
_EXAMPLES: Final = 5
_SURE, _ALL = "sure", "all"

Planner = Callable[[Sequence[FilingEntry], Emit, CancelToken], FilingPlan]
"""Sees what would be done with photos; runs beside the window."""


class PlanSheet(Sheet):
    """A sheet with choices above and what comes of them below; its filled button names the deed.

    Attributes:
        folder: Where to make what is new.
        changed: A choice is another one; the plan that is shown no longer holds.
        place_wanted: Another place is to be chosen.
        deed_wanted: Carries the FilingPlan that is shown.
    """

    changed = Signal()
    place_wanted = Signal()
    deed_wanted = Signal(object)

    def __init__(self, title: str, line: str, folder: Path, parent: QWidget | None = None) -> None:
        """Make a sheet without a plan.

        Args:
            title: What it is about.
            line: What to know of it.
            folder: Where to make what is new, unless another folder is chosen.
            parent: Owner.
        """
        super().__init__(title, parent)
        self.folder = folder
        self._plan: FilingPlan | None = None
        self._choices = QGridLayout()
        self._choices.setHorizontalSpacing(theme.SPACE_12)
        self._choices.setVerticalSpacing(theme.SPACE_8)
        self._choices.setColumnStretch(1, 1)
        self._photos = Segmented([(_SURE, "Sure"), (_ALL, "Sure and unsure")], "Which photos")
        self._words: dict[QWidget, TextLabel] = {}
        self._place_row = QWidget()
        self._place = ElidedLabel("", "strong", mode=Qt.TextElideMode.ElideMiddle)
        self._change = Button("Choose another folder", "text", size="small")
        self._room = TextLabel("", "secondary", "text2", wrap=True)
        self._notes = TextLabel("", "secondary", "unsure", wrap=True)
        self._counts = CountsTable()
        self._lines = TextLabel("", "secondary", "text2", wrap=True)
        self._examples = [
            ElidedLabel("", "secondary", "text2", mode=Qt.TextElideMode.ElideMiddle) for _ in range(_EXAMPLES)
        ]
        self._left_out_title = TextLabel("Left out", "secondary_strong")
        self._show_files = Button("Show the files", "text", size="small")
        self._details = self._lay_out_details()
        self._deed = Button(title, "filled")
        self._lay_out(line)
        self.set_folder(folder)
        self._details.hide()

    # For those who fill it.

    def add_choice(self, words: str, widget: QWidget) -> None:
        """Put a control and its words under those that are there."""
        row = self._choices.rowCount()
        self._words[widget] = TextLabel(words, "secondary", "text2")
        self._words[widget].setFixedWidth(_LABEL_WIDTH)
        self._choices.addWidget(self._words[widget], row, 0)
        self._choices.addWidget(widget, row, 1)

    def set_offered(self, widget: QWidget, offered: bool) -> None:
        """Show or hide a control and its words."""
        widget.setVisible(offered)
        self._words[widget].setVisible(offered)

    def add_line(self, label: TextLabel) -> None:
        """Put words under the control that was added last."""
        policy = label.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Expanding)  # else the column of the words takes what is left
        label.setSizePolicy(policy)
        self._choices.addWidget(label, self._choices.rowCount(), 1)

    def add_place(self) -> None:
        """Let another place be chosen."""
        line = QHBoxLayout(self._place_row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.SPACE_12)
        line.addWidget(self._place, 1)
        line.addWidget(self._change)
        self.add_choice("Into", self._place_row)

    def set_place_offered(self, offered: bool) -> None:
        """Show or hide where to."""
        self.set_offered(self._place_row, offered)

    @property
    def with_unsure(self) -> bool:
        """Whether photos are meant whose answer is not sure."""
        return self._photos.current_key() == _ALL

    def planner(self, journals: Path) -> Planner:
        """What looks at what the choices of now come to.

        Args:
            journals: Folder of the journals, which know what was filed before.
        """
        raise NotImplementedError

    def set_folder(self, folder: Path) -> None:
        """Make what is new in this folder."""
        self.folder = folder
        self._place.setText(str(folder))
        self._place.setAccessibleName(f"Into {folder}")

    def deed(self, photos: int) -> str:
        """Words of the filled button for so many photos."""
        raise NotImplementedError

    def example(self, plan: FilingPlan, number: int) -> str:
        """What would happen to one photo, in a line."""
        raise NotImplementedError

    # For those who plan.

    def wait(self) -> None:
        """Let nothing be done until a plan is shown."""
        self._plan = None
        self._allow(why_not="The photos are being counted")
        if self._details.isHidden():
            self._room.setText("The photos are being counted…")
            self._room.set_tone("text2")
            self.fit_height(_WIDTH)

    def show_progress(self, done: int, total: int) -> None:
        """Say how far the planning is."""
        if self._plan is None:
            self._room.setText(f"The photos are being counted: {done:,} of {total:,}")
            self._room.set_tone("text2")

    def show_outlook(self, found: Outlook) -> None:
        """Show what would be done."""
        plan = self._plan = found.plan
        self._photos.set_count(_SURE, found.tally.sure)
        self._photos.set_count(_ALL, found.tally.sure + found.tally.unsure)
        self._deed.setText(self.deed(found.photos))
        self._counts.show_counts(found.counts)
        self._counts.setVisible(bool(plan.actions))
        self._show_examples(plan)
        self._show_reasons(found.left_out)
        self._show_files.setVisible(bool(plan.left_out))
        self._notes.setText("\n".join(plan.notes))
        self._notes.setVisible(bool(plan.notes))
        room = "This takes no more room on the disk."
        if plan.needed:
            room = f"This takes {size_in_words(plan.needed)}; {size_in_words(plan.free)} are free on that disk."
        obstacle = "" if plan.fits else "There is not enough room on that disk."
        if not plan.actions:
            room = obstacle = "There is nothing to do: the list of what is left out says why."
        self._room.setText(room if plan.fits or not plan.actions else f"{room} {obstacle}")
        self._room.set_tone("text2" if plan.fits else "wrong")
        self._details.show()
        self._allow(why_not=obstacle)
        self.fit_height(_WIDTH)

    def show_problem(self, problem: str) -> None:
        """Say why nothing can be done."""
        self._plan = None
        self._room.setText(problem)
        self._room.set_tone("wrong")
        self._notes.hide()
        self._details.hide()
        self._allow(why_not=problem)
        self.fit_height(_WIDTH)

    def _show_examples(self, plan: FilingPlan) -> None:
        step = max(len(plan.actions) // _EXAMPLES, 1)
        some = range(0, len(plan.actions), step)[:_EXAMPLES]
        chosen = tuple(dict.fromkeys(leader(plan.actions, number) for number in some))
        for place, label in enumerate(self._examples):
            label.setText(self.example(plan, chosen[place]) if place < len(chosen) else "")
            label.setVisible(place < len(chosen))

    def _show_reasons(self, lines: Sequence[str]) -> None:
        self._lines.setText("\n".join(lines))
        for part in (self._lines, self._left_out_title):
            part.setVisible(bool(lines))

    def _lay_out(self, line: str) -> None:
        column = self.column
        column.addWidget(TextLabel(line, "secondary", "text2", wrap=True))
        column.addLayout(self._choices)
        column.addWidget(self._room)
        column.addWidget(self._notes)
        column.addWidget(self._details)
        column.addStretch(1)
        self.add_foot(self.cancel_button("Do nothing"), self._deed)
        self.add_choice("Photos", self._photos)
        set_tooltip(self._photos, "Answers that are not sure are for you to look at first")
        self._photos.changed.connect(lambda _key: self.changed.emit())
        set_tooltip(self._change, "Choose the folder in which new folders are made")
        self._change.setAutoDefault(False)
        self._change.clicked.connect(self.place_wanted)
        set_tooltip(self._show_files, "List every file that is left out, and why")
        self._show_files.setAutoDefault(False)
        self._show_files.clicked.connect(self._list_files)
        self._deed.setDefault(True)
        self._deed.clicked.connect(self._accept_plan)

    def _lay_out_details(self) -> QWidget:
        details = QWidget()
        row = QHBoxLayout(details)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_24)
        right = QVBoxLayout()
        right.setSpacing(theme.SPACE_4)
        right.addWidget(TextLabel("For instance", "secondary_strong"))
        for label in self._examples:
            right.addWidget(label)
        right.addSpacing(theme.SPACE_12)
        title = QHBoxLayout()
        title.addWidget(self._left_out_title, 1)
        title.addWidget(self._show_files)
        right.addLayout(title)
        right.addWidget(self._lines)
        right.addStretch(1)
        row.addWidget(self._counts, 1, Qt.AlignmentFlag.AlignTop)
        row.addLayout(right, 1)
        return details

    def _allow(self, *, why_not: str) -> None:
        self._deed.setEnabled(not why_not)
        set_tooltip(self._deed, why_not or "It can be undone, now and later", key="" if why_not else "Enter")

    def _list_files(self) -> None:
        if self._plan is not None:
            LeftOutSheet([(entry.path, entry.reason) for entry in self._plan.left_out], self).open()

    def _accept_plan(self) -> None:
        if self._plan is not None:
            self.accept()
            self.deed_wanted.emit(self._plan)
