"""The networks from scratch against the figures that their notebooks print."""

import pytest

from tlstudio.errors import TLStudioError
from tlstudio.modeling.architectures import (
    ARCHITECTURES,
    Architecture,
    architecture_of,
    feature_shape,
    get_architecture,
    require_possible_layers,
    spec_warning,
    table_of,
)
from tlstudio.modeling.head import head_layers
from tlstudio.modeling.layer_table import Conv2D, Dense, Flatten, LayerTable, MaxPooling, shapes
from tlstudio.modeling.spec import HeadSpec, ModelSpec
from tlstudio.training.fitting import require_fitting
from tlstudio.training.recipes import config_for, own_spec, spec_for, usual_head

SIGMOID = HeadSpec(layers=(), output="sigmoid")


def counted(spec: ModelSpec, n_classes: int) -> tuple[int, int]:
    """All weights of a network with its head, and those that are learnt."""
    table, shape = table_of(spec), feature_shape(spec)
    assert table is not None
    assert shape is not None
    layers = (*shapes(table).layers, *head_layers(spec.head, shape, n_classes))
    return sum(layer.parameters for layer in layers), sum(layer.trainable for layer in layers)


@pytest.mark.parametrize(
    ("name", "n_classes", "head", "total", "trainable"),
    [
        ("six_layer_cnn", 2, None, 44_590_882, 44_590_882),
        ("one_layer_cnn", 2, None, 896 + 1024 * (112 * 112 * 32 + 1) + 2 * 1025, 411_045_762),
        ("base_cnn", 2, SIGMOID, 1_084_097, 1_082_625),
        ("shallow_net", 10, None, 16_057_226, 16_057_226),
        ("lenet", 10, None, 78_432_080, 78_432_080),
        ("mini_vggnet", 10, None, 102_834_474, 102_833_066),
        ("mnist_cnn", 10, None, 1_691_360, 1_691_360),
        ("cifar10_cnn", 10, None, 4_247_985, 4_247_985),
        ("imagenette_cnn", 10, None, 419_460, 419_220),
    ],
)
def test_numbers_to_learn_are_those_of_the_notebooks(
    name: str, n_classes: int, head: HeadSpec | None, total: int, trainable: int
) -> None:
    assert counted(spec_for(name, head=head), n_classes) == (total, trainable)


def test_maps_are_those_of_the_notebooks() -> None:
    found = {layer.name: layer.shape for layer in shapes(get_architecture("base_cnn").table).layers}
    assert [found[f"block{block}_pool"][0] for block in (2, 3, 4, 5, 6)] == [112, 54, 26, 12, 5]
    found = {layer.name: layer.shape for layer in shapes(get_architecture("imagenette_cnn").table).layers}
    assert found["flatten"] == (7 * 7 * 70,)
    assert shapes(get_architecture("shallow_net").table).output_shape == (1_605_632,)


@pytest.mark.parametrize("entry", ARCHITECTURES, ids=lambda entry: entry.name)
def test_sizes_of_an_architecture_fit_each_other(entry: Architecture) -> None:
    assert entry.input_size in entry.input_sizes
    assert list(entry.input_sizes) == sorted(set(entry.input_sizes))
    assert entry.min_size <= min(entry.input_sizes)
    assert entry.shapes(entry.min_size).problem is None
    assert entry.min_size == 1 or entry.shapes(entry.min_size - 1).problem is not None
    assert 1 <= entry.blocks <= 6
    assert entry.feature_map(entry.input_size)[1] == entry.features


def test_the_small_network_is_what_it_was() -> None:
    entry = get_architecture("small_cnn")
    names = [layer.name for layer in shapes(entry.table).layers]
    assert names[:5] == ["rescaling", "block1_conv1", "block1_conv1_bn", "block1_conv1_relu", "block1_conv2"]
    assert names[-1] == "block4_conv2_relu"
    assert (entry.parameters, entry.features, entry.blocks) == (211_760, 96, 4)
    assert entry.feature_map(96) == (6, 96)
    assert spec_for("small_cnn").head == HeadSpec() == usual_head("vgg16")


def test_own_layers_are_an_architecture() -> None:
    table = LayerTable(20, 16, 1, (Conv2D(4), MaxPooling(), Flatten(), Dense(8)))
    spec = own_spec(table)
    entry = architecture_of(spec)
    assert entry is not None
    assert (entry.title, entry.input_sizes, entry.parameters) == ("Your own network", (20,), 40 + 8 * (8 * 10 * 4 + 1))
    assert feature_shape(spec) == (8,)
    assert own_spec(table, 40).layers == table.resized(40)
    assert spec.with_input_size(10) == own_spec(table, 10)
    assert spec_for("lenet").with_input_size(64).input_size == 64


def test_a_spec_means_one_network() -> None:
    table = LayerTable(20, 20, 3, (Conv2D(4),))
    for backbone, size, layers in (("vgg16", 20, table), ("own", 20, None), ("own", 24, table)):
        with pytest.raises(ValueError, match=r"layers"):
            ModelSpec(backbone, "none", size, layers=layers)


def test_what_the_head_reads_is_known_where_it_can_be() -> None:
    assert feature_shape(spec_for("vgg16")) == (7, 7, 512)
    assert feature_shape(spec_for("vgg16", cut_layer="block4_pool")) == (14, 14, 512)
    assert feature_shape(spec_for("vgg16", cut_layer="block6_pool")) is None
    assert feature_shape(spec_for("lenet", cut_layer="block2_conv1")) == (112, 112, 50)


def test_absurd_networks_are_warned_of_with_numbers() -> None:
    warning = spec_warning(spec_for("mini_vggnet"), 10)
    assert "102,834,474" in warning
    assert "412 MB" in warning
    assert "“dense1”" in warning
    assert spec_warning(spec_for("imagenette_cnn"), 10) == ""
    assert spec_warning(spec_for("vgg16"), 10) == ""
    assert "last layers" in spec_warning(spec_for("vgg16", head=HeadSpec.plain("flatten", (1024,))), 10)


def test_layers_that_can_not_be_built_are_an_error_for_people() -> None:
    table = LayerTable(8, 8, 3, (MaxPooling(4), MaxPooling(4)))
    with pytest.raises(TLStudioError, match=r"Layer 2 \(max_pooling\) can't be built: its window of 4 × 4"):
        require_possible_layers(table)
    spec = own_spec(table)
    with pytest.raises(TLStudioError, match="Layer 2"):
        require_fitting(spec, config_for(spec))
    with pytest.raises(TLStudioError, match="alexnet"):
        get_architecture("alexnet")
