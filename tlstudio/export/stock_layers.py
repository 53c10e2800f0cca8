"""The same graph again, of layers that every Keras can read back from every kind of file.

``keras.applications`` has layers and operations of its own in three families, and Keras's HDF5 format knows neither:
the scales of ConvNeXt and InceptionResNetV2, and the additions of numbers in MobileNetV3. Keras computes a convolution
of each channel by itself, if it is written as one of groups, by a function that ONNX has no word for.
"""

from collections.abc import Iterable, MutableMapping
from typing import Any

import keras
from keras import layers


def replay(operations: Iterable[Any], tensors: MutableMapping[int, Any]) -> None:
    """Apply operations to other tensors than those that they were applied to; layers keep their weights and names.

    Args:
        operations: Of a functional model, each after everything it reads.
        tensors: What takes the place of which KerasTensor, by the ``id`` of the latter; every result is added.
    """
    for operation in operations:
        node = operation._inbound_nodes[0]
        arguments, keywords = node.arguments.fill_in(tensors)
        tensors[id(node.output_tensors[0])] = _applied(operation, arguments, keywords)


def _applied(operation: Any, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Any:  # noqa: ANN401 - Keras tensors have no public type
    name = operation.name
    match type(operation).__name__, arguments:
        case "LayerScale", (x,):
            return _channels_scaled(x, operation.gamma, name)
        case "Conv2D", (x,) if operation.groups == operation.filters == x.shape[-1] > 1:
            return _by_channels(x, operation)
        case "CustomScaleLayer", ([x, y],):
            return layers.Add(name=name)([x, layers.Rescaling(operation.scale, name=f"{name}_scaled")(y)])
        case "Add", (x, float() | int() as number):
            return layers.Rescaling(1.0, offset=number, name=name)(x)
        case "Multiply", (x, float() | int() as number):
            return layers.Rescaling(number, name=name)(x)
        case "Add", (x, y) if not isinstance(operation, layers.Layer):
            return layers.Add(name=name)([x, y])
    return operation(*arguments, **keywords)


def _channels_scaled(x: Any, factors: Any, name: str) -> Any:  # noqa: ANN401
    layer = layers.DepthwiseConv2D(1, use_bias=False, name=name)
    scaled = layer(x)
    layer.set_weights([keras.ops.convert_to_numpy(factors)[None, None, :, None]])
    return scaled


def _by_channels(x: Any, convolution: Any) -> Any:  # noqa: ANN401
    """A convolution with as many groups as channels, as the depthwise one that it is."""
    layer = layers.DepthwiseConv2D(
        convolution.kernel_size,
        strides=convolution.strides,
        padding=convolution.padding,
        dilation_rate=convolution.dilation_rate,
        activation=convolution.activation,
        use_bias=convolution.use_bias,
        name=convolution.name,
    )
    filtered = layer(x)
    kernel, *bias = convolution.get_weights()  # the kernel is (height, width, 1, channels)
    layer.set_weights([kernel.swapaxes(2, 3), *bias])
    return filtered
