"""Answers as files: every format holds every photo, harmlessly, and appears whole."""

import csv
import errno
import io
import json
import os
import tempfile
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tlstudio.errors import TLStudioError
from tlstudio.prediction.prediction import Prediction
from tlstudio.prediction.table import PredictionTable
from tlstudio.prediction.table_formats import TABLE_FORMATS, TableFormat, format_for
from tlstudio.prediction.workbook import Workbook

FOLDER = str(Path("meadow"))
SURE = Prediction(os.path.join("meadow", "1.jpg"), "ok", (("daisy", 0.75), ("roses", 0.25)))  # noqa: PTH118
ODD = Prediction("=cmd|'/c calc'!A1.jpg", "unsure", (("+daisy", 0.5), ("roses", 0.4)))
BYTES = Prediction(os.fsdecode(b"caf\xe9\t1.jpg"), "ok", (("daisy", 1.0), ("roses", 0.0)))
BROKEN = Prediction("2.jpg", "unreadable", error="Empty file.")
ALL = (SURE, ODD, BYTES, BROKEN)

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def named(key: str) -> TableFormat:
    return next(entry for entry in TABLE_FORMATS if entry.key == key)


def written(path: Path, key: str, top: int = 2) -> Path:
    with named(key).open(path, top) as write:
        for prediction in ALL:
            write([prediction])
    return path


def sheets(path: Path) -> list[list[list[str | float | None]]]:
    """Cells of each sheet; texts as text, numbers as numbers."""
    with zipfile.ZipFile(path) as book:
        names = sorted(name for name in book.namelist() if name.startswith("xl/worksheets/sheet"))
        return [[_cells(row) for row in ET.fromstring(book.read(name)).iter(f"{MAIN}row")] for name in names]  # noqa: S314


def _cells(row: ET.Element) -> list[str | float | None]:
    cells: list[str | float | None] = []
    for cell in row.iter(f"{MAIN}c"):
        assert cell.find(f"{MAIN}f") is None, "a formula"
        text, value = next(cell.iter(f"{MAIN}t"), None), cell.find(f"{MAIN}v")
        cells.append(text.text if text is not None else float(value.text or "nan") if value is not None else None)
    return cells


@pytest.mark.parametrize("key", ["spreadsheet", "tsv"])
def test_text_for_spreadsheets_has_a_mark_and_no_formulas(tmp_path: Path, key: str) -> None:
    path = written(tmp_path / f"answers.{key}", key)
    assert path.read_bytes().startswith(b"\xef\xbb\xbfPhoto")
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, sure, odd, names, broken = csv.reader(file, delimiter="\t" if key == "tsv" else ",")
    assert header == ["Photo", "Folder", "Answer", "How sure", "State", "Note", "Answer 2", "How sure 2"]
    assert sure == ["1.jpg", FOLDER, "daisy", "0.75", "Sure", "", "roses", "0.25"]
    assert odd[0].startswith("'=cmd") or odd[1].startswith("'=cmd"), "which has a slash in it"
    assert odd[2] == "'+daisy"
    assert names[0] == "caf?\t1.jpg"
    assert broken == ["2.jpg", ".", "", "", "Unreadable", "Empty file.", "", ""]


def test_a_workbook_holds_text_as_text_and_numbers_as_numbers(tmp_path: Path) -> None:
    (rows,) = sheets(written(tmp_path / "answers.xlsx", "xlsx"))
    assert len(rows) == 1 + len(ALL)
    assert rows[1] == ["1.jpg", FOLDER, "daisy", 0.75, "Sure", "roses", 0.25], "no note"
    assert rows[2][2] == "+daisy"
    assert str(rows[3][0]).startswith("caf?")
    assert rows[4] == ["2.jpg", ".", "Unreadable", "Empty file."]
    with zipfile.ZipFile(tmp_path / "answers.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert 'state="frozen"' in sheet
    assert "<autoFilter" in sheet


def test_what_does_not_fit_on_a_sheet_goes_on_on_the_next(tmp_path: Path) -> None:
    with (tmp_path / "book.xlsx").open("wb") as file:
        book = Workbook(file, "Answers", (("Photo", 20.0),), most_rows=4)
        book.write([[f"{number}.jpg"] for number in range(7)])
        book.close()
    found = sheets(tmp_path / "book.xlsx")
    assert [[row[0] for row in rows] for rows in found] == [
        ["Photo", "0.jpg", "1.jpg", "2.jpg"],
        ["Photo", "3.jpg", "4.jpg", "5.jpg"],
        ["Photo", "6.jpg"],
    ]
    with zipfile.ZipFile(tmp_path / "book.xlsx") as book_file:
        assert b'name="Answers 3"' in book_file.read("xl/workbook.xml")


def test_for_programs_it_is_the_table_of_the_command_line(tmp_path: Path) -> None:
    with PredictionTable(tmp_path / "contract.csv", 2) as table:
        table.write(ALL)
    assert written(tmp_path / "a.csv", "csv").read_bytes() == (tmp_path / "contract.csv").read_bytes()


def test_json_has_the_same_with_types(tmp_path: Path) -> None:
    rows = json.loads(written(tmp_path / "answers.json", "json").read_bytes())
    assert rows[0] == {
        "path": SURE.path,
        "label": "daisy",
        "score": 0.75,
        "top": [{"label": "daisy", "score": 0.75}, {"label": "roses", "score": 0.25}],
        "status": "ok",
        "error": None,
    }
    assert os.fsencode(rows[2]["path"]) == b"caf\xe9\t1.jpg"
    assert (rows[3]["label"], rows[3]["score"], rows[3]["top"]) == (None, None, [])


@pytest.mark.parametrize("entry", TABLE_FORMATS, ids=lambda entry: entry.key)
def test_no_answers_make_a_table_without_rows(tmp_path: Path, entry: TableFormat) -> None:
    path = tmp_path / f"answers{entry.suffix}"
    with entry.open(path, 1):
        pass
    assert path.stat().st_size
    if entry.key == "json":
        assert json.loads(path.read_bytes()) == []


@pytest.mark.parametrize("entry", TABLE_FORMATS, ids=lambda entry: entry.key)
def test_a_table_appears_whole_or_not_at_all(tmp_path: Path, entry: TableFormat) -> None:
    path = tmp_path / f"answers{entry.suffix}"
    path.write_text("before")

    def stopped_half_way() -> None:
        with entry.open(path, 1) as write:
            write([SURE])
            assert path.read_text() == "before"
            raise InterruptedError("stopped")

    with pytest.raises(InterruptedError):
        stopped_half_way()
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("entry", TABLE_FORMATS, ids=lambda entry: entry.key)
def test_a_place_that_can_not_be_written_is_an_error_for_people(tmp_path: Path, entry: TableFormat) -> None:
    def open_in_a_file() -> None:
        (tmp_path / "file").touch()
        with entry.open(tmp_path / "file" / f"answers{entry.suffix}", 1):
            pass

    with pytest.raises(TLStudioError, match="can't be written"):
        open_in_a_file()


def test_the_ending_chooses_the_format() -> None:
    names = ("a.CSV", "a.tsv", "a.xlsx", "a.json")
    assert [format_for(Path(name)).key for name in names] == ["spreadsheet", "tsv", "xlsx", "json"]
    with pytest.raises(TLStudioError, match="ending of a"):
        format_for(Path("a.ods"))


class FullDisk(io.BytesIO):
    def write(self, _data: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_met_and_nothing_is_left_of_the_workbook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    book = Workbook(FullDisk(), "Answers", (("Photo", 20.0),))
    book.write([["1.jpg"]])
    with pytest.raises(OSError, match="No space left"):
        book.close()
    assert list(tmp_path.iterdir()) == []
