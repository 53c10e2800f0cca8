"""The layers that ship with the program are those that Keras builds, at any size."""

import pytest

from tlstudio.modeling import backend
from tlstudio.modeling.backbones import BACKBONES, Backbone
from tlstudio.modeling.spec import ModelSpec
from tlstudio.modeling.summary.backbone_layers import backbone_layers
from tlstudio.modeling.summary.graph_layer import cut_indices, feeding

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("entry", BACKBONES, ids=lambda entry: entry.name)
def test_stored_layers_are_those_of_keras(entry: Backbone) -> None:
    backend.start()
    from tlstudio.modeling import graph
    from tlstudio.modeling.network import build_backbone

    for size in (entry.input_size, entry.min_size + 30 - entry.min_size % 2 + 1):  # an odd one, too
        network = build_backbone(ModelSpec(entry.name, "none", size))
        stored = backbone_layers(entry.name, size)
        assert [(layer.name, layer.kind, layer.shape, layer.parameters) for layer in stored] == [
            (layer.name, type(layer).__name__, tuple(layer.output.shape[1:]), layer.count_params())
            for layer in network.layers
        ]
        assert [stored[index].name for index in cut_indices(stored)] == graph.cut_layers(network)
        layer = entry.unfreeze_from
        index = next(index for index, found in enumerate(stored) if found.name == layer)
        names = {found.name for found in network.layers}
        assert {stored[before].name for before in feeding(stored, index)} == graph.feeding(network, layer) & names
