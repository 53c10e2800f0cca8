"""The kinds of file that answers are saved as: a table of entries, each of which writes them as they come.

Two are for programs, with what ``PredictionTable`` has; the others are for people who open them in a
spreadsheet: headings and states in words, nothing that a spreadsheet would take for a formula, and the names of
folders in a column of their own. A file appears when all of it is written.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, Final

from tlstudio.errors import TLStudioError
from tlstudio.prediction.prediction import Prediction
from tlstudio.prediction.table import harmless, program_cells, program_header
from tlstudio.prediction.workbook import MOST_ROWS, Cell, Workbook
from tlstudio.serialization import to_json
from tlstudio.whole_files import whole_file

Write = Callable[[Iterable[Prediction]], None]
"""Adds answers to a table that is open."""


@dataclass(frozen=True, slots=True)
class TableFormat:
    """One kind of file.

    Attributes:
        key: Stable name.
        suffix: What its files end in, with the dot.
        title: What a person calls it.
        description: What it is good for, in a sentence.
        open: Begins a file at a path, for so many answers a photo; within the block, answers are added. Raises
            ``TLStudioError`` where it can't be written.
    """

    key: str
    suffix: str
    title: str
    description: str
    open: Callable[[Path, int], AbstractContextManager[Write]]


def format_for(path: Path) -> TableFormat:
    """The format that a file's name asks for by its ending: of those that share one, the first.

    Raises:
        TLStudioError: If no format has this ending.
    """
    for entry in TABLE_FORMATS:
        if entry.suffix == path.suffix.lower():
            return entry
    endings = ", ".join(dict.fromkeys(entry.suffix for entry in TABLE_FORMATS))
    raise TLStudioError(f"No table has the ending of {path.name}.", f"Give the file one of these: {endings}.")


def state_in_words(prediction: Prediction) -> str:
    """The status of an answer, as a person says it."""
    return {"ok": "Sure", "unsure": "Unsure", "unreadable": "Unreadable"}[prediction.status]


@dataclass(frozen=True, slots=True)
class _Text:
    """How a table is written as text.

    Attributes:
        encoding: As Python calls it.
        errors: What becomes of bytes of names that are no UTF-8.
        delimiter: Between two cells.
        header: Headings, for so many answers a photo.
        row: Cells of a photo, for so many answers.
    """

    encoding: str
    errors: str
    delimiter: str
    header: Callable[[int], Sequence[str]]
    row: Callable[[Prediction, int], Sequence[str | float]]


@contextmanager
def _text(style: _Text, path: Path, top: int) -> Iterator[Write]:
    with _whole(path) as file:
        text = TextIOWrapper(file, style.encoding, style.errors, newline="", write_through=True)
        writer = csv.writer(text, delimiter=style.delimiter)

        def write(predictions: Iterable[Prediction]) -> None:
            with _mendable(path):
                writer.writerows(style.row(prediction, top) for prediction in predictions)

        with _mendable(path):
            writer.writerow(style.header(top))
        yield write
        with _mendable(path):
            text.detach()


@contextmanager
def _workbook(path: Path, top: int) -> Iterator[Write]:
    with _whole(path) as file:
        book = Workbook(file, "Answers", _columns(top))

        def write(predictions: Iterable[Prediction]) -> None:
            with _mendable(path):
                book.write(_cells(prediction, top) for prediction in predictions)

        try:
            yield write
        except BaseException:
            book.discard()
            raise
        with _mendable(path):
            book.close()


@contextmanager
def _json(path: Path, top: int) -> Iterator[Write]:
    with _whole(path) as file:
        begun = False

        def write(predictions: Iterable[Prediction]) -> None:
            nonlocal begun
            with _mendable(path):
                for prediction in predictions:
                    file.write((b",\n" if begun else b"[\n") + to_json(_fields(prediction, top)))
                    begun = True

        yield write
        with _mendable(path):
            file.write(b"\n]\n" if begun else b"[]\n")


@contextmanager
def _whole(path: Path) -> Iterator[BinaryIO]:
    """A file that is seen whole or not at all; nothing is left of it where an error ends the block."""
    with ExitStack() as stack:
        with _mendable(path):
            file = stack.enter_context(whole_file(path))
        yield file
        with _mendable(path):
            stack.close()


@contextmanager
def _mendable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise TLStudioError(f"{path} can't be written: {error.strerror}.", "Choose another place.") from error


def _columns(top: int) -> tuple[tuple[str, float], ...]:
    """Heading and width of each column for people, for so many answers a photo."""
    others = [column for rank in range(2, top + 1) for column in ((f"Answer {rank}", 18.0), (f"How sure {rank}", 11.0))]
    return (
        ("Photo", 28.0),
        ("Folder", 44.0),
        ("Answer", 18.0),
        ("How sure", 11.0),
        ("State", 12.0),
        ("Note", 36.0),
        *others,
    )


def _cells(prediction: Prediction, top: int) -> list[Cell]:
    """One photo in the columns for people; scores are numbers from 0 to 1."""
    path = Path(prediction.path)
    pairs: list[Cell] = [cell for label, score in prediction.top[:top] for cell in (label, round(score, 6))]
    pairs += [None] * (2 * top - len(pairs))
    return [path.name, str(path.parent), *pairs[:2], state_in_words(prediction), _note(prediction), *pairs[2:]]


def _headings(top: int) -> list[str]:
    return [heading for heading, _ in _columns(top)]


def _harmless_cells(prediction: Prediction, top: int) -> list[str | float]:
    return ["" if cell is None else harmless(cell) for cell in _cells(prediction, top)]


def _note(prediction: Prediction) -> str | None:
    unlike = "Unlike the photos it learnt from" if prediction.reason == "unlike" else None
    return prediction.error or unlike


def _fields(prediction: Prediction, top: int) -> dict[str, object]:
    return {
        "path": prediction.path,
        "label": prediction.label or None,
        "score": round(prediction.score, 6) if prediction.top else None,
        "top": [{"label": label, "score": round(score, 6)} for label, score in prediction.top[:top]],
        "status": prediction.status,
        "error": prediction.error or None,
    }


def _for_people(delimiter: str) -> _Text:
    """Spreadsheets see by the byte order mark that it is UTF-8."""
    return _Text("utf-8-sig", "replace", delimiter, _headings, _harmless_cells)


TABLE_FORMATS: Final[tuple[TableFormat, ...]] = (
    TableFormat(
        "xlsx",
        ".xlsx",
        "Excel workbook",
        f"Opens as it is in every spreadsheet program. After {MOST_ROWS - 1:,} photos a new sheet begins.",
        _workbook,
    ),
    TableFormat(
        "spreadsheet",
        ".csv",
        "CSV for spreadsheets",
        "For spreadsheet programs that want plain text. Names that look like formulas are made harmless.",
        partial(_text, _for_people(",")),
    ),
    TableFormat(
        "tsv",
        ".tsv",
        "TSV",
        "The same with tabs instead of commas, which also opens in countries that write 0,5.",
        partial(_text, _for_people("\t")),
    ),
    TableFormat(
        "csv",
        ".csv",
        "CSV for programs",
        "One line a photo under fixed names, names of files byte for byte: what “predict --csv” writes.",
        partial(_text, _Text("utf-8", "surrogateescape", ",", program_header, program_cells)),
    ),
    TableFormat("json", ".json", "JSON", "The same for programs that read JSON; numbers are numbers.", _json),
)
