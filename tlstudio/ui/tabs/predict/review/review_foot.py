"""The buttons under the answers, and what becomes of the photos that were answered."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets.buttons import Button, Kind
from tlstudio.ui.widgets.empty_state import IconLabel
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.tooltip import set_tooltip


class ReviewButtons(QWidget):
    """Accept, None of these, Later, Undo; their keys are those of the card.

    Attributes:
        accepted: The model's answer is right.
        refused: It is none of these.
        postponed: It is to be asked again at the end.
        undone: The last answer is to be taken back.
    """

    accepted = Signal()
    refused = Signal()
    postponed = Signal()
    undone = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._accept = _button("Accept", "soft", "Enter", "Say that the model is right", self.accepted.emit)
        self._accept.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._none = _button("None of these", "quiet", "0", "Say that it is none of the classes", self.refused.emit)
        self._later = _button("Later", "quiet", "L", "Ask again when all others are through", self.postponed.emit)
        self._undo = _button("Undo", "quiet", "U", "Take the last answer back, one by one", self.undone.emit)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_12)
        for number, button in enumerate((self._none, self._later, self._undo)):
            if number:
                row.addStretch(1)
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_8)
        column.addWidget(self._accept)
        column.addLayout(row)

    def set_count(self, count: int) -> None:
        """Tell how many photos the next key decides."""
        self._accept.setText("Accept" if count < 2 else f"Accept for all {count}")

    def set_undoable(self, undoable: bool) -> None:
        """Tell whether there is an answer to take back."""
        self._undo.setEnabled(undoable)

    def set_answerable(self, answerable: bool) -> None:
        """Tell whether there is a photo to answer."""
        for button in (self._accept, self._none, self._later):
            button.setEnabled(answerable)


class ReviewedFoot(QWidget):
    """How many photos were answered, and the offer to learn from them.

    Attributes:
        requested: The deed on the button is wanted.
    """

    requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = IconLabel("plus", "accent")
        self._line = TextLabel("", "secondary", "text2", wrap=True)
        self._deed = Button("Add", "text", size="small")
        self._deed.clicked.connect(self.requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_12)
        row.addWidget(self._icon)
        row.addWidget(self._line, 1)
        row.addWidget(self._deed)

    def show_offer(self, words: str, deed: str, tip: str) -> None:
        """Say how things stand.

        Args:
            words: A sentence or two.
            deed: What can be done about it; empty for nothing.
            tip: What that does.
        """
        self._line.setText(words)
        self._deed.setText(deed)
        self._deed.setVisible(bool(deed))
        self._deed.updateGeometry()
        set_tooltip(self._deed, tip)


def _button(words: str, kind: Kind, key: str, tip: str, act: Callable[[], object]) -> Button:
    button = Button(words, kind, size="normal" if kind == "soft" else "small", key=key)
    set_tooltip(button, tip, key=key)
    button.clicked.connect(lambda _checked=False: act())
    return button
