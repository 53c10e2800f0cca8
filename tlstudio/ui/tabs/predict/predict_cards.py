"""The left column of the Predict tab: which folders, how sure is sure enough, what to do with the answers."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.prediction.batch import DEFAULT_THRESHOLD
from tlstudio.ui import theme
from tlstudio.ui.tabs.predict.batch import PhotoBatch
from tlstudio.ui.widgets.bar import Bar
from tlstudio.ui.widgets.buttons import Button, IconButton
from tlstudio.ui.widgets.card import Card, Hairline
from tlstudio.ui.widgets.drop_area import DropArea
from tlstudio.ui.widgets.empty_state import IconLabel
from tlstudio.ui.widgets.labels import ElidedLabel, TextLabel
from tlstudio.ui.widgets.scroll_column import GUTTER, ScrollColumn
from tlstudio.ui.widgets.share_bar import Share, ShareBar
from tlstudio.ui.widgets.slider import Slider
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.wording import counted


class PredictColumn(QWidget):
    """Cards that scroll over a drop area that stays in view."""

    def __init__(self, cards: Sequence[QWidget], area: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards = ScrollColumn("Folders and settings")
        for card in cards:
            self._cards.body.addWidget(card)
        self._cards.body.addStretch(1)
        foot = QHBoxLayout()
        foot.setContentsMargins(0, 0, GUTTER, 0)
        foot.addWidget(area)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_16)
        column.addWidget(self._cards, 1)
        column.addLayout(foot)

    def set_card_width(self, width: int) -> None:
        """Make the cards ``width`` wide."""
        self._cards.set_card_width(width)
        self.setFixedWidth(width + GUTTER)


class FoldersCard(Card):
    """Each folder with its name, how far it is and how many photos it has.

    Attributes:
        add_requested: Another folder is wanted.
        remove_requested: Carries the ``PhotoBatch`` that is to be taken out.
    """

    add_requested = Signal()
    remove_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Folders", parent=parent)
        self._rows: dict[PhotoBatch, _FolderRow] = {}
        self._none = TextLabel("None yet. Choose one, or drop it here.", "secondary", "text2", wrap=True)
        add = IconButton("plus", "Choose a folder to classify")
        add.clicked.connect(self.add_requested)
        self.add_action(add)
        self.body.setSpacing(theme.SPACE_12)
        self.body.addWidget(self._none)

    def show_batches(self, batches: list[PhotoBatch]) -> None:
        """Show these, in this order."""
        for gone in [batch for batch in self._rows if batch not in batches]:
            row = self._rows.pop(gone)
            self.body.removeWidget(row)
            row.hide()
            row.deleteLater()
        for place, batch in enumerate(batches):
            if batch not in self._rows:
                self._rows[batch] = _FolderRow(batch)
                self._rows[batch].removed.connect(self.remove_requested)
                self.body.addWidget(self._rows[batch])
            self._rows[batch].refresh(first=place == 0)
        self._none.setVisible(not batches)


class _FolderRow(QWidget):
    removed = Signal(object)

    def __init__(self, batch: PhotoBatch) -> None:
        super().__init__()
        self._batch = batch
        self._line = Hairline()
        self._state = TextLabel("", "secondary", "text2")
        self._bar = Bar(6)
        self._count = TextLabel("", "secondary", "text2", wrap=True)
        self._remove = IconButton("close", f"Take {batch.title} out of the list; its photos stay where they are")
        self._remove.clicked.connect(lambda: self.removed.emit(batch))
        name = ElidedLabel(batch.title, "strong", mode=Qt.TextElideMode.ElideMiddle)
        name.setToolTip(", ".join(map(str, batch.inputs[:5])))
        head = QHBoxLayout()
        head.setSpacing(theme.SPACE_8)
        head.addWidget(IconLabel("folder", "accent"))
        head.addWidget(name, 1)
        head.addWidget(self._state)
        head.addWidget(self._remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_4)
        for part in (self._line, self._bar, self._count):
            column.addWidget(part)
        column.insertLayout(1, head)

    def refresh(self, *, first: bool) -> None:
        batch = self._batch
        running = batch.state == "running"
        self._line.setVisible(not first)
        self._bar.setVisible(running)
        self._bar.set_share(batch.share)
        self._bar.setAccessibleName(f"How far {batch.title} is")
        self._remove.setVisible(not running)
        self._state.setText(_state_words(batch))
        self._count.setText(batch.note or (f"{batch.done:,} of {counted(batch.total, 'photo')}" if batch.total else ""))
        self._count.setVisible(running and bool(self._count.text()))


def _state_words(batch: PhotoBatch) -> str:
    match batch.state:
        case "waiting":
            return "Next"
        case "stopped":
            return f"Stopped at {len(batch.answers):,}"
        case "done":
            return counted(len(batch.answers), "photo")
    return f"{batch.share:.0%}".replace("%", " %") if batch.share is not None else ""


class ThresholdCard(Card):
    """A slider for the score from which on an answer is sure, and how the answers then fall.

    Attributes:
        threshold_changed: Carries the threshold, 0 to 1.
    """

    threshold_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("How sure is sure enough", parent=parent)
        self._words = TextLabel("", "secondary_strong", "accent")
        self._slider = Slider(0, 100, round(DEFAULT_THRESHOLD * 100), "How sure is sure enough, in percent")
        self._shares = ShareBar()
        self._shares.hide()
        set_tooltip(
            self._slider, "Answers of which the model is less sure are marked as unsure", term="Threshold of the score"
        )
        ends = QHBoxLayout()
        ends.addWidget(TextLabel("less to look at", "caption", "text2"))
        ends.addStretch(1)
        ends.addWidget(TextLabel("fewer mistakes", "caption", "text2"))
        self.body.setSpacing(theme.SPACE_4)
        for part in (self._words, self._slider):
            self.body.addWidget(part)
        self.body.addLayout(ends)
        self.body.addSpacing(theme.SPACE_8)
        self.body.addWidget(self._shares)
        self._slider.valueChanged.connect(self._tell)
        self._say()

    @property
    def threshold(self) -> float:
        """Score from which on an answer is sure, 0 to 1."""
        return self._slider.value() / 100

    def show_counts(self, sure: int, unsure: int) -> None:
        """Show how many answers fall on either side."""
        self._shares.setVisible(sure + unsure > 0)
        self._shares.set_shares([Share("Sure", sure, "accent"), Share("Unsure", unsure, "unsure")])

    def _tell(self) -> None:
        self._say()
        self.threshold_changed.emit(self.threshold)

    def _say(self) -> None:
        self._words.setText(f"Sure from {self._slider.value()} %")


class AnswersCard(Card):
    """What can be done with the answers.

    Attributes:
        table_requested: They are to be saved as a table.
    """

    table_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Use the answers", parent=parent)
        self._table = Button("Save as a table", icon="list")
        set_tooltip(self._table, "Write one line a photo, with its best answers", term="CSV")
        self._table.clicked.connect(self.table_requested)
        self.body.addWidget(self._table)

    def set_available(self, available: bool) -> None:
        """Tell whether there are answers."""
        self._table.setEnabled(available)


class OnePhotoArea(DropArea):
    """The place for a single photo: drop, paste, or a click to choose.

    Attributes:
        chosen: It was pressed, to choose a photo.
    """

    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("One photo?", "Drop or paste it here", parent=parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("One photo: drop it, paste it, or press Enter to choose it")
        set_tooltip(self, "Drop a photo, or click to choose one", key="Ctrl+V")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click chooses a photo."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.chosen.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and the space bar choose a photo."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit()
        else:
            super().keyPressEvent(event)
