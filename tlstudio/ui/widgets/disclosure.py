"""Expert controls behind a title that opens and closes them."""

from PySide6.QtCore import QEvent, QRectF, QSettings, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from tlstudio.ui import icons, theme
from tlstudio.ui.widgets import painting

_CHEVRON = 18
_LEFT = 28


class Disclosure(QWidget):
    """A title with a chevron, and content that it shows or hides. Remembers whether it was open.

    Attributes:
        toggled: Whether it is open now.
        body: Layout for the content.
    """

    toggled = Signal(bool)

    def __init__(self, title: str, key: str, *, small: bool = False, parent: QWidget | None = None) -> None:
        """Make a disclosure, open or closed as it was left.

        Args:
            title: For instance "Choose myself".
            key: Under which the settings remember it; unique in the program.
            small: Whether the title is a label inside a card rather than a title of its own.
            parent: Owner.
        """
        super().__init__(parent)
        self._key = f"disclosure/{key}"
        self._button = _DisclosureButton(title, small)
        self._head = QHBoxLayout()
        self._head.setSpacing(theme.SPACE_16)
        self._head.addWidget(self._button)
        self._head.addStretch()
        self._aside: list[QWidget] = []
        self._content = QWidget()
        self.body = QVBoxLayout(self._content)
        self.body.setContentsMargins(0, theme.SPACE_12, 0, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head)
        column.addWidget(self._content, 1)
        self._button.setChecked(QSettings().value(self._key, False, type=bool) is True)
        self._show(self._button.isChecked())
        self._button.toggled.connect(self._toggle)

    @property
    def open(self) -> bool:
        """Whether the content is shown."""
        return self._button.isChecked()

    def set_open(self, is_open: bool) -> None:
        """Show or hide the content, as a press on the title does."""
        self._button.setChecked(is_open)

    def add_beside_title(self, widget: QWidget) -> None:
        """Put ``widget`` at the right of the title, under it where that is narrow; it is shown while the content is."""
        self._head.addWidget(widget, 1)  # with a stretch, it gives way to the title down to its least width
        self._aside.append(widget)
        widget.setVisible(self.open)

    def event(self, event: QEvent) -> bool:
        """Look again what stands beside the title, at each size of this widget and of what is in it."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._fit_head()
        return super().event(event)

    def _fit_head(self) -> None:
        beside = sum(self._head.spacing() + widget.minimumSizeHint().width() for widget in self._aside)
        fits = self._button.sizeHint().width() + beside <= self.width()
        direction = QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom
        if direction != self._head.direction():
            self._head.setDirection(direction)

    def _toggle(self, is_open: bool) -> None:
        QSettings().setValue(self._key, is_open)
        self._show(is_open)
        self.toggled.emit(is_open)

    def _show(self, is_open: bool) -> None:
        self._content.setVisible(is_open)
        for widget in self._aside:
            widget.setVisible(is_open)
        self._button.setAccessibleDescription("open" if is_open else "closed")
        self._button.setToolTip("Hide this part" if is_open else "Show this part")


class _DisclosureButton(QAbstractButton):
    def __init__(self, title: str, small: bool) -> None:
        super().__init__()
        self.setText(title)
        self.setCheckable(True)
        self.setFont(theme.font(14, QFont.Weight.Medium) if small else theme.font(16, QFont.Weight.DemiBold))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(_LEFT + painting.text_width(self.text(), self.font()), theme.HEIGHT_SMALL)

    def minimumSizeHint(self) -> QSize:
        """Less than the title, or what stands beside it could never come under it."""
        return QSize(_CHEVRON, theme.HEIGHT_SMALL)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painting.prepare(painter)
        glyph = "chevron_down" if self.isChecked() else "chevron_right"
        icons.paint(painter, glyph, QRectF(0, (self.height() - _CHEVRON) / 2, _CHEVRON, _CHEVRON), theme.color("text2"))
        words = QRectF(_LEFT, 0, self.width() - _LEFT, self.height())
        painting.text(painter, words, self.text(), self.font(), theme.color("text"))
