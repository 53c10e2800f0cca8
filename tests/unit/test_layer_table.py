"""Layers as plain data: shapes, weights, names, and what can't be built."""

import time

import pytest

from tlstudio.modeling.layer_table import (
    Activation,
    AveragePooling,
    BatchNormalization,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePooling,
    Layer,
    LayerTable,
    MaxPooling,
    Rescaling,
    layer_names,
    shapes,
)

ROWS: tuple[Layer, ...] = (
    Rescaling(1 / 255),
    Conv2D(8, (3, 5), stride=2, padding="valid"),
    BatchNormalization(),
    Activation("gelu"),
    AveragePooling(3, stride=2, padding="same"),
    Conv2D(4, bias=False),
    Dropout(0.25),
    Flatten(),
    Dense(10),
    Dropout(0.5),
)


def test_shapes_and_weights_follow_from_the_rows() -> None:
    found = shapes(LayerTable(40, 30, 1, ROWS))
    assert found.problem is None
    assert [layer.shape for layer in found.layers[:7]] == [
        (30, 40, 1),
        (14, 18, 8),
        (14, 18, 8),
        (14, 18, 8),
        (7, 9, 8),
        (7, 9, 4),
        (7, 9, 4),
    ]
    counts = {layer.name: (layer.parameters, layer.trainable) for layer in found.layers if layer.parameters}
    assert counts == {
        "block1_conv1": (8 * (3 * 5 + 1),) * 2,
        "block1_conv1_bn": (32, 16),
        "block2_conv1": (4 * 9 * 8,) * 2,
        "dense1": (10 * (7 * 9 * 4 + 1),) * 2,
    }
    assert found.output_shape == (10,)
    assert found.parameters - found.trainable == 16


def test_names_say_where_a_layer_stands_and_are_distinct() -> None:
    assert layer_names(ROWS) == (
        "rescaling",
        "block1_conv1",
        "block1_conv1_bn",
        "block1_conv1_gelu",
        "block2_pool",
        "block2_conv1",
        "block2_conv1_dropout",
        "flatten",
        "dense1",
        "dense1_dropout",
    )
    assert layer_names((Dropout(0.1), Dropout(0.1), Rescaling(1), Rescaling(2))) == (
        "dropout",
        "dropout_2",
        "rescaling",
        "rescaling_2",
    )


def test_no_layers_are_a_network_too() -> None:
    assert shapes(LayerTable(4, 5, 3, ())).output_shape == (5, 4, 3)


@pytest.mark.parametrize(
    ("rows", "row", "words"),
    [
        ((Conv2D(4), Dense(3)), 1, "32 × 32 × 4"),
        ((Flatten(), Conv2D(4)), 1, "one row of numbers"),
        ((Flatten(), GlobalAveragePooling()), 1, "one row of numbers"),
        ((MaxPooling(16), Conv2D(4, (3, 3), padding="valid")), 1, "window of 3 × 3 is larger than the map of 2 × 2"),
        ((Conv2D(4, (1, 33), padding="valid"),), 0, "window of 1 × 33"),
        ((MaxPooling(33),), 0, "window of 33 × 33"),
        ((Conv2D(1000), Flatten(), Dense(5000)), 2, "fit no computer"),
        ((Conv2D(100_000),), 0, "numbers of one photo"),
    ],
)
def test_the_first_layer_that_can_not_be_is_named(rows: tuple[Layer, ...], row: int, words: str) -> None:
    found = shapes(LayerTable(32, 32, 3, (*rows, Dropout(0.1))))
    assert found.problem is not None
    assert found.problem.row == row == len(found.layers)
    assert words in found.problem.message
    assert found.problem.hint.endswith(".")


def test_beyond_the_edge_any_window_fits() -> None:
    rows = (Conv2D(4, (9, 9), stride=3), MaxPooling(9, padding="same"), AveragePooling(5, 1, "same"))
    assert shapes(LayerTable(5, 4, 3, rows)).output_shape == (1, 1, 4)


def test_another_size_keeps_the_proportions() -> None:
    table = LayerTable(40, 30, 3, ROWS)
    assert (table.side, table.input_shape) == (40, (30, 40, 3))
    smaller = table.resized(20)
    assert (smaller.width, smaller.height, smaller.rows) == (20, 15, ROWS)
    assert LayerTable(1, 1000, 3, ()).resized(10) == LayerTable(1, 10, 3, ())


@pytest.mark.parametrize(
    "make",
    [
        lambda: Conv2D(0),
        lambda: Conv2D(4, (0, 3)),
        lambda: Conv2D(4, stride=0),
        lambda: MaxPooling(0),
        lambda: AveragePooling(2, 0),
        lambda: Dense(0),
        lambda: Dropout(1.0),
        lambda: Dropout(float("nan")),
        lambda: BatchNormalization(1.5),
        lambda: Rescaling(float("inf")),
        lambda: LayerTable(0, 4, 3, ()),
    ],
)
def test_layers_without_sense_are_refused(make: object) -> None:
    with pytest.raises(ValueError, match="must be"):
        make()  # type: ignore[operator]


def test_shapes_keep_up_with_typing() -> None:
    table = LayerTable(224, 224, 3, (Conv2D(8), BatchNormalization(), Activation()) * 40)
    started = time.perf_counter()
    shapes(table)
    assert time.perf_counter() - started < 0.05, "meant to take less than 5 ms; this machine may be busy"
