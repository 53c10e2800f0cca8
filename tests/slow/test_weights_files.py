"""The table of published weights says of every file what Keras itself says of it."""

from typing import NoReturn

import pytest

from tlstudio.modeling import backend
from tlstudio.modeling.backbones import BACKBONES, Backbone
from tlstudio.modeling.weights_files import WeightsFile, file_with_top, file_without_top

pytestmark = pytest.mark.slow

DOWNLOADED = [backbone for backbone in BACKBONES if backbone.pretrained == "imagenet"]


class Asked(Exception):  # noqa: N818 - how Keras is interrupted, not an error
    """Keras asked for a file."""


@pytest.fixture
def asking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keras asks for its files, but makes no arrays and gets nothing."""
    backend.start()
    from keras.src.utils import file_utils

    def note(fname: str, origin: str, *, file_hash: str = "", **_: object) -> NoReturn:
        raise Asked(fname, origin, file_hash)

    monkeypatch.setattr(file_utils, "get_file", note)


def asked(file: WeightsFile) -> tuple[str, str, str]:
    """Name, place and digest of the file that Keras would download."""
    import keras

    backbone = file.backbone
    width = {} if backbone.width is None else {"alpha": backbone.width}
    shape = (file.input_size, file.input_size, 3)
    constructor = getattr(keras.applications, backbone.constructor)
    with keras.StatelessScope(initialize_variables=False), pytest.raises(Asked) as caught:
        constructor(include_top=file.top, weights="imagenet", input_shape=shape, **width)
    name, url, digest = caught.value.args
    return name, url, digest


@pytest.mark.usefixtures("asking")
@pytest.mark.parametrize("backbone", DOWNLOADED, ids=lambda backbone: backbone.name)
def test_names_places_and_digests_are_kerass_own(backbone: Backbone) -> None:
    sizes = {backbone.imagenet_size(size) for size in (*backbone.input_sizes, 100)}
    for file in (file_with_top(backbone), *(file_without_top(backbone, size) for size in sorted(sizes))):
        digest = file.remote.checksum.partition(":")[2]
        assert (file.name, file.remote.urls[0], digest) == asked(file)


@pytest.mark.parametrize("backbone", DOWNLOADED, ids=lambda backbone: backbone.name)
def test_sizes_with_the_answer_follow_from_the_parameters(backbone: Backbone) -> None:
    backend.start()
    import keras

    width = {} if backbone.width is None else {"alpha": backbone.width}
    with keras.StatelessScope(initialize_variables=False):
        model = getattr(keras.applications, backbone.constructor)(weights=None, **width)
        counted = model.count_params()
    assert abs(4 * counted - file_with_top(backbone).bytes) <= 32  # EfficientNet's three means are integers for Keras
