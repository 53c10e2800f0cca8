"""The keys that exist, for the help."""

from tlstudio.ui.widgets.help_dialog import Shortcut, ShortcutGroup

HELP: tuple[ShortcutGroup, ...] = (
    ShortcutGroup(
        "Everywhere",
        (
            Shortcut("Ctrl+1", "Dataset; Ctrl+2 to Ctrl+5 open the other tabs"),
            Shortcut("Ctrl+Return", "Press the filled button"),
            Shortcut("Ctrl+O", "Open a folder of photos"),
            Shortcut("Ctrl+F", "Find"),
            Shortcut("Shift+F8", "Stop what runs"),
            Shortcut("F6", "Go to the next part of the window"),
            Shortcut("F1", "Show these keys"),
            Shortcut("Esc", "Close the message"),
        ),
    ),
    ShortcutGroup(
        "Photos",
        (
            Shortcut("arrows", "Go from photo to photo"),
            Shortcut("Enter", "Show the photo large"),
            Shortcut("Ctrl+A", "Select all"),
            Shortcut("letters", "Jump to a class"),
            Shortcut("Ctrl+wheel", "Larger or smaller photos"),
        ),
    ),
    ShortcutGroup(
        "Where it goes wrong",
        (
            Shortcut("arrows", "Go from cell to cell"),
            Shortcut("Home", "First cell of the row; End the last"),
            Shortcut("Tab", "Next wrong cell, the largest first"),
            Shortcut("Enter", "Go to the photos"),
            Shortcut("Esc", "Clear the selection"),
        ),
    ),
)
