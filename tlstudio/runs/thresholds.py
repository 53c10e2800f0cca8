"""How sure answers of a run have to be, kept beside it: the one thing of a run that a person changes later."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from tlstudio.errors import TLStudioError
from tlstudio.serialization import from_json, to_json
from tlstudio.whole_files import write_whole

THRESHOLDS_FILE: Final = "thresholds.json"
_SCHEMA: Final = 1


@dataclass(frozen=True, slots=True)
class Sureness:
    """What a person chose; all of it may be unset.

    Attributes:
        promise: Share of what is filed by itself that may be wrong, 0 to 1; None where nothing is promised.
        threshold: Least score of a sure answer, 0 to 1, where no promise stands.
        hold_back: Whether photos that are unlike everything learnt are unsure at any score.
    """

    promise: float | None = None
    threshold: float | None = None
    hold_back: bool = True


@dataclass(frozen=True, slots=True)
class _Kept:
    schema: int = _SCHEMA
    thresholds: dict[str, float] = field(default_factory=dict)
    promise: float | None = None
    threshold: float | None = None
    hold_back: bool = True

    def shares(self) -> list[float]:
        """Everything that lies between 0 and 1."""
        single = (self.promise, self.threshold)
        return [*self.thresholds.values(), *(share for share in single if share is not None)]


def load_thresholds(folder: Path) -> dict[str, float]:
    """Least score of each class that has one of its own, 0 to 1; empty where none was ever set.

    Args:
        folder: Of the run.

    Raises:
        TLStudioError: If the file is damaged, or was made by a newer version of the program.
    """
    return _load(folder).thresholds


def load_sureness(folder: Path) -> Sureness:
    """What a person chose; arguments and errors as for ``load_thresholds``."""
    kept = _load(folder)
    return Sureness(kept.promise, kept.threshold, kept.hold_back)


def save_thresholds(folder: Path, thresholds: Mapping[str, float]) -> None:
    """Keep the least score of each class that has one of its own.

    Args:
        folder: Of the run.
        thresholds: By class name, 0 to 1.

    Raises:
        TLStudioError: If they can't be written, or what was kept before is damaged.
    """
    _save(folder, replace(_load(folder), thresholds=dict(thresholds)))


def save_sureness(folder: Path, chosen: Sureness) -> None:
    """Keep what a person chose; errors as for ``save_thresholds``."""
    kept = _load(folder)
    _save(folder, replace(kept, promise=chosen.promise, threshold=chosen.threshold, hold_back=chosen.hold_back))


def _load(folder: Path) -> _Kept:
    path = folder / THRESHOLDS_FILE
    if not path.is_file():
        return _Kept()
    try:
        kept = from_json(path.read_bytes(), _Kept)
    except (ValueError, OSError) as error:
        raise TLStudioError(f"{path} is damaged: {error}.", "Delete it, and set the thresholds again.") from error
    if kept.schema > _SCHEMA:
        raise TLStudioError(f"{path} was made by a newer TL Studio.", "Update this program to use it.")
    if not all(0 <= share <= 1 for share in kept.shares()):
        raise TLStudioError(f"{path} is damaged: a threshold is not from 0 to 1.", "Delete it, and set them again.")
    return kept


def _save(folder: Path, kept: _Kept) -> None:
    path = folder / THRESHOLDS_FILE
    try:
        if kept != _Kept():
            write_whole(path, to_json(kept, indent=1))
        else:
            path.unlink(missing_ok=True)  # a run that nobody touched looks like one
    except OSError as error:
        raise TLStudioError(
            f"The thresholds can't be kept in {folder}: {error.strerror}.", "Make room, or allow writing there."
        ) from error
