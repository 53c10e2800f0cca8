"""Excel workbooks, written row by row: memory stays flat, and what doesn't fit on one sheet goes on on the next."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from tempfile import TemporaryDirectory
from typing import BinaryIO, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

Cell = str | float | None

MOST_ROWS: Final = 1_048_576
"""Rows of a sheet, that of the headings included: a limit of the file format."""

_MOST_CHARACTERS: Final = 32_767


class _Sink:
    """A file to write to that keeps its first error for later.

    An error in the midst of it would leave the archive open that a workbook is; its end would then be written when the
    memory is tidied up, into a file that is closed.

    Attributes:
        error: The first error.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.error: OSError | None = None

    def write(self, data: bytes) -> int:
        """Write, unless that has failed before."""
        if self.error is None:
            try:
                return self._file.write(data)
            except OSError as error:
                self.error = error
        return len(data)

    def seek(self, place: int, whence: int = 0) -> int:
        """Go to a place."""
        return self._file.seek(place, whence)

    def tell(self) -> int:
        """The place of now."""
        return self._file.tell()

    def flush(self) -> None:
        """Nothing waits here."""


class Workbook:
    """A workbook with one table: headings in bold that stay in view, widths as asked for, a filter over each column.

    Numbers from 0 to 1 are shares and are shown in percent.
    """

    def __init__(
        self, file: BinaryIO, title: str, columns: Sequence[tuple[str, float]], *, most_rows: int = MOST_ROWS
    ) -> None:
        """Begin the workbook.

        Args:
            file: Open for writing; written to at the end.
            title: Of the first sheet; those that follow get a number behind it. At most 25 characters.
            columns: Heading of each, and its width in characters.
            most_rows: Rows after which the next sheet begins, that of the headings included.
        """
        self._rows = TemporaryDirectory(prefix="tlstudio-", ignore_cleanup_errors=True)  # until they are put together
        self._file = _Sink(file)
        self._book = xlsxwriter.Workbook(self._file, {"constant_memory": True, "tmpdir": self._rows.name})
        self._heading: Format = self._book.add_format({"bold": True, "bottom": 1})
        self._percent: Format = self._book.add_format({"num_format": "0.0%"})
        self._title, self._columns, self._most_rows = title, tuple(columns), most_rows
        self._sheets = 0
        self._sheet = self._next_sheet()

    def write(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Add rows; None is an empty cell."""
        for row in rows:
            if self._row == self._most_rows:
                self._end_sheet()
                self._sheet = self._next_sheet()
            for column, cell in enumerate(row):
                if isinstance(cell, str):  # never as ``write`` would guess: a name may look like a formula or a link
                    self._sheet.write_string(self._row, column, _writable(cell))
                elif cell is not None:
                    self._sheet.write_number(self._row, column, cell, self._percent)
            self._row += 1

    def close(self) -> None:
        """Write the file, which stays open.

        Raises:
            OSError: If it can't be written.
        """
        self._end_sheet()
        try:
            self._book.close()
        finally:
            self._rows.cleanup()
        if self._file.error is not None:
            raise self._file.error

    def discard(self) -> None:
        """Leave nothing behind of a workbook that nobody wants any more; what is in the file then is of no use."""
        with suppress(OSError):
            self.close()

    def _next_sheet(self) -> Worksheet:
        self._sheets += 1
        name = self._title if self._sheets == 1 else f"{self._title} {self._sheets}"
        sheet: Worksheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for column, (heading, width) in enumerate(self._columns):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, heading, self._heading)
        self._row = 1
        return sheet

    def _end_sheet(self) -> None:
        self._sheet.autofilter(0, 0, self._row - 1, len(self._columns) - 1)


def _writable(text: str) -> str:
    """Text as a cell can hold it: XML has no lone surrogates, which stand for bytes of names that are no UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")[:_MOST_CHARACTERS]
