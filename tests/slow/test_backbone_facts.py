"""What the tables say of the networks is what Keras builds."""

import pytest

from tlstudio.modeling import backend
from tlstudio.modeling.architectures import ARCHITECTURES, Architecture
from tlstudio.modeling.backbones import BACKBONES, Backbone
from tlstudio.training.recipes import spec_for

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("entry", [*BACKBONES, *ARCHITECTURES], ids=lambda entry: str(entry.name))
def test_the_last_feature_map_and_the_number_of_weights_are_known(entry: Backbone | Architecture) -> None:
    backend.start()
    from tlstudio.modeling.network import build_backbone

    for size in entry.input_sizes:
        network = build_backbone(spec_for(entry.name, "none", size))
        side, channels = entry.feature_map(size)
        assert network.output.shape == (None, side, side, channels), size
    assert network.count_params() == entry.parameters
