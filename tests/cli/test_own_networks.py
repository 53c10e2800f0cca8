"""Heads, networks from scratch and own layers on the command line, from training to answers. Real photos."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tlstudio.modeling.head_text import parse_head
from tlstudio.modeling.layer_file import read_layers
from tlstudio.runs import store

Shell = Callable[..., tuple[int, Any, str]]

LAYERS = {
    "width": 24,
    "height": 16,
    "channels": 1,
    "rows": [
        {"layer": "rescaling", "scale": 0.00392},
        {"layer": "conv2d", "filters": 8, "kernel": [3, 3], "stride": 2},
        {"layer": "batch_normalization"},
        {"layer": "max_pooling"},
        {"layer": "flatten"},
        {"layer": "dense", "units": 16},
    ],
}


@pytest.fixture
def folder(tmp_path: Path, shared: Path) -> Path:
    """Two classes of real flowers, 20 photos each."""
    root = tmp_path / "photos"
    for name in ("daisy", "roses"):
        (root / name).mkdir(parents=True)
        for photo in sorted((shared / "data/flowers5" / name).iterdir())[:20]:
            (root / name / photo.name).symlink_to(photo)
    return root


@pytest.fixture
def layers(tmp_path: Path) -> Path:
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(LAYERS), encoding="utf-8")
    return path


def test_own_layers_with_a_sigmoid_from_training_to_answers(
    folder: Path, layers: Path, tmp_path: Path, shell: Shell
) -> None:
    out, table = tmp_path / "run", tmp_path / "answers.csv"
    head = ("--head", "flatten, dropout 0.1, sigmoid")
    code, trained, err = shell("train", folder, "--out", out, "--layers", layers, *head, "--head-epochs", 2)
    assert code == 0, err
    assert (trained["backbone"], trained["weights"]) == ("own", "none")
    spec = store.load(out).run.spec
    assert (spec.layers, spec.head, spec.input_size) == (read_layers(layers), parse_head(head[1]), 24)
    code, report, err = shell("evaluate", out)
    assert code == 0, err
    assert "Keras computes instead" not in err
    assert report["accuracy"] == pytest.approx(trained["test"]["accuracy"])
    assert report["loss"] == pytest.approx(trained["test"]["loss"], abs=1e-4)
    code, summary, _ = shell("predict", out, folder, "--csv", table)
    assert (code, summary["found"]) == (0, 40)
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert all(float(row["score"]) + float(row["score_2"]) == pytest.approx(1, abs=1e-3) for row in rows)


def test_a_network_of_the_table_takes_its_head_and_size(folder: Path, tmp_path: Path, shell: Shell) -> None:
    words = ("--architecture", "mnist_cnn", "--input-size", 32, "--head-epochs", 1, "--augment", "none")
    code, trained, err = shell("train", folder, "--out", tmp_path / "run", *words)
    assert code == 0, err
    spec = store.load(tmp_path / "run").run.spec
    assert (spec.backbone, spec.input_size, spec.head) == ("mnist_cnn", 32, parse_head("gap"))
    code, report, err = shell("evaluate", tmp_path / "run")
    assert code == 0, err
    assert report["loss"] == pytest.approx(trained["test"]["loss"], abs=1e-4)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--head", "gap, dense many"], "“dense many” means nothing here"),
        (["--architecture", "alexnet"], "alexnet"),
        (["--architecture", "vgg16"], "There is no network from scratch called “vgg16”"),
        (["--layers", "nowhere.json"], "can't be read"),
        (["--layers", "LAYERS", "--input-size", "2"], "Layer 4 (max_pooling) can't be built"),
        (["--layers", "LAYERS", "--weights", "imagenet"], "Your own network has no pre-trained weights"),
        (["--layers", "LAYERS", "--backbone", "vgg16"], "not allowed with"),
    ],
)
def test_what_can_not_be_is_said_before_anything_is_learnt(
    words: list[str], said: str, folder: Path, layers: Path, tmp_path: Path, shell: Shell
) -> None:
    given = [str(layers) if word == "LAYERS" else word for word in words]
    code, _, err = shell("train", folder, "--out", tmp_path / "run", *given)
    assert code == 2
    assert said in err
    assert not (tmp_path / "run").exists()


def test_architectures_are_listed_with_layers_that_can_be_changed(shell: Shell, tmp_path: Path) -> None:
    code, listed, _ = shell("list", "architectures")
    assert code == 0
    entries = {entry["name"]: entry for entry in listed["architectures"]}
    assert len(entries) == 10
    assert entries["lenet"]["parameters"] == 78_432_080 - 5_010
    assert entries["small_cnn"]["head"] == "gap, dropout 0.5"
    assert entries["mnist_cnn"]["layers"]["channels"] == 1
    (tmp_path / "mine.json").write_text(json.dumps(entries["cifar10_cnn"]["layers"]), encoding="utf-8")
    assert read_layers(tmp_path / "mine.json").side == 32
