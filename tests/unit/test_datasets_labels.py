from pathlib import Path

import pytest

from tlstudio.datasets.reading.label_tables import Table, TableChoice, likely_columns, read_table
from tlstudio.datasets.reading.labels import (
    CsvLabels,
    FileNameLabels,
    FolderLabels,
    LevelLabels,
    parse_labels,
)
from tlstudio.datasets.reading.name_patterns import FILE_NAME_PATTERNS, file_name_pattern
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


@pytest.mark.parametrize(
    "text",
    [
        "", "folders", "folder:", "folder:0", "folder:x", "pattern:", "pattern:cats", "piece:0:_", "piece:1:",
        "piece:_", "filename:", "csv:", "filename:(", "csv:/no/such/file.csv",
    ],
)  # fmt: skip
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


@pytest.mark.parametrize(
    ("separator", "position", "name", "label"),
    [
        (".", 0, "cat.17.jpg", "cat"),
        (".", 1, "cat.17.jpg", "17"),
        (".", -1, "cat.17.jpg", "17"),
        (".", -2, "a/b.c/cat.17.jpg", "cat"),
        (".", 2, "cat.17.jpg", None),
        ("_", 0, "rose_red_0012.jpg", "rose"),
        ("_", 1, "rose_red_0012.jpg", "red"),
        ("_", 2, "rose_red_0012.jpg", "0012"),
        ("_", 3, "rose_red_0012.jpg", None),
        ("_", -1, "rose_red_0012.jpg", "0012"),
        ("_", -2, "rose_red_0012.jpg", "red"),
        ("_", -3, "rose_red_0012.jpg", "rose"),
        ("_", -4, "rose_red_0012.jpg", None),
        ("_", -1, "rose_red", "red"),
        ("_", 0, "v1.2_rose.jpg", "v1.2"),
        ("_", 0, "alone.jpg", "alone"),
        ("_", 0, "_rose.jpg", None),
        ("--", 1, "x-y--rose--1.jpg", "rose"),
        ("--", -3, "x-y--rose--1.jpg", "x-y"),
        ("^", 1, "a^b.jpg", "b"),
        ("]", 1, "a]b.jpg", "b"),
        ("\\", 1, "a\\b.jpg", "b"),
        (" ", -1, "07 blue tit.jpg", "tit"),
    ],
)
def test_a_part_of_the_name(separator: str, position: int, name: str, label: str | None) -> None:
    assert FileNameLabels(file_name_pattern(separator, position)).label(name) == label


def test_a_separator_is_needed() -> None:
    with pytest.raises(TLStudioError) as caught:
        file_name_pattern("", 0)
    assert caught.value.hint


def test_ready_patterns_fit_their_examples() -> None:
    found = {entry.name: FileNameLabels(entry.pattern).label(entry.example) for entry in FILE_NAME_PATTERNS}
    assert found == {
        "number": "Blue tit",
        "first-dot": "cat",
        "first-underscore": "rose",
        "first-dash": "oak",
        "first-blank": "fox",
        "after-underscore": "cat",
        "after-dash": "cat",
        "after-blank": "cat",
        "last-underscore": "great_dane",
    }


@pytest.mark.parametrize(
    ("text", "path", "label"),
    [
        ("folder:1", "train/cat/1.jpg", "train"),
        ("folder:2", "train/cat/1.jpg", "cat"),
        ("folder:3", "train/cat/1.jpg", None),
        ("pattern:number", "x/Blue tit (12).jpg", "Blue tit"),
        ("pattern:first-dot", "cat.17.jpg", "cat"),
        ("piece:1:_", "a/rose_red_1.jpg", "rose"),
        ("piece:2:_", "a/rose_red_1.jpg", "red"),
        ("piece:-1:_", "a/rose_red_1.jpg", "1"),
        ("piece:2::", "1:rose:b.jpg", "rose"),
    ],
)
def test_rules_as_text(text: str, path: str, label: str | None) -> None:
    assert parse_labels(text).label(path) == label


def test_the_first_level_is_a_rule_of_its_own() -> None:
    assert parse_labels("folder:1") == LevelLabels(1)
    assert parse_labels("folder:1") != FolderLabels()  # which may be read as a split


@pytest.mark.parametrize(
    ("pattern", "path", "marked"),
    [
        (r"^([^.]+)\.", "x.y/cat.17.jpg", "cat"),
        (r"^\d+(.*)\.", "pets/07 my dog .jpg", "my dog"),
        ("cat|dog", "cat/my dog.jpg", "dog"),
        ("(x)?cat", "cat.jpg", ""),
    ],
)
def test_where_the_label_stands_in_the_path(pattern: str, path: str, marked: str) -> None:
    start, end = FileNameLabels(pattern).span(path)
    assert path[start:end] == marked
    assert start == 0 or path[start - 1] in "/ 7y"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_encoding_and_separator_are_told_from_the_table(tmp_path: Path, encoding: str, separator: str) -> None:
    lines = [
        ["note", "path", "label"],
        ['"a, b; c|d, e"', "é/1.jpg", "Käfer – rot"],
        ['"x ""y"", \n z"', "2.jpg", "dog"],
    ]
    table = tmp_path / "labels.tsv"
    table.write_bytes("\r\n".join(separator.join(line) for line in lines).encode(encoding))
    rule = parse_labels(f"csv:{table}")
    assert [rule.label("é/1.jpg"), rule.label("2.jpg")] == ["Käfer – rot", "dog"]
    read = read_table(table)
    assert read.columns == ("note", "path", "label")
    assert (read.encoding, read.separator) == (encoding.removesuffix("-sig"), separator)


def test_commas_in_labels_do_not_hide_the_separator(tmp_path: Path) -> None:
    table = tmp_path / "labels.csv"
    table.write_text("path;label, as agreed, in class;x\na.jpg;cat, black, small;1\nb.jpg;dog, big;2\n")
    rule = CsvLabels(table, label_column="label, as agreed, in class")
    assert rule.label("a.jpg") == "cat, black, small"


def test_the_separator_line_of_spreadsheets(tmp_path: Path) -> None:
    table = tmp_path / "labels.csv"
    table.write_text("sep=;\r\n\r\npath;label\r\na.jpg;cat\r\n", newline="")
    assert CsvLabels(table).label("a.jpg") == "cat"


def test_columns_may_be_chosen(tmp_path: Path) -> None:
    table = tmp_path / "labels.csv"
    table.write_text("path,label,Species , id\na.jpg,x,cat,b.jpg\n")
    rule = CsvLabels(table, path_column="ID", label_column="Species").under(tmp_path)
    assert rule.label("b.jpg") == "cat"
    assert rule.label("a.jpg") is None
    with pytest.raises(TLStudioError, match="no column called “kind”") as caught:
        CsvLabels(table, label_column="kind")
    assert caught.value.hint == "Its columns are: path, label, Species, id."


def test_short_and_long_lines_are_read(tmp_path: Path) -> None:
    table = tmp_path / "labels.csv"
    table.write_text("path,label\na.jpg\n\nb.jpg,dog,more\n,cat\n")
    rule = CsvLabels(table)
    assert [rule.label("a.jpg"), rule.label("b.jpg")] == [None, "dog"]


def test_extra_photos_are_those_the_table_does_not_name(tmp_path: Path) -> None:
    table = tmp_path / "labels.csv"
    table.write_text("path,label\nsub/a.jpg,cat\nb.jpg,\ncaf\u00e9.jpg,cat\n", encoding="utf-8")
    found = ["z.jpg", "sub/a.jpg", "b.jpg", "cafe\u0301.jpg", "sub/c.jpg"]
    assert CsvLabels(table).extra(found) == ("z.jpg", "sub/c.jpg")  # noqa: S610 - no Django


def test_what_is_no_table_is_said(tmp_path: Path) -> None:
    table = tmp_path / "labels.csv"
    table.write_text('path,label\n"' + "x" * 200_000 + '",cat\n')
    with pytest.raises(TLStudioError, match="can't be read as a table") as caught:
        CsvLabels(table)
    assert caught.value.hint


def test_a_table_without_a_header(tmp_path: Path) -> None:
    table = tmp_path / "labels.csv"
    table.write_text("cat;pets/1.jpg\ndog;pets/2.jpg\ncat;pets/3.JPG\n")
    read = read_table(table)
    assert (read.columns, read.has_header, len(read.rows)) == (("Column 1", "Column 2"), False, 3)
    assert likely_columns(read) == ("Column 2", "Column 1")
    rule = parse_labels(f"csv:{TableChoice(str(table), *likely_columns(read))}")
    assert rule.label("pets/2.jpg") == "dog"


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("path,label,x", ("path", "label")),
        ("photo,species,x", ("photo", "species")),
        ("what,species,name", ("what", "species")),
        ("label,name,x", ("label", "name")),
    ],
)
def test_columns_are_told_by_name_or_by_what_stands_in_them(header: str, columns: tuple[str, str]) -> None:
    rows = [("a.jpg", "cat", "1"), ("b.jpg", "dog", "2"), ("c.jpg", "cat", "3")]
    assert likely_columns(Table(tuple(header.split(",")), tuple(rows))) == columns


@pytest.mark.parametrize(
    "choice",
    [
        TableChoice("labels.csv"),
        TableChoice("sub dir/who?.csv", "Bild & Name", "50 %=?"),
        TableChoice("C:/x/labels.csv", "", "Art"),
        TableChoice("what?.csv"),
    ],
)
def test_the_choice_of_a_table_as_text(choice: TableChoice) -> None:
    assert TableChoice.parse(str(choice)) == choice


def test_a_table_is_relative_to_the_folder_given(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("file,kind,label\na.jpg,cat,x\n")
    rule = parse_labels("csv:labels.csv?class=kind", tmp_path)
    assert rule.label("a.jpg") == "cat"


def test_the_ending_of_a_file_may_be_absent_from_the_table(tmp_path: Path) -> None:
    table = tmp_path / "labels.csv"
    table.write_text("file,label\n0001,cat\nsub/0002,dog\n0003,cat\nx.png,cat\n")
    rule = CsvLabels(table)
    found = ["0001.jpg", "sub/0002.JPG", "0002.jpg", "x.jpg"]
    assert [rule.label(path) for path in found] == ["cat", "dog", None, None]
    assert rule.missing(found) == ("0003", "x.png")
    assert rule.extra(found) == ("0002.jpg", "x.jpg")  # noqa: S610 - no Django
