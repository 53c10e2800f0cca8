"""``find-rate``: which learning rate suits."""

import json
from pathlib import Path

import pytest

from tlstudio.__main__ import main
from tlstudio.training.rate_curve import Ramp, RateCurve
from tlstudio.workflows.train import TrainRequest

RATES = tuple(Ramp().rate(step) for step in range(60))
FALLING = RateCurve(RATES, tuple(1.6 - 1.0 / (1 + (1e-4 / rate) ** 2) for rate in RATES))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[TrainRequest, int]]:
    """What was asked for; nothing is computed."""
    found: list[tuple[TrainRequest, int]] = []

    def note(request: TrainRequest, phase: int, **_: object) -> RateCurve:
        found.append((request, phase))
        return FALLING

    monkeypatch.setattr("tlstudio.cli.find_rate_command.find_rate", note)
    return found


def test_it_shows_a_table_and_a_suggestion(
    asked: list[tuple[TrainRequest, int]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["find-rate", str(tmp_path), "--backbone", "starter", "--optimizer", "sgd", "--json", str(tmp_path / "r")]
    assert main(words) == 0
    ((request, phase),) = asked
    assert (request.spec.backbone, request.config.phases[0].optimizer.name, phase) == ("starter", "sgd", 0)
    said = capsys.readouterr().out
    assert "1.0e-07" in said
    assert f"use --learning-rate {FALLING.suggestion:g}." in said
    result = json.loads((tmp_path / "r").read_text())
    assert (result["phase"], result["suggestion"]) == (1, FALLING.suggestion)
    assert len(result["rates"]) == len(result["losses"]) == len(result["smoothed"]) == 60
    assert not Path("not-saved").exists()


def test_a_later_phase_is_named_by_its_number(
    asked: list[tuple[TrainRequest, int]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["find-rate", str(tmp_path), "--backbone", "starter", "--fine-tune-epochs", "3", "--phase", "2"]
    assert main(words) == 0
    assert asked[0][1] == 1
    assert "--fine-tune-learning-rate" in capsys.readouterr().out


def test_several_networks_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["find-rate", str(tmp_path), "--backbone", "starter,lenet"]) == 2
    assert "one network at a time" in capsys.readouterr().err
