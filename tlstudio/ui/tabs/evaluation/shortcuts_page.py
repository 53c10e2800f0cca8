"""The Shortcuts view: whether photos give their class away by something else than what they show."""

from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.evaluation.report import Report
from tlstudio.evaluation.shortcuts import Clue, photos_showing
from tlstudio.modeling.border import BORDER
from tlstudio.runs.store import StoredRun
from tlstudio.ui import theme
from tlstudio.ui.tabs.evaluation.desk import Desk
from tlstudio.ui.tabs.evaluation.page import EvaluationPage, PageContext
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.card import Card
from tlstudio.ui.widgets.chips import Badge
from tlstudio.ui.widgets.evidence_photo import EvidencePhoto
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.scroll_column import ScrollColumn
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.ui.words.doubts import clue_in_words, mark_in_words
from tlstudio.workflows.find_shortcuts import ShortcutCheck, find_shortcuts

_EXAMPLES = 4


class ShortcutsPage(EvaluationPage):
    """A button that looks, and one card for each thing that was looked at."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._of: StoredRun | None = None
        self._desk = Desk(context.session, "Looking for shortcuts", self)
        self._look = Button("Look for shortcuts", "soft", size="small")
        set_tooltip(self._look, "Judge the photos by their borders and by their files alone, and look for marks")
        self._verdict = TextLabel("", "title", wrap=True)
        self._cards = ScrollColumn("What was found")
        self._lay_out()
        self._look.clicked.connect(self._start)
        self._desk.succeeded.connect(self._show)
        self._desk.changed.connect(lambda: self._look.setEnabled(not self._desk.busy))

    def show_report(self, report: Report) -> None:  # noqa: ARG002
        """Another run is open: nothing is known of it yet."""
        stored = self.context.session.stored
        if stored is not self._of:
            self._of = stored
            self._desk.stop()
            self._clear()
            self._verdict.setText("A model may learn the backdrop, the camera or a watermark instead of your subjects.")

    def _start(self) -> None:
        stored = self._of
        if stored is not None:
            photos = self.context.photos_of(stored)
            self._desk.start(lambda emit, token: find_shortcuts(photos, stored, emit=emit, token=token))

    def _show(self, check: ShortcutCheck) -> None:
        self._clear()
        found = check.found
        self._verdict.setText(
            "Something else than your subjects gives the classes away."
            if found.alarming
            else "Nothing but what the photos show gives the classes away."
        )
        n = len(check.samples)
        for mark in found.marks:
            shown = photos_showing(mark, check.labels, _EXAMPLES)
            self._add("A mark in one class", mark_in_words(mark, check.classes), True, check, shown, mark.place, False)
        frame = (BORDER, BORDER, 1 - 2 * BORDER, 1 - 2 * BORDER)
        some = list(range(0, n, max(n // _EXAMPLES, 1)))[:_EXAMPLES]
        for clue in sorted(found.clues, key=lambda clue: not clue.alarming):
            self._add_clue(clue, check, some if clue.kind == "border" else [], frame)

    def _add_clue(
        self, clue: Clue, check: ShortcutCheck, photos: list[int], frame: tuple[float, float, float, float]
    ) -> None:
        title = "Borders" if clue.kind == "border" else "Files"
        self._add(title, clue_in_words(clue), clue.alarming, check, photos, frame, True)

    def _add(
        self,
        title: str,
        words: str,
        alarming: bool,
        check: ShortcutCheck,
        photos: list[int],
        place: tuple[float, float, float, float],
        covered: bool,
    ) -> None:
        card = Card(title, padding=theme.SPACE_24)
        card.add_action(Badge("Look at this", "unsure") if alarming else Badge("Fine", "accent"))
        card.body.addWidget(TextLabel(words, wrap=True))
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_12)
        for number in photos:
            photo = EvidencePhoto(self.context.thumbnails)
            photo.show_place(Path(check.root) / check.samples[number].path, place, covered=covered)
            row.addWidget(photo)
        row.addStretch(1)
        if photos:
            card.body.addLayout(row)
        self._cards.body.insertWidget(self._cards.body.count() - 1, card)

    def _clear(self) -> None:
        while self._cards.body.count() > 1:
            item = self._cards.body.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.SPACE_16)
        head.addWidget(self._verdict, 1)
        head.addWidget(self._look)
        self._cards.body.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_16)
        column.addLayout(head)
        column.addWidget(self._cards, 1)
