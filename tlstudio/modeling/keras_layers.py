"""Layers of plain data as layers of Keras."""

from collections.abc import Sequence
from typing import Any

from keras import layers

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
    MaxPooling,
    Rescaling,
)


def applied(rows: Sequence[Layer], names: Sequence[str], x: Any, regularizer: Any = None) -> Any:  # noqa: ANN401 - Keras tensors have no public type
    """What layers behind each other make of a KerasTensor.

    Args:
        rows: The layers.
        names: Of each of them.
        x: What goes in.
        regularizer: Keras regularizer of the weights of dense layers; None for none.
    """
    for row, name in zip(rows, names, strict=True):
        x = keras_layer(row, name, regularizer)(x)
    return x


def keras_layer(row: Layer, name: str, regularizer: Any = None) -> Any:  # noqa: ANN401
    """The layer of Keras that a row describes."""
    match row:
        case Conv2D():
            return layers.Conv2D(
                row.filters,
                row.kernel,
                strides=row.stride,
                padding=row.padding,
                activation=row.activation,
                use_bias=row.bias,
                name=name,
            )
        case MaxPooling():
            return layers.MaxPooling2D(row.size, strides=row.step, padding=row.padding, name=name)
        case AveragePooling():
            return layers.AveragePooling2D(row.size, strides=row.step, padding=row.padding, name=name)
        case BatchNormalization():
            return layers.BatchNormalization(momentum=row.momentum, name=name)
        case Activation():
            return layers.Activation(row.function, name=name)
        case Dropout():
            return layers.Dropout(row.rate, name=name)
        case Flatten():
            return layers.Flatten(name=name)
        case GlobalAveragePooling():
            return layers.GlobalAveragePooling2D(name=name)
        case GlobalMaxPooling():
            return layers.GlobalMaxPooling2D(name=name)
        case Dense():
            return layers.Dense(row.units, activation=row.activation, kernel_regularizer=regularizer, name=name)
        case Rescaling():
            return layers.Rescaling(row.scale, offset=row.offset, name=name)
