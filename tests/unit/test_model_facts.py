"""What the Model tab says of networks and choices."""

from dataclasses import replace
from pathlib import Path

import pytest

from tlstudio.modeling.backbones import get_backbone
from tlstudio.modeling.layer_table import Conv2D, Flatten, LayerTable, MaxPooling
from tlstudio.modeling.spec import HeadSpec
from tlstudio.modeling.starter import starter_figures
from tlstudio.paths import keras_models_dir
from tlstudio.training.recipes import own_spec, spec_for
from tlstudio.ui.tabs.model import model_facts


def test_layers_have_one_word() -> None:
    assert model_facts.parse_layer(" block_13_expand ") == "block_13_expand"
    assert model_facts.parse_layer("block 13") is None


def test_numbers_of_the_last_layers() -> None:
    spec = spec_for("mobilenet_v2_1.0", "imagenet")
    assert model_facts.head_numbers(spec, 5) == 1281 * 5
    deep = replace(spec, head=HeadSpec.plain(units=(256,)))
    assert model_facts.head_numbers(deep, 5) == 1281 * 256 + 257 * 5
    flat = replace(spec, head=HeadSpec(pooling="flatten"))
    assert model_facts.head_numbers(flat, 5) == (7 * 7 * 1280 + 1) * 5
    assert model_facts.head_numbers(replace(spec, cut_layer="block_12_add"), 5) == 97 * 5
    assert model_facts.head_numbers(replace(spec, cut_layer="block_99_add"), 5) is None
    assert model_facts.learnt_numbers(spec, 5) == "6,405"
    assert model_facts.learnt_numbers(spec_for("small_cnn", "none"), 5) == "about 210,000"


def test_numbers_of_small_networks_and_of_none() -> None:
    small = own_spec(LayerTable(20, 20, 3, (Conv2D(4), Flatten())))
    assert model_facts.learnt_numbers(small, 2) == f"{3 * 3 * 3 * 4 + 4 + (20 * 20 * 4 + 1) * 2:,}"
    impossible = own_spec(LayerTable(20, 20, 3, (Conv2D(4), MaxPooling(40), Flatten())))
    assert model_facts.learnt_numbers(impossible, 2) == "not known"


def test_weights_at_hand_are_ready(home: Path) -> None:  # noqa: ARG001
    spec = spec_for("mobilenet_v2_1.0", "imagenet")
    assert model_facts.needs_download(spec)
    keras_models_dir().mkdir(parents=True)
    (keras_models_dir() / get_backbone("mobilenet_v2_1.0").imagenet_file(224)).touch()
    assert not model_facts.needs_download(spec)
    assert model_facts.place_words(spec) == "9.0 MB, on this computer"


def test_the_starter_is_told_with_its_figures() -> None:
    spec = spec_for("starter")
    words = model_facts.knowledge_words(spec)
    assert "comes with TL Studio" in words
    assert "MobileNet V2 1.0" in words
    assert "9.0 MB" in words
    assert f"{100 * starter_figures().mean:.0f} %" in words
    assert model_facts.place_words(spec) == "5.3 MB, on this computer"


@pytest.mark.parametrize(
    ("megabytes", "words"), [(0.0036, "4 kB"), (0.9, "0.9 MB"), (87.2, "87 MB"), (999.6, "1.0 GB"), (1392.6, "1.4 GB")]
)
def test_sizes_are_written_for_people(megabytes: float, words: str) -> None:
    assert model_facts.written_megabytes(megabytes) == words


def test_own_weights_are_named() -> None:
    spec = spec_for("mobilenet_v2_1.0", "/weights/mine.h5")
    assert model_facts.place_words(spec) == "9.0 MB, from your file"
    assert "mine.h5" in model_facts.knowledge_words(spec)
