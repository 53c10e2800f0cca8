"""The presets: what they set, against the page of the reference systems, and the files that they are kept in."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tlstudio.datasets.augmentation.presets import find_augmentation
from tlstudio.datasets.splits.split import SplitConfig
from tlstudio.errors import TLStudioError
from tlstudio.modeling.architectures import feature_shape
from tlstudio.modeling.backbones import find_backbone
from tlstudio.modeling.head import head_parameters
from tlstudio.modeling.layer_table import Dense
from tlstudio.paths import resources_dir
from tlstudio.presets import shelf
from tlstudio.presets.preset import Preset, Setup, own_preset
from tlstudio.presets.preset_file import preset_json, read_preset, write_preset
from tlstudio.presets.shelf import (
    add_preset,
    delete_preset,
    find_preset,
    is_shipped,
    keep_preset,
    own_dir,
    own_presets,
    shipped_presets,
)
from tlstudio.training.config import Phase, Stop, TrainConfig
from tlstudio.training.recipes import config_for, spec_for

SETS = {"noodles": (2, 351), "leaves": (3, 177), "dogs": (6, 541), "birds": (10, 317), "butterflies": (10, 832)}
BASES = {"vgg16": "vgg16", "vgg19": "vgg19", "inception-v3": "inception_v3", "xception": "xception"}
TWENTY = [f"001-{photos}-{base}" for photos in SETS for base in BASES]
ALL = [
    *("000-A", "000-B", "000-C"),
    *(*TWENTY, "001-six-layer", "001-one-layer"),
    *("002-A", "002-B", "002-C"),
    *("003-1", "003-2", "003-3", "003-4a", "003-4b", "003-4c", "003-4d", "003-5a", "003-5b", "003-5c", "003-6"),
    *("004-A", "004-A0", "004-B", "004-C", "004-D"),
]


def setup_of(name: str) -> Setup:
    return find_preset(name).setup()


def test_every_system_of_the_page_has_its_preset() -> None:
    assert sorted(preset.name for preset in shipped_presets()) == sorted(ALL)
    for preset in shipped_presets():
        assert (resources_dir() / "presets" / f"{preset.name}.json").is_file()
        assert preset.name.startswith(preset.collection)
        assert preset.source.startswith(f"Collection {preset.collection}")
        assert preset.title
        assert preset.purpose.endswith(".")
        assert preset.reports
        assert is_shipped(preset.name)


# Trained on all that comes before the head, or on the head alone: what the page gives as trainable or as the head's.
HEADS = {
    "000-A": 52_442_124,
    "000-B": 56_624_129,
    "000-C": 113_250_307,
    "001-birds-vgg16": 535_562,
    "001-birds-xception": 2_108_426,
    "003-4a": 5_770,
    "003-4b": 75_146,
    "003-4c": 5_770,
    "003-4d": 75_146,
    "003-5a": 9_610,
    "003-5b": 124_298,
    "003-5c": 9_610,
    "003-6": 20_490,
    "004-D": 2_510_310,
}


@pytest.mark.parametrize("name", HEADS)
def test_heads_have_as_many_numbers_as_on_the_page(name: str) -> None:
    preset = find_preset(name)
    spec = preset.setup().spec
    shape = {"mixed9": (5, 5, 2048), "mixed7": (12, 12, 768)}.get(spec.cut_layer or "") or feature_shape(spec)
    assert shape is not None
    assert head_parameters(spec.head, shape, preset.data.classes) == HEADS[name]


@pytest.mark.parametrize("name", TWENTY)
def test_the_twenty_of_001(name: str) -> None:
    photos, base = next((photos, base) for photos in SETS for base in BASES if name == f"001-{photos}-{base}")
    preset = find_preset(name)
    chosen = preset.setup()
    spec, (head, tune) = chosen.spec, chosen.config.phases
    wide = (base in ("inception-v3", "xception") or photos == "noodles") and name != "001-birds-xception"
    assert (preset.data.classes, preset.data.photos) == SETS[photos]
    assert (spec.backbone, spec.weights, spec.input_size) == (BASES[base], "imagenet", 299 if wide else 224)
    assert spec.preprocessing == ("unit" if base.startswith("vgg") else "")
    assert (spec.head.pooling, spec.head.layers) == ("avg", (Dense(1024),))
    batch = 64 if photos in ("dogs", "leaves") else 32
    assert [(phase.epochs, phase.batch_size) for phase in (head, tune)] == [(20, batch)] * 2
    assert (head.optimizer.name, head.learning_rate) == ("rmsprop", 0.001)
    assert (tune.optimizer.name, tune.optimizer.momentum, tune.learning_rate) == ("sgd", 0.9, 0.0001)
    layers = {"inception-v3": "mixed4", "xception": "block10_sepconv3_bn"}
    assert tune.unfreeze_from == ("" if name == "001-birds-xception" else layers.get(base, ""))
    assert (chosen.split.method, chosen.split.seed, chosen.split.validation) == ("nested", 42, 0.2)
    assert chosen.split.test_of_rest == pytest.approx(0.1)
    assert chosen.config.augmentation == find_augmentation("001")
    assert chosen.config.augmentation.validation


@pytest.mark.parametrize("preset", shipped_presets(), ids=lambda preset: preset.name)
def test_no_source_stops_early_unless_it_says_so_and_all_keep_the_last_weights(preset: Preset) -> None:
    config = preset.setup().config
    stops = {
        "000-A": (Stop("accuracy", 0, at_least=0.98),),
        "000-B": (Stop("loss", 3),),
        "000-C": (Stop("loss", 3),),
    }
    for phase in config.phases:
        assert phase.stops == stops.get(preset.name, ())
        assert phase.keep == "last"
        assert phase.data == ("live" if config.augmentation.varied else "stored")
        assert phase.checkpoint == ("every" if preset.collection == "003" else "none")
        assert phase.class_weights == ("max_count" if preset.collection == "003" else "none")


def test_the_odd_ones() -> None:
    assert setup_of("000-A").spec.cut_layer == "mixed9"
    assert setup_of("000-B").spec.head.output == "sigmoid"
    sizes = setup_of("000-C").sizes
    assert sizes is not None
    assert sizes.exact == (224, 224)
    six = setup_of("001-six-layer")
    (scratch,) = six.config.phases
    assert six.spec.head.loss == "binary"
    assert (scratch.optimizer.nesterov, scratch.schedule.kind, scratch.schedule.every) == (True, "step", 10)
    assert (scratch.schedule.decay, scratch.steps_per_epoch, scratch.validation_steps) == (1e-6, 240, 113)
    whole = setup_of("002-B")
    (tune,) = whole.config.phases
    assert (whole.spec.preprocessing, tune.name, tune.unfreeze_from) == ("raw", "fine_tune", "")
    assert (tune.batch_norm, tune.steps_per_epoch, tune.epochs) == ("learn", 10, 5)
    assert (whole.labels, whole.split.method, whole.split.seed) == ("pattern:first-dot", "plain", 42)
    assert setup_of("004-D").spec.preprocessing == "raw"


def test_only_the_smallest_files_extend_another() -> None:
    folder = resources_dir() / "presets"
    extended = {json.loads(file.read_bytes()).get("extends") for file in folder.glob("*.json")} - {None}
    assert extended == {"000-A", "001-birds-vgg16", "002-A", "003-5a", "004-A"}


# Own ones


@pytest.fixture
def mine(home: Path) -> Preset:  # noqa: ARG001 - a home of its own
    spec = spec_for("mobilenet_v2_1.0")
    return own_preset("My birds", "Good for my garden.", Setup(spec, config_for(spec, fine_tune_epochs=3, seed=7)))


def test_own_ones_are_kept_found_shared_and_deleted(mine: Preset, tmp_path: Path) -> None:
    keep_preset(mine)
    assert own_presets().presets == (mine,)
    assert find_preset("my birds") == mine
    assert not is_shipped(mine.name)
    assert mine.setup().config.phases[1].epochs == 3
    file = tmp_path / "to share.json"
    write_preset(mine, file)
    assert find_preset(str(file)) == read_preset(file) == mine
    delete_preset(mine.name)
    assert own_presets().presets == ()
    delete_preset(mine.name)


@pytest.mark.parametrize("preset", shipped_presets(), ids=lambda preset: preset.name)
def test_what_is_written_is_what_is_read(preset: Preset, tmp_path: Path) -> None:
    write_preset(preset, tmp_path / "copy.json")
    assert read_preset(tmp_path / "copy.json") == preset


def test_the_names_of_the_programs_own_are_taken(mine: Preset) -> None:
    with pytest.raises(TLStudioError, match="comes with the program"):
        keep_preset(replace(mine, name="000-a"))


def test_a_damaged_own_one_is_told_and_stops_nothing(mine: Preset) -> None:
    keep_preset(mine)
    (own_dir() / "broken.json").write_text("{", encoding="utf-8")
    found = own_presets()
    assert found.presets == (mine,)
    assert "broken.json" in found.damaged[0].message
    assert find_preset("My birds") == mine


def test_one_from_elsewhere_takes_nobodys_place(mine: Preset) -> None:
    keep_preset(mine)
    assert add_preset(mine) == mine
    other = replace(mine, note="Somebody else's.")
    assert add_preset(other).name == add_preset(other).name == "My birds 2"
    assert find_preset("my birds") == mine
    assert find_preset("My birds 2").note == "Somebody else's."
    changed_copy = replace(find_preset("003-6"), purpose="Longer.")
    assert add_preset(changed_copy).name == "003-6 2"
    assert add_preset(find_preset("003-6")).name == "003-6", "the one that comes with the program"
    assert [preset.name for preset in own_presets().presets] == ["003-6 2", "My birds 2", "My birds"]


def test_a_preset_that_is_not_there_is_told(home: Path) -> None:  # noqa: ARG001
    with pytest.raises(TLStudioError, match="no preset called “nothing”"):
        find_preset("nothing")
    with pytest.raises(TLStudioError, match=r"nothing\.json can't be read"):
        find_preset("nothing.json")


def changed(preset: Preset, **changes: object) -> dict[str, Any]:
    return {**preset_json(preset), **changes}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (
            {"phases": [{"name": "head", "epochs": "ten", "learning_rate": 0.1}]},
            "“epochs” in “phases”, no. 1 has to be a whole number, not text",
        ),
        ({"phases": [{"name": "head", "epochs": 1, "learning_rate": 0.1, "speed": 3}]}, "“speed” is not known"),
        ({"phases": [{"name": "head", "epochs": 0, "learning_rate": 0.1}]}, "at least 1"),
        ({"phases": []}, "at least one phase"),
        ({"colour": "red"}, "“colour” is not known here"),
        ({"model": {"backbone": "alexnet"}}, "alexnet"),
        ({"model": {"backbone": "vgg16", "head": "soup"}}, "soup"),
        ({"model": {"backbone": "vgg16", "weights": "none"}}, "learns as a whole"),
        ({"augmentation": "wild"}, "wild"),
        ({"split": {"train": 0.0}}, "more than 0"),
        ({"name": "a/b"}, "a/b"),
        ({"name": " "}, "name of a file"),
        ({"schema": 99}, "newer TL Studio"),
        ({"extends": "../000-A"}, "isn't the name of a preset"),
        ({"extends": "000-B"}, "extends another one itself"),
        ({"extends": "nothing"}, "can't be read"),
    ],
)
def test_a_file_that_can_not_be_used_says_where(
    mine: Preset, tmp_path: Path, changes: dict[str, object], says: str
) -> None:
    file = tmp_path / "mine.json"
    file.write_text(json.dumps(changed(mine, **changes)), encoding="utf-8")
    with pytest.raises(TLStudioError, match=says) as raised:
        read_preset(file, shelf.shipped_dir())
    assert ".json" in raised.value.message


@pytest.mark.parametrize("contents", ["", "[]", "null", '"000-A"', "{}", "\x00"])
def test_a_file_of_something_else_is_no_preset(tmp_path: Path, contents: str) -> None:
    file = tmp_path / "other.json"
    file.write_text(contents, encoding="utf-8")
    with pytest.raises(TLStudioError, match=r"other\.json can't be used as a preset"):
        read_preset(file)


def test_a_file_that_extends_another_says_only_what_is_different(tmp_path: Path) -> None:
    file = tmp_path / "short.json"
    words = {"extends": "001-birds-vgg16", "name": "short", "phases": [{"epochs": 2}, {"optimizer": {"momentum": 0.5}}]}
    file.write_text(json.dumps(words), encoding="utf-8")
    parent, child = find_preset("001-birds-vgg16"), read_preset(file, shelf.shipped_dir())
    assert child.phases[0] == replace(parent.phases[0], epochs=2)
    assert child.phases[1].optimizer == replace(parent.phases[1].optimizer, momentum=0.5)
    assert child.model == parent.model


def test_every_network_of_a_preset_is_in_the_tables() -> None:
    for preset in shipped_presets():
        spec = preset.setup().spec
        backbone = find_backbone(spec.backbone)
        assert (backbone is None) == (spec.weights == "none"), preset.name


def test_a_preset_keeps_whatever_was_chosen(home: Path) -> None:  # noqa: ARG001
    spec = spec_for("lenet", input_size=32)
    phases = (Phase("scratch", 3, 0.1, class_weights=(("daisy", 2.0),), stops=(Stop("val_accuracy", 0, 0.9),)),)
    config = TrainConfig(phases, 5, find_augmentation("strong"), reproducible=True)
    keep_preset(own_preset("all", "", Setup(spec, config, SplitConfig(0.5, 0.5, 0, method="plain"))))
    kept = find_preset("all").setup()
    assert (kept.spec, kept.config) == (spec, config)
    assert kept.split.method == "plain"
