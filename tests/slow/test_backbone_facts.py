"""What the tables say of the networks is what Keras builds."""

import pytest

from tlstudio.modeling import backend
from tlstudio.modeling.backbones import STARTER, Backbone, get_backbone
from tlstudio.training.recipes import spec_for

pytestmark = pytest.mark.slow

# One of each kind of arithmetic: how a network pads is the same in all of its family.
PADDINGS = [
    get_backbone(name)
    for name in (
        "vgg16",
        "inception_v3",
        "inception_resnet_v2",
        "xception",
        "resnet50",
        "resnet50_v2",
        "densenet121",
        "mobilenet_0.25",
        "mobilenet_v2_0.35",
        "mobilenet_v3_small",
        "nasnet_mobile",
        "efficientnet_b0",
        "efficientnet_v2_b0",
        "efficientnet_v2_s",
        "convnext_tiny",
        STARTER,
    )
]


@pytest.mark.parametrize("entry", PADDINGS, ids=lambda entry: entry.name)
def test_the_last_feature_map_and_the_number_of_weights_are_known(entry: Backbone) -> None:
    backend.start()
    from tlstudio.modeling.network import build_backbone

    for size in entry.input_sizes:
        network = build_backbone(spec_for(entry.name, "none", size))
        side, channels = entry.feature_map(size)
        assert network.output.shape == (None, side, side, channels), size
    assert network.count_params() == entry.parameters
