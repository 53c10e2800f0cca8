"""One thing that is wrong with a folder, and the way out."""

from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

from tlstudio.datasets.reading.reading import Reading
from tlstudio.wording import in_quotes

Severity = Literal["blocking", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Fix:
    """Another way to read a folder. No file is changed by it.

    Attributes:
        title: For a button, such as "Read them as one class".
        reading: How the folder is read then.
    """

    title: str
    reading: Reading


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to know before training.

    Attributes:
        code: Stable key.
        message: What is the matter.
        hint: What to do about it.
        severity: "blocking" (training makes no sense), "warning" or "note" (nothing is wrong).
        folder: Absolute path of a folder to read instead, if there is one.
        fix: Another way to read the folder, if there is one.
    """

    code: str
    message: str
    hint: str
    severity: Severity
    folder: str | None = None
    fix: Fix | None = None


def read_instead(root: str) -> Fix:
    """To read another folder, or an archive, as if it had been chosen."""
    return Fix(f"Read {in_quotes(PurePath(root).name or root)}", Reading(root))
