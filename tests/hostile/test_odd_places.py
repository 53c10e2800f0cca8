"""Names and places that no program expects: each is told in a sentence, none is a bug."""

import errno
import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tlstudio.__main__ import main
from tlstudio.cli.console import printable
from tlstudio.datasets.dataset import Dataset, Sample
from tlstudio.datasets.index import index_folder
from tlstudio.datasets.problems import find_problems
from tlstudio.errors import of_the_computer
from tlstudio.events import CancelToken, ignore_events
from tlstudio.wording import in_quotes

TOO_LONG = "z" * 300


@pytest.mark.parametrize(
    "words",
    [
        ["scan", TOO_LONG],
        ["predict", TOO_LONG, "."],
        ["evaluate", TOO_LONG],
        ["compare", TOO_LONG, "."],
        ["train", ".", "--out", TOO_LONG, "--backbone", "small_cnn"],
        [TOO_LONG],
        ["scan", "with a \0"],
    ],
)
def test_places_that_cant_be_looked_at_are_told(
    words: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(words) == 2
    told = capsys.readouterr().err
    assert len(told.splitlines()) == 2
    assert "bug" not in told


@pytest.mark.skipif(
    os.name == "nt" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="needs a user with limits"
)
@pytest.mark.parametrize("command", [["scan"], ["evaluate"], ["predict"]])
def test_folders_without_rights_are_told(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "locked").mkdir(mode=0)
    assert main([*command, str(tmp_path / "locked")]) == 2
    assert "you may not read it" in capsys.readouterr().err


def test_names_are_printed_whatever_they_hold() -> None:
    narrow = io.TextIOWrapper(io.BytesIO(), encoding="cp1252")
    assert printable("caf\udce9 \u73ab", narrow) == "caf\\udce9 \\u73ab"
    wide = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    assert printable("\x1b[31mred\x07 caf\udce9 \u73ab “x”\n", wide) == "\\x1b[31mred\\x07 caf\\udce9 \u73ab “x”\n"


@pytest.mark.skipif(os.name == "nt" or os.uname().sysname == "Darwin", reason="its names are always characters")
def test_a_folder_whose_name_is_no_text_is_scanned(
    tmp_path: Path, photos_factory: Callable[..., list[Path]], capsys: pytest.CaptureFixture[str]
) -> None:
    for kind, name in enumerate((b"caf\xe9", b"tea")):
        photos_factory(Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)), 3, kind=kind)
    assert main(["scan", str(tmp_path)]) == 0
    assert "3  caf\\udce9" in capsys.readouterr().out


@pytest.mark.parametrize("count", [1, 2])
def test_photos_hidden_by_their_own_names_are_told(tmp_path: Path, count: int) -> None:
    for number in range(count):
        path = tmp_path / "rose" / f".{number}.jpg"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"")
    (problem,) = find_problems(index_folder(tmp_path, emit=ignore_events, token=CancelToken()))
    assert problem.code == "only_dotted_photos"
    assert problem.message.startswith(f"{count} photo")


def test_a_full_disk_is_no_bug(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "/photos/a.jpg")

    monkeypatch.setattr("tlstudio.cli.commands.scan", full)
    assert main(["scan", "."]) == 2
    assert "The disk is full (/photos/a.jpg)." in capsys.readouterr().err
    assert of_the_computer(MemoryError()) is not None
    assert of_the_computer(PermissionError(errno.EACCES, "Permission denied")) is not None
    assert of_the_computer(OSError(errno.EIO, "Input/output error", "/mnt/stick")) is not None
    assert of_the_computer(FileNotFoundError(errno.ENOENT, "No such file")) is None, "the program should have looked"
    assert of_the_computer(ValueError()) is None


def test_long_names_are_shortened_in_sentences() -> None:
    assert in_quotes("x" * 32) == f"“{'x' * 32}”"
    assert in_quotes("a" * 100 + "b" * 100) == f"“{'a' * 21}…{'b' * 10}”"
    samples = [
        Sample(f"{number}.jpg", name, 9, 9, str(number)) for number, name in enumerate(["y" * 200, *["rose"] * 9])
    ]
    problems = find_problems(Dataset("/photos", ("rose", "y" * 200), tuple(samples)))
    assert [problem.code for problem in problems] == ["too_few_photos", "imbalance"]
    assert all(len(problem.message) < 120 and len(problem.hint) < 120 for problem in problems)
