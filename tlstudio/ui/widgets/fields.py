"""Fields: a choice from a list, a number with its range, a search; and the label that stands beside or above."""

import math
from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QListView, QSizePolicy, QVBoxLayout, QWidget

from tlstudio.ui import icons, theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.labels import TextLabel

_PAD = 12


class ComboBox(QComboBox):
    """A choice from a list. The wheel changes it only while it has the focus: a page is scrolled over it."""

    def __init__(self, items: Sequence[tuple[str, object]] = (), parent: QWidget | None = None) -> None:
        """Make a combo box.

        Args:
            items: Words and value of each entry.
            parent: Owner.
        """
        super().__init__(parent)
        self.setFont(theme.font(13))
        self.setView(QListView())
        self.setFixedHeight(theme.HEIGHT_FIELD)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        for words, value in items:
            self.addItem(words, value)

    def sizeHint(self) -> QSize:
        """The longest entry fits."""
        words = (self.itemText(index) for index in range(self.count()))
        widest = max((painting.text_width(entry, self.font()) for entry in words), default=80)
        return QSize(widest + 2 * _PAD + theme.ICON_SIZE + 8, theme.HEIGHT_FIELD)

    def minimumSizeHint(self) -> QSize:
        """The entry may be shortened."""
        return QSize(min(112, self.sizeHint().width()), theme.HEIGHT_FIELD)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page unless the box has the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw field, entry and chevron."""
        painter = QPainter(self)
        painting.prepare(painter)
        enabled = self.isEnabled()
        border = theme.color("line" if not enabled else "accent" if self.hasFocus() else "line2")
        painting.box(painter, self.rect(), theme.RADIUS_BUTTON, theme.color("surface" if enabled else "sunken"), border)
        side = theme.ICON_SIZE
        place = QRectF(self.width() - side - 10, (self.height() - side) / 2, side, side)
        ink = theme.color("text" if enabled else "text3")
        icons.paint(painter, "chevron_down", place, theme.color("text2" if enabled else "text3"))
        painting.text(
            painter, QRectF(_PAD, 0, place.x() - _PAD - 4, self.height()), self.currentText(), self.font(), ink
        )


class SearchField(QLineEdit):
    """A field to find something by its name."""

    def __init__(self, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(theme.font(13))
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self.setClearButtonEnabled(False)
        self.setTextMargins(22, 0, 0, 0)
        self.setFixedHeight(theme.HEIGHT_FIELD)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc empties the field before it does anything else."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lens before the words."""
        super().paintEvent(event)
        painter = QPainter(self)
        icons.paint(painter, "search", QRectF(11, (self.height() - 16) / 2, 16, 16), theme.color("text2"))


class NumberField(QWidget):
    """A number. While typing something else, the range stands under it and the last right value stays in force.

    Attributes:
        value_changed: Carries the new value, a float.
    """

    value_changed = Signal(float)

    def __init__(
        self,
        value: float,
        minimum: float,
        maximum: float,
        *,
        decimals: int = 0,
        unit: str = "",
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """Make a field.

        Args:
            value: First value.
            minimum: Smallest value, itself allowed.
            maximum: Largest value, itself allowed.
            decimals: Digits behind the point; 0 for whole numbers.
            unit: What is counted, for the sentence on the range: "rounds".
            name: For screen readers.
            parent: Owner.
        """
        super().__init__(parent)
        self._value, self._minimum, self._maximum = value, minimum, maximum
        self._decimals, self._unit = decimals, unit
        self._hint = ""
        self._edit = _NumberEdit(self)
        self._edit.setAccessibleName(name)
        self._edit.setText(self._written(value))
        self._edit.textEdited.connect(self._read)
        self._edit.editingFinished.connect(self._settle)
        self._note = TextLabel("", "secondary", "text2", wrap=True)
        self._note.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_4)
        column.addWidget(self._edit)
        column.addWidget(self._note)
        self.setFocusProxy(self._edit)

    @property
    def value(self) -> float:
        """The value in force."""
        return self._value

    def set_value(self, value: float) -> None:
        """Change the value without telling it."""
        self._value = min(max(value, self._minimum), self._maximum)
        self._settle()

    def set_hint(self, hint: str) -> None:
        """Put a sentence under the field that stands there while the input is right."""
        self._hint = hint
        self._show_note(wrong=bool(self._edit.property("wrong")))

    def step(self, steps: int) -> None:
        """Go up or down by ``steps`` of the last digit."""
        size: float = 10.0**-self._decimals
        self._accept(min(max(round(self._value + steps * size, self._decimals), self._minimum), self._maximum))
        self._settle()

    def range_sentence(self) -> str:
        """The sentence on what is allowed."""
        bounds = f"Between {self._written(self._minimum)} and {self._written(self._maximum)}"
        return f"{bounds} {self._unit}".rstrip() + "."

    def _read(self, written: str) -> None:
        try:
            number = float(written.strip().replace(",", "."))
        except ValueError:
            number = math.nan
        right = self._minimum <= number <= self._maximum and round(number, self._decimals) == number
        self._show_note(wrong=not right)
        if right:
            self._accept(number)

    def _accept(self, number: float) -> None:
        if number != self._value:
            self._value = number
            self.value_changed.emit(number)

    def _settle(self) -> None:
        self._edit.setText(self._written(self._value))
        self._show_note(wrong=False)

    def _show_note(self, *, wrong: bool) -> None:
        if bool(self._edit.property("wrong")) != wrong:
            self._edit.setProperty("wrong", wrong)
            self._edit.style().unpolish(self._edit)
            self._edit.style().polish(self._edit)
        self._note.setText(self.range_sentence() if wrong else self._hint)
        self._note.set_tone("wrong" if wrong else "text2")
        self._note.setVisible(bool(self._note.text()))
        self._edit.setAccessibleDescription(self._note.text())

    def _written(self, number: float) -> str:
        if self._decimals == 0:
            return str(round(number))
        return f"{number:.{self._decimals}f}".rstrip("0").rstrip(".")


class _NumberEdit(QLineEdit):
    def __init__(self, field: NumberField) -> None:
        super().__init__(field)
        self._field = field
        self.setFont(theme.font(13))
        self.setFixedHeight(theme.HEIGHT_FIELD)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 10, Qt.Key.Key_PageDown: -10}
        if event.key() in steps:
            self._field.step(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)


class LabelledField(QWidget):
    """A label above a control, or at its left with the control at the right edge."""

    def __init__(
        self,
        label: str,
        control: QWidget,
        *,
        placement: Literal["above", "left"] = "left",
        term: str = "",
        width: int = 176,
        parent: QWidget | None = None,
    ) -> None:
        """Join a label and a control.

        Args:
            label: The plain word.
            control: What is labelled.
            placement: Where the label stands.
            term: The word that the field uses, smaller beside the label.
            width: Width of the control where the label stands at the left.
            parent: Owner.
        """
        super().__init__(parent)
        self.control = control
        words = QHBoxLayout()
        words.setSpacing(6)
        self._label = TextLabel(label, "text" if placement == "left" else "label", "text2")
        self._label.setBuddy(control)
        words.addWidget(self._label)
        if term:
            words.addWidget(TextLabel(term, "caption", "text3"))
        words.addStretch(1)
        box = QHBoxLayout(self) if placement == "left" else QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.SPACE_16 if placement == "left" else 6)
        box.addLayout(words, 1)
        if placement == "left":
            control.setFixedWidth(width)
        box.addWidget(control)
        target = control.focusProxy() or control
        if not target.accessibleName():
            target.setAccessibleName(label)
