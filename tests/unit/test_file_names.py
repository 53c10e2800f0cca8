"""Names that every system takes: what becomes of those that some system refuses."""

import pytest

from tlstudio.datasets.file_names import DistinctNames, safe_name, shown_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("tulip 3.jpg", "tulip 3.jpg"),
        ("Äpfel & Birnen", "Äpfel & Birnen"),
        ("cafe\u0301", "caf\u00e9"),
        ("Dr. No", "Dr. No"),
        ("console", "console"),
        ('a<b>:"c|d?*\\e', "a_b___c_d___e"),
        ("Was ist das?", "Was ist das_"),
        ("a.jpg:hidden.exe", "a.jpg_hidden.exe"),
        ("aux.tar.gz", "_aux.tar.gz"),
        ("nul.jpg", "_nul.jpg"),
        ("CoM1", "_CoM1"),
        ("ends with a dot. ", "ends with a dot"),
        (" begins with a blank", "begins with a blank"),
        ("...", "_"),
        ("", "_"),
        ("line\nbreak", "line_break"),
        ("caf\udce9.jpg", "caf\ufffd.jpg"),
        ("\ud800", "\ufffd"),
        (".hidden", ".hidden"),
        ("é" * 300 + ".jpg", "é" * 98 + ".jpg"),
        ("con." + "a" * 300, "_con." + "a" * 195),
    ],
)
def test_names_that_any_system_takes(name: str, safe: str) -> None:
    assert safe_name(name) == safe
    assert safe_name(safe) == safe


@pytest.mark.parametrize(
    ("name", "shown"),
    [("rose", "rose"), (".hidden", "_.hidden"), (" ..x", "_..x"), ("..", "_"), ("nul", "_nul")],
)
def test_names_that_can_be_seen(name: str, shown: str) -> None:
    assert shown_name(name) == shown
    assert shown_name(shown) == shown


def test_distinct_names_count_neither_case_nor_the_way_of_writing_accents() -> None:
    distinct = DistinctNames()
    wanted = ["é.jpg", "e\u0301.jpg", "É.jpg", "Dr. No", "dr. no"]
    assert [distinct.distinct(name) for name in wanted] == [
        "é.jpg", "e\u0301 (2).jpg", "É (3).jpg", "Dr. No", "dr. no (2)",
    ]  # fmt: skip
