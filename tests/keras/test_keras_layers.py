"""Layers as plain data against the networks that Keras builds of them."""

from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tlstudio.errors import TLStudioError
from tlstudio.modeling.architectures import ARCHITECTURES, Architecture, table_of
from tlstudio.modeling.convert import convert, difference
from tlstudio.modeling.engine import LiteRTEngine
from tlstudio.modeling.head import head_layers
from tlstudio.modeling.head_text import parse_head
from tlstudio.modeling.layer_table import (
    Activation,
    AveragePooling,
    BatchNormalization,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePooling,
    GlobalMaxPooling,
    Layer,
    LayerShape,
    LayerTable,
    MaxPooling,
    Rescaling,
    shapes,
)
from tlstudio.modeling.network import build_backbone, build_head, build_network
from tlstudio.modeling.spec import ModelSpec
from tlstudio.training.compilation import prepare
from tlstudio.training.config import Phase
from tlstudio.training.recipes import own_spec, spec_for

SCRATCH = Phase("scratch", 1, 1e-3)
FULL_SIZE = [entry for entry in ARCHITECTURES if entry.parameters < 200_000_000]  # not the one of 1.6 GB


def photos(size: int, count: int = 4) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (count, size, size, 3), dtype=np.uint8)


def same(layers: tuple[LayerShape, ...], network: Any) -> None:  # noqa: ANN401
    """What the formulas say of layers is what Keras has built."""
    for layer in layers:
        built = network.get_layer(layer.name)
        assert built.output.shape[1:] == layer.shape, layer.name
        assert built.count_params() == layer.parameters, layer.name
        learnt = sum(int(np.prod(weight.shape)) for weight in built.trainable_weights)
        assert learnt == layer.trainable, layer.name


def small_spec(entry: Architecture, **changes: Any) -> ModelSpec:  # noqa: ANN401
    return replace(spec_for(entry.name, input_size=max(entry.min_size, 16)), **changes)


def learns(spec: ModelSpec, n_classes: int) -> None:
    """A step of training changes a network that is as the formulas say, and its scores are shares of one."""
    network = build_network(spec, n_classes)
    table = table_of(spec)
    assert table is not None
    same(shapes(table).layers, network)
    same(head_layers(spec.head, shapes(table).output_shape, n_classes)[1:-1], network)
    total = sum(
        layer.parameters
        for layer in (*shapes(table).layers, *head_layers(spec.head, shapes(table).output_shape, n_classes))
    )
    assert network.count_params() == total
    prepare(network, SCRATCH, spec.head.loss)
    before = network.get_weights()
    logs = network.train_on_batch(photos(spec.input_size), np.arange(4) % n_classes, return_dict=True)
    assert np.isfinite(logs["loss"])
    assert any((one != other).any() for one, other in zip(before, network.get_weights(), strict=True))
    scores = network.predict_on_batch(photos(spec.input_size))
    assert scores.shape == (4, n_classes)
    assert np.allclose(scores.sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("entry", ARCHITECTURES, ids=lambda entry: entry.name)
def test_every_architecture_is_as_the_formulas_say_and_learns(entry: Architecture) -> None:
    learns(small_spec(entry), 3)


@pytest.mark.slow
@pytest.mark.parametrize("entry", FULL_SIZE, ids=lambda entry: entry.name)
def test_every_architecture_learns_at_the_size_it_was_designed_for(entry: Architecture) -> None:
    learns(spec_for(entry.name), 3)


@pytest.mark.parametrize("text", ["sigmoid", "binary", "gap, batchnorm, dense 8 silu, dropout 0.2, l1 0.01, l2 0.01"])
def test_heads_of_every_kind_learn(text: str) -> None:
    learns(small_spec(ARCHITECTURES[0], head=parse_head(text)), 2)


MAPS: st.SearchStrategy[Layer] = st.one_of(
    st.builds(
        Conv2D,
        st.integers(1, 5),
        st.tuples(st.integers(1, 4), st.integers(1, 4)),
        st.integers(1, 3),
        st.sampled_from(["same", "valid"]),
        bias=st.booleans(),
    ),
    st.builds(MaxPooling, st.integers(1, 3), st.none() | st.integers(1, 3), st.sampled_from(["same", "valid"])),
    st.builds(AveragePooling, st.integers(1, 3), st.none() | st.integers(1, 3), st.sampled_from(["same", "valid"])),
)
ANY: st.SearchStrategy[Layer] = st.one_of(
    st.builds(BatchNormalization), st.builds(Activation), st.builds(Dropout, st.just(0.5)), st.just(Rescaling(2.0, 1.0))
)
ENDS: st.SearchStrategy[tuple[Layer, ...]] = st.sampled_from(
    [
        (),
        (Flatten(),),
        (GlobalAveragePooling(),),
        (GlobalMaxPooling(), Dense(3), BatchNormalization(), Dense(2, "tanh")),
    ]
)
TABLES = st.builds(
    lambda width, height, channels, rows, end: LayerTable(width, height, channels, (*rows, *end)),
    st.integers(1, 16),
    st.integers(1, 16),
    st.sampled_from([1, 3]),
    st.lists(MAPS | ANY, max_size=7),
    ENDS,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TABLES)
def test_any_layers_are_as_the_formulas_say(table: LayerTable) -> None:
    found = shapes(table)
    if found.problem is None:
        network = build_backbone(own_spec(table))
        assert network.outputs[0].shape[1:] == found.output_shape
        assert network.count_params() == found.parameters
        same(found.layers, network)
    else:
        with pytest.raises(TLStudioError, match=f"Layer {found.problem.row + 1} "):
            build_backbone(own_spec(table))


def test_grey_is_what_the_eye_sees() -> None:
    network = build_backbone(own_spec(LayerTable(5, 5, 1, ())))
    picture = photos(5)
    grey = network.predict_on_batch(picture)
    assert grey.shape == (4, 5, 5, 1)
    assert np.allclose(grey[..., 0], picture @ np.array([0.299, 0.587, 0.114]), atol=1e-3)
    white = np.full((1, 5, 5, 3), 255, np.uint8)
    assert np.allclose(network.predict_on_batch(white), 255, atol=1e-3)


def test_an_input_that_is_no_square_is_the_squeezed_photo() -> None:
    network = build_backbone(own_spec(LayerTable(8, 4, 3, ())))
    picture = np.repeat(photos(8)[:, ::2], 2, axis=1)
    squeezed = network.predict_on_batch(picture)
    assert squeezed.shape == (4, 4, 8, 3)
    assert np.allclose(squeezed, picture[:, ::2], atol=1e-3)


OWN = own_spec(
    LayerTable(24, 18, 1, (Rescaling(1 / 255), Conv2D(4, (3, 5)), BatchNormalization(), AveragePooling(3, 2)))
)


@pytest.mark.parametrize(
    "spec",
    [
        small_spec(ARCHITECTURES[3], head=parse_head("sigmoid")),
        spec_for("mnist_cnn", head=parse_head("gmp, dense 8 leaky_relu, dropout 0.5, batchnorm")),
        replace(OWN, head=parse_head("gmp, dense 6 elu, dense 4 silu, sigmoid")),
    ],
    ids=["base_cnn", "mnist_cnn", "own"],
)
def test_the_quick_engine_agrees_with_keras(spec: ModelSpec) -> None:
    network = build_network(spec, 2)
    assert difference(network, LiteRTEngine(convert(network)), photos(spec.input_size)) < 1e-4


def test_a_sigmoid_gives_two_columns() -> None:
    head = build_head(parse_head("sigmoid"), 6, 2)
    inputs = np.random.default_rng(0).normal(size=(5, 6)).astype(np.float32)
    kernel, bias = head.get_weights()
    assert kernel.shape == (6, 1)
    second = 1 / (1 + np.exp(-(inputs @ kernel + bias)[:, 0]))
    assert np.allclose(head.predict_on_batch(inputs), np.stack([1 - second, second], axis=1), atol=1e-6)


def test_the_loss_of_a_sure_mistake_is_exact() -> None:
    """Behind a sigmoid it would end at 16, and nothing would be learnt from it."""
    head = build_head(parse_head("sigmoid"), 1, 2)
    head.set_weights([np.ones((1, 1)), np.zeros(1)])
    prepare(head, Phase("head", 1, 1e-3))
    logs = head.test_on_batch(np.array([[60.0]], np.float32), np.array([0]), return_dict=True)
    assert logs["loss"] == pytest.approx(60, abs=1e-3)
    assert logs["accuracy"] == 0


def test_binary_crossentropy_of_two_classes_is_the_usual_loss() -> None:
    inputs, labels = np.random.default_rng(0).normal(size=(8, 6)).astype(np.float32), np.arange(8) % 2
    keras.utils.set_random_seed(0)
    head = build_head(parse_head("gap"), 6, 2)
    losses = []
    for loss in ("auto", "binary"):
        prepare(head, Phase("head", 1, 1e-3), loss)  # type: ignore[arg-type]
        losses.append(head.test_on_batch(inputs, labels, return_dict=True)["loss"])
    assert losses[0] == pytest.approx(losses[1], abs=1e-5)


def test_weights_count_as_loss_where_asked() -> None:
    head = build_head(parse_head("dense 4, l1 0.5, l2 0.25"), 6, 3)
    kernels = head.get_weights()[::2]
    expected = sum(0.5 * np.abs(kernel).sum() + 0.25 * (kernel**2).sum() for kernel in kernels)
    assert float(sum(head.losses)) == pytest.approx(expected, rel=1e-5)
    assert build_head(parse_head("dense 4"), 6, 3).losses == []


def test_while_refining_the_head_alone_keeps_its_batch_norm_learning(spec: ModelSpec) -> None:
    network = build_network(replace(spec, head=parse_head("gap, batchnorm")), 3)
    prepare(network, Phase("fine_tune", 1, 1e-3, unfreeze_from="conv_dw_12"))
    learning = {layer.name for layer in network.layers if layer.trainable}
    assert "head_bn_1" in learning
    assert "conv_dw_12" in learning
    assert "conv_dw_12_bn" not in learning


def test_momentum_is_the_persons_own_in_own_layers_and_quick_in_kerass() -> None:
    own = build_backbone(own_spec(LayerTable(4, 4, 3, (BatchNormalization(0.99), BatchNormalization()))))
    assert [own.get_layer(name).momentum for name in ("bn", "bn_2")] == [0.99, 0.9]
    prepare(own, SCRATCH)
    assert own.get_layer("bn").momentum == 0.99
    mobilenet = build_backbone(ModelSpec("mobilenet_0.25", "none", 32))
    assert mobilenet.get_layer("conv1_bn").momentum == 0.9


def test_a_head_for_two_classes_is_refused_for_more() -> None:
    with pytest.raises(TLStudioError, match="tells two classes apart"):
        build_network(small_spec(ARCHITECTURES[0], head=parse_head("sigmoid")), 3)
