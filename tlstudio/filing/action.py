"""What is done with one photo, as plain data that a journal keeps."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

Kind = Literal["copy", "move", "hard link", "symbolic link", "write"]
SORTING_KINDS: Final[tuple[Kind, ...]] = ("copy", "move", "hard link", "symbolic link")
"""What sorting into folders can do with a photo; the first leaves the most as it is."""

GIVEN: Final = "given"


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a "write" writes, so that it can be made again after a crash.

    Attributes:
        maker: Name of an entry of ``makers.MAKERS``.
        argument: What that one is told; any text that is UTF-8.
    """

    maker: str
    argument: str


def given(content: bytes) -> Recipe:
    """The recipe of bytes that are known already: they are kept in the journal, so they should be few."""
    return Recipe(GIVEN, base64.b64encode(content).decode("ascii"))


@dataclass(frozen=True, slots=True)
class FilingAction:
    """One action of a plan.

    Attributes:
        kind: What is done.
        source: Absolute path of the photo that it is about; of a "move", what is moved.
        target: Absolute path that it leads to. Nothing is there when the action begins, but for a "write"
            that replaces.
        size: Of the source, in bytes.
        modified: When the source was changed last, in nanoseconds; the action is refused if that is another time now.
        class_name: The answer.
        digest: SHA-256 of the source in hex; empty while it isn't known, or may have changed.
        origin: The photo as it was given, where ``source`` is what an earlier filing made of it; else empty.
        recipe: What a "write" writes.
        expected: SHA-256 that it had when it was classified, where only reading tells whether it still is the same;
            the action is refused if it is not.
        companion: Whether it is about a sidecar of the photo of the last action that isn't so: it is done only after
            that one, and its target is called after what that one leads to.
    """

    kind: Kind
    source: str
    target: str
    size: int
    modified: int
    class_name: str = ""
    digest: str = ""
    origin: str = ""
    recipe: Recipe | None = None
    expected: str = ""
    companion: bool = False

    @property
    def photo(self) -> str:
        """The photo as it was given."""
        return self.origin or self.source

    @property
    def target_path(self) -> Path:
        """The target as a path."""
        return Path(self.target)


def leader(actions: Sequence[FilingAction], number: int) -> int:
    """Index of the action that an action goes along with; its own, if it doesn't."""
    while actions[number].companion:
        number -= 1
    return number
