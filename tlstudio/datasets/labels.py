"""Where the label of a photo comes from: its folder, its file name, or a table."""

import csv
import posixpath
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tlstudio.errors import TLStudioError

_PATH_COLUMNS = ("path", "file", "filename", "image")
_LABEL_COLUMNS = ("label", "class")


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

    def __post_init__(self) -> None:
        try:
            compiled = re.compile(self.pattern)
        except re.error as error:
            raise TLStudioError(
                f"“{self.pattern}” is not a regular expression: {error}.",
                "An example that takes all up to the first dot as the label: ^([^.]+)",
            ) from None
        object.__setattr__(self, "_compiled", compiled)

    def label(self, path: str) -> str | None:
        """What the pattern finds, without blanks around it; None if it finds nothing."""
        match = self._compiled.search(posixpath.basename(path))
        if match is None:
            return None
        group = "label" if "label" in self._compiled.groupindex else min(self._compiled.groups, 1)
        return (match[group] or "").strip() or None

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
    """A table with a header line, one photo a line.

    Columns: ``path``, ``file``, ``filename`` or ``image``; ``label`` or ``class``. Commas, semicolons or tabs. A path
    may be absolute, relative to the folder of the photos or relative to the table.

    Attributes:
        file: The table; read when this is made.
        root: Folder of the photos; that of the table until ``under`` is called.

    Raises:
        TLStudioError: If the file can't be read, lacks a column or gives a photo two labels.
    """

    file: Path
    root: Path | None = None
    _rows: dict[str, str] = field(init=False, repr=False, compare=False)
    _labels: dict[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        table = self.file.absolute()
        root = table.parent if self.root is None else self.root.absolute()
        rows = _read_rows(self.file)
        labels: dict[str, str] = {}
        for base in (table.parent, root):  # the folder of the photos wins
            labels |= {_relative(base / path, root): label for path, label in rows.items()}
        object.__setattr__(self, "_rows", rows)
        object.__setattr__(self, "_labels", labels)

    def label(self, path: str) -> str | None:
        """What the table says; None if it doesn't name the photo or leaves its label empty."""
        return self._labels.get(_composed(path)) or None

    def classes(self, folders: Sequence[str]) -> tuple[str, ...]:  # noqa: ARG002
        """All labels of the table."""
        return tuple(sorted({label for label in self._rows.values() if label}))

    def missing(self, found: Collection[str]) -> tuple[str, ...]:
        """Paths of the table that lead to no file found."""
        there = {_composed(path) for path in found}
        table = self.file.absolute().parent
        root = table if self.root is None else self.root.absolute()
        return tuple(
            _relative(root / path, root)
            for path in self._rows
            if not {_relative(root / path, root), _relative(table / path, root)} & there
        )

    def under(self, root: Path) -> "CsvLabels":
        """The same table for photos in this folder."""
        return CsvLabels(self.file, root)


def parse_labels(text: str) -> LabelRule:
    """Read ``folder``, ``filename:REGEX`` or ``csv:FILE``.

    Raises:
        TLStudioError: If the text is none of these, or what follows the colon can't be used.
    """
    kind, _, rest = text.partition(":")
    if text == "folder":
        return FolderLabels()
    if kind == "filename" and rest:
        return FileNameLabels(rest)
    if kind == "csv" and rest:
        return CsvLabels(Path(rest).expanduser())
    raise TLStudioError(f"“{text}” doesn't say where labels come from.", "Use folder, filename:REGEX or csv:FILE.")


def _relative(path: Path, root: Path) -> str:
    """A path as seen from the root, as plain text: nothing is looked up on disk."""
    whole, base = posixpath.normpath(path.as_posix()), posixpath.normpath(root.as_posix())
    inside = posixpath.join(base, "")
    return _composed(whole.removeprefix(inside))


def _composed(path: str) -> str:
    # macOS may store "é" as two characters where the table has one.
    return unicodedata.normalize("NFC", path)


def _read_rows(file: Path) -> dict[str, str]:
    """Label by path, both without blanks around them, in the order of the table."""
    lines = _read_text(file).splitlines()
    delimiter = max(",;\t", key=lines[0].count) if lines else ","
    reader = csv.DictReader(lines, delimiter=delimiter)
    columns = {name.strip().lower(): name for name in reader.fieldnames or ()}
    path_column = next((columns[name] for name in _PATH_COLUMNS if name in columns), None)
    label_column = next((columns[name] for name in _LABEL_COLUMNS if name in columns), None)
    if path_column is None or label_column is None:
        lacking, names = ("the photos", _PATH_COLUMNS) if path_column is None else ("the labels", _LABEL_COLUMNS)
        raise TLStudioError(
            f"{file.name} has no column for {lacking}.",
            f"Give the table a first line in which that column is called {' or '.join(names)}.",
        )
    rows: dict[str, str] = {}
    for row in reader:
        path = (row[path_column] or "").strip().replace("\\", "/")
        label = (row[label_column] or "").strip()
        if path and rows.setdefault(path, label) != label:
            raise TLStudioError(
                f"{file.name} gives {path} two labels: {rows[path]}, {label}.", "Keep one of the lines."
            )
    return rows


def _read_text(file: Path) -> str:
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        raise TLStudioError(f"There is no file {file}.", "Check the path after “csv:”.") from None
    except OSError as error:
        raise TLStudioError(f"{file} can't be opened: {error.strerror or error}.", "Choose another file.") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")
