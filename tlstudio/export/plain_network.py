"""A trained network made of Keras's own layers alone, with preprocessing and calibration inside.

The networks that the program trains hold operations (a cast, a flip of the colours, a padding) beside layers. Files for
other programs and for other versions of Keras do better without: what comes before the first layer of the backbone and
after the last layer of the head is rebuilt here of layers that every Keras since 3.0 has.
"""

from typing import Any, Final

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from tlstudio.export.stock_layers import replay
from tlstudio.modeling.architectures import table_of
from tlstudio.modeling.backbones import get_backbone
from tlstudio.modeling.graph import topological_order
from tlstudio.modeling.layer_table import LayerTable
from tlstudio.modeling.network import build_part
from tlstudio.modeling.part import PHOTO, SCORES, Part
from tlstudio.modeling.spec import ModelSpec

# As in keras.applications.imagenet_utils: the mean colour of ImageNet and how far its colours spread.
_TORCH_MEAN: Final = np.array([0.485, 0.456, 0.406])
_TORCH_SPREAD: Final = np.array([0.229, 0.224, 0.225])
_CAFFE_MEAN_BGR: Final = (103.939, 116.779, 123.68)
_LUMA: Final = (0.299, 0.587, 0.114)  # ITU-R BT.601, as in tlstudio.modeling.network
_FRONT: Final = ("preprocessing", "resizing")
_HEAD_LOGIT: Final = "head_logit"


def plain_network(part: Part, temperature: float) -> Any:  # noqa: ANN401 - Keras models have no typed stubs
    """A network from photos to calibrated scores.

    Calibration divides the logits by the temperature (see ``tlstudio.evaluation.calibration``). That is done to the
    weights of the last layer, once, so that no format needs an operation for it.

    Args:
        part: The whole network, from photos to scores.
        temperature: What its scores are calibrated with; 1 for nothing.

    Returns:
        A Keras model from uint8 RGB (N, S, S, 3) called "photo" to float32 (N, classes) called "scores".

    Raises:
        TLStudioError: As ``build_part``.
    """
    network = build_part(part)
    name = SCORES if part.spec.head.output == "softmax" else _HEAD_LOGIT
    answer = network.get_layer(name)
    # Not ``answer.input``: a layer whose network was cut for loading weights belongs to several graphs.
    features = answer._inbound_nodes[0].input_tensors[0]
    order = topological_order(network)
    first, last = _front_length(order), order.index(answer)
    photo = keras.Input(network.inputs[0].shape[1:], dtype="uint8", name=PHOTO)
    tensors = {id(order[first - 1]._inbound_nodes[0].output_tensors[0]): _pixels(photo, part.spec)}
    replay(order[first:last], tensors)
    kernel, bias = _answer_weights(answer, part.spec)
    dense = layers.Dense(len(bias), activation="softmax", name=SCORES)
    scores = dense(tensors[id(features)])
    dense.set_weights([kernel / temperature, bias / temperature])
    return keras.Model(photo, scores, name="photo_classifier")


def _front_length(order: list[Any]) -> int:
    """How many operations come before the first layer of the backbone, or of a network from scratch."""
    for number, operation in enumerate(order[1:], start=1):
        if isinstance(operation, layers.Layer) and operation.name not in _FRONT:
            return number
    return len(order)


def _answer_weights(answer: Any, spec: ModelSpec) -> tuple[NDArray[np.float32], NDArray[np.float32]]:  # noqa: ANN401
    """Kernel and bias of a softmax over all classes.

    The softmax over (0, x) is (1 - sigmoid(x), sigmoid(x)): one sigmoid becomes a column of zeros and its own.
    """
    kernel, bias = answer.get_weights()
    if spec.head.output == "softmax":
        return kernel, bias
    return np.concatenate([np.zeros_like(kernel), kernel], axis=1), np.concatenate([np.zeros_like(bias), bias])


def _pixels(photo: Any, spec: ModelSpec) -> Any:  # noqa: ANN401
    """What ``tlstudio.modeling.network`` does to photos before the first layer, by layers."""
    table = table_of(spec)
    mode = spec.preprocessing or ("raw" if table else get_backbone(spec.backbone).preprocessing)
    x = _scaled(photo, mode)
    return x if table is None else _fitted(x, table)


def _scaled(photo: Any, mode: str) -> Any:  # noqa: ANN401
    match mode:
        case "unit":
            return layers.Rescaling(1 / 255, name="preprocessing")(photo)
        case "symmetric" | "tf":
            return layers.Rescaling(1 / 127.5, offset=-1.0, name="preprocessing")(photo)
        case "torch":
            scale, offset = 1 / (255 * _TORCH_SPREAD), -_TORCH_MEAN / _TORCH_SPREAD
            return layers.Rescaling(scale.tolist(), offset=offset.tolist(), name="preprocessing")(photo)
        case "caffe":
            colours = layers.Rescaling(1.0, name="to_float")(photo)
            # Keras has no layer that turns red, green, blue round: a convolution of single pixels does it exactly.
            return _mixed(colours, np.eye(3)[::-1], -np.array(_CAFFE_MEAN_BGR), "preprocessing")
    return layers.Rescaling(1.0, name="preprocessing")(photo)


def _fitted(x: Any, table: LayerTable) -> Any:  # noqa: ANN401
    if table.width != table.height:
        x = layers.Resizing(table.height, table.width, name="resizing")(x)
    return x if table.channels != 1 else _mixed(x, np.array(_LUMA)[:, None], np.zeros(1), "grey")


def _mixed(x: Any, matrix: NDArray[np.float64], offset: NDArray[np.float64], name: str) -> Any:  # noqa: ANN401
    """Each pixel's colours times a matrix of shape (from, to), plus an offset."""
    layer = layers.Conv2D(matrix.shape[1], 1, name=name)
    mixed = layer(x)
    layer.set_weights([matrix[None, None].astype(np.float32), offset.astype(np.float32)])
    return mixed
