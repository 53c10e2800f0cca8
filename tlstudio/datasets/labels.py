"""Where the label of a photo comes from: its folder, its file name, or a table."""

import posixpath
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tlstudio.datasets.label_tables import labels_by_path
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
class FileNamePattern:
    """A ready pattern for ``FileNameLabels``.

    Attributes:
        name: Stable key.
        title: What it takes, for a person.
        pattern: The regular expression.
        example: A name that it fits.
    """

    name: str
    title: str
    pattern: str
    example: str


FILE_NAME_PATTERNS = (
    FileNamePattern("first-dot", "All up to the first dot", r"^([^.]+)\.", "cat.17.jpg"),
    FileNamePattern("first-underscore", "All before the first “_”", "^([^_]+)_", "rose_0012.jpg"),
    FileNamePattern("last-underscore", "All before the last “_”", "^(.+)_", "great_dane_12.jpg"),
    FileNamePattern("first-dash", "All before the first “-”", "^([^-]+)-", "oak-003.jpg"),
    FileNamePattern(
        "number",
        "All before the number at the end",
        r"^(.*?[^\s\d_.(-])[\s_.(-]*\d+\)?(?:\.[^.]*)?$",
        "Blue tit (12).jpg",
    ),
)
"""The usual ways to name photos after their class."""


def file_name_pattern(separator: str, position: int) -> str:
    """The regular expression for one part of the name of a file, split by a separator.

    The ending of the name is no part of it: of ``cat.17.jpg``, split by ".", the last part is ``17``.

    Args:
        separator: One character or more.
        position: Which part; 0 is the first, -1 the last.

    Raises:
        TLStudioError: If the separator is empty.
    """
    if not separator:
        raise TLStudioError("There is no separator.", "Type what stands between the parts of the name, such as _ or -.")
    mark = re.escape(separator)
    part = f"[^{mark}]*" if len(separator) == 1 else f"(?:(?!{mark}).)*"
    # Where the separator may lie in the ending, the ending has to be there, lest it be taken for a part.
    ending = r"\.[^.]*$" if "." in separator else r"(?:\.[^.]*)?$"
    if position >= 0:
        return f"^(?:{part}{mark}){{{position}}}({part}?)(?:{mark}.*)?{ending}"
    return f"^(?:.*{mark})?({part}?)(?:{mark}{part}?){{{-position - 1}}}{ending}"


def preview(rule: LabelRule, paths: Iterable[str]) -> dict[str, int]:
    """The classes that a rule would give.

    Args:
        rule: Where labels come from.
        paths: Photos, relative to their folder.

    Returns:
        Photos by class, the largest class first; those without a label last, under "".
    """
    counted = Counter(rule.label(path) or "" for path in paths)
    return dict(sorted(counted.items(), key=lambda entry: (not entry[0], -entry[1], entry[0])))


@dataclass(frozen=True, slots=True)
class CsvLabels:
    """A table with a header line, one photo a line.

    Columns that aren't named here are told by what they are called (``label_tables.PATH_COLUMNS`` and
    ``LABEL_COLUMNS``). Commas, semicolons, tabs or bars. A path may be absolute, relative to the folder of the photos
    or relative to the table.

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
    _labels: dict[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        table = self.file.absolute()
        root = table.parent if self.root is None else self.root.absolute()
        rows = labels_by_path(self.file, self.path_column, self.label_column)
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

    def extra(self, found: Iterable[str]) -> tuple[str, ...]:
        """Photos found that the table doesn't name, in the order given."""
        return tuple(path for path in found if _composed(path) not in self._labels)

    def under(self, root: Path) -> "CsvLabels":
        """The same table for photos in this folder."""
        return CsvLabels(self.file, root, self.path_column, self.label_column)


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
