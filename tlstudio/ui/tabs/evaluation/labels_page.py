"""The Labels view: photos whose label is likely wrong, one after the other, and what correcting them is worth."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from tlstudio.evaluation.label_errors import LabelDoubt
from tlstudio.evaluation.report import Report
from tlstudio.runs.store import StoredRun
from tlstudio.ui import theme
from tlstudio.ui.tabs.evaluation.desk import Desk
from tlstudio.ui.tabs.evaluation.gain import GainPanel
from tlstudio.ui.tabs.evaluation.label_queue import LabelQueue
from tlstudio.ui.tabs.evaluation.page import EvaluationPage, PageContext
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.card import Card
from tlstudio.ui.widgets.empty_state import EmptyState
from tlstudio.ui.widgets.key_button import key_button
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.photo_grid import PhotoGrid
from tlstudio.ui.widgets.photo_tile import PhotoItem
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.workflows.check_labels import LabelCheck, check_labels

_MOST_LIKELY: Final = 0.2
_TOO_MANY: Final = (
    "So many are in doubt because the network knows these photos too little to judge their labels. "
    "The first ones are the most doubtful."
)


class LabelsPage(EvaluationPage):
    """The photo asked about | photos most like it, over what corrections bring."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._of: StoredRun | None = None
        self._check: LabelCheck | None = None
        self._open: list[LabelDoubt] = []
        self._at = 0
        self._corrections = context.corrections
        self._desk = Desk(context.session, "Looking for wrong labels", self)
        self._queue = LabelQueue(context.thumbnails)
        self._empty = EmptyState("check", "", "")
        self._look = Button("Look for wrong labels")
        set_tooltip(self._look, "Judge each photo by a model that never saw it", term="Out-of-fold scores, cleanlab")
        self._empty.add_way(self._look)
        self._left = TextLabel("", "secondary", "text2")
        self._many = TextLabel(_TOO_MANY, "secondary", "unsure", wrap=True)
        self._undo = key_button(self, "Undo", "U", "Take back the last answer", self._corrections.undo)
        self._near = PhotoGrid(context.thumbnails)
        self._near.setAccessibleName("The five photos most like it")
        self._lay_out()
        self._connect()

    def show_report(self, report: Report) -> None:  # noqa: ARG002
        """Another run is open: its labels are looked at when this view is opened."""
        stored = self.context.session.stored
        if stored is not self._of:
            self._of, self._check, self._open, self._at = stored, None, [], 0
            self._desk.stop()
            self._show()

    def opened(self) -> None:
        """Look at the labels, unless that is done or under way."""
        if self._check is None and not self._desk.busy and self._of is not None:
            stored, dataset = self._of, self._corrections.dataset
            self._desk.start(lambda emit, token: check_labels(dataset(), stored, emit=emit, token=token))
        self._show()

    def _connect(self) -> None:
        self._desk.succeeded.connect(self._take)
        self._desk.changed.connect(self._show_empty)
        self._look.clicked.connect(self.opened)
        self._corrections.changed.connect(self._follow)
        self._queue.kept.connect(self._keep)
        self._queue.changed_to.connect(lambda name: self._answer(lambda path: self._corrections.move(path, name)))
        self._queue.left_out.connect(lambda: self._answer(self._corrections.leave_out))
        self._queue.skipped.connect(self._skip)

    def _take(self, check: LabelCheck) -> None:
        self._check, self._at = check, 0
        self._follow()

    def _follow(self) -> None:
        """Ask about what is still open: neither corrected nor kept nor left out."""
        check = self._check
        if check is None:
            return
        before = self._current()
        edits, kept = self._corrections.edits()
        self._open = []
        for doubt in check.doubts:
            path, label = check.samples[doubt.row].path, check.classes[doubt.label]
            moved = path in edits.labels and edits.name_of(edits.labels[path]) != label
            if not moved and path not in edits.left_out and kept.get(path) != label:
                self._open.append(doubt)
        if before is not None and before in self._open:
            self._at = self._open.index(before)
        self._at = self._at if self._at < len(self._open) else 0
        self._show()

    def _current(self) -> LabelDoubt | None:
        return self._open[self._at] if self._at < len(self._open) else None

    def _path(self, doubt: LabelDoubt) -> str:
        return self._check.samples[doubt.row].path if self._check is not None else ""

    def _answer(self, act: Callable[[str], None]) -> None:
        doubt = self._current()
        if doubt is not None:
            act(self._path(doubt))

    def _keep(self) -> None:
        doubt, check = self._current(), self._check
        if doubt is not None and check is not None:
            self._corrections.keep(self._path(doubt), check.classes[doubt.label])

    def _skip(self) -> None:
        if self._open:
            self._at = (self._at + 1) % len(self._open)
            self._show()

    # What is shown

    def _show(self) -> None:
        check, doubt = self._check, self._current()
        self._undo.setEnabled(self._corrections.done > 0)
        if check is None or doubt is None:
            self._near.set_items(())
            self._many.hide()
            self._left.setText("")
            self.count_changed.emit(None)
            self._show_empty()
            self._stack.setCurrentIndex(1)
            return
        self._queue.show_doubt(check, doubt)
        self._many.setVisible(check.likely > _MOST_LIKELY * len(check.samples))
        likely = sum(each.likely for each in self._open)
        share = f", {likely:,} likely wrong" if likely else ""
        self._left.setText(f"{self._at + 1:,} of {len(self._open):,}{share}")
        self.count_changed.emit(len(self._open))
        self._near.set_classes(len(check.classes))
        self._near.set_items([self._tile(check, row) for row in doubt.nearest])
        self._stack.setCurrentIndex(0)

    def _show_empty(self) -> None:
        self._look.setVisible(self._check is None and not self._desk.busy)
        if self._check is None:
            title = "Looking for wrong labels" if self._desk.busy else "Labels were not looked at"
            self._empty.set_text(title, "Each photo is judged by a model that never saw it.")
        elif self._check.doubts:
            self._empty.set_text("All labels are looked at", "Train again to see what the corrections bring.")
        else:
            self._empty.set_text("No label is in doubt", "Every photo is like the others of its class.")

    def _tile(self, check: LabelCheck, row: int) -> PhotoItem:
        sample = check.samples[row]
        index = check.classes.index(sample.class_name)
        return PhotoItem(Path(check.root) / sample.path, sample.class_name, index)

    def _lay_out(self) -> None:
        asked = Card("Likely wrong labels", padding=theme.SPACE_24)
        asked.add_action(self._left)
        asked.add_action(self._undo)
        asked.body.addWidget(self._many)
        self._stack = QStackedLayout()
        self._stack.addWidget(self._queue)
        self._stack.addWidget(self._empty)
        asked.body.addLayout(self._stack, 1)
        near = Card("The photos most like it", padding=theme.SPACE_24)
        near.body.addWidget(self._near, 1)
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_16)
        column.addWidget(near, 1)
        gain = Card("What the corrections bring", padding=theme.SPACE_24)
        gain.body.addWidget(GainPanel(self.context.gain))
        column.addWidget(gain)
        self.lay_out_columns(asked, side)
