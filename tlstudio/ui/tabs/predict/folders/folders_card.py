"""Folders in the left column of the Predict tab: how far each is, which comes next, and what can be done with it."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from tlstudio.ui import theme
from tlstudio.ui.tabs.predict.folders.photo_batch import PhotoBatch
from tlstudio.ui.widgets.bar import Bar
from tlstudio.ui.widgets.buttons import Button, IconButton
from tlstudio.ui.widgets.card import Card, Hairline
from tlstudio.ui.widgets.empty_state import IconLabel
from tlstudio.ui.widgets.labels import ElidedLabel, TextLabel
from tlstudio.ui.widgets.tooltip import as_plain, set_tooltip
from tlstudio.wording import counted, percent

_NAMED_IN_TIP: Final = 5
_WATCHED: Final = "Watched: new photos get their answers by themselves"


class FoldersCard(Card):
    """Each folder with its name, how far it is and how many photos it has.

    Each signal but the first carries the ``PhotoBatch`` that it is about.

    Attributes:
        add_requested: Another folder is wanted.
        remove_requested: It is to be taken out.
        go_on_requested: It ended early, and is to go on.
        again_requested: Its files are to be looked for and answered anew.
        shown_in_folder: It is to be shown in the file manager.
        moved: It is to come earlier (-1) or later (1) among those that wait; carries that, too.
        watched: New files in it are to be answered by themselves, or no more; carries that, too.
    """

    add_requested = Signal()
    remove_requested = Signal(object)
    go_on_requested = Signal(object)
    again_requested = Signal(object)
    shown_in_folder = Signal(object)
    moved = Signal(object, int)
    watched = Signal(object, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Folders", parent=parent)
        self._rows: dict[PhotoBatch, FolderRow] = {}
        self._order: list[PhotoBatch] = []
        self._none = TextLabel("None yet. Choose one, or drop it here.", "secondary", "text2", wrap=True)
        add = IconButton("plus", "Choose a folder to classify")
        add.clicked.connect(self.add_requested)
        self.add_action(add)
        self.body.setSpacing(theme.SPACE_12)
        self.body.addWidget(self._none)

    def show_batches(self, batches: Sequence[PhotoBatch]) -> None:
        """Show these, in this order."""
        for gone in [batch for batch in self._rows if batch not in batches]:
            row = self._rows.pop(gone)
            self.body.removeWidget(row)
            row.hide()
            row.deleteLater()
        for batch in batches:
            if batch not in self._rows:
                self._rows[batch] = self._new_row(batch)
        if list(batches) != self._order:
            self._order = list(batches)
            for place, batch in enumerate(batches, start=1):  # after the sentence for none
                self.body.insertWidget(place, self._rows[batch])
        waiting = [batch for batch in batches if batch.state == "waiting"]
        for place, batch in enumerate(batches):
            turn = waiting.index(batch) if batch in waiting else None
            self._rows[batch].refresh(first=place == 0, turn=turn, waiting=len(waiting))
        self._none.setVisible(not batches)

    def _new_row(self, batch: PhotoBatch) -> "FolderRow":
        row = FolderRow(batch)
        row.removed.connect(partial(self.remove_requested.emit, batch))
        row.gone_on.connect(partial(self.go_on_requested.emit, batch))
        row.again.connect(partial(self.again_requested.emit, batch))
        row.shown_in_folder.connect(partial(self.shown_in_folder.emit, batch))
        row.moved.connect(partial(self.moved.emit, batch))
        row.watched.connect(partial(self.watched.emit, batch))
        return row


class FolderRow(QWidget):
    """One folder.

    Attributes:
        removed: It is to be taken out.
        gone_on: It is to go on.
        again: It is to be answered anew.
        shown_in_folder: It is to be shown in the file manager.
        moved: It is to come earlier (-1) or later (1).
        watched: Whether it is to be watched.
    """

    removed = Signal()
    gone_on = Signal()
    again = Signal()
    shown_in_folder = Signal()
    moved = Signal(int)
    watched = Signal(bool)

    def __init__(self, batch: PhotoBatch) -> None:
        super().__init__()
        self._batch = batch
        self._turn: int | None = None
        self._waiting = 0
        self._line = Hairline()
        self._state = TextLabel("", "secondary", "text2")
        self._bar = Bar(6)
        self._count = TextLabel("", "secondary", "text2", wrap=True)
        self._watch = TextLabel(_WATCHED, "secondary", "accent", wrap=True)
        self._go_on = Button("Go on", "text", size="small", icon="play")
        set_tooltip(self._go_on, f"Classify what is left of {batch.title}; what has an answer keeps it")
        self._go_on.clicked.connect(self.gone_on)
        self._more = IconButton("dots", f"What can be done with {batch.title}")
        self._more.clicked.connect(self._open_menu)
        self._lay_out()
        for key, step in (("Alt+Up", -1), ("Alt+Down", 1)):
            shortcut = QShortcut(QKeySequence(key), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(partial(self._move, step))

    def refresh(self, *, first: bool, turn: int | None, waiting: int) -> None:
        """Show how far it is.

        Args:
            first: Whether it is the first row.
            turn: Place among those that wait; None if it doesn't.
            waiting: How many wait.
        """
        batch = self._batch
        self._turn, self._waiting = turn, waiting
        self._line.setVisible(not first)
        self._bar.setVisible(batch.state == "running" or batch.goes_on)
        self._bar.set_share(batch.share)
        self._bar.setAccessibleName(f"How far {batch.title} is")
        self._state.setText(state_words(batch, turn))
        self._count.setText(count_words(batch))
        self._count.setVisible(bool(self._count.text()))
        self._watch.setVisible(batch.watched)
        self._go_on.setVisible(batch.goes_on)

    def _lay_out(self) -> None:
        batch = self._batch
        name = ElidedLabel(batch.title, "strong", mode=Qt.TextElideMode.ElideMiddle)
        name.setToolTip(as_plain("\n".join(map(str, batch.inputs[:_NAMED_IN_TIP]))))
        head = QHBoxLayout()
        head.setSpacing(theme.SPACE_8)
        head.addWidget(IconLabel("folder", "accent"))
        head.addWidget(name, 1)
        head.addWidget(self._state)
        head.addWidget(self._more)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_4)
        column.addWidget(self._line)
        column.addLayout(head)
        for part in (self._bar, self._count, self._watch):
            column.addWidget(part)
        column.addWidget(self._go_on, 0, Qt.AlignmentFlag.AlignLeft)

    def _move(self, step: int) -> None:
        if self._turn is not None and 0 <= self._turn + step < self._waiting:
            self.moved.emit(step)

    def _open_menu(self) -> None:
        batch, running = self._batch, self._batch.state == "running"
        menu = QMenu(batch.title, self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        if batch.goes_on:
            _add(menu, "Go on", self.gone_on.emit, "Classify what is left")
        if self._turn is not None and self._waiting > 1:
            earlier = _add(menu, "Earlier\tAlt+Up", partial(self._move, -1), "Classify it before the one above")
            earlier.setEnabled(self._turn > 0)
            later = _add(menu, "Later\tAlt+Down", partial(self._move, 1), "Classify it after the one below")
            later.setEnabled(self._turn < self._waiting - 1)
        if batch.is_folder:
            toggle = partial(self.watched.emit, not batch.watched)
            watch = _add(menu, "Watch this folder", toggle, "New photos in it get their answers by themselves")
            watch.setCheckable(True)
            watch.setChecked(batch.watched)
            _add(menu, "Show in folder", self.shown_in_folder.emit, "Open it in the file manager")
        menu.addSeparator()
        if batch.state != "waiting" and not running:
            _add(menu, "Look for new photos", self.again.emit, "What has not changed keeps its answer")
        out = _add(menu, "Take out of the list", self.removed.emit, "Its photos stay where they are")
        out.setEnabled(not running)
        if running:
            out.setToolTip("Stop it first")
        menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height())))


def _add(menu: QMenu, words: str, act: Callable[[], object], tip: str) -> QAction:
    action = menu.addAction(words)
    action.triggered.connect(lambda _checked=False: act())
    action.setToolTip(tip)
    return action


def state_words(batch: PhotoBatch, turn: int | None) -> str:
    """Where a batch stands, in a word or two.

    Args:
        batch: Which.
        turn: Place among those that wait; None if it doesn't.
    """
    match batch.state:
        case "waiting":
            return "Waiting" if turn else "Next"
        case "stopped":
            return "Stopped"
        case "interrupted":
            return "Interrupted"
        case "done":
            return "Done"
    if batch.paused:
        return "Paused"
    return percent(batch.share) if batch.share is not None else ""


def count_words(batch: PhotoBatch) -> str:
    """How many photos it has, and how many of them have an answer."""
    answered = len(batch.answers)
    if batch.state == "running":
        return batch.note or (f"{batch.done:,} of {counted(batch.total, 'photo')}" if batch.total else "")
    if batch.state == "waiting":
        return counted(batch.total, "photo") if batch.total else ""
    if batch.goes_on:
        found = batch.summary.found if batch.summary is not None else 0
        return f"{answered:,} of {counted(found, 'photo')}" if found else counted(answered, "photo")
    folders = len(batch.answers.folders)
    return counted(answered, "photo") + (f" in {folders:,} folders" if folders > 1 else "")
