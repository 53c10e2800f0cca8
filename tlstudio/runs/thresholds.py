"""How sure a run has to be of each class, kept beside it: the one thing of a run that a person changes later."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tlstudio.errors import TLStudioError
from tlstudio.serialization import from_json, to_json
from tlstudio.whole_files import write_whole

THRESHOLDS_FILE: Final = "thresholds.json"
_SCHEMA: Final = 1


@dataclass(frozen=True, slots=True)
class _Kept:
    schema: int = _SCHEMA
    thresholds: dict[str, float] = field(default_factory=dict)


def load_thresholds(folder: Path) -> dict[str, float]:
    """Least score of each class that has one of its own, 0 to 1; empty where none was ever set.

    Args:
        folder: Of the run.

    Raises:
        TLStudioError: If the file is damaged, or was made by a newer version of the program.
    """
    path = folder / THRESHOLDS_FILE
    if not path.is_file():
        return {}
    try:
        kept = from_json(path.read_bytes(), _Kept)
    except (ValueError, OSError) as error:
        raise TLStudioError(f"{path} is damaged: {error}.", "Delete it, and set the thresholds again.") from error
    if kept.schema > _SCHEMA:
        raise TLStudioError(f"{path} was made by a newer TL Studio.", "Update this program to use it.")
    if not all(0 <= threshold <= 1 for threshold in kept.thresholds.values()):
        raise TLStudioError(f"{path} is damaged: a threshold is not from 0 to 1.", "Delete it, and set them again.")
    return kept.thresholds


def save_thresholds(folder: Path, thresholds: Mapping[str, float]) -> None:
    """Keep the least score of each class that has one of its own.

    Args:
        folder: Of the run.
        thresholds: By class name, 0 to 1; with none, the file is removed.

    Raises:
        TLStudioError: If they can't be written.
    """
    path = folder / THRESHOLDS_FILE
    try:
        if thresholds:
            write_whole(path, to_json(_Kept(thresholds=dict(thresholds)), indent=1))
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise TLStudioError(
            f"The thresholds can't be kept in {folder}: {error.strerror}.", "Make room, or allow writing there."
        ) from error
