"""A report as files that other programs read."""

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from tlstudio.errors import TLStudioError
from tlstudio.evaluation.report import Report
from tlstudio.workflows.present import report_json

REPORT_FILE = "report.json"
CLASSES_FILE = "classes.csv"
CONFUSION_FILE = "confusion.csv"


def save_report(report: Report, folder: Path, name: str) -> Path:
    """Write a report into a new folder, so that nothing is overwritten.

    Args:
        report: What to write: whole as JSON, the classes and the confusion matrix also as CSV.
        folder: Where the new folder is made.
        name: Of the new folder; a number is added where it is taken.

    Returns:
        The new folder.

    Raises:
        TLStudioError: If it can't be written.
    """
    try:
        target = _new_folder(folder, name)
        (target / REPORT_FILE).write_text(json.dumps(report_json(report), indent=1) + "\n", encoding="ascii")
        _write_table(target / CLASSES_FILE, _class_rows(report))
        _write_table(target / CONFUSION_FILE, _confusion_rows(report))
    except OSError as error:
        raise TLStudioError(
            f"The report can't be saved in {folder}: {error.strerror}.", "Choose another place."
        ) from error
    return target


def _new_folder(folder: Path, name: str) -> Path:
    number = 1
    while True:
        target = folder / (name if number == 1 else f"{name} {number}")
        try:
            target.mkdir()
        except FileExistsError:
            number += 1
        else:
            return target


def _class_rows(report: Report) -> Iterable[Sequence[object]]:
    yield "class", "precision", "recall", "f1", "support"
    for entry in report.per_class:
        yield entry.name, f"{entry.precision:.6f}", f"{entry.recall:.6f}", f"{entry.f1:.6f}", entry.support


def _confusion_rows(report: Report) -> Iterable[Sequence[object]]:
    yield "true / predicted", *report.classes
    for name, counts in zip(report.classes, report.confusion, strict=True):
        yield name, *counts


def _write_table(path: Path, rows: Iterable[Sequence[object]]) -> None:
    # Class names come from folders, whose names may be no valid UTF-8.
    with path.open("w", encoding="utf-8", errors="surrogateescape", newline="") as file:
        csv.writer(file).writerows(rows)
