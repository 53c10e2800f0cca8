"""CSV files: the table of answers, written while they come, and tables for people to open in a spreadsheet."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TextIO

from tlstudio.errors import TLStudioError
from tlstudio.prediction.prediction import Prediction

# What spreadsheets take for a formula, which may run programs; names of files may begin so.
_FORMULA_BEGINNINGS = ("=", "+", "-", "@", "\t", "\r")


def write_spreadsheet(path: Path, header: Sequence[str], rows: Iterable[Sequence[str | int]]) -> None:
    """Write a CSV file for people: spreadsheets see by its byte order mark that it is UTF-8, and find no formulas.

    Args:
        path: Where; a file that is there is replaced.
        header: Names of the columns.
        rows: Numbers are written as they are; text that a spreadsheet would take for a formula gets an apostrophe
            before it, and bytes of names that are no UTF-8 a question mark in their place.

    Raises:
        TLStudioError: If it can't be written.
    """
    try:
        with path.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            writer.writerows([_harmless(cell) for cell in row] for row in rows)
    except OSError as error:
        raise TLStudioError(f"{path} can't be written: {error.strerror}.", "Choose another place.") from error


def _harmless(cell: str | int) -> str | int:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_BEGINNINGS) else cell


class PredictionTable:
    """A CSV file with the columns path, label, score, label_2, score_2, ..., status, error.

    Rows are on disk after every ``write``, so that a stop or a crash keeps what was answered. Names that are no valid
    UTF-8 are written byte for byte as the file system has them.
    """

    def __init__(self, path: Path, top: int) -> None:
        """Begin the file.

        Args:
            path: Where; a file that is there is replaced.
            top: Classes named per photo.

        Raises:
            TLStudioError: If it can't be written.
        """
        self._top = top
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file: TextIO = path.open("w", encoding="utf-8", errors="surrogateescape", newline="")
        except OSError as error:
            raise TLStudioError(f"{path} can't be written: {error.strerror}.", "Choose another place.") from error
        self._rows = csv.writer(self._file)
        pairs = [name for rank in range(2, top + 1) for name in (f"label_{rank}", f"score_{rank}")]
        self._rows.writerow(["path", "label", "score", *pairs, "status", "error"])

    def write(self, predictions: Iterable[Prediction]) -> None:
        """Add rows."""
        for entry in predictions:
            cells = [cell for label, score in entry.top[: self._top] for cell in (label, f"{score:.6f}")]
            empty = [""] * (2 * self._top - len(cells))
            self._rows.writerow([entry.path, *cells, *empty, entry.status, entry.error])
        self._file.flush()

    def __enter__(self) -> "PredictionTable":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
