"""Tables that give photos their labels: encoding, separator and header are told from the content."""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from urllib.parse import quote, unquote

from tlstudio.datasets.formats import looks_like_image
from tlstudio.errors import TLStudioError

PATH_COLUMNS = ("path", "file", "filename", "image", "file_name", "filepath", "file_path", "image_path", "photo")
"""Names of a column of photos that are recognised, the likeliest first; case doesn't matter."""

LABEL_COLUMNS = ("label", "class", "class_name", "category")
"""Names of a column of labels that are recognised, the likeliest first; case doesn't matter."""

_SEPARATORS = (",", ";", "\t", "|")
_LINES_LOOKED_AT = 100
_FEWEST_PICTURES = 0.5
_FEWEST_CLASSES = 2
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
    """A table.

    Attributes:
        columns: Names of the columns, without blanks around them; "Column 1" and so on where there is no header line.
        rows: One tuple of texts a line; it may have fewer or more fields than there are columns.
        encoding: How its characters are stored, in Python's name.
        separator: What stands between the fields of a line.
        has_header: Whether its first line names the columns.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    encoding: str = "utf-8"
    separator: str = ","
    has_header: bool = True


@dataclass(frozen=True, slots=True)
class TableChoice:
    """Which table, and which of its columns, as text: ``labels.csv?file=COLUMN&class=COLUMN``.

    Attributes:
        file: The table.
        file_column: Name of the column of photos; "" for the one that is called like it.
        class_column: Name of the column of labels; "" for the one that is called like it.
    """

    file: str
    file_column: str = ""
    class_column: str = ""

    @classmethod
    def parse(cls, text: str) -> "TableChoice":
        """Read what ``str`` writes. A question mark that no columns follow belongs to the name of the file."""
        file, _, query = text.rpartition("?")
        columns = dict(entry.partition("=")[::2] for entry in query.split("&"))
        if not file or not columns.keys() <= {"file", "class"}:
            return cls(text)
        return cls(file, unquote(columns.get("file", "")), unquote(columns.get("class", "")))

    def __str__(self) -> str:
        named = (("file", self.file_column), ("class", self.class_column))
        query = "&".join(f"{key}={quote(column, safe='')}" for key, column in named if column)
        return f"{self.file}?{query}" if query else self.file


def read_table(file: Path) -> Table:
    """Read a table of any usual encoding (UTF-8, UTF-16, Windows-1252) and separator (comma, semicolon, tab, bar).

    A first line that names a picture is a photo already, and no header.

    Raises:
        TLStudioError: If the file can't be read or is no table.
    """
    text, encoding = _decode(_read(file))
    text = text.lstrip("\r\n")
    given = _SEPARATOR_LINE.match(text)
    text = text[given.end() :] if given else text
    try:
        separator = given[1] if given else _separator(text)
        lines = [tuple(line) for line in _parse(text, separator) if any(field.strip() for field in line)]
    except csv.Error as error:
        raise TLStudioError(
            f"{file.name} can't be read as a table: {error}.", "Save it as CSV from the program that made it."
        ) from error
    if not lines:
        return Table((), (), encoding, separator)
    first = tuple(name.strip() for name in lines[0])
    if any(map(looks_like_image, first)):
        numbered = tuple(f"Column {number}" for number in range(1, len(first) + 1))
        return Table(numbered, tuple(lines), encoding, separator, has_header=False)
    return Table(first, tuple(lines[1:]), encoding, separator)


def likely_columns(table: Table) -> tuple[str, str]:
    """The columns that most likely hold photos and labels, by their names or else by what stands in them.

    Returns:
        Names of two columns; "" where nothing tells.
    """
    looked_at = table.rows[:_LINES_LOOKED_AT]

    def share(place: int, fits: Callable[[str], bool]) -> float:
        return sum(fits(_field(row, place)) for row in looked_at) / max(len(looked_at), 1)

    places = range(len(table.columns))
    photos = _known_place(table.columns, PATH_COLUMNS)
    if photos is None and places:
        likeliest = max(places, key=lambda place: share(place, looks_like_image))
        photos = likeliest if share(likeliest, looks_like_image) > _FEWEST_PICTURES else None
    labels = _known_place(table.columns, LABEL_COLUMNS)
    if labels in (None, photos) and photos is not None and len(table.columns) > 1:
        # Fewest different values, but more than one: a class stands there for many photos.
        different = {place: len({_field(row, place) for row in looked_at}) for place in places if place != photos}
        labels = min(different, key=lambda place: (different[place] < _FEWEST_CLASSES, different[place]))
    return _name(table, photos), _name(table, labels)


def _name(table: Table, place: int | None) -> str:
    return "" if place is None else table.columns[place]


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


def columns_by_path(file: Path, path_column: str = "", label_column: str = "") -> dict[str, dict[str, str]]:
    """What the further columns of a table say of photos: value by path, by the name of the column.

    Columns in which no two photos have the same value (numbers, remarks) are left out, and so are empty fields.

    Args:
        file: The table.
        path_column: As ``labels_by_path`` takes it.
        label_column: As ``labels_by_path`` takes it.

    Raises:
        TLStudioError: If the file can't be read or lacks a column.
    """
    table = read_table(file)
    path_place = _place(file, table.columns, path_column, "the photos", PATH_COLUMNS)
    label_place = _place(file, table.columns, label_column, "the labels", LABEL_COLUMNS)
    columns: dict[str, dict[str, str]] = {}
    for place, name in enumerate(table.columns):
        if place in (path_place, label_place) or not name or name in columns:
            continue
        fields = ((_field(row, path_place).replace("\\", "/"), _field(row, place)) for row in table.rows)
        values = {path: value for path, value in fields if path and value}
        if len(set(values.values())) < len(values):
            columns[name] = values
    return columns


def _place(file: Path, columns: Sequence[str], chosen: str, what: str, known: Sequence[str]) -> int:
    """Index of a column, the chosen one or one with a known name."""
    if chosen:
        lower = [column.lower() for column in columns]
        if chosen.strip() in columns:
            return columns.index(chosen.strip())
        if chosen.strip().lower() in lower:
            return lower.index(chosen.strip().lower())
        raise TLStudioError(
            f"{file.name} has no column called “{chosen}”.",
            f"Its columns are: {', '.join(columns)}." if columns else "The table is empty.",
        )
    place = _known_place(columns, known)
    if place is not None:
        return place
    raise TLStudioError(
        f"{file.name} has no column for {what}.",
        f"Give the table a first line in which that column is called {' or '.join(known[:4])}.",
    )


def _known_place(columns: Sequence[str], known: Sequence[str]) -> int | None:
    lower = [column.lower() for column in columns]
    return next((lower.index(name) for name in known if name in lower), None)


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
        raise TLStudioError(f"There is no file {file}.", "Choose the table again.") from None
    except OSError as error:
        raise TLStudioError(f"{file} can't be opened: {error.strerror or error}.", "Choose another file.") from error


def _decode(data: bytes) -> tuple[str, str]:
    """The text, and the name of the encoding that it was in."""
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    if marked:
        return data.decode(marked, "replace"), marked
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), "cp1252"
