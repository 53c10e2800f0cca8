import os

import pytest

from tlstudio.datasets.dataset import Sample
from tlstudio.datasets.splits.split import Split, SplitConfig
from tlstudio.events import EpochEnded
from tlstudio.modeling.layer_table import Activation, BatchNormalization, Conv2D, Dense, Flatten, LayerTable
from tlstudio.modeling.spec import HeadSpec, ModelSpec
from tlstudio.serialization import from_json, to_json
from tlstudio.training.config import Optimizer, Phase, Schedule, Stop, TrainConfig
from tlstudio.training.history import History

EPOCH = EpochEnded(0, 0, 0.7, 0.5, None, None, 1.25, 1e-3, True)


@pytest.mark.parametrize(
    "data",
    [
        ModelSpec("vgg16", "imagenet", 224, "block4_pool", HeadSpec.plain("max", (64, 32), "gelu", 0.25)),
        ModelSpec(
            "vgg16", "none", 224, head=HeadSpec(layers=(BatchNormalization(), Activation()), l1=0.1, loss="binary")
        ),
        ModelSpec("own", "none", 40, layers=LayerTable(40, 30, 1, (Conv2D(8, (3, 5)), Flatten(), Dense(4)))),
        TrainConfig((Phase("head", 3, 1e-3), Phase("fine_tune", 2, 1e-5, unfreeze_from="block5_conv1")), 7),
        ModelSpec("vgg16", "imagenet", 224, preprocessing="caffe"),
        TrainConfig(
            (
                Phase("head", 3, 1e-3, class_weights=(("cat", 2.0),), stops=(Stop("accuracy", 0, at_least=0.98),)),
                Phase("fine_tune", 2, 1e-4, optimizer=Optimizer("sgd", 0.9, nesterov=True), class_weights="balanced"),
                Phase("fine_tune", 2, 1e-4, schedule=Schedule("step", decay=1e-6), stops=(), keep="last", data="live"),
            )
        ),
        Split((0, 2), (1,), ()),
        SplitConfig(0.5, 0.25, 0.25, 3),
        History(("head",), (EPOCH,)),
        Sample("Ähre/photo “1”.jpg", "Ähre", 3, 4, "00"),
    ],
)
def test_plain_data_survives(data: object) -> None:
    for indent in (None, 1):
        assert from_json(to_json(data, indent=indent), type(data)) == data


def test_file_names_that_are_no_utf8_survive() -> None:
    name = os.fsdecode(b"caf\xe9/photo_\xff.jpg")
    sample = Sample(name, "caf\udce9", 3, 4, "00")
    text = to_json(sample)
    assert text.isascii()
    assert os.fsencode(from_json(text, Sample).path) == b"caf\xe9/photo_\xff.jpg"


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b'{"path": 1}', b"\xff\xfe", b'{"path": "a"}', b"null"])
def test_anything_else_is_a_value_error(text: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the readers show whatever it says
        from_json(text, Sample)


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_json_has_no_words_for_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        to_json({"loss": number})


def test_values_that_the_types_refuse_are_value_errors() -> None:
    text = to_json(Phase("head", 3, 1e-3)).replace(b'"epochs": 3', b'"epochs": 0')
    with pytest.raises(ValueError, match="at least 1"):
        from_json(text, Phase)
