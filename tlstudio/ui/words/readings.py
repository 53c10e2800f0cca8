"""How a folder is read, in sentences."""

from pathlib import PurePath
from typing import Final

from tlstudio.datasets.reading.label_tables import Table, TableChoice
from tlstudio.datasets.reading.reading import FOLDER_LABELS, Reading

MORE_WAYS: Final = "More ways to read it…"

ABOUT_READING: Final = frozenset(
    (
        "classes_further_down", "labels_in_file_names", "labels_unusable", "no_class_folders", "one_folder_too_high",
        "one_folder_too_low", "parts_without_classes", "shared_out_already", "split_honoured", "table_of_labels",
        "too_few_classes",
    )
)  # fmt: skip
"""Codes of the problems that another way to read the folder may mend."""

_ORDINALS: Final = ("first", "second", "third", "fourth", "fifth")
_ENCODINGS: Final = {"utf-8": "UTF-8", "utf-16": "UTF-16", "utf-32": "UTF-32", "cp1252": "Windows-1252"}
_SEPARATORS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def ordinal(number: int) -> str:
    """A small number as a word: "first"."""
    return _ORDINALS[number - 1] if number <= len(_ORDINALS) else f"{number}th"


def table_of(reading: Reading) -> TableChoice | None:
    """The table that the labels come from, if they come from one."""
    kind, _, rest = reading.labels.partition(":")
    return TableChoice.parse(rest) if kind == "csv" else None


def source_in_words(reading: Reading, *, shared_out: bool = False) -> str:
    """Where the classes come from: "Classes come from the folder names".

    Args:
        reading: How the folder is read.
        shared_out: Whether folders give the parts, too.
    """
    what = "Classes and parts" if shared_out and reading.labels == FOLDER_LABELS else "Classes"
    return f"{what} come from {_source(reading)}"


def change_in_words(before: Reading, after: Reading) -> str:
    """What another reading does, for the person who may want to undo it."""
    if (before.labels, before.level) != (after.labels, after.level):
        return f"Take the classes from {_source(after)}"
    if before.hidden != after.hidden:
        return "Read hidden folders, too" if after.hidden else "Leave hidden folders out"
    if before.parts != after.parts:
        return "Take the parts from the folders" if after.parts else "Read the folders of the parts as classes"
    return "Read the folders that were left out"


def table_in_words(table: Table) -> str:
    """How a table is written: "UTF-8, fields separated by commas, the first line names the columns."."""
    encoding = _ENCODINGS.get(table.encoding, table.encoding)
    separator = _SEPARATORS.get(table.separator, f"“{table.separator}”")
    header = "the first line names the columns" if table.has_header else "no line that names the columns"
    return f"{encoding}, fields separated by {separator}, {header}."


def _source(reading: Reading) -> str:
    table = table_of(reading)
    if table is not None:
        return f"“{PurePath(table.file).name}”"
    if reading.labels != FOLDER_LABELS:
        return "the file names"
    return "the folder names" if reading.level == 1 else f"the {ordinal(reading.level)} level of folders"
