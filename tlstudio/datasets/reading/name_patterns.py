"""The usual ways to name photos after their class, as regular expressions."""

import re
from dataclasses import dataclass

from tlstudio.errors import TLStudioError


@dataclass(frozen=True, slots=True)
class FileNamePattern:
    """A ready pattern for ``FileNameLabels``.

    Attributes:
        name: Stable key.
        title: What it takes, for a person.
        pattern: The regular expression.
        example: A name that it fits.
    """

    name: str
    title: str
    pattern: str
    example: str


FILE_NAME_PATTERNS = (
    FileNamePattern("number", "All before the number", r"^(.*?[^\W\d_])[\W_]*\d[\W\d_]*\.[^.]+$", "Blue tit (12).jpg"),
    FileNamePattern("first-dot", "All up to the first “.”", r"^([^.]+)\.", "cat.17.jpg"),
    FileNamePattern("first-underscore", "All up to the first “_”", "^([^_]+)_", "rose_0012.jpg"),
    FileNamePattern("first-dash", "All up to the first “-”", "^([^-]+)-", "oak-003.jpg"),
    FileNamePattern("first-blank", "All up to the first blank", r"^(\S+)\s", "fox 2024 a.jpg"),
    FileNamePattern("after-underscore", "All after the last “_”", r"_([^_.]+)\.[^.]+$", "0013_cat.jpg"),
    FileNamePattern("after-dash", "All after the last “-”", r"-([^-.]+)\.[^.]+$", "0013-cat.jpg"),
    FileNamePattern("after-blank", "All after the last blank", r"\s([^\s.]+)\.[^.]+$", "0013 cat.jpg"),
    FileNamePattern("last-underscore", "All up to the last “_”", "^(.+)_", "great_dane_b7.jpg"),
)
"""In the order in which they are tried on a folder: the first one that fits is taken."""


def pattern_named(name: str) -> FileNamePattern:
    """The ready pattern with this key.

    Raises:
        TLStudioError: If there is none.
    """
    for entry in FILE_NAME_PATTERNS:
        if entry.name == name:
            return entry
    known = ", ".join(entry.name for entry in FILE_NAME_PATTERNS)
    raise TLStudioError(f"There is no pattern called “{name}”.", f"The patterns are: {known}.")


def file_name_pattern(separator: str, position: int) -> str:
    """The regular expression for one piece of the name of a file, split by a separator.

    The ending of the name is no piece of it: of ``cat.17.jpg``, split by ".", the last piece is ``17``.

    Args:
        separator: One character or more.
        position: Which piece; 0 is the first, -1 the last.

    Raises:
        TLStudioError: If the separator is empty.
    """
    if not separator:
        raise TLStudioError("There is no separator.", "Type what stands between the pieces, such as _ or -.")
    mark = re.escape(separator)
    piece = f"[^{mark}]*" if len(separator) == 1 else f"(?:(?!{mark}).)*"
    # Where the separator may lie in the ending, the ending has to be there, lest it be taken for a piece.
    ending = r"\.[^.]*$" if "." in separator else r"(?:\.[^.]*)?$"
    if position >= 0:
        return f"^(?:{piece}{mark}){{{position}}}({piece}?)(?:{mark}.*)?{ending}"
    return f"^(?:.*{mark})?({piece}?)(?:{mark}{piece}?){{{-position - 1}}}{ending}"
