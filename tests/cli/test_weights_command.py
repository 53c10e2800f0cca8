"""Ready-made weights and the check-up, in the shell."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from weights_server import WeightsServer, weights_server

from tlstudio.__main__ import main
from tlstudio.cli import weights_commands
from tlstudio.modeling.weights_fit import FitReport, LayerFit
from tlstudio.workflows.check_up import Candidate, CheckUp, Guess, Opinion

CONTENT = os.urandom(1 << 18)


@pytest.fixture
def server(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WeightsServer]:  # noqa: ARG001
    with weights_server(monkeypatch, CONTENT) as made:
        yield made


def state(capsys: pytest.CaptureFixture[str], network: str, *, top: bool = False) -> dict[str, object]:
    capsys.readouterr()
    assert main(["weights", "list", "--json", "-"]) == 0
    entries = json.loads(capsys.readouterr().out)["weights"]
    return next(entry for entry in entries if (entry["network"], entry["top"]) == (network, top))


def test_weights_are_downloaded_listed_and_deleted(
    server: WeightsServer, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert state(capsys, "starter")["state"] == "bundled"
    assert state(capsys, "mobilenet_0.25", top=True)["state"] == "away"
    assert main(["weights", "download", "mobilenet_0.25", "--top", "--json", "-"]) == 0
    file = home / "keras" / "models" / "mobilenet_2_5_224_tf.h5"
    assert json.loads(capsys.readouterr().out)["file"] == str(file)
    assert file.read_bytes() == server.content
    found = state(capsys, "mobilenet_0.25", top=True)
    assert (found["state"], found["bytes"]) == ("here", len(CONTENT))
    assert state(capsys, "mobilenet_0.25")["state"] == "away"
    assert main(["weights", "list"]) == 0
    assert "on this computer" in capsys.readouterr().out
    assert main(["weights", "delete", "mobilenet_0.25", "--top"]) == 0
    assert not file.exists()
    assert main(["weights", "delete", "mobilenet_0.25", "--top"]) == 2
    assert "not on this computer" in capsys.readouterr().err


@pytest.mark.usefixtures("server")
def test_a_wrong_file_ends_with_two_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["weights", "download", "vgg16"]) == 2
    assert "its checksum is another" in capsys.readouterr().err
    assert main(["weights", "download", "starter"]) == 2
    assert main(["weights", "download", "alexnet"]) == 2


def test_directions_go_to_the_screen_or_into_a_file(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["weights", "directions", "vgg16", "--top"]) == 0
    out = capsys.readouterr().out
    assert "vgg16_weights_tf_dim_ordering_tf_kernels.h5" in out
    assert str(home / "keras" / "models") in out
    assert main(["weights", "directions", "--out", str(tmp_path / "how.txt")]) == 0
    assert (tmp_path / "how.txt").read_text(encoding="utf-8").count("https://") > 70
    assert main(["weights", "directions", "--out", str(tmp_path / "no" / "how.txt")]) == 2


def test_a_check_says_which_layers_do_not_fit(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    layers = (LayerFit("stem", "fits", ((3,),), ((3,),)), LayerFit("last", "missing", ((4, 5),), ()))
    report = FitReport("mine.h5", "VGG 16", layers)
    asked: list[object] = []

    def check(file: str, backbone: str, *, top: bool, token: object) -> FitReport:  # noqa: ARG001
        asked.append((file, backbone, top))
        return report

    monkeypatch.setattr(weights_commands, "check_weights", check)
    assert main(["weights", "check", "mine.h5", "--backbone", "vgg16", "--json", "-"]) == 2
    out, err = capsys.readouterr()
    assert asked == [("mine.h5", "vgg16", False)]
    assert json.loads(out)["layers"][1] == {"layer": "last", "verdict": "missing", "wanted": [[4, 5]], "found": []}
    assert "last: not in the file; wanted: 4×5" in err


def test_the_check_up_pairs_networks_and_files(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[object] = []

    def fake(inputs: list[Path], candidates: list[Candidate], photos: int | None, **_options: object) -> CheckUp:
        asked.append((inputs, candidates, photos))
        guesses = ((Guess("n02123045", "tabby", 0.75), Guess("n02123159", "tiger cat", 0.2)),)
        return CheckUp(("a.jpg",), (), (Opinion("vgg16", "VGG 16", guesses),), photos)

    monkeypatch.setattr(weights_commands, "check_up", fake)
    command = ["check-up", "a.jpg", "--backbone", "vgg16", "--backbone", "vgg19", "--weights", "my.h5"]
    assert main([*command, "--photos", "5000", "--json", "-"]) == 0
    assert asked == [([Path("a.jpg")], [Candidate("vgg16", "my.h5"), Candidate("vgg19")], 5000)]
    out, err = capsys.readouterr()
    assert "tabby 75%, tiger cat 20%" in err
    assert "5,000 photos are many: train the last layers, then refine" in err
    result = json.loads(out)
    assert result["likeness"] == "like"
    assert result["networks"][0]["answers"][0]["top"][0]["class"] == "tabby"
    assert main([*command[:4], "--weights", "a.h5", "--weights", "b.h5"]) == 2
