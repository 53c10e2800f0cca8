"""“tlstudio list layers”."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tlstudio.modeling.layer_file import layers_json
from tlstudio.modeling.layer_table import Conv2D, Flatten, LayerTable

Shell = Callable[..., tuple[int, Any, str]]


def test_layers_of_a_backbone_are_listed_with_shapes_and_cuts(shell: Shell) -> None:
    code, result, _ = shell("list", "layers", "--backbone", "inception_v3", "--input-size", "224")
    assert code == 0
    layers = result["layers"]
    assert [layer["index"] for layer in layers] == list(range(311))
    mixed7 = layers[228]
    assert (mixed7["name"], mixed7["shape"], mixed7["cut"], mixed7["block"]) == (
        "mixed7",
        [12, 12, 768],
        True,
        "mixed7",
    )
    assert 0.8 < mixed7["compute"] < 0.9
    assert layers[229]["cut"] is False
    assert layers[229]["compute"] is None


def test_layers_of_networks_from_scratch_are_listed(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "own.json"
    file.write_text(json.dumps(layers_json(LayerTable(32, 32, 3, (Conv2D(4), Flatten())))))
    _, own, _ = shell("list", "layers", "--layers", file)
    assert [layer["name"] for layer in own["layers"]] == ["photo", "block1_conv1", "flatten"]
    _, lenet, _ = shell("list", "layers", "--architecture", "lenet", "--input-size", "28")
    assert [layer["shape"] for layer in lenet["layers"]][-1] == [500]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("layers",), "Nothing says whose layers to list."),
        (("layers", "--backbone", "vgg17"), "no network called “vgg17”"),
        (("layers", "--backbone", "vgg16", "--input-size", "20"), "too small"),
        (("samples", "--input-size", "96"), "--input-size is for “tlstudio list layers”"),
    ],
)
def test_what_cannot_be_listed_is_said(words: tuple[str, ...], said: str, shell: Shell) -> None:
    code, _, err = shell("list", *words)
    assert code == 2
    assert said in err
