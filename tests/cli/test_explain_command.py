"""``tlstudio explain`` in the shell."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tlstudio.__main__ import main
from tlstudio.cli import explain_command
from tlstudio.datasets.splits.split import Split, SplitConfig
from tlstudio.prediction.explanation.heat_map import HeatMap, Wish
from tlstudio.prediction.explanation.neighbours import Neighbour
from tlstudio.runs.run import SCHEMA, Run
from tlstudio.runs.store import StoredRun
from tlstudio.training.history import History
from tlstudio.training.recipes import config_for, spec_for
from tlstudio.workflows.explain_files import Explained


@pytest.fixture
def wishes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Wish]:
    """What was wished of a run that knows cats and dogs; every photo is a cat."""
    asked: list[Wish] = []
    spec = spec_for("small_cnn", "none")
    run = Run(
        SCHEMA, "Pets", "2026-01-01T00:00:00+00:00", "complete", str(tmp_path), ("cats", "dogs"), (),
        Split((), (), ()), SplitConfig(), (), spec, "photo", "", config_for(spec), History(), None, None, {}, {},
    )  # fmt: skip

    def explain(_stored: StoredRun, inputs: list[Path], out: Path, wish: Wish, _strength: float, **_: object) -> Any:  # noqa: ANN401
        asked.append(wish)
        heat = HeatMap(np.zeros((1, 1), np.float32), max(wish.class_index, 0), "grad_cam", "last")
        near = (Neighbour("cats/tom.jpg", 0, 0.91),)
        return [Explained(inputs[0], "cats", 0.75, out / "0001 a.png", heat, near)], [("b.jpg", "Cut short.")]

    monkeypatch.setattr(explain_command.store, "load", lambda _folder: StoredRun(tmp_path, run))
    monkeypatch.setattr(explain_command, "explain", explain)
    return asked


def test_it_says_what_was_found_and_writes_json(wishes: list[Wish], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "run", "a.jpg", "--out", "pictures"]) == 0
    said = capsys.readouterr().out
    assert "a.jpg: cats 75%." in said
    assert "It learnt this from cats/tom.jpg (0.91)" in said
    assert "b.jpg: Cut short." in said
    assert (
        main(["explain", "run", "a.jpg", "--out", "pictures", "--class", "dogs", "--layer", "last", "--json", "-"]) == 0
    )
    written = json.loads(capsys.readouterr().out)
    assert written["photos"][0]["class"] == "dogs"
    assert written["unreadable"] == [{"path": "b.jpg", "reason": "Cut short."}]
    assert wishes == [Wish(-1), Wish(1, "grad_cam", "last")]


@pytest.mark.parametrize("wrong", [["--class", "birds"], ["--strength", "1.5"], ["--method", "magic"]])
def test_what_can_not_be_ends_with_a_sentence(
    wrong: list[str], wishes: list[Wish], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", "run", "a.jpg", "--out", "pictures", *wrong]) == 2
    assert capsys.readouterr().err
    assert wishes == []
