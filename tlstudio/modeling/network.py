"""Building networks with Keras, and cutting them into the part that stays and the part that learns.

A network is one flat functional graph::

    photo (uint8) -> preprocessing -> backbone ... cut layer -> pooling -> head -> scores

so that it can be cut at any layer by name, and preprocessing travels with it into every file and engine.
"""

from collections import Counter
from pathlib import Path
from typing import Any

import h5py
import keras
from keras import layers
from keras.applications.imagenet_utils import preprocess_input

from tlstudio.errors import TLStudioError
from tlstudio.modeling.architectures import find_architecture
from tlstudio.modeling.backbones import Backbone, get_backbone
from tlstudio.modeling.graph import cut_layers
from tlstudio.modeling.part import PHOTO, POOLING, SCORES, Part
from tlstudio.modeling.spec import HeadSpec, ModelSpec


def build_backbone(spec: ModelSpec, weights: str = "") -> Any:  # noqa: ANN401 - Keras models have no typed stubs
    """From photos to the output of the backbone's last layer.

    Args:
        spec: The network.
        weights: Path of a file in Keras's layout; "" for random weights.

    Returns:
        A functional model from uint8 (N, S, S, 3) to a float32 feature map.

    Raises:
        TLStudioError: If the backbone is unknown, the input too small or the file doesn't fit.
    """
    # Keras numbers unnamed layers per process; from a clean state "add_10" of Xception is the same layer in every run.
    keras.utils.clear_session()
    size = spec.input_size
    photo = keras.Input((size, size, 3), dtype="uint8", name=PHOTO)
    x = keras.ops.cast(photo, "float32")
    architecture = find_architecture(spec.backbone)
    _check_size(spec, architecture.min_size if architecture else get_backbone(spec.backbone).min_size)
    if architecture:
        return keras.Model(photo, architecture.layers(x))
    return keras.Model(photo, _pretrained(get_backbone(spec.backbone), photo, x, weights))


def _check_size(spec: ModelSpec, least: int) -> None:
    if spec.input_size < least:
        raise TLStudioError(
            f"Photos of {spec.input_size} x {spec.input_size} pixels are too small for {spec.backbone}.",
            f"Choose {least} or more.",
        )


def _pretrained(backbone: Backbone, photo: Any, x: Any, weights: str) -> Any:  # noqa: ANN401
    """The last feature map of a backbone, with its weights, for a photo whose float32 pixels are ``x``."""
    if backbone.preprocessing != "inside":
        x = preprocess_input(x, data_format="channels_last", mode=backbone.preprocessing)
    model = keras.Model(photo, backbone.layers(x)) if backbone.layers else _application(backbone, x)
    if weights:
        _load(model, backbone, weights)
    return model.outputs[0]


def _application(backbone: Backbone, x: Any) -> Any:  # noqa: ANN401
    arguments: dict[str, Any] = {"include_top": False, "weights": None, "input_tensor": x}
    if backbone.width is not None:
        arguments["alpha"] = backbone.width
    return getattr(keras.applications, backbone.constructor)(**arguments)


def _load(model: Any, backbone: Backbone, weights: str) -> None:  # noqa: ANN401
    try:
        _require_same_arrays(model, weights)
        model.load_weights(weights)
    except (ValueError, OSError, KeyError) as error:
        raise TLStudioError(
            f"The weights in {weights} don't fit {backbone.title} without its ImageNet classifier.",
            f"Choose a file made for this network (“no top”). {_first_line(error)}",
        ) from error


def _require_same_arrays(model: Any, weights: str) -> None:  # noqa: ANN401
    """Compare the shapes of a file's weights with the model's: Keras itself skips in silence what it has no use for."""
    in_file: Counter[tuple[int, ...]] = Counter()

    def count(name: str, item: Any) -> None:  # noqa: ANN401 - h5py has no types
        if isinstance(item, h5py.Dataset) and item.dtype.kind == "f" and not name.startswith("optimizer"):
            in_file[item.shape] += 1

    with h5py.File(weights) as file:
        file.visititems(count)
    wanted = Counter(tuple(weight.shape) for weight in model.weights if "float" in weight.dtype)
    if in_file != wanted:
        raise ValueError(
            f"{in_file.total()} arrays in the file, {wanted.total()} in the network, not of the same shapes."
        )


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:200]


def build_network(spec: ModelSpec, n_classes: int, weights: str = "") -> Any:  # noqa: ANN401
    """The whole network, from photos to scores.

    Args:
        spec: The network.
        n_classes: Outputs of the softmax.
        weights: Path of the backbone's weights; "" for random ones.

    Raises:
        TLStudioError: As ``build_backbone``, or if the cut layer can't be cut at.
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


def build_part(part: Part) -> Any:  # noqa: ANN401
    """The Keras model of a part, with its weights.

    Raises:
        TLStudioError: As ``build_network``, or if the trained weights don't fit.
    """
    if part.tail is None:
        backbone = build_backbone(part.spec, part.backbone_weights)
        output = _pool(backbone, part.spec) if part.stop == POOLING else backbone.get_layer(part.stop).output
        return keras.Model(backbone.inputs[0], output)
    network = build_network(part.spec, part.tail.n_classes, part.backbone_weights)
    try:
        tail_of(network, part.tail.start).load_weights(part.tail.weights)
    except (ValueError, OSError, KeyError) as error:
        raise TLStudioError(
            f"The trained weights in {part.tail.weights} are damaged: {_first_line(error)}",
            "Train again, or restore the run from a copy.",
        ) from error
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
    pooling = {"avg": layers.GlobalAveragePooling2D, "max": layers.GlobalMaxPooling2D, "flatten": layers.Flatten}
    return pooling[spec.head.pooling](name=POOLING)(x)


def _head(x: Any, head: HeadSpec, n_classes: int) -> Any:  # noqa: ANN401
    for index, units in enumerate((*head.dense, 0)):
        if head.dropout:
            x = layers.Dropout(head.dropout, name=f"head_dropout_{index + 1}")(x)
        if units:
            x = layers.Dense(units, activation=head.activation, name=f"head_dense_{index + 1}")(x)
    return layers.Dense(n_classes, activation="softmax", name=SCORES)(x)
