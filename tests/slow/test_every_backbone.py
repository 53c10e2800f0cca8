"""Every entry of the table against Keras itself: what the table says of a network must be so."""

from pathlib import Path
from typing import NoReturn

import pytest

from tlstudio.modeling import backend, download
from tlstudio.modeling.architectures import ARCHITECTURES, Architecture
from tlstudio.modeling.backbones import BACKBONES, Backbone
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


class Asked(Exception):  # noqa: N818 - how Keras is interrupted, not an error
    """Keras asked for a file."""


DOWNLOADED = [backbone for backbone in BACKBONES if backbone.pretrained == "imagenet"]


@pytest.mark.parametrize("backbone", DOWNLOADED, ids=lambda backbone: backbone.name)
def test_kerass_own_files_have_the_names_of_the_table(backbone: Backbone, monkeypatch: pytest.MonkeyPatch) -> None:
    """The download process of every size asks for the file that the table names, where Keras asks its server."""
    from keras.src.utils import file_utils

    def note(fname: str, origin: str, *, file_hash: str = "", **_: object) -> NoReturn:
        raise Asked(fname, Path(origin).name, file_hash)

    monkeypatch.setattr(file_utils, "get_file", note)
    for size in {backbone.imagenet_size(size): size for size in (*backbone.input_sizes, 100)}.values():
        with pytest.raises(Asked) as caught:
            download.main(backbone.name, str(size))
        name, served_as, file_hash = caught.value.args
        assert (name, file_hash) == (backbone.imagenet_file(size), backbone.weights_hash)
        assert served_as.endswith((name, "_notop.h5", "_no_top.h5", "-no-top.h5", "_no_top_v2.h5"))
