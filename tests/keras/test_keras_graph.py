import keras
import numpy as np
import pytest

from tlstudio.errors import TLStudioError
from tlstudio.modeling.graph import cut_before, cut_layers, feeding, topological_order
from tlstudio.modeling.network import build_backbone
from tlstudio.modeling.spec import ModelSpec


@pytest.fixture(scope="module")
def branched() -> keras.Model:
    """photo -> stem -> (left, right) -> join -> (join + tail) -> end."""
    photo = keras.Input((4,), name="photo")
    stem = keras.layers.Dense(4, name="stem")(photo)
    left = keras.layers.Dense(4, name="left")(stem)
    right = keras.layers.Dense(4, name="right")(keras.layers.Activation("relu", name="right_relu")(stem))
    join = keras.layers.Add(name="join")([left, right])
    tail = keras.layers.Dense(4, name="tail")(join)
    end = keras.layers.Add(name="end")([join, tail])
    return keras.Model(photo, keras.layers.Dense(2, name="scores")(end))


@pytest.fixture(scope="module")
def backbones() -> dict[str, keras.Model]:
    sizes = {"mobilenet_v2_0.35": 96, "inception_v3": 75, "xception": 71, "resnet50_v2": 64}
    return {name: build_backbone(ModelSpec(name, "none", size)) for name, size in sizes.items()}


def test_a_cut_feeds_everything_after_it_alone(branched: keras.Model) -> None:
    assert cut_layers(branched) == ["photo", "stem", "join", "end", "scores"]


def test_everything_comes_after_what_it_reads(branched: keras.Model) -> None:
    order = [operation.name for operation in topological_order(branched)]
    assert sorted(order) == sorted(["photo", "stem", "left", "right", "right_relu", "join", "tail", "end", "scores"])
    for before, after in (("stem", "right_relu"), ("right_relu", "right"), ("left", "join"), ("join", "tail")):
        assert order.index(before) < order.index(after)


def test_what_feeds_a_layer(branched: keras.Model) -> None:
    assert feeding(branched, "join") == {"photo", "stem", "left", "right", "right_relu"}
    assert feeding(branched, "left") == {"photo", "stem"}
    assert feeding(branched, "photo") == set()
    assert feeding(branched, "nothing") == set()


@pytest.mark.parametrize(
    ("layer", "cut"),
    [
        ("stem", "photo"),
        ("left", "stem"),
        ("right_relu", "stem"),
        ("right", "stem"),
        ("join", "join"),  # it has no weights: all that learns lies behind it
        ("tail", "join"),
        ("end", "end"),
        ("scores", "end"),
    ],
)
def test_the_cut_before_a_layer(branched: keras.Model, layer: str, cut: str) -> None:
    assert cut_before(branched, layer) == cut


def test_an_unknown_layer_is_an_error_that_names_similar_ones(branched: keras.Model) -> None:
    with pytest.raises(TLStudioError, match="no layer called “right_rel”") as caught:
        cut_before(branched, "right_rel")
    assert "right_relu" in caught.value.hint


@pytest.mark.parametrize(
    ("backbone", "layer"),
    [
        ("mobilenet_v2_0.35", "block_12_add"),
        ("inception_v3", "mixed7"),
        ("resnet50_v2", "conv4_block6_out"),
        ("xception", "block13_pool"),
    ],
)
def test_the_well_known_cuts(backbones: dict[str, keras.Model], backbone: str, layer: str) -> None:
    cuts = cut_layers(backbones[backbone])
    assert (layer in cuts) == (layer != "block13_pool"), "block13_pool is one of two branches"
    assert cuts[0] == "photo"
    assert cuts[-1] == backbones[backbone].layers[-1].name


@pytest.mark.parametrize(
    ("backbone", "layer", "cut"),
    [
        ("mobilenet_v2_0.35", "block_13_expand", "block_12_add"),
        ("mobilenet_v2_0.35", "block_12_project", "block_11_add"),
        ("inception_v3", "mixed8", "mixed8"),
        ("xception", "block14_sepconv1", "add_11"),
        ("resnet50_v2", "conv5_block1_preact_bn", "conv4_block6_out"),
    ],
)
def test_cuts_before_the_layers_that_are_refined(
    backbones: dict[str, keras.Model], backbone: str, layer: str, cut: str
) -> None:
    assert cut_before(backbones[backbone], layer) == cut


def test_two_parts_compute_what_the_whole_does(backbones: dict[str, keras.Model]) -> None:
    whole = backbones["mobilenet_v2_0.35"]
    photo = np.random.default_rng(0).integers(0, 256, (2, *whole.input_shape[1:]), dtype=np.uint8)
    expected = whole.predict_on_batch(photo)
    cuts = cut_layers(whole)
    middle = whole.get_layer(cuts[len(cuts) // 2]).output
    features = keras.Model(whole.inputs[0], middle).predict_on_batch(photo)
    assert np.array_equal(keras.Model(middle, whole.outputs[0]).predict_on_batch(features), expected)


def test_inception_at_224_has_12_by_12_by_768_at_mixed7() -> None:
    backbone = build_backbone(ModelSpec("inception_v3", "none", 224))
    assert backbone.get_layer("mixed7").output.shape == (None, 12, 12, 768)


def test_unnamed_layers_have_the_same_names_every_time() -> None:
    keras.layers.Add()  # takes a number
    names = {layer.name for layer in build_backbone(ModelSpec("xception", "none", 71)).layers}
    assert {"add", "add_11"} <= names
    assert "add_12" not in names
