from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from tlstudio.errors import TLStudioError
from tlstudio.modeling.backbones import STARTER, get_backbone
from tlstudio.modeling.network import build_backbone, build_head, build_network, build_part, tail_of
from tlstudio.modeling.part import PHOTO, POOLING, SCORES, Part, TrainedTail
from tlstudio.modeling.spec import HeadSpec, ModelSpec
from tlstudio.modeling.starter import starter_layers
from tlstudio.modeling.weights import ready_made
from tlstudio.training.recipes import spec_for


def photo(size: int, count: int = 2) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (count, size, size, 3), dtype=np.uint8)


def test_the_starter_sees_pixels_from_minus_one_to_one() -> None:
    values = photo(112)
    seen = keras.Input((112, 112, 3))
    bare = keras.Model(seen, starter_layers(seen))
    file = ready_made(get_backbone(STARTER), 112)
    bare.load_weights(file)
    expected = bare.predict_on_batch(values / np.float32(127.5) - 1)
    ours = build_backbone(spec_for(STARTER, None, 112), str(file)).predict_on_batch(values)
    assert expected.std() > 0.01, "trained weights tell photos apart"
    assert np.allclose(ours, expected, atol=1e-3)


def test_weights_and_preparation_agree_with_keras(spec: ModelSpec, weights_file: Path) -> None:
    theirs = keras.applications.MobileNet(alpha=0.25, include_top=False, weights=None, input_shape=(64, 64, 3))
    theirs.load_weights(weights_file)
    expected = theirs.predict_on_batch(keras.applications.mobilenet.preprocess_input(photo(64).astype("float32")))
    ours = build_backbone(spec, str(weights_file)).predict_on_batch(photo(64))
    assert np.allclose(ours, expected, atol=1e-3)


@pytest.mark.parametrize(("pooling", "features"), [("avg", 256), ("max", 256), ("flatten", 2 * 2 * 256)])
def test_heads_of_every_kind(spec: ModelSpec, pooling: str, features: int) -> None:
    head = HeadSpec.plain(pooling, (16, 8), "gelu", 0.2)  # type: ignore[arg-type]
    network = build_network(replace(spec, head=head), 3)
    assert network.get_layer(POOLING).output.shape == (None, features)
    assert network.outputs[0].shape == (None, 3)
    assert network.get_layer(SCORES) is network.layers[-1]
    alone = build_head(head, features, 3)
    tail = tail_of(network, POOLING)
    assert [weight.shape for weight in alone.weights] == [weight.shape for weight in tail.weights]
    assert [layer.name for layer in alone.layers[1:]] == [layer.name for layer in tail.layers[1:]]


def test_the_head_reads_the_cut_layer(spec: ModelSpec) -> None:
    network = build_network(replace(spec, cut_layer="conv_pw_5_relu"), 2)
    assert network.get_layer(POOLING).output.shape == (None, 64)
    with pytest.raises(ValueError, match="conv_pw_6_relu"):
        network.get_layer("conv_pw_6_relu")


@pytest.mark.parametrize("layer", ["nothing", "block_4_expand"])
def test_a_place_that_can_not_be_cut_is_an_error_for_people(layer: str) -> None:
    with pytest.raises(TLStudioError, match=f"can't be cut at “{layer}”") as caught:
        build_network(ModelSpec("mobilenet_v2_0.35", "none", 96, cut_layer=layer), 2)
    assert "block_16_project" in caught.value.hint


def test_too_small_photos_are_an_error_for_people() -> None:
    with pytest.raises(TLStudioError, match="too small for inception_v3") as caught:
        build_backbone(ModelSpec("inception_v3", "none", 64))
    assert "75" in caught.value.hint
    with pytest.raises(TLStudioError, match="too small for small_cnn"):
        build_backbone(ModelSpec("small_cnn", "none", 8))


@pytest.mark.parametrize(
    "name",
    [
        "mobilenet_v1_0.25_224_top.weights.h5",
        "mobilenet_v2_0.35_224_notop.weights.h5",
        "mobilenet_v2_1.0_224_top.weights.h5",
    ],
)
def test_weights_of_another_network_are_an_error_for_people(spec: ModelSpec, shared: Path, name: str) -> None:
    with pytest.raises(TLStudioError, match=r"doesn.t fit MobileNet 0\.25") as caught:
        build_backbone(spec, str(shared / "weights" / name))
    assert name in caught.value.message


@pytest.mark.parametrize("content", [b"", b"no weights", b"\x89HDF\r\n\x1a\n"])
@pytest.mark.parametrize("ending", [".weights.h5", ".h5"])
def test_a_file_of_anything_is_an_error_for_people(
    spec: ModelSpec, tmp_path: Path, content: bytes, ending: str
) -> None:
    path = tmp_path / f"any{ending}"
    path.write_bytes(content)
    with pytest.raises(TLStudioError, match=r"can.t be read as weights"):
        build_backbone(spec, str(path))


def test_parts_follow_each_other_to_the_whole(spec: ModelSpec, tmp_path: Path) -> None:
    network = build_network(spec, 3, spec.weights)
    tail_of(network, "conv_pw_11_relu").save_weights(tmp_path / "tail.weights.h5")
    tail = TrainedTail("conv_pw_11_relu", str(tmp_path / "tail.weights.h5"), "digest", 3)
    first = build_part(Part(spec, PHOTO, "conv_pw_11_relu", spec.weights, "digest"))
    second = build_part(Part(spec, "conv_pw_11_relu", SCORES, spec.weights, "digest", tail))
    scores = second.predict_on_batch(first.predict_on_batch(photo(64)))
    assert np.allclose(scores, network.predict_on_batch(photo(64)), atol=1e-6)


def test_damaged_trained_weights_are_an_error_for_people(spec: ModelSpec, tmp_path: Path) -> None:
    (tmp_path / "tail.weights.h5").write_bytes(b"half")
    tail = TrainedTail(POOLING, str(tmp_path / "tail.weights.h5"), "digest", 3)
    with pytest.raises(TLStudioError, match=r"tail.weights.h5 are damaged"):
        build_part(Part(spec, POOLING, SCORES, spec.weights, "digest", tail))
