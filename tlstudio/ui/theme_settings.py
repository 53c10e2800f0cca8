"""Which colours a person has chosen, kept from one start of the program to the next."""

from typing import Final

from PySide6.QtCore import QSettings

from tlstudio.ui import theme

_MODES: Final[dict[str, theme.Mode]] = {"light": "light", "dark": "dark"}
_CONTRASTS: Final[dict[str, bool]] = {"more": True, "less": False}


def restore() -> None:
    """Take the colours that were chosen last, or those of the system."""
    settings = QSettings()
    # Of a damaged file of settings, a value may be anything.
    mode, contrast = str(settings.value("theme")), str(settings.value("contrast"))
    theme.set_theme(_MODES.get(mode, "system"))
    theme.set_contrast(_CONTRASTS.get(contrast))


def keep() -> None:
    """Remember what is chosen now."""
    words: dict[bool | None, str] = {more: word for word, more in _CONTRASTS.items()}
    settings = QSettings()
    settings.setValue("theme", theme.mode())
    settings.setValue("contrast", words.get(theme.contrast(), "system"))
