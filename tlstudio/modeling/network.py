"""Building networks with Keras, and cutting them into the part that stays and the part that learns.

A network is one flat functional graph::

    photo (uint8) -> preprocessing -> backbone ... cut layer -> pooling -> head -> scores

so that it can be cut at any layer by name, and preprocessing travels with it into every file and engine.
"""

from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import layers
from keras.applications.imagenet_utils import preprocess_input

from tlstudio.errors import TLStudioError
from tlstudio.modeling.architectures import architecture_of, require_possible_layers, table_of
from tlstudio.modeling.backbones import Backbone, get_backbone
from tlstudio.modeling.graph import cut_layers
from tlstudio.modeling.head import head_names, pooling_layer, require_possible
from tlstudio.modeling.keras_layers import applied, keras_layer
from tlstudio.modeling.layer_table import LayerTable, layer_names
from tlstudio.modeling.part import IMAGENET, PHOTO, POOLING, SCORES, Part
from tlstudio.modeling.spec import FOREIGN, HeadSpec, ModelSpec, Preprocessing
from tlstudio.modeling.weights_fit import fit, layer_arrays

_LUMA = (0.299, 0.587, 0.114)  # ITU-R BT.601: what makes grey of red, green and blue
_CAFFE_OFFSET = [-103.939, -116.779, -123.68]  # as keras.applications: the mean colour of ImageNet, blue first
_PREPROCESSING = "preprocessing"
_MOST_MOMENTUM = 0.9


def build_backbone(spec: ModelSpec, weights: str = "", *, include_top: bool = False) -> Any:  # noqa: ANN401 - Keras models have no typed stubs
    """From photos to the output of the backbone's last layer.

    Args:
        spec: The network.
        weights: Path of a file in Keras's layout; "" for random weights.
        include_top: Whether the layers that name ImageNet's classes are kept; only of ``keras.applications``.

    Returns:
        A functional model from uint8 (N, S, S, 3) to a float32 feature map; or to 1000 scores, (N, 1000).

    Raises:
        TLStudioError: If the backbone is unknown, its layers can't be built, the input is too small or the file
            doesn't fit.
    """
    if spec.backbone == FOREIGN:
        raise TLStudioError(
            "This model was opened from a file of another program: its layers can't be built here.",
            "It classifies photos. For anything else use it where it was made, or train one here.",
        )
    # Keras numbers unnamed layers per process; from a clean state "add_10" of Xception is the same layer in every run.
    keras.utils.clear_session()
    size = spec.input_size
    photo = keras.Input((size, size, 3), dtype="uint8", name=PHOTO)
    x = keras.ops.cast(photo, "float32")
    table = table_of(spec)
    if table:
        return keras.Model(photo, _from_scratch(spec, table, _preprocessed(x, spec.preprocessing)))
    backbone = get_backbone(spec.backbone)
    _check_size(spec, backbone.min_size)
    if spec.preprocessing:
        x = _preprocessed(x, spec.preprocessing)
    elif backbone.preprocessing != "inside":
        x = preprocess_input(x, data_format="channels_last", mode=backbone.preprocessing)
    return keras.Model(photo, _pretrained(backbone, photo, x, weights, include_top=include_top))


def _preprocessed(x: Any, preprocessing: Preprocessing) -> Any:  # noqa: ANN401
    """Pixels of 0 to 255 as the layers are to get them.

    Made by a layer with a name of its own: Keras numbers those of the backbone, and none of their names may change.
    """
    match preprocessing:
        case "unit":
            return layers.Rescaling(1 / 255, name=_PREPROCESSING)(x)
        case "symmetric":
            return layers.Rescaling(1 / 127.5, offset=-1.0, name=_PREPROCESSING)(x)
        case "caffe":
            return layers.Rescaling(1.0, offset=_CAFFE_OFFSET, name=_PREPROCESSING)(keras.ops.flip(x, axis=-1))
    return x


def _check_size(spec: ModelSpec, least: int) -> None:
    if spec.input_size < least:
        raise TLStudioError(
            f"Photos of {spec.input_size} x {spec.input_size} pixels are too small for {spec.backbone}.",
            f"Choose {least} or more.",
        )


def _from_scratch(spec: ModelSpec, table: LayerTable, x: Any) -> Any:  # noqa: ANN401
    """What a network from scratch gives for photos of its longer side, whose preprocessed pixels are ``x``."""
    architecture = architecture_of(spec)
    if architecture and spec.layers is None:
        _check_size(spec, architecture.min_size)
    require_possible_layers(table)
    if table.width != table.height:
        x = layers.Resizing(table.height, table.width, name="resizing")(x)
    if table.channels == 1:
        x = keras.ops.sum(x * np.array(_LUMA, np.float32), axis=-1, keepdims=True)
    return applied(table.rows, layer_names(table.rows), x)


def _pretrained(backbone: Backbone, photo: Any, x: Any, weights: str, *, include_top: bool) -> Any:  # noqa: ANN401
    """The last feature map of a backbone, with its weights, for a photo whose preprocessed pixels are ``x``."""
    if backbone.layers:
        model = keras.Model(photo, backbone.layers(x))
    else:
        model = _application(backbone, x, include_top=include_top)
    for layer in model.layers:
        if isinstance(layer, layers.BatchNormalization):
            # Keras's applications use 0.99 and 0.999, made for a million photos: see BatchNormalization of the tables.
            layer.momentum = min(layer.momentum, _MOST_MOMENTUM)
    if weights:
        _load(model, backbone, weights)
    return model.outputs[0]


def _application(backbone: Backbone, x: Any, *, include_top: bool) -> Any:  # noqa: ANN401
    arguments: dict[str, Any] = {"include_top": include_top, "weights": None, "input_tensor": x}
    if backbone.width is not None:
        arguments["alpha"] = backbone.width
    return getattr(keras.applications, backbone.constructor)(**arguments)


def _load(model: Any, backbone: Backbone, weights: str) -> None:  # noqa: ANN401
    # Keras itself skips in silence what it has no use for.
    report = fit(backbone.title, layer_arrays(model.layers), weights)
    if not report.fits:
        raise TLStudioError(report.sentence, report.hint)
    try:
        model.load_weights(weights)
        _scale_channels(model, backbone.channel_scale)
    except (ValueError, OSError, KeyError) as error:
        raise TLStudioError(
            f"The weights in {weights} don't fit {backbone.title}.",
            f"Choose a file made for this network. {_first_line(error)}",
        ) from error


def _scale_channels(model: Any, factors: tuple[float, ...]) -> None:  # noqa: ANN401
    """Let the first convolution do what Keras does in a layer that it adds for its own weights only."""
    if factors:
        kernel = model.get_layer("stem_conv").kernel
        kernel.assign(kernel * keras.ops.reshape(keras.ops.array(factors, kernel.dtype), (1, 1, -1, 1)))


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:200]


def build_network(spec: ModelSpec, n_classes: int, weights: str = "") -> Any:  # noqa: ANN401
    """The whole network, from photos to scores.

    Args:
        spec: The network.
        n_classes: Outputs of the softmax.
        weights: Path of the backbone's weights; "" for random ones.

    Raises:
        TLStudioError: As ``build_backbone``, if the cut layer can't be cut at, or the head is for another number of
            classes.
    """
    backbone = build_backbone(spec, weights)
    features = _pool(backbone, spec)
    return keras.Model(backbone.inputs[0], _head(features, spec.head, n_classes))


def build_head(head: HeadSpec, n_features: int, n_classes: int) -> Any:  # noqa: ANN401
    """The layers after ``POOLING`` alone: from (N, n_features) to (N, n_classes)."""
    features = keras.Input((n_features,), name=POOLING)
    return keras.Model(features, _head(features, head, n_classes))


def tail_of(network: Any, start: str) -> Any:  # noqa: ANN401
    """Everything behind a cut layer, sharing the network's layers and weights."""
    if start == PHOTO:
        return network
    return keras.Model(network.get_layer(start).output, network.outputs[0])


def save_weights(model: Any, path: Path) -> None:  # noqa: ANN401
    """Write the weights of a part; without the optimizer's state, which is twice as large and which nobody reads."""
    keras.Model(model.inputs, model.outputs).save_weights(path)


def load_trained(tail: Any, path: str | Path) -> None:  # noqa: ANN401
    """Give a trained part the weights that ``save_weights`` wrote.

    Raises:
        TLStudioError: If they don't fit.
    """
    try:
        tail.load_weights(path)
    except (ValueError, OSError, KeyError, RuntimeError) as error:  # HDF5's own, for what it points to
        raise TLStudioError(
            f"The trained weights in {path} are damaged: {_first_line(error)}",
            "Train again, or restore the run from a copy.",
        ) from error


def build_part(part: Part) -> Any:  # noqa: ANN401
    """The Keras model of a part, with its weights.

    Raises:
        TLStudioError: As ``build_network``, or if the trained weights don't fit.
    """
    if part.stop == IMAGENET:
        return build_backbone(part.spec, part.backbone_weights, include_top=True)
    if part.tail is None:
        backbone = build_backbone(part.spec, part.backbone_weights)
        output = _pool(backbone, part.spec) if part.stop == POOLING else backbone.get_layer(part.stop).output
        return keras.Model(backbone.inputs[0], output)
    network = build_network(part.spec, part.tail.n_classes, part.backbone_weights)
    load_trained(tail_of(network, part.tail.start), part.tail.weights)
    start = network.inputs[0] if part.start == PHOTO else network.get_layer(part.start).output
    return keras.Model(start, network.get_layer(part.stop).output)


def _pool(backbone: Any, spec: ModelSpec) -> Any:  # noqa: ANN401
    x = backbone.outputs[0]
    if spec.cut_layer:
        if spec.cut_layer not in cut_layers(backbone):
            raise TLStudioError(
                f"{spec.backbone} can't be cut at “{spec.cut_layer}”.",
                f"It can be cut at: {', '.join(cut_layers(backbone)[-8:])}, and at others before these.",
            )
        x = backbone.get_layer(spec.cut_layer).output
    return keras_layer(pooling_layer(spec.head.pooling, x.shape[1:]), POOLING)(x)


def _head(x: Any, head: HeadSpec, n_classes: int) -> Any:  # noqa: ANN401
    require_possible(head, n_classes, x.shape[1:])
    regularizer = keras.regularizers.L1L2(head.l1, head.l2) if head.l1 or head.l2 else None
    x = applied(head.layers, head_names(head.layers), x, regularizer)
    if head.output == "softmax":
        return layers.Dense(n_classes, activation="softmax", kernel_regularizer=regularizer, name=SCORES)(x)
    x = layers.Dense(1, kernel_regularizer=regularizer, name="head_logit")(x)
    # The softmax over (0, x) is (1 - sigmoid(x), sigmoid(x)): one column a class as everywhere, and the loss of large
    # x stays exact, which it doesn't behind a sigmoid.
    return layers.Activation("softmax", name=SCORES)(keras.ops.pad(x, ((0, 0), (1, 0))))
