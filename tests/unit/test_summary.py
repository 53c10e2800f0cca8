"""What networks look like, by formula: against the tables, the papers' counts and the reference page."""

from dataclasses import replace
from itertools import pairwise

import pytest

from tlstudio.errors import TLStudioError
from tlstudio.modeling.backbones import BACKBONES, Backbone, get_backbone
from tlstudio.modeling.layer_table import Conv2D, Dense, Dropout, Flatten, LayerTable, MaxPooling
from tlstudio.modeling.spec import HeadSpec, ModelSpec
from tlstudio.modeling.summary.backbone_layers import backbone_layers
from tlstudio.modeling.summary.block_names import STEM, block_names
from tlstudio.modeling.summary.graph_layer import GraphLayer, cut_indices, feeding
from tlstudio.modeling.summary.summary import (
    HEAD,
    blocks,
    cut_places,
    first_layer_of_last_blocks,
    summarize,
    usual_unfreeze,
)
from tlstudio.training.recipes import own_spec, spec_for

INCEPTION = spec_for("inception_v3", "imagenet", 224)
EVERY_BACKBONE = pytest.mark.parametrize("entry", BACKBONES, ids=lambda entry: entry.name)


@pytest.mark.parametrize(
    ("name", "layers"),
    [
        ("inception_v3", 311),
        ("xception", 132),
        ("vgg16", 19),
        ("vgg19", 22),
        ("resnet50_v2", 190),
        ("mobilenet_v3_small", 157),
        ("mobilenet_v3_large", 187),
    ],
)
def test_layers_are_counted_as_keras_counts_them(name: str, layers: int) -> None:
    assert len(backbone_layers(name, get_backbone(name).input_size)) == layers


@pytest.mark.parametrize(
    ("name", "index", "shape"),
    [("mixed4", 132, (12, 12, 768)), ("mixed7", 228, (12, 12, 768)), ("mixed9", 279, (5, 5, 2048))],
)
def test_inception_is_cut_where_the_notebooks_cut_it(name: str, index: int, shape: tuple[int, ...]) -> None:
    place = next(place for place in cut_places(INCEPTION) if place.name == name)
    assert (place.index, place.shape) == (index, shape)
    summary = summarize(replace(INCEPTION, cut_layer=name), 2)
    assert summary.cut == name
    assert summary.layers[index].name == name
    assert [layer.name for layer in summary.layers[index + 1 :]][:1] == ["pooling"]


PLAIN, DEEP = HeadSpec(layers=(Dropout(0.2),)), HeadSpec(layers=(Dense(128), Dropout(0.2)))


@pytest.mark.parametrize(
    ("backbone", "head", "trained"),
    [
        ("mobilenet_v3_small", PLAIN, 5_770),
        ("mobilenet_v3_small", DEEP, 75_146),
        ("mobilenet_v3_large", PLAIN, 9_610),
        ("mobilenet_v3_large", DEEP, 124_298),
        ("resnet50_v2", PLAIN, 20_490),
    ],
)
def test_a_head_learns_as_many_numbers_as_in_the_reference(backbone: str, head: HeadSpec, trained: int) -> None:
    summary = summarize(spec_for(backbone, "imagenet", head=head), 10)
    assert summary.trained == trained
    assert summary.parameters == get_backbone(backbone).parameters + trained


@EVERY_BACKBONE
def test_layers_add_up_to_what_the_table_says(entry: Backbone) -> None:
    layers = backbone_layers(entry.name, entry.input_size)
    assert sum(layer.parameters for layer in layers) == entry.parameters
    assert sum(layer.multiply_adds for layer in layers) / 1e6 == pytest.approx(entry.multiply_adds, rel=0.02, abs=1)


@EVERY_BACKBONE
def test_the_last_feature_map_is_known_at_every_size(entry: Backbone) -> None:
    for size in entry.input_sizes:
        side, channels = entry.feature_map(size)
        assert backbone_layers(entry.name, size)[-1].shape == (side, side, channels), size


@EVERY_BACKBONE
def test_blocks_are_those_that_the_authors_count(entry: Backbone) -> None:
    summary = summarize(spec_for(entry.name, "imagenet"), 5)
    found = [block.name for block in blocks(summary) if block.name != STEM]
    assert len(found) == len(set(found)) == entry.blocks


@EVERY_BACKBONE
def test_the_last_blocks_are_what_refining_usually_trains(entry: Backbone) -> None:
    spec = spec_for(entry.name, "imagenet")
    layer = first_layer_of_last_blocks(summarize(spec, 5), entry.refined_blocks)
    assert summarize(spec, 5, layer).trained == summarize(spec, 5, entry.unfreeze_from).trained
    refined = [block for block in blocks(summarize(spec, 5, layer)) if block.state == "refined"]
    assert len(refined) == entry.refined_blocks


def test_all_blocks_are_the_most_that_can_be_refined() -> None:
    summary = summarize(spec_for("vgg16", "imagenet"), 5)
    assert first_layer_of_last_blocks(summary, 99) == "block1_conv1"
    assert first_layer_of_last_blocks(summary, 1) == "block5_conv1"


def test_batch_norm_stays_unless_it_is_to_learn() -> None:
    spec = spec_for("mobilenet_v2_1.0", "imagenet")
    kept = summarize(spec, 5, "block_16_expand")
    learnt = summarize(spec, 5, "block_16_expand", learn_batch_norm=True)
    by_name = {layer.name: layer for layer in kept.layers}
    assert by_name["block_16_expand"].state == "refined"
    assert by_name["block_16_expand_BN"].state == by_name["block_15_add"].state == "frozen"
    assert by_name["scores"].state == "new"
    last = blocks(learnt)[-1]
    norms = sum(layer.parameters // 2 for layer in last.layers if layer.kind == "BatchNormalization")
    assert learnt.trained - kept.trained == norms > 0


def test_everything_can_be_refined_and_everything_can_be_new() -> None:
    spec = spec_for("vgg16", "imagenet")
    assert summarize(spec, 5, "").trained == summarize(spec, 5, "").parameters
    scratch = summarize(replace(spec, weights="none"), 5)
    assert {layer.state for layer in scratch.layers} == {"new"}
    assert scratch.trained == scratch.parameters


def test_a_parallel_branch_is_refined_with_its_block() -> None:
    """Of the branches of mixed9, one that comes before the first refined layer but does not feed it learns, too."""
    states = {layer.name: layer.state for layer in summarize(INCEPTION, 5, "conv2d_76").layers}
    assert [layer.index for layer in summarize(INCEPTION, 5).layers if layer.name in ("conv2d_80", "conv2d_76")] == [
        249,
        263,
    ]
    assert (states["conv2d_76"], states["conv2d_80"], states["conv2d_75"]) == ("refined", "refined", "frozen")


def test_work_and_numbers_grow_from_cut_to_cut() -> None:
    for name in ("inception_v3", "lenet", "starter"):
        places = cut_places(spec_for(name))
        for before, after in pairwise(places):
            assert before.index < after.index
            assert before.compute <= after.compute
            assert before.parameters <= after.parameters
        assert places[-1].compute == 1
        assert places[0].index > 0, "behind the photo there is no network left"


def test_a_cut_leaves_the_usual_refining_something_to_refine() -> None:
    assert usual_unfreeze(INCEPTION) == "mixed8"
    for cut in ("mixed7", "mixed8", "mixed3"):
        spec = replace(INCEPTION, cut_layer=cut)
        summary = summarize(spec, 5, usual_unfreeze(spec))
        assert [block.state for block in blocks(summary)][-2:] == ["refined", "refined"]
    assert usual_unfreeze(replace(INCEPTION, cut_layer="mixed9")) == "mixed8"
    assert usual_unfreeze(spec_for("lenet")) == ""


@pytest.mark.parametrize(
    ("spec", "unfreeze_from", "said"),
    [
        (spec_for("inception_v3", cut_layer="conv2d_80"), None, "can't be cut at “conv2d_80”"),
        (spec_for("inception_v3", cut_layer="mixed7"), "mixed8", "no layer called “mixed8”"),
        (spec_for("vgg16", input_size=20), None, "too small"),
        (ModelSpec("vgg17", "none", 64), None, "no network called “vgg17”"),
    ],
)
def test_what_cannot_be_is_said(spec: ModelSpec, unfreeze_from: str | None, said: str) -> None:
    with pytest.raises(TLStudioError, match=said):
        summarize(spec, 2, unfreeze_from)


def test_a_network_of_ones_own_is_known_by_formula() -> None:
    rows = (Conv2D(8), MaxPooling(), Conv2D(16, stride=2), Flatten(), Dense(10))
    summary = summarize(own_spec(LayerTable(32, 16, 1, rows)), 3)
    shapes = [(layer.name, layer.kind, layer.shape) for layer in summary.layers]
    assert shapes == [
        ("photo", "InputLayer", (32, 32, 3)),
        ("resizing", "Resizing", (16, 32, 3)),
        ("block1_conv1", "Conv2D", (16, 32, 8)),
        ("block2_pool", "MaxPooling2D", (8, 16, 8)),
        ("block2_conv1", "Conv2D", (4, 8, 16)),
        ("flatten", "Flatten", (512,)),
        ("dense1", "Dense", (10,)),
        ("pooling", "Flatten", (10,)),
        ("scores", "Dense", (3,)),
    ]
    assert summary.multiply_adds == 9 * 8 * 16 * 32 + 9 * 8 * 16 * 4 * 8 + 512 * 10 + 10 * 3
    assert [block.name for block in blocks(summary)] == ["block1", "block2", "dense"]
    assert [layer.block for layer in summary.layers][-2:] == [HEAD, HEAD]


def test_of_an_impossible_network_the_possible_part_is_shown() -> None:
    spec = own_spec(LayerTable(8, 8, 3, (Conv2D(4), MaxPooling(4), Conv2D(4, (7, 7), padding="valid"), Flatten())))
    assert [layer.name for layer in summarize(spec, 2).layers][-4:] == [
        "block1_conv1",
        "block2_pool",
        "pooling",
        "scores",
    ]


def _graph(*reads: tuple[int, ...]) -> tuple[GraphLayer, ...]:
    return tuple(GraphLayer(f"layer{index}", "Dense", read, (4,), 1, 1, 1) for index, read in enumerate(reads))


def test_a_cut_feeds_everything_behind_it_alone() -> None:
    graph = _graph((), (0,), (1,), (1,), (2, 3), (4,), (4, 5))
    assert cut_indices(graph) == (0, 1, 4, 6)
    assert feeding(graph, 4) == {0, 1, 2, 3}
    assert feeding(graph, 0) == set()


def test_a_family_without_a_rule_has_its_cuts_for_blocks() -> None:
    unknown = replace(get_backbone("vgg16"), constructor="Unheard")
    graph = _graph((), (0,), (1,), (1,), (2, 3), (4,))
    assert block_names(graph, unknown) == ("layer0", "layer1", "layer4", "layer4", "layer4", "layer5")
