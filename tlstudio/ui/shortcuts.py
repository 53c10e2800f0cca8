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
            Shortcut("F8", "Pause a training or a folder that is classified, or let it go on"),
            Shortcut("Shift+F8", "Stop what runs"),
            Shortcut("Ctrl+Z", "Undo the last change of labels, classes or shares; Ctrl+Shift+Z does it again"),
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
            Shortcut("Ctrl+A", "Select all; Esc selects none"),
            Shortcut("M", "Move the selected photos to another class"),
            Shortcut("X", "Leave the selected photos out, or bring them back"),
            Shortcut("letters", "Jump to a class"),
            Shortcut("Ctrl+wheel", "Larger or smaller photos"),
        ),
    ),
    ShortcutGroup(
        "Answers",
        (
            Shortcut("arrows", "Go from photo to photo; Shift selects several, Ctrl+A all"),
            Shortcut("Enter", "Show the photo large"),
            Shortcut("letters", "Jump to a file by the beginning of its name"),
            Shortcut("Ctrl+C", "Copy the paths of the selected photos"),
            Shortcut("Alt+Up", "Classify a folder that waits earlier; Alt+Down later"),
        ),
    ),
    ShortcutGroup(
        "Which one is it?",
        (
            Shortcut("Ctrl+R", "Begin with the first photo that waits for you"),
            Shortcut("1", "To 9: it is this class"),
            Shortcut("letters", "It is the class that begins so; with Shift for L, U and H"),
            Shortcut("Enter", "The model is right"),
            Shortcut("0", "It is none of these"),
            Shortcut("L", "Ask later; U takes the last answer back"),
            Shortcut("arrows", "Go from photo to photo without an answer"),
            Shortcut("Ctrl+Shift+R", "Look at any photo of the data set"),
        ),
    ),
    ShortcutGroup(
        "Classes",
        (
            Shortcut("F2", "Rename the class"),
            Shortcut("Space", "Switch the selected classes off or on"),
            Shortcut("Alt+Up", "Move the class up; Alt+Down moves it down"),
        ),
    ),
    ShortcutGroup(
        "Layers",
        (
            Shortcut("Enter", "Set the layer; Esc goes back to the list"),
            Shortcut("Insert", "Add a layer; Del removes one, Ctrl+D doubles it"),
            Shortcut("Alt+Up", "Move the layer up; Alt+Down moves it down"),
        ),
    ),
    ShortcutGroup(
        "Curves of the training",
        (
            Shortcut("arrows", "Read out round by round; Home and End the first and the last"),
            Shortcut("+", "Fewer rounds, - more, 0 all; the wheel does it, too"),
            Shortcut("Shift+Left", "Earlier rounds; Shift+Right later ones, or drag"),
            Shortcut("Ctrl+C", "In the list of rounds: copy them as text"),
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
    ShortcutGroup(
        "Labels of exam photos",
        (
            Shortcut("C", "Change the label to what the model says"),
            Shortcut("O", "Choose another class for the photo"),
            Shortcut("X", "Leave the photo out"),
            Shortcut("K", "In Labels: keep the label; L asks later"),
            Shortcut("U", "Take back the last correction"),
            Shortcut("H", "Show or hide the heat map"),
        ),
    ),
)
