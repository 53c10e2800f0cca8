"""Whether a window can be shown, told without Qt: on a machine without a display its libraries may be missing too."""

import os
import sys

_UNSEEN = frozenset(("offscreen", "minimal", "vnc"))


def has_display() -> bool:
    """Whether somebody would see a window."""
    if os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0] in _UNSEEN:
        return False
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def can_open_window() -> bool:
    """Whether a window can be opened, seen or not: Qt's offscreen platform serves tests and pictures."""
    return has_display() or os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0] in _UNSEEN
