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
            writer.writerows([harmless(cell) for cell in row] for row in rows)
    except OSError as error:
        raise TLStudioError(f"{path} can't be written: {error.strerror}.", "Choose another place.") from error


def harmless(cell: str | float) -> str | float:
    """A cell that no spreadsheet takes for a formula: an apostrophe goes before text that looks like one."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_BEGINNINGS) else cell


def program_header(top: int) -> list[str]:
    """The columns that programs find, for so many classes a photo."""
    pairs = [name for rank in range(2, top + 1) for name in (f"label_{rank}", f"score_{rank}")]
    return ["path", "label", "score", *pairs, "status", "error"]


def program_cells(prediction: Prediction, top: int) -> list[str]:
    """What is in these columns for one photo."""
    cells = [cell for label, score in prediction.top[:top] for cell in (label, f"{score:.6f}")]
    empty = [""] * (2 * top - len(cells))
    return [prediction.path, *cells, *empty, prediction.status, prediction.error]


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
        self._rows.writerow(program_header(top))

    def write(self, predictions: Iterable[Prediction]) -> None:
        """Add rows."""
        self._rows.writerows(program_cells(prediction, self._top) for prediction in predictions)
        self._file.flush()

    def __enter__(self) -> "PredictionTable":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
