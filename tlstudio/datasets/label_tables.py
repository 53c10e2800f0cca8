"""Tables that give photos their labels: encoding and separator are told from the content."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from tlstudio.errors import TLStudioError

PATH_COLUMNS = ("path", "file", "filename", "image", "file_name", "filepath", "file_path", "image_path", "photo")
"""Names of a column of photos that are recognised, the likeliest first; case doesn't matter."""

LABEL_COLUMNS = ("label", "class", "class_name", "category")
"""Names of a column of labels that are recognised, the likeliest first; case doesn't matter."""

_SEPARATORS = (",", ";", "\t", "|")
_LINES_LOOKED_AT = 100
# UTF-32 first: its mark begins like that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)  # which Excel writes and reads


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a header line.

    Attributes:
        columns: Names of the columns, without blanks around them.
        rows: One tuple of texts a line; it may have fewer or more fields than there are columns.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def read_table(file: Path) -> Table:
    """Read a table of any usual encoding (UTF-8, UTF-16, Windows-1252) and separator (comma, semicolon, tab, bar).

    Raises:
        TLStudioError: If the file can't be read or is no table.
    """
    text = _decode(_read(file)).lstrip("\r\n")
    given = _SEPARATOR_LINE.match(text)
    text = text[given.end() :] if given else text
    try:
        separator = given[1] if given else _separator(text)
        lines = [tuple(line) for line in _parse(text, separator) if any(field.strip() for field in line)]
    except csv.Error as error:
        raise TLStudioError(
            f"{file.name} can't be read as a table: {error}.", "Save it as CSV from the program that made it."
        ) from error
    return Table(tuple(name.strip() for name in lines[0]), tuple(lines[1:])) if lines else Table((), ())


def labels_by_path(file: Path, path_column: str = "", label_column: str = "") -> dict[str, str]:
    """Label by path, both without blanks around them, in the order of the table.

    Args:
        file: The table.
        path_column: Name of the column of photos; the one that is called like it if empty.
        label_column: Name of the column of labels; the one that is called like it if empty.

    Raises:
        TLStudioError: If the file can't be read, lacks a column or gives a photo two labels.
    """
    table = read_table(file)
    path_place = _place(file, table.columns, path_column, "the photos", PATH_COLUMNS)
    label_place = _place(file, table.columns, label_column, "the labels", LABEL_COLUMNS)
    rows: dict[str, str] = {}
    for row in table.rows:
        path, label = _field(row, path_place).replace("\\", "/"), _field(row, label_place)
        if path and rows.setdefault(path, label) != label:
            raise TLStudioError(
                f"{file.name} gives {path} two labels: {rows[path]}, {label}.", "Keep one of the lines."
            )
    return rows


def _place(file: Path, columns: Sequence[str], chosen: str, what: str, known: Sequence[str]) -> int:
    """Index of a column, the chosen one or one with a known name."""
    lower = [column.lower() for column in columns]
    if chosen:
        if chosen.strip() in columns:
            return columns.index(chosen.strip())
        if chosen.strip().lower() in lower:
            return lower.index(chosen.strip().lower())
        raise TLStudioError(
            f"{file.name} has no column called “{chosen}”.",
            f"Its columns are: {', '.join(columns)}." if columns else "The table is empty.",
        )
    for name in known:
        if name in lower:
            return lower.index(name)
    raise TLStudioError(
        f"{file.name} has no column for {what}.",
        f"Give the table a first line in which that column is called {' or '.join(known[:4])}.",
    )


def _field(row: Sequence[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""


def _parse(text: str, separator: str) -> Iterable[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator)


def _separator(text: str) -> str:
    """The separator under which the beginning of the table looks most like one."""
    return max(_SEPARATORS, key=lambda separator: _likelihood(text, separator))


def _likelihood(text: str, separator: str) -> tuple[int, float, int]:
    """Recognised columns, share of lines as long as the header, and number of columns; more is likelier."""
    try:
        lines = list(islice(_parse(text, separator), _LINES_LOOKED_AT))
    except csv.Error:
        return 0, 0.0, 0
    if not lines or len(lines[0]) < 2:
        return 0, 0.0, 0
    header = {name.strip().lower() for name in lines[0]}
    known = bool(header & set(PATH_COLUMNS)) + bool(header & set(LABEL_COLUMNS))
    return known, sum(len(line) == len(lines[0]) for line in lines) / len(lines), len(lines[0])


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise TLStudioError(f"There is no file {file}.", "Check the path after “csv:”.") from None
    except OSError as error:
        raise TLStudioError(f"{file} can't be opened: {error.strerror or error}.", "Choose another file.") from error


def _decode(data: bytes) -> str:
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    if encoding:
        return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
