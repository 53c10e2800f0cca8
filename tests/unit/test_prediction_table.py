import csv
import os
from pathlib import Path

import pytest

from tlstudio.errors import TLStudioError
from tlstudio.prediction.prediction import Prediction
from tlstudio.prediction.table import PredictionTable, write_spreadsheet

SURE = Prediction("a/1.jpg", "ok", (("cat", 0.75), ("dog", 0.25)))
BROKEN = Prediction("a/2.jpg", "unreadable", error="Empty file.")


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        return list(csv.reader(file))


def test_one_row_a_photo_with_all_columns(tmp_path: Path) -> None:
    path = tmp_path / "new" / "answers.csv"
    with PredictionTable(path, 3) as table:
        table.write([SURE, BROKEN])
    header, sure, broken = read(path)
    assert header == ["path", "label", "score", "label_2", "score_2", "label_3", "score_3", "status", "error"]
    assert sure == ["a/1.jpg", "cat", "0.750000", "dog", "0.250000", "", "", "ok", ""]
    assert broken == ["a/2.jpg", "", "", "", "", "", "", "unreadable", "Empty file."]


def test_no_more_classes_than_columns(tmp_path: Path) -> None:
    with PredictionTable(tmp_path / "answers.csv", 1) as table:
        table.write([SURE])
    assert read(tmp_path / "answers.csv")[1] == ["a/1.jpg", "cat", "0.750000", "ok", ""]


def test_rows_are_on_disk_at_once(tmp_path: Path) -> None:
    with PredictionTable(tmp_path / "answers.csv", 1) as table:
        table.write([SURE])
        assert len(read(tmp_path / "answers.csv")) == 2
        table.write([BROKEN])
        assert len(read(tmp_path / "answers.csv")) == 3


@pytest.mark.parametrize("name", [b'caf\xe9,"1".jpg', "Ähre “2”.jpg".encode(), b"two\nlines.jpg"])
def test_any_name_survives_byte_for_byte(tmp_path: Path, name: bytes) -> None:
    with PredictionTable(tmp_path / "answers.csv", 1) as table:
        table.write([Prediction(os.fsdecode(name), "ok", (("cat", 1.0),))])
    assert os.fsencode(read(tmp_path / "answers.csv")[1][0]) == name


def test_a_table_that_is_there_is_replaced(tmp_path: Path) -> None:
    for _ in range(2):
        with PredictionTable(tmp_path / "answers.csv", 1) as table:
            table.write([SURE])
    assert len(read(tmp_path / "answers.csv")) == 2


def test_a_place_that_can_not_be_written_is_an_error_for_people(tmp_path: Path) -> None:
    with pytest.raises(TLStudioError, match="can't be written"):
        PredictionTable(tmp_path, 1)


def test_a_table_for_people_says_that_it_is_utf8_and_holds_no_formulas(tmp_path: Path) -> None:
    path = tmp_path / "files.csv"
    names = ["=cmd|'/c calc'!A1.jpg", "+1.jpg", "-1.jpg", "@x.jpg", "\tx.jpg", "Ähre, “2”.jpg", "caf\udce9.jpg"]
    write_spreadsheet(path, ("path", "bytes"), [(name, -5) for name in names])
    assert path.read_bytes().startswith(b"\xef\xbb\xbfpath,bytes")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))[1:]
    assert [name for name, _ in rows] == [*(f"'{name}" for name in names[:5]), "Ähre, “2”.jpg", "caf?.jpg"]
    assert {count for _, count in rows} == {"-5"}, "numbers stay numbers"


def test_a_table_for_people_that_can_not_be_written_is_an_error_for_people(tmp_path: Path) -> None:
    with pytest.raises(TLStudioError, match="can't be written"):
        write_spreadsheet(tmp_path, ("path",), [])
