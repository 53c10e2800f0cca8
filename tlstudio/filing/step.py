"""One action as its handler gets it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tlstudio.filing.action import FilingAction
from tlstudio.filing.files import Facts
from tlstudio.filing.journal import Begun


@dataclass(frozen=True, slots=True)
class Step:
    """An action that has begun.

    Attributes:
        action: As planned.
        begun: What was known the moment before, as it is in the journal.
        part: Beside the target, for a file that isn't whole yet; only this program uses the name.
        back: The same beside the source.
        kept: Where a "write" keeps what it replaces.
        content: What a "write" writes; None where that doesn't matter any more.
    """

    action: FilingAction
    begun: Begun
    part: Path
    back: Path
    kept: Path
    content: bytes | None = None

    @property
    def source(self) -> Path:
        """The source."""
        return Path(self.action.source)

    @property
    def target(self) -> Path:
        """Where it really goes."""
        return Path(self.begun.target)


@dataclass(frozen=True, slots=True)
class Handler:
    """How one kind of action is done. Each function raises ``RefusedError`` or ``OSError`` where it can't.

    Attributes:
        perform: Does it, wholly or not at all; gives a sentence that a person should read, or nothing. Raises
            ``FileExistsError`` where the name of the target has been taken.
        settle: After a crash: whether it was done. What was half done is finished or cleaned away.
        revert: Undoes it; what is as it was before already stays so. Is told how the target was left.
    """

    perform: Callable[[Step], str]
    settle: Callable[[Step], bool]
    revert: Callable[[Step, Facts], None]
