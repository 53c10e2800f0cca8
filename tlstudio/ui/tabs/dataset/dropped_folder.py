"""What is dropped on the Dataset tab: one folder, archive or table is read, anything else is told how."""

from collections.abc import Callable, Sequence
from pathlib import Path

from tlstudio.datasets.sources.opening import can_open
from tlstudio.paths import is_file, is_folder
from tlstudio.ui.widgets.drop_area import describe_paths
from tlstudio.ui.widgets.message_bar import Message
from tlstudio.wording import counted

KEY = "drop"
_MOST_COUNTED = 200
_TABLES = (".csv", ".tsv")


def describe_drop(paths: list[Path]) -> str:
    """What hovers, in a few words: "Garden flowers: 5 folders"."""
    if len(paths) != 1 or not is_folder(paths[0]):
        return describe_paths(paths)
    try:
        # A look at the first entries is enough for a sentence, and never slow.
        inside = [entry for entry, _ in zip(paths[0].iterdir(), range(_MOST_COUNTED), strict=False)]
    except OSError:
        inside = []
    folders = sum(is_folder(entry) and not entry.name.startswith(".") for entry in inside)
    return f"{paths[0].name}: {counted(folders, 'folder')}" if folders else paths[0].name


def folder_of(paths: Sequence[Path]) -> Path | None:
    """The folder or archive to read, if it is one that was dropped."""
    return paths[0] if len(paths) == 1 and can_open(paths[0]) else None


def table_of(paths: Sequence[Path]) -> Path | None:
    """The table that may name the classes, if it is one that was dropped."""
    is_one = len(paths) == 1 and paths[0].suffix.lower() in _TABLES and is_file(paths[0])
    return paths[0] if is_one else None


def refusal(paths: Sequence[Path], read: Callable[[Path], None]) -> Message:
    """What to say of anything else that was dropped.

    Args:
        paths: What was dropped.
        read: Reads a folder; for the fix that is offered where several folders lie in one.
    """
    line = "Drop the folder, or the zip or tar archive, that holds one folder of photos for each class."
    if not all(map(is_folder, paths)):
        title = "There are files among these."
        if len(paths) == 1:
            title = f"“{paths[0].name}” is neither a folder nor an archive."
        return Message(KEY, title, "info", line)
    parent = paths[0].parent
    title = f"These are {counted(len(paths), 'folder')}; one is read at a time."
    if any(path.parent != parent for path in paths):
        return Message(KEY, title, "info", line)
    name = parent.name or str(parent)
    line = f"All of them lie in “{name}”. Read that one to have each of its folders as a class."
    return Message(KEY, title, "info", line, fix=f"Read “{name}”", on_fix=lambda: read(parent))
