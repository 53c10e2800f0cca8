"""What is said of networks without Keras is what Keras builds."""

from dataclasses import replace

import keras
import pytest

from tlstudio.modeling import graph
from tlstudio.modeling.head_text import parse_head
from tlstudio.modeling.layer_table import BatchNormalization, Conv2D, Dense, Flatten, LayerTable, MaxPooling
from tlstudio.modeling.network import build_backbone, build_network
from tlstudio.modeling.spec import ModelSpec
from tlstudio.modeling.summary.backbone_layers import backbone_layers
from tlstudio.modeling.summary.graph_layer import cut_indices
from tlstudio.modeling.summary.summary import cut_places, summarize
from tlstudio.training.recipes import own_spec, spec_for


@pytest.mark.parametrize(("name", "size"), [("mobilenet_v2_0.35", 97), ("mobilenet_v3_small", 102), ("starter", 64)])
def test_stored_layers_are_those_of_keras(name: str, size: int) -> None:
    network = build_backbone(ModelSpec(name, "none", size))
    stored = backbone_layers(name, size)
    assert [(layer.name, layer.kind, layer.shape, layer.parameters) for layer in stored] == [
        (layer.name, type(layer).__name__, tuple(layer.output.shape[1:]), layer.count_params())
        for layer in network.layers
    ]
    assert [stored[index].name for index in cut_indices(stored)] == graph.cut_layers(network)


OWN = own_spec(
    LayerTable(24, 12, 1, (Conv2D(4), BatchNormalization(), MaxPooling(), Flatten(), Dense(8))),
    head=parse_head("dense 6, batchnorm, dropout 0.5"),
)


@pytest.mark.parametrize(
    "spec",
    [
        OWN,
        replace(OWN, cut_layer="block2_pool"),
        spec_for("lenet", input_size=28),
        replace(spec_for("mobilenet_0.25", "none", 64), cut_layer="conv_pw_5_relu"),
    ],
    ids=["own", "own-cut", "lenet", "backbone-cut"],
)
def test_a_whole_network_is_summed_up_as_it_is_built(spec: ModelSpec) -> None:
    network = build_network(spec, 3)
    summary = summarize(spec, 3)
    assert [(layer.name, layer.shape, layer.parameters) for layer in summary.layers] == [
        (layer.name, tuple(layer.output.shape[1:]), layer.count_params()) for layer in network.layers
    ]
    assert summary.trained == sum(keras.ops.size(weight) for weight in network.trainable_weights)


def test_every_place_can_be_cut_at() -> None:
    for place in cut_places(OWN):
        network = build_network(replace(OWN, cut_layer=place.name), 3)
        assert tuple(network.get_layer(place.name).output.shape[1:]) == place.shape
