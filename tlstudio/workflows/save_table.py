"""Use case: save answers as a table."""

from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Final

from tlstudio.events import CancelToken, Emit, Progress
from tlstudio.prediction.prediction import Prediction
from tlstudio.prediction.table_formats import TableFormat

STAGE: Final = "table"
_PORTION: Final = 500  # rows between two reports


def save_table(
    path: Path,
    kind: TableFormat,
    top: int,
    predictions: Iterable[Prediction],
    total: int,
    *,
    emit: Emit,
    token: CancelToken,
) -> Path:
    """Write answers to a file, which appears when all of it is written.

    Args:
        path: Where; a file that is there is replaced.
        kind: What kind of table.
        top: Classes named for each photo.
        predictions: The answers, in the order of the rows.
        total: How many there are.
        emit: Told ``Progress("table", done, total)``.
        token: A stop leaves what was there before.

    Returns:
        The file.

    Raises:
        TLStudioError: If it can't be written.
        Cancelled: If a stop was asked for.
    """
    coming = iter(predictions)
    done = 0
    with kind.open(path, top) as write:
        while portion := list(islice(coming, _PORTION)):
            token.check()
            write(portion)
            done += len(portion)
            emit(Progress(STAGE, done, total))
    return path
