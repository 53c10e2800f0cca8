"""Networks from scratch and heads as layers of a graph: one behind the other, by formula."""

import math

from tlstudio.modeling.head import head_layers, pooling_layer
from tlstudio.modeling.layer_table import Conv2D, Dense, Layer, LayerShape, LayerTable, Shape, shapes
from tlstudio.modeling.part import PHOTO
from tlstudio.modeling.spec import HeadSpec
from tlstudio.modeling.summary.graph_layer import GraphLayer


def table_layers(table: LayerTable) -> tuple[GraphLayer, ...]:
    """The layers of a network from scratch, the photo first, up to the one that can't be built."""
    side = table.side
    found = [GraphLayer(PHOTO, "InputLayer", (), (side, side, 3), 0, 0, 0)]
    if table.width != table.height:
        found.append(GraphLayer("resizing", "Resizing", (0,), (table.height, table.width, 3), 0, 0, 0))
    for row, layer in zip(table.rows, shapes(table).layers, strict=False):
        found.append(_graph_layer(row, layer, len(found) - 1))
    return tuple(found)


def head_graph(head: HeadSpec, shape: Shape, n_classes: int) -> tuple[GraphLayer, ...]:
    """The layers of a head, each reading the one before it; indices count from its first layer.

    Args:
        head: The head.
        shape: What it reads.
        n_classes: Number of classes.
    """
    rows = (pooling_layer(head.pooling, shape), *head.layers, Dense(n_classes))
    found = head_layers(head, shape, n_classes)
    return tuple(
        _graph_layer(row, layer, place - 1) for place, (row, layer) in enumerate(zip(rows, found, strict=True))
    )


def _graph_layer(row: Layer, layer: LayerShape, before: int) -> GraphLayer:
    reads = (before,) if before >= 0 else ()
    multiply_adds = _multiply_adds(row, layer)
    return GraphLayer(layer.name, _kind(row), reads, layer.shape, layer.parameters, layer.trainable, multiply_adds)


def _kind(row: Layer) -> str:
    """The name of its class in Keras."""
    name = type(row).__name__
    return f"{name}2D" if name.endswith("Pooling") else name


def _multiply_adds(row: Layer, layer: LayerShape) -> int:
    match row:
        case Conv2D(filters=filters, bias=bias):
            return (layer.parameters - filters * bias) * math.prod(layer.shape[:2])
        case Dense():
            return layer.parameters - layer.shape[0]
    return 0
