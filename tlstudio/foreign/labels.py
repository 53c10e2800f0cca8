"""Names of the classes that a model from elsewhere answers with."""

import re
from collections import Counter
from pathlib import Path
from typing import Final

from tlstudio.errors import TLStudioError
from tlstudio.wording import counted

LABELS_FILE: Final = "labels.txt"

_MOST_BYTES: Final = 1 << 20
_NUMBERED: Final = re.compile(r"(\d+)[\s:,]+(\S.*)")


def labels_beside(file: Path) -> Path | None:
    """The file of names that lies beside a model; None for none."""
    beside = (
        file.with_name(f"{file.stem}.txt"),
        file.with_name(f"{file.stem}_{LABELS_FILE}"),
        file.with_name(LABELS_FILE),
    )
    return next((path for path in beside if path.is_file()), None)


def read_labels(path: Path) -> tuple[str, ...]:
    """Names of classes, one a line.

    Numbers before the names, as Teachable Machine writes them ("0 daisy"), are taken off if every line has its own.

    Raises:
        TLStudioError: If it can't be read as text.
    """
    try:
        with path.open("rb") as stream:
            text = stream.read(_MOST_BYTES).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise TLStudioError(f"{path} can't be read as a list of names.", "It has one name a line, in UTF-8.") from error
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    numbered = [_NUMBERED.fullmatch(line) for line in lines]
    if all(match is not None and int(match[1]) == number for number, match in enumerate(numbered)):
        return tuple(match[2] for match in numbered if match is not None)
    return tuple(lines)


def numbered_labels(count: int) -> tuple[str, ...]:
    """Names for classes that have none: "class 1", "class 2"."""
    return tuple(f"class {number}" for number in range(1, count + 1))


def require_fitting_labels(labels: tuple[str, ...], count: int) -> tuple[str, ...]:
    """The names themselves.

    Raises:
        TLStudioError: If there are too many or too few, one is empty, or two are the same.
    """
    if len(labels) != count:
        raise TLStudioError(
            f"{counted(len(labels), 'name')} for {counted(count, 'class', 'classes')} don't go together.",
            "Give one name for each class, in the order of the model.",
        )
    if not all(label.strip() for label in labels):
        raise TLStudioError("A class has no name.", "Give each of them one.")
    [(commonest, times)] = Counter(labels).most_common(1)
    if times > 1:
        raise TLStudioError(f"Two classes are called “{commonest}”.", "Give each a name of its own.")
    return labels
