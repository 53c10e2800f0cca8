"""The bar under the header that says what happened and offers what to do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.ui import icons, motion, theme
from tlstudio.ui.widgets.buttons import Button, IconButton
from tlstudio.ui.widgets.labels import ElidedLabel, TextLabel

MessageKind = Literal["wrong", "info", "done", "unsure"]

_EDGE: Final = 4


@dataclass(frozen=True, slots=True)
class _Look:
    glyph: str
    ink: str
    ground: str
    edge: str


_LOOKS: Final[dict[MessageKind, _Look]] = {
    "wrong": _Look("warning", "wrong", "wrong_soft", "wrong_mark"),
    "info": _Look("info", "info", "info_soft", "info"),
    "done": _Look("check", "accent", "accent_soft", "accent"),
    "unsure": _Look("warning", "unsure", "unsure_soft", "unsure"),
}


@dataclass(frozen=True, slots=True)
class Message:
    """Something that a person should know.

    Attributes:
        key: What it is about; a message with the same key takes its place.
        title: What happened.
        kind: How serious it is.
        line: What follows from it.
        fix: Words of the filled button, or empty.
        on_fix: What the filled button does.
        choice: Words of the text button, or empty.
        on_choice: What the text button does.
    """

    key: str
    title: str
    kind: MessageKind = "info"
    line: str = ""
    fix: str = ""
    on_fix: Callable[[], None] | None = None
    choice: str = ""
    on_choice: Callable[[], None] | None = None


class MessageBar(QWidget):
    """Shows one message at a time, the newest first; the rest are counted.

    Attributes:
        has_fix_changed: Whether the filled button of the screen is now the one in this bar.
        closed: Carries the key of a message that went by the close button or by one of its answers.
    """

    has_fix_changed = Signal(bool)
    closed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._messages: list[Message] = []
        self._had_fix = False
        self._title = ElidedLabel("", "strong")
        self._line = TextLabel("", "secondary", wrap=True)
        self._count = TextLabel("", "secondary", "text2")
        self._choice = Button("", "quiet")
        self._fix = Button("", "filled")
        self._close = IconButton("close", "Close this message", key="Esc")
        self._lay_out()
        self._choice.clicked.connect(lambda: self._answer("choice"))
        self._fix.clicked.connect(lambda: self._answer("fix"))
        self._close.clicked.connect(self.close_current)
        self.setAccessibleName("Message")
        self.hide()

    @property
    def current(self) -> Message | None:
        """The message that stands there."""
        return self._messages[0] if self._messages else None

    @property
    def has_fix(self) -> bool:
        """Whether the message that stands there offers a fix."""
        return bool(self._messages and self._messages[0].fix)

    def show_message(self, message: Message) -> None:
        """Show ``message`` before all others; one with the same key goes."""
        self._messages = [message, *(other for other in self._messages if other.key != message.key)]
        self._refresh()

    def clear(self, key: str) -> None:
        """Take the message with this key away, if there is one."""
        self._messages = [message for message in self._messages if message.key != key]
        self._refresh()

    def close_current(self) -> None:
        """Take the message away that stands there."""
        message = self.current
        if message is not None:
            self.clear(message.key)
            self.closed.emit(message.key)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground, edge and icon in the colours of the kind."""
        message = self.current
        if message is None:
            return
        look = _LOOKS[message.kind]
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color(look.ground))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.color("line"))
        painter.fillRect(0, 0, _EDGE, self.height(), theme.color(look.edge))
        icons.paint(painter, look.glyph, QRectF(24, (self.height() - 24) / 2, 24, 24), theme.color(look.ink))

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch()
        words.addWidget(self._title)
        words.addWidget(self._line)
        words.addStretch()
        row = QHBoxLayout(self)
        row.setContentsMargins(60, 10, theme.SPACE_20, 10)
        row.setSpacing(theme.SPACE_20)
        row.addLayout(words, 1)
        for widget in (self._count, self._choice, self._fix, self._close):
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def _answer(self, which: Literal["fix", "choice"]) -> None:
        message = self.current
        if message is None:
            return
        self.close_current()
        action = message.on_fix if which == "fix" else message.on_choice
        if action is not None:
            action()

    def _refresh(self) -> None:
        message = self.current
        if message is not None:
            self._fill(message)
            if not self.isVisible():
                motion.slide_open(self)
        else:
            self.hide()
        if self.has_fix != self._had_fix:
            self._had_fix = self.has_fix
            self.has_fix_changed.emit(self._had_fix)

    def _fill(self, message: Message) -> None:
        self._title.setText(message.title)
        self._line.setText(message.line)
        self._line.setVisible(bool(message.line))
        self._count.setText(f"1 of {len(self._messages)}")
        self._count.setVisible(len(self._messages) > 1)
        for button, words in ((self._choice, message.choice), (self._fix, message.fix)):
            button.setText(words)
            button.setVisible(bool(words))
        self._choice.set_kind("quiet" if message.fix else "text")
        self.setAccessibleDescription(f"{message.title} {message.line}".strip())
        self.setMinimumHeight(theme.HEIGHT_BAR)
        self.setMaximumHeight(motion.UNBOUNDED_HEIGHT)
        self.updateGeometry()
        self.update()
