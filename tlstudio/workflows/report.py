"""Use case: hand a judgement to others: a report to read, a model card, and tables for other programs."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from tlstudio.errors import TLStudioError
from tlstudio.evaluation.report import Report
from tlstudio.events import CancelToken, Emit
from tlstudio.reporting.answers_table import answers_csv
from tlstudio.reporting.content import ReportContent, WrongPhoto, wrong_photos
from tlstudio.reporting.model_card import model_card
from tlstudio.reporting.page import html_report
from tlstudio.reporting.pictures import inline_photos
from tlstudio.runs.scores import load_scores
from tlstudio.runs.store import StoredRun
from tlstudio.whole_files import write_whole
from tlstudio.workflows.cautions import cautions
from tlstudio.workflows.present import report_json

HTML_FILE: Final = "report.html"
CARD_FILE: Final = "model-card.md"
ANSWERS_FILE: Final = "answers.csv"
REPORT_FILE: Final = "report.json"
CLASSES_FILE: Final = "classes.csv"
CONFUSION_FILE: Final = "confusion.csv"

_Made = TypeVar("_Made")


def report_content(
    stored: StoredRun, report: Report, others: Sequence[StoredRun] = (), *, emit: Emit, token: CancelToken
) -> ReportContent:
    """Gather what a report tells of.

    Args:
        stored: The run.
        report: Its judgement, on its own exam photos or on another folder.
        others: Runs that may have been judged on the same photos.
        emit: Told the progress of reading the photos.
        token: Stops it.

    Raises:
        Cancelled: If a stop was asked for.
    """
    wrong = wrong_photos(report)
    pictures = inline_photos([Path(report.root) / photo.path for photo in wrong], emit=emit, token=token)
    own = report.root == stored.run.root
    return ReportContent(
        run=stored.run,
        title=stored.run.name,
        report=report,
        made=datetime.now().astimezone().isoformat(timespec="seconds"),
        cautions=tuple((caution.sentence, caution.advice) for caution in cautions(stored, report, others)),
        wrong=tuple(WrongPhoto(photo, picture) for photo, picture in zip(wrong, pictures, strict=True)),
        own_exam=own,
    )


def answers_of(stored: StoredRun, report: Report) -> bytes:
    """The table of answers, with the scores of all classes where the run keeps them."""
    return answers_csv(report, Path(report.root).name or "answer", _kept_scores(stored, report))


def _kept_scores(stored: StoredRun, report: Report) -> NDArray[np.float32] | None:
    run = stored.run
    if tuple(photo.path for photo in report.photos) != tuple(run.samples[index].path for index in run.split.test):
        return None  # another folder, or photos that could not be read again
    try:
        return load_scores(stored).test.scores
    except TLStudioError:  # the five best of each photo are in the report itself
        return None


def report_files(content: ReportContent, stored: StoredRun) -> Mapping[str, bytes]:
    """Everything that is handed on, by the name of its file."""
    report = content.report
    return {
        HTML_FILE: html_report(content),
        CARD_FILE: model_card(content),
        ANSWERS_FILE: answers_of(stored, report),
        REPORT_FILE: json.dumps(report_json(report), indent=1).encode("ascii") + b"\n",
        CLASSES_FILE: _csv(_class_rows(report)),
        CONFUSION_FILE: _csv(_confusion_rows(report)),
    }


def save_report(
    stored: StoredRun, report: Report, folder: Path, others: Sequence[StoredRun] = (), *, emit: Emit, token: CancelToken
) -> Path:
    """Write everything into a new folder, so that nothing is overwritten.

    Args:
        stored: The run.
        report: Its judgement.
        folder: Where the new folder is made; it is named after the run, with a number where that is taken.
        others: Runs that may have been judged on the same photos.
        emit: Told the progress.
        token: Stops it.

    Returns:
        The new folder.

    Raises:
        TLStudioError: If it can't be written.
        Cancelled: If a stop was asked for.
    """
    files = report_files(report_content(stored, report, others, emit=emit, token=token), stored)

    def write() -> Path:
        target = _new_folder(folder, f"{stored.run.name} report")
        for name, content in files.items():
            (target / name).write_bytes(content)
        return target

    return _written(folder, write)


def write_report_file(path: Path, content: bytes) -> None:
    """Write one of the files where the person wants it, in the place of what is there; its folder is made.

    Raises:
        TLStudioError: If it can't be written.
    """
    _written(path.parent, lambda: write_whole(path, content))


def _written(folder: Path, write: Callable[[], _Made]) -> _Made:
    try:
        return write()
    except OSError as error:
        raise TLStudioError(
            f"The report can't be saved in {folder}: {error.strerror}.", "Choose another place."
        ) from error


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


def _csv(rows: Iterable[Sequence[object]]) -> bytes:
    """A table; class names come from folders, whose names may be no valid UTF-8."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8", errors="surrogateescape")
