"""What is to be filed and how, and what would come of it, as plain data."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tlstudio.datasets.walk import Stamp
from tlstudio.filing.action import FilingAction, Kind


@dataclass(frozen=True, slots=True)
class FilingEntry:
    """A photo and the class that it goes to.

    Attributes:
        path: The photo.
        class_name: The answer, or what a person decided.
        root: The folder that it was found under; what lies between them is the substructure. None: none.
        digest: SHA-256 of its bytes in hex when it was classified; empty if unknown.
        stamp: Its size and time of change when it was classified; None if unknown.
    """

    path: Path
    class_name: str
    root: Path | None = None
    digest: str = ""
    stamp: Stamp | None = None


@dataclass(frozen=True, slots=True)
class FilingOptions:
    """Where photos go, and how.

    Attributes:
        target: Folder of the class folders; made if it isn't there.
        kind: "copy", "move", "hard link" or "symbolic link".
        flat: All photos directly in the folder of their class; else in the folders that they lay in, below it.
    """

    target: Path
    kind: Kind = "copy"
    flat: bool = False


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A photo that nothing is done with.

    Attributes:
        path: Of the photo.
        reason: Why, as a sentence.
        filed: Whether that is because it is where it belongs already.
    """

    path: str
    reason: str
    filed: bool = False


@dataclass(frozen=True, slots=True)
class FilingPlan:
    """What would be done: nothing has been touched.

    Attributes:
        target: Folder of the class folders, or the one that a person would look in.
        kind: What is done with most photos.
        actions: One for each photo, in the order in which they are done, each followed by those of its sidecars.
        left_out: Photos that nothing is done with, and why.
        class_folders: Name of the folder of each class, which differs from the class where no system would take it.
        needed: Bytes that it takes on the disk of the target.
        free: Bytes that are free there.
        notes: Sentences that a person should read before it begins.
    """

    target: str
    kind: Kind
    actions: tuple[FilingAction, ...]
    left_out: tuple[LeftOut, ...] = ()
    class_folders: Mapping[str, str] = field(default_factory=dict)
    needed: int = 0
    free: int = 0
    notes: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """Actions by class, in the order of their names; sidecars that go along don't count."""
        return dict(sorted(Counter(action.class_name for action in self.actions if not action.companion).items()))

    @property
    def sidecars(self) -> int:
        """Sidecars that go along with their photos."""
        return len({action.target for action in self.actions if action.companion})

    @property
    def already_there(self) -> int:
        """Photos that lie where they belong since an earlier filing."""
        return sum(entry.filed for entry in self.left_out)

    @property
    def fits(self) -> bool:
        """Whether there is room for it."""
        return self.needed <= self.free
