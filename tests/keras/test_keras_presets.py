"""Every preset is built and learns one step from real photos; those that need no download learn for real.

Weights are random: those of ImageNet can't be had here. A phase on a frozen network wants a file of them, so a file of
random ones is written. Only the number of rounds and steps is changed in what a preset sets.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from tlstudio.datasets.splits.split import SplitConfig
from tlstudio.events import CancelToken, ignore_events
from tlstudio.modeling.spec import ModelSpec
from tlstudio.presets.preset import Preset, Setup, own_preset
from tlstudio.presets.shelf import find_preset, keep_preset, shipped_presets
from tlstudio.training.config import Phase, TrainConfig
from tlstudio.training.recipes import config_for, spec_for
from tlstudio.workflows.train import Trained, TrainRequest, train

# All parameters, as the page of the reference systems has them; for the one-layer CNN by the formula of its layers.
PARAMETERS = {
    "001-six-layer": 44_590_882,
    "001-one-layer": 3 * 3 * 3 * 32 + 32 + 112 * 112 * 32 * 1024 + 1024 + 1024 * 2 + 2,
    "002-A": 1_084_097,
    "002-B": 23_566_849,
    "003-1": 16_057_226,
    "003-2": 78_432_080,
    "003-3": 102_834_474,
    "003-4a": 944_890,
    "003-4b": 1_014_266,
    "003-4c": 944_890,
    "003-4d": 1_014_266,
    "003-5a": 3_005_962,
    "003-5b": 3_120_650,
    "003-5c": 3_005_962,
    "003-6": 23_585_290,
    "004-A": 1_691_360,
    "004-A0": 79_510,
    "004-B": 4_247_985,
    "004-C": 419_460,
    "004-D": 14_714_688 + 2_510_310,
}

# Few numbers, few layers, small photos: seconds. The others take minutes or gigabytes.
QUICK = ("002-A", "003-4a", "004-A", "004-A0")
ALSO_BUILT = ("000-A", "001-birds-vgg16", "002-B", "003-1", "003-5a", "004-B", "004-C")
HUGE = "001-one-layer"
HUGE_BYTES = 12e9

ONE_BATCH = 24


def cases(quick: tuple[str, ...]) -> list[ParameterSet]:
    """All presets, most of them for ``-m slow``."""
    found = []
    enough = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") > HUGE_BYTES if hasattr(os, "sysconf") else False
    for preset in shipped_presets():
        marks = [] if preset.name in quick else [pytest.mark.slow]
        if preset.name == HUGE:
            marks.append(pytest.mark.skipif(not enough, reason="needs 12 GB of memory"))
        found.append(pytest.param(preset, id=preset.name, marks=marks))
    return found


@pytest.mark.parametrize(
    "preset", cases((*QUICK, "003-4d", "004-B", "004-C", "000-A", "001-birds-vgg16", "002-B", "003-1", "003-5a"))
)
def test_every_preset_builds_with_the_parameters_of_the_page(preset: Preset) -> None:
    from tlstudio.modeling.network import build_network

    spec = replace(preset.setup().spec, weights="none")
    network = build_network(spec, preset.data.classes)
    assert network.output_shape == (None, preset.data.classes)
    assert network.input_shape == (None, spec.input_size, spec.input_size, 3)
    for phase in preset.phases:
        assert not phase.unfreeze_from or network.get_layer(phase.unfreeze_from)
    wanted = PARAMETERS.get(preset.name)
    # A single sigmoid becomes two columns inside the network, without a parameter.
    assert wanted is None or network.count_params() == wanted


@pytest.fixture
def photos(shared: Path, tmp_path: Path) -> Callable[[int, int], Path]:
    """``photos(classes, each)`` gives a folder of links to real photos."""

    def make(classes: int, each: int) -> Path:
        folders = sorted((shared / "data/birds10").iterdir()) + sorted((shared / "data/flowers5").iterdir())
        root = tmp_path / "photos"
        for folder in [folder for folder in folders if folder.is_dir()][:classes]:
            (root / folder.name).mkdir(parents=True)
            files = sorted(file for file in folder.iterdir() if file.suffix == ".jpg")[:each]
            for file in files:
                (root / folder.name / file.name).symlink_to(file)
        return root

    return make


def with_random_weights(spec: ModelSpec, folder: Path) -> ModelSpec:
    """A network on whose random weights a phase can build as on ready-made ones."""
    if spec.weights == "none":
        return spec
    from tlstudio.modeling.network import build_backbone

    file = folder / "random.weights.h5"
    build_backbone(replace(spec, weights="none")).save_weights(file)
    return replace(spec, weights=str(file))


def with_batches_of(run: TrainConfig, asked: TrainConfig) -> TrainConfig:
    """What was asked for, in the batches of the run: where memory is short a training makes them smaller."""
    assert all(phase.batch_size <= wish.batch_size for phase, wish in zip(run.phases, asked.phases, strict=True))
    sized = zip(asked.phases, run.phases, strict=True)
    return replace(asked, phases=tuple(replace(wish, batch_size=phase.batch_size) for wish, phase in sized))


def one_step(phase: Phase) -> Phase:
    return replace(phase, epochs=1, steps_per_epoch=1, validation_steps=1)


@pytest.mark.parametrize("preset", cases(QUICK))
def test_every_preset_learns_a_step_from_real_photos(
    preset: Preset, photos: Callable[[int, int], Path], home: Path, tmp_path: Path
) -> None:
    setup, classes = preset.setup(), preset.data.classes
    config = replace(setup.config, phases=tuple(map(one_step, setup.config.phases)))
    spec = with_random_weights(setup.spec, tmp_path)
    folder = photos(classes, max(5, ONE_BATCH // classes))
    run = train_once(folder, home / "run", spec, config, setup.split).stored.run
    assert run.status == "complete"
    assert run.config == with_batches_of(run.config, config)
    assert len(run.history.epochs) == len(config.phases)
    assert len(run.classes) == classes


def train_once(folder: Path, out: Path, spec: ModelSpec, config: TrainConfig, split: SplitConfig) -> Trained:
    return train(TrainRequest(folder, out, spec, config, split), emit=ignore_events, token=CancelToken())


def test_a_preset_on_weights_that_are_here_learns_for_real(
    shared: Path, photos: Callable[[int, int], Path], home: Path
) -> None:
    setup = find_preset("003-4a").setup()
    file = str(shared / "weights/mobilenet_v2_1.0_224_notop.weights.h5")
    spec = replace(setup.spec, backbone="mobilenet_v2_1.0", weights=file)
    phase = replace(setup.config.phases[0], epochs=15)
    trained = train_once(photos(10, 7), home / "run", spec, replace(setup.config, phases=(phase,)), setup.split)
    assert trained.stored.run.validation is not None
    assert trained.stored.run.validation.accuracy > 0.6
    assert list((home / "run").glob("**/*.weights.h5")), "the weights of the rounds are kept"


def test_an_own_preset_on_bundled_weights_learns_for_real(photos: Callable[[int, int], Path], home: Path) -> None:
    spec = spec_for("starter")
    keep_preset(own_preset("mine", "", Setup(spec, config_for(spec, head_epochs=12), SplitConfig(0.7, 0.3, 0))))
    setup = find_preset("mine").setup()
    trained = train_once(photos(3, 7), home / "run", setup.spec, setup.config, setup.split)
    assert trained.stored.run.validation is not None
    assert trained.stored.run.validation.accuracy > 0.5
