from pathlib import Path

import pytest

from tlstudio.datasets.labels import CsvLabels, FileNameLabels, FolderLabels, parse_labels
from tlstudio.errors import TLStudioError


def test_folder_labels() -> None:
    rule = parse_labels("folder")
    assert rule == FolderLabels()
    assert rule.label("cats/deep/a.jpg") == "cats"
    assert rule.label("a.jpg") is None


@pytest.mark.parametrize(
    ("pattern", "name", "label"),
    [
        (r"^([a-z]+)\.", "x/cat.17.jpg", "cat"),
        (r"^(\d+)_(?P<label>\w+?)_", "07_dog_3.jpg", "dog"),
        ("cat|dog", "my dog.jpg", "dog"),
        ("cat|dog", "cats/bird.jpg", None),
        (r"^( *)\d", "7.jpg", None),
        (r"(x)?cat", "cat.jpg", None),
    ],
)
def test_file_name_labels(pattern: str, name: str, label: str | None) -> None:
    assert parse_labels(f"filename:{pattern}").label(name) == label


def test_a_pattern_may_hold_colons() -> None:
    assert parse_labels("filename:(?:a|b)(.)").label("bq.jpg") == "q"


@pytest.mark.parametrize("text", ["", "folders", "filename:", "csv:", "filename:(", "csv:/no/such/file.csv"])
def test_what_cannot_be_used_is_said_with_a_way_out(text: str) -> None:
    with pytest.raises(TLStudioError) as caught:
        parse_labels(text)
    assert caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    "content",
    [
        "path,class\na.jpg,café\nsub/b.jpg, dog \n".encode(),
        "\ufeffImage;Label\r\na.jpg;café\r\nsub\\b.jpg;dog\r\n".encode(),
        "filename\tsize\tlabel\na.jpg\t1\tcafé\n./sub/b.jpg\t2\tdog\n".encode("latin-1"),
        'note,file,label\n"x, y",a.jpg,café\n,sub/b.jpg,dog\n'.encode(),
    ],
)
def test_tables_of_many_kinds(tmp_path: Path, content: bytes) -> None:
    table = tmp_path / "labels.csv"
    table.write_bytes(content)
    rule = parse_labels(f"csv:{table}")
    assert rule.label("a.jpg") == "café"
    assert rule.label("sub/b.jpg") == "dog"
    assert rule.label("c.jpg") is None
    assert rule.classes([]) == ("café", "dog")
    assert rule.missing(["a.jpg"]) == ("sub/b.jpg",)


def test_paths_may_be_relative_to_the_photos_or_to_the_table_or_absolute(tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    table = tmp_path / "labels.csv"
    table.write_text(f"path,label\na.jpg,x\nphotos/b.jpg,y\n{(photos / 'c.jpg').as_posix()},z\n")
    rule = CsvLabels(table).under(photos)
    assert [rule.label(name) for name in ("a.jpg", "b.jpg", "c.jpg")] == ["x", "y", "z"]
    assert rule.missing(["a.jpg", "b.jpg", "c.jpg"]) == ()


def test_accents_match_however_they_are_stored(tmp_path: Path) -> None:
    table = tmp_path / "labels.csv"
    table.write_text("path,label\ncafe\u0301.jpg,x\n", encoding="utf-8")
    assert CsvLabels(table).label("caf\u00e9.jpg") == "x"
    assert CsvLabels(table).missing(["caf\u00e9.jpg"]) == ()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "no column for the photos"),
        ("path,species\na.jpg,x\n", "no column for the labels"),
        ("path,label\na.jpg,x\na.jpg,y\n", "two labels: x, y"),
    ],
)
def test_tables_that_cannot_be_used(tmp_path: Path, content: str, message: str) -> None:
    table = tmp_path / "labels.csv"
    table.write_text(content)
    with pytest.raises(TLStudioError, match=message) as caught:
        CsvLabels(table)
    assert caught.value.hint


def test_rules_are_values() -> None:
    assert FileNameLabels("a") == FileNameLabels("a")
    assert FileNameLabels("a") != FileNameLabels("b")
