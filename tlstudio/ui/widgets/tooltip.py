"""Tooltips: what it does, then the expert's term, then the key."""

from html import escape

from PySide6.QtWidgets import QWidget


def set_tooltip(widget: QWidget, what: str, *, term: str = "", key: str = "") -> None:
    """Explain a control to the eye and to a screen reader.

    Args:
        widget: The control.
        what: What it does, in plain words.
        term: The word that the field uses for it.
        key: Its keyboard shortcut.
    """
    parts = [part for part in (what, term, key) if part]
    widget.setAccessibleDescription(". ".join(part.rstrip(".") for part in parts))
    # Only rich text is wrapped by Qt; plain text would run across the screen.
    widget.setToolTip("<qt>" + "<br>".join(escape(part) for part in parts) + "</qt>")
