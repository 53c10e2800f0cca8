"""Labels that don't come from folders: in the names of the files, or in a table beside them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.doctor.problem import Fix, Problem
from tlstudio.datasets.doctor.wording import listed
from tlstudio.datasets.reading.label_tables import TableChoice, likely_columns, read_table
from tlstudio.datasets.reading.labels import CsvLabels, FileNameLabels, parse_labels
from tlstudio.datasets.reading.name_patterns import FILE_NAME_PATTERNS, FileNamePattern
from tlstudio.datasets.reading.reading import FOLDER_LABELS, Reading
from tlstudio.datasets.reading.relabel import photos
from tlstudio.errors import TLStudioError
from tlstudio.wording import counted

FEWEST_LABELLED = 0.95
"""Share of the photos that a pattern has to find a label for, so that it isn't found by chance."""

TABLE_ENDINGS = (".csv", ".tsv")
"""Of files that are looked into for labels; in lower case."""

FEWEST_IN_TABLE = 0.5
"""Share of the photos that a table has to name; it may well be one of the labelled part only."""

_FEWEST_PER_CLASS = 3
_LARGEST_TABLE = 64 << 20
_TABLES_LOOKED_AT = 8

# Cameras, phones and programs begin their names with these.
_CAMERA_WORDS = frozenset(
    (
        "capture", "dji", "dsc", "dscf", "dscn", "file", "frame", "gopr", "image", "img", "imgp", "mvi", "p", "pano",
        "photo", "pic", "pict", "picture", "pxl", "scan", "screenshot", "signal", "whatsapp image",
    )
)  # fmt: skip


def unusable(dataset: Dataset, reading: Reading) -> Problem | None:
    """A table of labels that is gone or can't be read any more."""
    if dataset.samples or reading.labels == FOLDER_LABELS:
        return None
    try:
        parse_labels(reading.labels, Path(reading.root))
    except TLStudioError as error:
        by_folder = replace(reading, labels=FOLDER_LABELS, level=1)
        fix = Fix("Take the classes from the folders", by_folder)
        return Problem("labels_unusable", error.message, error.hint, "blocking", fix=fix)
    return None


def tables_inside(dataset: Dataset) -> tuple[str, ...]:
    """Paths of the tables that lie among the photos, those at the top first."""
    names = (file.path for file in dataset.ignored if file.kind == "other")
    names = (name for name in names if name.lower().endswith(TABLE_ENDINGS))
    return tuple(sorted(names, key=lambda path: (path.count("/"), path)))


def label_source(dataset: Dataset, reading: Reading) -> Problem | None:
    """A table or the names of the files that give the photos labels, for a folder whose folders don't.

    Args:
        dataset: Read by its folders.
        reading: How.

    Returns:
        A problem whose fix reads the labels from there; None if there is nothing of that kind.
    """
    if reading.labels != FOLDER_LABELS:
        return None
    # A column that isn't called as usual may be anything, such as a camera: the names of the files say more.
    return _table(dataset, reading) or _file_names(dataset, reading) or _table(dataset, reading, likely=True)


def _table(dataset: Dataset, reading: Reading, *, likely: bool = False) -> Problem | None:
    """A table that gives most photos a label; if ``likely``, by columns that aren't called as usual."""
    paths = [photo.path for photo in photos(dataset)]
    for name in tables_inside(dataset)[:_TABLES_LOOKED_AT]:
        choice, counts = _labels_of_table(name, Path(dataset.root), paths, likely=likely)
        named = counts.total()
        if len(counts) < 2 or named < FEWEST_IN_TABLE * len(paths) or (likely and not _fits(counts, named)):
            continue
        return Problem(
            "table_of_labels",
            f"The classes are not in the folders. The table “{name}” gives {counted(named, 'photo')} a label, "
            f"in {len(counts):,} classes: {_in_words(counts)}.",
            "Use the table.",
            "blocking",
            fix=Fix(f"Use “{PurePosixPath(name).name}”", replace(reading, labels=f"csv:{choice}", merged={})),
        )
    return None


def _labels_of_table(name: str, root: Path, paths: Sequence[str], *, likely: bool) -> tuple[TableChoice, Counter[str]]:
    """The columns that are read, and photos by label; none where the file is no table of labels."""
    choice, file = TableChoice(name), root / name
    try:
        if file.stat().st_size > _LARGEST_TABLE:
            return choice, Counter()
        if likely:
            choice = TableChoice(name, *likely_columns(read_table(file)))
        rule = CsvLabels(file, root, choice.file_column, choice.class_column)
    except (OSError, TLStudioError):
        return choice, Counter()
    return choice, Counter(label for path in paths if (label := rule.label(path)))


def _file_names(dataset: Dataset, reading: Reading) -> Problem | None:
    every = [photo.path for photo in photos(dataset)]
    # The photos of an exam are often called by numbers only, in a folder of their own.
    folders = sorted({path.split("/", 1)[0] for path in every if "/" in path})
    for left_out in (frozenset[str](), *(frozenset((folder,)) for folder in folders if len(folders) == 2)):
        paths = [path for path in every if path.split("/", 1)[0] not in left_out]
        found = fitting_pattern(paths)
        if found is None:
            continue
        pattern, counts = found
        aside = f" “{next(iter(left_out))}” is left out: its names tell no class." if left_out else ""
        labels, without = f"filename:{pattern.pattern}", reading.left_out.union(left_out)
        changed = replace(reading, labels=labels, merged={}, left_out=without)
        return Problem(
            "labels_in_file_names",
            f"The classes are not in the folders, but in the names of the files: {_in_words(counts)}.",
            f"Take the labels from the file names.{aside}",
            "blocking",
            fix=Fix("Take labels from file names", changed),
        )
    return None


def _in_words(counts: Counter[str]) -> str:
    return listed([f"“{label}” ({count:,})" for label, count in counts.most_common()])


def fitting_pattern(paths: Sequence[str]) -> tuple[FileNamePattern, Counter[str]] | None:
    """The first ready pattern that finds what looks like classes in the names of photos, with photos by class."""
    for pattern in FILE_NAME_PATTERNS:
        rule = FileNameLabels(pattern.pattern)
        counts = Counter(label for path in paths if (label := rule.label(path)))
        if _fits(counts, len(paths)):
            return pattern, counts
    return None


def _fits(counts: Counter[str], total: int) -> bool:
    """Whether labels look like classes: a few names, each for several photos, none of them a camera's."""
    if len(counts) < 2 or counts.total() < FEWEST_LABELLED * total:
        return False
    if any(name.isdigit() or name.lower().strip("_- ") in _CAMERA_WORDS for name in counts):
        return False
    return sum(count < _FEWEST_PER_CLASS for count in counts.values()) * 10 <= len(counts)
