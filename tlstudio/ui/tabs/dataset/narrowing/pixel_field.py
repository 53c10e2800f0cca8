"""A field for a number of pixels that may be left empty."""

from typing import Final

from PySide6.QtWidgets import QWidget

from tlstudio.ui.widgets.checked_field import CheckedField
from tlstudio.ui.widgets.tooltip import set_tooltip

_LARGEST: Final = 100_000


class PixelField(CheckedField[int]):
    """A whole number of pixels; 0 for an empty field, which asks for nothing."""

    def __init__(self, name: str, what: str, *, parent: QWidget | None = None) -> None:
        """Make a field.

        Args:
            name: For screen readers.
            what: What the number does, for the tooltip.
            parent: Owner.
        """
        super().__init__(0, _parsed, _written, "Whole pixels.", name=name, hint="any", parent=parent)
        target = self.focusProxy()
        assert target is not None  # noqa: S101 - a CheckedField has one
        set_tooltip(target, what)


def _parsed(text: str) -> int | None:
    text = text.strip()
    if not text:
        return 0
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text) <= _LARGEST else None


def _written(value: int) -> str:
    return str(value) if value else ""
