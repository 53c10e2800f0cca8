"""Every entry of the table against Keras itself: what the table says of a network must be so."""

import pytest

from tlstudio.modeling import backend
from tlstudio.modeling.architectures import ARCHITECTURES, Architecture
from tlstudio.modeling.spec import ModelSpec

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]


@pytest.fixture(scope="session", autouse=True)
def keras_started() -> None:
    backend.start()


@pytest.mark.parametrize("architecture", ARCHITECTURES, ids=lambda architecture: architecture.name)
def test_an_architecture_takes_its_smallest_photos(architecture: Architecture) -> None:
    from tlstudio.modeling.network import build_network

    network = build_network(ModelSpec(architecture.name, "none", architecture.min_size), 3)
    assert network.outputs[0].shape == (None, 3)
