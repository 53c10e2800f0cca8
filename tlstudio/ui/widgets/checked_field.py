"""A field for text with a rule: what breaks it is said while typing, and the last right value stays in force."""

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets.labels import TextLabel

Value = TypeVar("Value")


class _Notifier(QObject):
    changed = Signal(object)


class CheckedField(QWidget, Generic[Value]):
    """A line of text that stands for a value.

    Attributes:
        value_changed: Carries the new value.
    """

    def __init__(
        self,
        value: Value,
        parse: Callable[[str], Value | None],
        write: Callable[[Value], str],
        rule: str | Callable[[str], str],
        *,
        name: str,
        hint: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """Make a field.

        Args:
            value: First value.
            parse: Reads what was typed; None where it breaks the rule.
            write: The text of a value.
            rule: The sentence on what is allowed, or what makes it for the text that breaks the rule.
            name: For screen readers.
            hint: Stands in the field while it is empty.
            parent: Owner.
        """
        super().__init__(parent)
        self._value, self._parse, self._write, self._rule = value, parse, write, rule
        # A signal of a generic class would be looked up on the class without its type.
        self._notifier = _Notifier(self)
        self.value_changed = self._notifier.changed
        self._edit = QLineEdit(write(value))
        self._edit.setFont(theme.font(13))
        self._edit.setFixedHeight(theme.HEIGHT_FIELD)
        self._edit.setAccessibleName(name)
        self._edit.setPlaceholderText(hint)
        self._edit.textEdited.connect(self._read)
        self._edit.editingFinished.connect(self._settle)
        self._note = TextLabel("", "secondary", "wrong", wrap=True)
        self._note.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_4)
        column.addWidget(self._edit)
        column.addWidget(self._note)
        self.setFocusProxy(self._edit)

    @property
    def value(self) -> Value:
        """The value in force."""
        return self._value

    def set_value(self, value: Value) -> None:
        """Change the value without telling it; what is being typed for that very value stays."""
        if value != self._value or not self._edit.hasFocus():
            self._value = value
            self._settle()

    def set_hint(self, hint: str) -> None:
        """Change what stands in the field while it is empty."""
        self._edit.setPlaceholderText(hint)

    def _read(self, written: str) -> None:
        value = self._parse(written)
        self._mark("" if value is not None else self._rule if isinstance(self._rule, str) else self._rule(written))
        if value is not None and value != self._value:
            self._value = value
            self.value_changed.emit(value)

    def _settle(self) -> None:
        self._edit.setText(self._write(self._value))
        self._mark("")

    def _mark(self, broken: str) -> None:
        """Say which rule is broken; empty for none."""
        wrong = bool(broken)
        if bool(self._edit.property("wrong")) != wrong:
            self._edit.setProperty("wrong", wrong)
            self._edit.style().unpolish(self._edit)
            self._edit.style().polish(self._edit)
        self._note.setText(broken)
        self._note.setVisible(wrong)
        self._edit.setAccessibleDescription(broken)
