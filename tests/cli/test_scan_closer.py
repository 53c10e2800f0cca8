"""What ``scan --closer`` says; the network that compares the photos is a stand-in."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tlstudio.__main__ import main
from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.looks.looks import CloserLook


@pytest.fixture
def folder(class_folders: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Photos whose first and last are the same to the network."""

    def look(dataset: Dataset, **_: object) -> CloserLook:
        digests = [sample.digest for sample in dataset.samples]
        return CloserLook("starter", frozenset(digests), ((digests[0], digests[-1]),))

    monkeypatch.setattr("tlstudio.cli.commands.closer_look", look)
    return class_folders({"daisy": 4, "rose": 4})


def test_it_says_what_only_a_network_sees(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scan", str(folder), "--closer", "--json", str(tmp_path / "scan.json")]) == 0
    assert "Starter compared 8 photos: 2 more look alike than without it." in capsys.readouterr().out
    result = json.loads((tmp_path / "scan.json").read_bytes())
    assert result["closer_look"] == {"network": "starter", "photos": 8, "more": 2}
    assert result["duplicates"][0]["paths"] == ["daisy/photo_000.jpg", "rose/photo_003.jpg"]


def test_without_it_no_network_is_asked(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scan", str(folder), "--json", str(tmp_path / "scan.json")]) == 0
    assert "compared" not in capsys.readouterr().out
    assert json.loads((tmp_path / "scan.json").read_bytes())["closer_look"] is None


def test_it_shares_out_as_a_training_would(
    class_folders: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, result = class_folders({"daisy": 10, "rose": 10}), tmp_path / "scan.json"
    assert main(["scan", str(folder), "--split", "50/30/20", "--json", str(result)]) == 0
    assert "Shared out: 10 to learn, 6 to check, 4 to judge on." in capsys.readouterr().out
    share = {"train": 5, "validation": 3, "test": 2}
    assert json.loads(result.read_bytes())["split"] == {
        "totals": {"train": 10, "validation": 6, "test": 4},
        "classes": {"daisy": share, "rose": share},
    }


def test_shares_that_are_none_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scan", str(tmp_path), "--split", "half"]) == 2
    assert "half" in capsys.readouterr().err
