"""``tlstudio export`` and ``tlstudio list exporters`` in the shell."""

import json
from pathlib import Path
from typing import Any

import pytest

from tlstudio.__main__ import main
from tlstudio.cli import export_command
from tlstudio.export.agreement import Agreement
from tlstudio.export.exporters import EXPORTERS, find_exporter
from tlstudio.workflows.export import Exported


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Path]]:
    """Formats and places that were asked for; everything goes well."""
    asked: list[tuple[str, Path]] = []

    def export(_stored: object, name: str, out: Path, **_: object) -> Exported:
        asked.append((name, out))
        files = tuple(out / each for each in ("labels.txt", "model.json", "example.py", "model.tflite"))
        return Exported(find_exporter(name), files[-1], files[2], files, 2_000_000, Agreement(200, 198, 0, 0.1), 3.0)

    monkeypatch.setattr(export_command.store, "load", lambda _folder: None)
    monkeypatch.setattr(export_command, "export", export)
    return asked


def test_it_says_how_well_it_agrees(
    asked: list[tuple[str, Path]], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    wanted = tmp_path / "result.json"
    assert main(["export", "run", "--format", "tflite-int8", "--out", "model", "--json", str(wanted)]) == 0
    said = capsys.readouterr().out
    assert "198 of 200 photos get the same answer; scores differ by at most 0.1." in said
    assert "model.tflite (2.0 MB)." in said
    assert "example.py" in said
    assert asked == [("tflite-int8", Path("model"))]
    written: dict[str, Any] = json.loads(wanted.read_bytes())
    assert written["compared"]["same"] == 198
    assert written["bytes"] == 2_000_000


def test_an_unknown_format_is_refused(asked: list[tuple[str, Path]], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "run", "--format", "coreml", "--out", "model"]) == 2
    assert "tflite-int8" in capsys.readouterr().err
    assert asked == []


def test_a_folder_without_a_run_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["export", str(tmp_path), "--format", "keras", "--out", str(tmp_path / "model")]) == 2
    assert "holds no run" in capsys.readouterr().err


def test_the_formats_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "exporters", "--json", "-"]) == 0
    listed = json.loads(capsys.readouterr().out)["exporters"]
    assert [entry["name"] for entry in listed] == [exporter.name for exporter in EXPORTERS]
    assert listed[-1]["runtime"] == "onnxruntime"
