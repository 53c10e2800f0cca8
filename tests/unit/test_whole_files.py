"""Files that take their place whole, or not at all."""

import os
from pathlib import Path

import pytest

from tlstudio.whole_files import whole_file, write_whole


@pytest.mark.parametrize("durable", [False, True])
def test_a_file_takes_the_place_of_what_is_there(tmp_path: Path, durable: bool) -> None:
    path = tmp_path / "made" / "notes.json"
    for content in (b"first", b"second"):
        write_whole(path, content, durable=durable)
        assert path.read_bytes() == content
    assert [entry.name for entry in path.parent.iterdir()] == ["notes.json"]


def test_what_is_there_stays_when_writing_fails(tmp_path: Path) -> None:
    path = tmp_path / "notes.json"
    write_whole(path, b"whole")
    with pytest.raises(OSError, match="full"):
        _write_half(path)
    assert path.read_bytes() == b"whole"
    assert [entry.name for entry in tmp_path.iterdir()] == ["notes.json"]


def _write_half(path: Path) -> None:
    with whole_file(path) as file:
        file.write(b"half")
        raise OSError("The disk is full.")


@pytest.mark.skipif(os.name != "posix", reason="rights of files are those of POSIX")
def test_it_has_the_rights_of_any_new_file(tmp_path: Path) -> None:
    usual, whole = tmp_path / "usual", tmp_path / "whole"
    usual.write_bytes(b"")
    write_whole(whole, b"")
    assert whole.stat().st_mode == usual.stat().st_mode


def test_the_longest_name_of_a_file_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 255)
    write_whole(path, b"long")
    assert path.read_bytes() == b"long"
