"""Where the label of a photo comes from: its folder, its file name, or a table."""

import os
import posixpath
import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tlstudio.datasets.reading.label_tables import TableChoice, columns_by_path, labels_by_path
from tlstudio.datasets.reading.name_patterns import file_name_pattern, pattern_named
from tlstudio.errors import TLStudioError


class LabelRule(Protocol):
    """Tells the label of each photo of one folder. All paths are relative to it, with forward slashes."""

    def label(self, path: str) -> str | None:
        """The class name of a photo, or None if it has none."""
        ...

    def classes(self, folders: Sequence[str]) -> tuple[str, ...]:
        """Classes that exist even without a readable photo, given the names of the folders at the top."""
        ...

    def missing(self, found: Collection[str]) -> tuple[str, ...]:
        """Photos that the rule names and that are not among the files found."""
        ...

    def under(self, root: Path) -> "LabelRule":
        """The same rule for photos in this folder."""
        ...


@dataclass(frozen=True, slots=True)
class FolderLabels:
    """The folder at the top that the photo lies in, at whatever depth."""

    def label(self, path: str) -> str | None:
        """The first folder of the path; None for a photo that lies in no folder."""
        top, slash, _ = path.partition("/")
        return top if slash else None

    def classes(self, folders: Sequence[str]) -> tuple[str, ...]:
        """All folders at the top."""
        return tuple(folders)

    def missing(self, found: Collection[str]) -> tuple[str, ...]:  # noqa: ARG002
        """None: folders name no files."""
        return ()

    def under(self, root: Path) -> "FolderLabels":  # noqa: ARG002
        """The rule itself."""
        return self


@dataclass(frozen=True, slots=True)
class LevelLabels:
    """A folder further down that the photo lies in.

    Attributes:
        level: 1 for the folder at the top.
    """

    level: int = 2

    def label(self, path: str) -> str | None:
        """The folder at that level; None for a photo that lies higher."""
        folders = path.split("/")[:-1]
        return folders[self.level - 1] if len(folders) >= self.level else None

    def classes(self, folders: Sequence[str]) -> tuple[str, ...]:
        """The folders at the top, if they are the classes."""
        return tuple(folders) if self.level == 1 else ()

    def missing(self, found: Collection[str]) -> tuple[str, ...]:  # noqa: ARG002
        """None: folders name no files."""
        return ()

    def under(self, root: Path) -> "LevelLabels":  # noqa: ARG002
        """The rule itself."""
        return self


@dataclass(frozen=True, slots=True)
class FileNameLabels:
    """What a regular expression finds in the name of the file.

    Attributes:
        pattern: Searched in the name with its ending. The group called ``label`` counts, else the first group, else the
            whole match.

    Raises:
        TLStudioError: If the pattern is no regular expression.
    """

    pattern: str
    _compiled: re.Pattern[str] = field(init=False, repr=False, compare=False)
    _group: str | int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        try:
            compiled = re.compile(self.pattern)
        except re.error as error:
            raise TLStudioError(
                f"“{self.pattern}” is not a regular expression: {error}.",
                "An example that takes all up to the first dot as the label: ^([^.]+)",
            ) from None
        object.__setattr__(self, "_compiled", compiled)
        object.__setattr__(self, "_group", "label" if "label" in compiled.groupindex else min(compiled.groups, 1))

    def label(self, path: str) -> str | None:
        """What the pattern finds, without blanks around it; None if it finds nothing."""
        start, end = self.span(path)
        return path[start:end] or None

    def span(self, path: str) -> tuple[int, int]:
        """Where in a path the label stands; (0, 0) if it has none."""
        before = path.rfind("/") + 1
        match = self._compiled.search(path[before:])
        found = (match[self._group] or "") if match else ""
        if match is None or not found.strip():
            return 0, 0
        start = before + match.start(self._group) + len(found) - len(found.lstrip())
        return start, start + len(found.strip())

    def classes(self, folders: Sequence[str]) -> tuple[str, ...]:  # noqa: ARG002
        """None: a class exists where a photo names it."""
        return ()

    def missing(self, found: Collection[str]) -> tuple[str, ...]:  # noqa: ARG002
        """None: a pattern names no files."""
        return ()

    def under(self, root: Path) -> "FileNameLabels":  # noqa: ARG002
        """The rule itself."""
        return self


@dataclass(frozen=True, slots=True)
class CsvLabels:
    """A table, one photo a line.

    Columns that aren't named here are told by what they are called (``label_tables.PATH_COLUMNS`` and
    ``LABEL_COLUMNS``). Commas, semicolons, tabs or bars. A path may be absolute, relative to the folder of the photos
    or relative to the table, and may lack the ending of the file ("0001" for ``0001.jpg``).

    Attributes:
        file: The table; read when this is made.
        root: Folder of the photos; that of the table until ``under`` is called.
        path_column: Name of the column of photos; "" for the one that is called like it.
        label_column: Name of the column of labels; "" for the one that is called like it.

    Raises:
        TLStudioError: If the file can't be read, lacks a column or gives a photo two labels.
    """

    file: Path
    root: Path | None = None
    path_column: str = ""
    label_column: str = ""
    _rows: dict[str, str] = field(init=False, repr=False, compare=False)
    _written: dict[str, str] = field(init=False, repr=False, compare=False)  # paths of the table by those of photos

    def __post_init__(self) -> None:
        rows = labels_by_path(self.file, self.path_column, self.label_column)
        written: dict[str, str] = {}
        table, root = self._folders()
        for base in dict.fromkeys((table, root)):  # the folder of the photos wins
            written |= {_relative(path, base, root): path for path in rows}
        object.__setattr__(self, "_rows", rows)
        object.__setattr__(self, "_written", written)

    def label(self, path: str) -> str | None:
        """What the table says; None if it doesn't name the photo or leaves its label empty."""
        return self._rows.get(self._row_of(path)) or None

    def classes(self, folders: Sequence[str]) -> tuple[str, ...]:  # noqa: ARG002
        """All labels of the table."""
        return tuple(sorted({label for label in self._rows.values() if label}))

    def missing(self, found: Collection[str]) -> tuple[str, ...]:
        """Paths of the table that lead to no file found."""
        there = {_composed(name) for path in found for name in (path, _without_ending(path))}
        met = {row for path, row in self._written.items() if path in there}
        table, root = self._folders()
        places = (
            (_relative(row, root, root), _relative(row, table, root)) for row in self._rows if row not in met
        )  # two rows may mean one photo, of which only one is met
        return tuple(place for place, other in places if place not in there and other not in there)

    def extra(self, found: Iterable[str]) -> tuple[str, ...]:
        """Photos found that the table doesn't name, in the order given."""
        return tuple(path for path in found if not self._row_of(path))

    def columns(self, found: Iterable[str]) -> dict[str, dict[str, str]]:
        """What further columns say of photos found, by the column's name and by path; see ``columns_by_path``."""
        rows = {path: self._row_of(path) for path in found}
        by_column = columns_by_path(self.file, self.path_column, self.label_column)
        return {
            name: {path: values[row] for path, row in rows.items() if row in values}
            for name, values in by_column.items()
        }

    def under(self, root: Path) -> "CsvLabels":
        """The same table for photos in this folder."""
        return self if root == self.root else CsvLabels(self.file, root, self.path_column, self.label_column)

    def _folders(self) -> tuple[str, str]:
        """The folder of the table and that of the photos."""
        table = os.path.abspath(self.file.parent)  # noqa: PTH100 - Path.absolute keeps "..", and resolve replaces links
        return table, table if self.root is None else os.path.abspath(self.root)  # noqa: PTH100

    def _row_of(self, path: str) -> str:
        """What a photo is called in the table; empty if it isn't there."""
        composed = _composed(path)
        return self._written.get(composed) or self._written.get(_without_ending(composed), "")


LABEL_RULES = "folder, folder:N, pattern:NAME, piece:N:SEPARATOR, filename:REGEX or csv:FILE[?file=COLUMN&class=COLUMN]"
"""The forms that ``parse_labels`` reads."""


def columns_of(rule: LabelRule, found: Iterable[str]) -> dict[str, dict[str, str]]:
    """What further columns of a table say of photos; nothing where labels come from no table."""
    return rule.columns(found) if isinstance(rule, CsvLabels) else {}


def parse_labels(text: str, folder: Path | None = None) -> LabelRule:
    """Read one of ``LABEL_RULES``.

    ``folder`` alone is the folder at the top, ``folder:2`` the one in it; ``piece:1:_`` is the first piece of the name
    of the file, ``piece:-1:_`` the last; ``pattern:`` names one of ``FILE_NAME_PATTERNS``.

    Args:
        text: The rule.
        folder: The photos, which the path of a table may be relative to; the current folder if None.

    Raises:
        TLStudioError: If the text is none of these, or what follows the colon can't be used.
    """
    kind, _, rest = text.partition(":")
    if text == "folder":
        return FolderLabels()
    if kind == "folder" and rest.isdecimal() and int(rest):
        return LevelLabels(int(rest))
    if kind == "pattern" and rest:
        return FileNameLabels(pattern_named(rest).pattern)
    if kind == "piece" and (piece := parse_piece(rest)):
        return FileNameLabels(file_name_pattern(*piece))
    if kind == "filename" and rest:
        return FileNameLabels(rest)
    if kind == "csv" and rest:
        table = TableChoice.parse(rest)
        file = (folder or Path()) / Path(table.file).expanduser()
        return CsvLabels(file, folder, table.file_column, table.class_column)
    raise TLStudioError(f"“{text}” doesn't say where labels come from.", f"Use {LABEL_RULES}.")


def parse_piece(text: str) -> tuple[str, int] | None:
    """Separator and position, as ``file_name_pattern`` takes them, of ``N:SEPARATOR``; None if it is no such text."""
    number, _, separator = text.partition(":")
    if not separator or not re.fullmatch(r"-?[1-9]\d?", number):
        return None
    return separator, int(number) - (int(number) > 0)


def _relative(path: str, base: str, root: str) -> str:
    """A path from a folder as seen from the root, as plain text: nothing is looked up on disk."""
    # Not by pathlib, which takes ten times as long: a table may have 100,000 rows.
    whole = posixpath.normpath(os.path.join(base, path).replace(os.sep, "/"))  # noqa: PTH118
    return _composed(whole.removeprefix(posixpath.join(root.replace(os.sep, "/"), "")))


def _composed(path: str) -> str:
    # macOS may store "é" as two characters where the table has one.
    return unicodedata.normalize("NFC", path)


def _without_ending(path: str) -> str:
    return posixpath.splitext(path)[0]
