import pytest

from tlstudio.datasets.augmentation.amounts import AugmentationConfig
from tlstudio.errors import TLStudioError
from tlstudio.events import EpochEnded
from tlstudio.modeling.backbones import BACKBONES, get_backbone
from tlstudio.modeling.layer_table import Dense
from tlstudio.modeling.spec import HeadSpec
from tlstudio.paths import keras_models_dir
from tlstudio.training.config import Phase, TrainConfig
from tlstudio.training.fitting import require_fitting
from tlstudio.training.history import History
from tlstudio.training.recipes import config_for, spec_for
from tlstudio.training.recommendation import recommended_spec

HEAD = Phase("head", 5, 1e-3)
TUNE = Phase("fine_tune", 5, 1e-5)
SCRATCH = Phase("scratch", 5, 1e-3)


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("wanted", [None, "bundled"])
def test_without_imagenet_weights_the_starter_is_recommended(wanted: str | None) -> None:
    spec, why = recommended_spec(wanted)
    assert (spec.backbone, spec.weights) == ("starter", "bundled")
    assert "comes with TL Studio" in why


@pytest.mark.usefixtures("home")
def test_weights_alone_decide_on_a_network() -> None:
    assert recommended_spec("none")[0].backbone == "small_cnn"
    assert recommended_spec("imagenet")[0] == spec_for("mobilenet_v3_large")
    with pytest.raises(TLStudioError, match="Nobody can tell"):
        recommended_spec("mine.weights.h5")


@pytest.mark.parametrize("name", [BACKBONES[0].name, "mobilenet_v3_large"])
@pytest.mark.usefixtures("home")
def test_a_network_whose_weights_are_here_is_recommended(name: str) -> None:
    backbone = get_backbone(name)
    keras_models_dir().mkdir(parents=True)
    (keras_models_dir() / backbone.imagenet_file(backbone.input_size)).touch()
    spec, why = recommended_spec()
    assert (spec.backbone, spec.weights, spec.input_size) == (name, "imagenet", backbone.input_size)
    assert backbone.title in why


def test_defaults_come_from_the_table_and_give_way() -> None:
    assert [spec_for(name).weights for name in ("vgg16", "starter", "small_cnn")] == ["imagenet", "bundled", "none"]
    assert spec_for("inception_v3", "imagenet").input_size == 299
    assert spec_for("small_cnn", "none").input_size == 96
    chosen = spec_for("inception_v3", "imagenet", 128, "mixed7", HeadSpec.plain(units=(8,)))
    assert (chosen.input_size, chosen.cut_layer, chosen.head.hidden) == (128, "mixed7", (Dense(8),))
    with pytest.raises(TLStudioError, match="alexnet"):
        spec_for("alexnet", "imagenet")


def test_pretrained_networks_learn_head_then_refine() -> None:
    spec = spec_for("mobilenet_1.0", "imagenet")
    assert [phase.name for phase in config_for(spec).phases] == ["head"]
    assert config_for(spec).augmentation.views == 0
    head, tune = config_for(spec, head_epochs=3, fine_tune_epochs=4).phases
    assert (head.epochs, tune.epochs, tune.unfreeze_from) == (3, 4, "conv_dw_12")
    assert tune.learning_rate < head.learning_rate
    assert config_for(spec, fine_tune_epochs=4, unfreeze_from="conv_dw_9").phases[1].unfreeze_from == "conv_dw_9"


def test_other_networks_learn_from_scratch_with_varied_photos() -> None:
    config = config_for(spec_for("small_cnn", "none"), seed=4, reproducible=True)
    assert [phase.name for phase in config.phases] == ["scratch"]
    assert config.augmentation.views > 0
    assert (config.seed, config.reproducible) == (4, True)
    assert config_for(spec_for("small_cnn", "none"), augmentation=AugmentationConfig()).augmentation.views == 0
    with pytest.raises(TLStudioError, match="nothing to refine"):
        config_for(spec_for("vgg16", "none"), fine_tune_epochs=2)


@pytest.mark.parametrize("phases", [(), (TUNE, HEAD), (SCRATCH, HEAD), (SCRATCH, TUNE)])
def test_phases_in_an_order_without_sense_are_refused(phases: tuple[Phase, ...]) -> None:
    with pytest.raises(ValueError, match=r"phase|before"):
        TrainConfig(phases)


@pytest.mark.parametrize("phases", [(HEAD, HEAD), (HEAD, TUNE, TUNE), (TUNE,), (SCRATCH, SCRATCH)])
def test_phases_may_repeat(phases: tuple[Phase, ...]) -> None:
    assert TrainConfig(phases).phases == phases


def test_a_head_on_random_layers_is_refused() -> None:
    with pytest.raises(TLStudioError, match="as a whole"):
        require_fitting(spec_for("vgg16", "none"), TrainConfig((HEAD,)))
    require_fitting(spec_for("vgg16", "none"), TrainConfig((SCRATCH,)))
    require_fitting(spec_for("vgg16", "imagenet"), TrainConfig((HEAD, TUNE)))


def test_the_best_epoch_is_the_last_that_was_marked() -> None:
    def epoch(number: int, best: bool) -> EpochEnded:
        return EpochEnded(0, number, 1.0, 0.5, 1.0, 0.5, 0.1, 1e-3, best)

    history = History(("head",), (epoch(0, True), epoch(1, True), epoch(2, False)))
    assert history.best() == epoch(1, True)
    assert History().best() is None
