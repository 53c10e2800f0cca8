"""Own networks as files."""

import json
from pathlib import Path

import pytest

from tlstudio.errors import TLStudioError
from tlstudio.modeling.architectures import ARCHITECTURES, Architecture
from tlstudio.modeling.layer_file import layers_json, read_layers
from tlstudio.modeling.layer_table import Conv2D, Dense, Flatten, LayerTable
from tlstudio.serialization import to_json


@pytest.mark.parametrize("entry", ARCHITECTURES, ids=lambda entry: entry.name)
def test_every_architecture_can_be_taken_as_a_file(entry: Architecture, tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_bytes(to_json(layers_json(entry.table), indent=1))
    assert read_layers(tmp_path / "mine.json") == entry.table


def test_a_file_by_hand_needs_little(tmp_path: Path) -> None:
    rows = [{"layer": "conv2d", "filters": 8}, {"layer": "flatten"}, {"layer": "dense", "units": 4}]
    contents = {"width": 20, "height": 10, "channels": 1, "rows": rows}
    (tmp_path / "mine.json").write_text(json.dumps(contents), encoding="utf-8")
    assert read_layers(tmp_path / "mine.json") == LayerTable(20, 10, 1, (Conv2D(8), Flatten(), Dense(4)))


@pytest.mark.parametrize(
    ("contents", "words"),
    [
        ("", "is no JSON"),
        ("[]", "holds no layers: it has no “width”"),
        ("{}", "the file lacks “width”"),
        ('{"width": 2, "height": 2, "channels": 2, "rows": []}', "channels"),
        ('{"width": 2, "height": 2, "channels": 3, "rows": [], "colour": 1}', "“colour” is not known here"),
        ('{"width": 2, "height": 2, "channels": 3, "rows": [{"layer": "conv3d"}]}', "conv3d"),
        ('{"width": 2, "height": 2, "channels": 3, "rows": [{"layer": "dense", "unit": 3}]}', "unit"),
        (
            '{"width": 2, "height": 2, "channels": 3, "rows": [{"layer": "dense", "units": 0}]}',
            "at least 1.*in “rows”, no. 1",
        ),
        ('{"schema": 2}', "newer TL Studio"),
    ],
)
def test_what_holds_no_layers_is_an_error_for_people(contents: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_text(contents, encoding="utf-8")
    with pytest.raises(TLStudioError, match=words):
        read_layers(path)


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(TLStudioError, match="can't be read"):
        read_layers(tmp_path / "nowhere.json")
