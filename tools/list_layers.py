"""Writes the layers of every backbone to ``resources/layers``, for a picture of a network without TensorFlow.

Usage: python tools/list_layers.py [NAME ...]      (all of them take some minutes)

A layer is kept with what its shape follows from at any input size, not with its shape at one:
``tlstudio.modeling.summary.backbone_layers`` reads the files, and a slow test compares them with Keras.
"""

import gzip
import inspect
import math
import sys
from collections.abc import Iterable
from typing import Any, Final

from tlstudio.modeling import backend
from tlstudio.modeling.backbones import BACKBONES, Backbone, get_backbone
from tlstudio.modeling.spec import ModelSpec
from tlstudio.modeling.summary.backbone_layers import StoredLayer, layers_file
from tlstudio.serialization import to_json
from tlstudio.whole_files import write_whole

_EVEN_SIZE: Final = 224


def main() -> None:
    backend.start()
    for entry in [get_backbone(name) for name in sys.argv[1:]] or BACKBONES:
        rows = stored_layers(entry)
        # A fixed time in the header: the same layers give the same file.
        write_whole(layers_file(entry.name), gzip.compress(to_json(rows), mtime=0))
        print(f"{entry.name}: {len(rows)} layers, {layers_file(entry.name).stat().st_size:,} bytes", flush=True)


def stored_layers(entry: Backbone) -> list[StoredLayer]:
    """The layers of a backbone in Keras's own order, the input first."""
    from tlstudio.modeling.network import build_backbone

    layers = build_backbone(ModelSpec(entry.name, "none", _EVEN_SIZE)).layers
    number = {layer.name: index for index, layer in enumerate(layers)}
    fits = bool(entry.constructor) and _pads_to_fit(entry.constructor)
    return [
        StoredLayer(
            layer.name,
            type(layer).__name__,
            tuple(number[name] for name in _read_by(layer)),
            _window(layer, fits),
            layer.output.shape[-1],
            layer.count_params(),
            _numbers(layer.non_trainable_weights),
            _numbers(weight for weight in layer.weights if weight.path.endswith("kernel")),
        )
        for layer in layers
    ]


def _numbers(weights: Iterable[Any]) -> int:
    return sum(math.prod(weight.shape) for weight in weights)


def _pads_to_fit(constructor: str) -> bool:
    """Whether a family of Keras pads by amounts that depend on the size of its photos."""
    import keras

    module = inspect.getmodule(getattr(keras.applications, constructor))
    assert module is not None  # noqa: S101 - a function of Keras is in a module
    return "correct_pad(" in inspect.getsource(module)


def _read_by(layer: Any) -> list[str]:  # noqa: ANN401 - Keras has no typed stubs
    """Names of the layers that a layer reads, through operations that are no layers."""
    from keras import Layer

    found: list[str] = []
    for tensor in layer._inbound_nodes[0].input_tensors:
        parent = tensor._keras_history.operation
        names = [parent.name] if isinstance(parent, Layer) else _read_by(parent)
        found.extend(name for name in names if name not in found)
    return found


def _window(layer: Any, fits: bool) -> str:  # noqa: ANN401
    """How a layer changes height and width, as ``StoredLayer.window`` has it."""
    if len(layer.output.shape) == 2:
        return "row"
    match type(layer).__name__:
        case "Conv2D" | "DepthwiseConv2D" | "SeparableConv2D":
            return _moved(layer.padding, layer.kernel_size[0], layer.strides[0])
        case "MaxPooling2D" | "AveragePooling2D":
            return _moved(layer.padding, layer.pool_size[0], layer.strides[0])
        case "ZeroPadding2D":
            read = any(type(node.operation).__name__ == "Cropping2D" for node in layer._outbound_nodes)
            added = sum(layer.padding[0])
            return f"fit {added + added % 2}" if fits and not read else f"pad {added}"
        case "Cropping2D":
            return f"pad {-sum(layer.cropping[0])}"
        case "Sequential":
            return next(filter(None, (_window(inner, fits) for inner in layer.layers)), "")
        case "Reshape" | "GlobalAveragePooling2D" | "GlobalMaxPooling2D":
            return "one"
    return ""


def _moved(padding: str, size: int, stride: int) -> str:
    if padding == "same":
        return f"same {stride}" if stride > 1 else ""
    return f"valid {size} {stride}" if size > 1 or stride > 1 else ""


if __name__ == "__main__":
    main()
