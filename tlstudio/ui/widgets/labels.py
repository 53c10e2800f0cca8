"""Labels in the type sizes and inks of the design."""

from typing import Final, Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets.tooltip import as_plain

Kind = Literal["headline", "verdict", "title", "strong", "label", "text", "secondary", "secondary_strong", "caption"]
Tone = Literal["text", "text2", "text3", "accent", "wrong", "unsure", "info", "learn"]

TYPE: Final[dict[Kind, tuple[int, int]]] = {
    "headline": (28, 600),
    "verdict": (24, 600),
    "title": (16, 600),
    "strong": (14, 600),
    "label": (14, 500),
    "text": (14, 400),
    "secondary": (13, 400),
    "secondary_strong": (13, 600),
    "caption": (12, 400),
}


class TextLabel(QLabel):
    """Plain text, which wraps where asked to. Never read as markup, since it may carry names of files."""

    def __init__(
        self,
        text: str = "",
        kind: Kind = "text",
        tone: Tone = "text",
        *,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(theme.font(*TYPE[kind]))
        self.setWordWrap(wrap)
        self.setProperty("tone", tone)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the text; of one line that doesn't fit, as much as does, and not half a letter."""
        text, inside = self.text(), self.contentsRect()
        if self.wordWrap() or self.fontMetrics().horizontalAdvance(text) <= inside.width() or "\n" in text:
            super().paintEvent(event)
            return
        shown = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, inside.width())
        painter = QPainter(self)
        self.style().drawItemText(
            painter, inside, self.alignment(), self.palette(), self.isEnabled(), shown, self.foregroundRole()
        )

    def set_tone(self, tone: Tone) -> None:
        """Change the ink."""
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            self.style().unpolish(self)
            self.style().polish(self)


class ElidedLabel(TextLabel):
    """One line that is shortened where it doesn't fit; the tooltip then has all of it."""

    def __init__(
        self,
        text: str = "",
        kind: Kind = "text",
        tone: Tone = "text",
        *,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("", kind, tone, parent=parent)
        self._full = ""
        self._mode = mode
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Show ``text``, as much of it as fits."""
        self._full = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self._elide()

    def full_text(self) -> str:
        """All of the text."""
        return self._full

    def sizeHint(self) -> QSize:
        """As wide as all of the text."""
        return QSize(QFontMetrics(self.font()).horizontalAdvance(self._full) + 2, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """May become very narrow."""
        return QSize(min(24, self.sizeHint().width()), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten anew."""
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        shown = QFontMetrics(self.font()).elidedText(self._full, self._mode, max(self.width(), 1))
        super().setText(shown)
        self.setToolTip(as_plain(self._full) if shown != self._full else "")
