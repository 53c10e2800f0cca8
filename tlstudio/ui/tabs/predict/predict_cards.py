"""The left column of the Predict tab: what to do with the answers, the place of one photo."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets.action_row import ActionRow
from tlstudio.ui.widgets.buttons import Button, IconButton
from tlstudio.ui.widgets.card import Card
from tlstudio.ui.widgets.drop_area import DropArea
from tlstudio.ui.widgets.scroll_column import GUTTER, ScrollColumn
from tlstudio.ui.widgets.tooltip import set_tooltip


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


class AnswersCard(Card):
    """What can be done with the answers; each way leads over a sheet that says what would happen.

    Attributes:
        filing_requested: Photos are to be sorted into folders.
        table_requested: Answers are to be saved as a table.
        keywords_requested: Keywords are to be written.
        history_requested: What was filed is to be listed.
        model_requested: The model itself is to be saved for other programs.
    """

    filing_requested = Signal()
    table_requested = Signal()
    keywords_requested = Signal()
    history_requested = Signal()
    model_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Use the answers", parent=parent)
        self._filing = ActionRow("folder", "Sort into folders")
        self._table = ActionRow("list", "Save as a table")
        self._keywords = ActionRow("tag", "Write keywords")
        self._model = ActionRow("download", "Save the model")
        self._history = IconButton("clock", "What was filed, to undo it")
        set_tooltip(self._filing, "Copy, move or link each photo into a folder of its class")
        set_tooltip(self._table, "Write one line a photo, with its best answers", term="XLSX, CSV, TSV, JSON")
        set_tooltip(self._keywords, "So that photo programs find them; the photos stay as they are", term="XMP")
        self._filing.clicked.connect(self.filing_requested)
        self._table.clicked.connect(self.table_requested)
        self._keywords.clicked.connect(self.keywords_requested)
        self._history.clicked.connect(self.history_requested)
        set_tooltip(self._model, "For other programs, phones and servers", term="Keras, TensorFlow Lite, ONNX")
        self._model.clicked.connect(self.model_requested)
        self.add_action(self._history)
        self.body.setSpacing(theme.SPACE_4)
        for row in (self._filing, self._table, self._keywords, self._model):
            self.body.addWidget(row)

    def set_available(self, available: bool) -> None:
        """Tell whether there are answers."""
        for row in (self._filing, self._table, self._keywords):
            row.setEnabled(available)


_ANY: Final = "Ctrl+Shift+R"


class OnePhotoArea(DropArea):
    """The place for a single photo: drop, paste, or a click to choose.

    Attributes:
        chosen: It was pressed, to choose a photo.
        any_wanted: Some photo of the data set is to be looked at.
    """

    chosen = Signal()
    any_wanted = Signal()

    focus_radius = theme.RADIUS_DROP

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("One photo?", "Drop or paste it here", parent=parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("One photo: drop it, paste it, or press Enter to choose it")
        set_tooltip(self, "Drop a photo, or click to choose one", key="Ctrl+V")
        drawn = Button("Any of mine", "text", size="small")
        set_tooltip(drawn, "Look at some photo of the data set, another at each press", key=_ANY)
        drawn.setShortcut(_ANY)
        drawn.clicked.connect(self.any_wanted)
        self.add_below(drawn)

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
