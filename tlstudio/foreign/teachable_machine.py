"""Teachable Machine's ``keras_model.h5``: only its weights are read, into a network that is built here.

Its images go through MobileNetV2 of width 0.35 (MobileNet of width 0.25 in the oldest) at 224 px up to the last
activation, a global average, a dense layer with relu (100 units unless its user chose others) and a dense layer without
bias whose softmax is the answer (googlecreativelab/teachablemachine-community, ``libraries/image``; a dense layer with
bias is taken as well). The pixels go from -1 to 1. Such files are of Keras 2 and fail in Keras 3, whose depthwise
convolutions know no “groups”; so nothing of the layers they list is built, and nothing of it needs to be trusted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tlstudio.foreign.refusal import RefusedModelError, refusal

SIZE: Final = 224
"""Width and height of its photos."""

Place = tuple[str, str]
Arrays = dict[Place, NDArray[np.float32]]

_WEIGHTS: Final = "model_weights"
_V2: Final = ("expanded_conv_depthwise", "depthwise_kernel")
_V1: Final = ("conv_dw_1", "depthwise_kernel")
_HIDDEN: Final = "dense_hidden"
_ANSWER: Final = "dense_answer"
_OTHER_HINT: Final = "Of .h5 files only Teachable Machine's are opened. Save others as .keras where they were made."


@dataclass(frozen=True, slots=True)
class TeachableMachineModel:
    """The weights of a Teachable Machine model of photos.

    Attributes:
        base: "mobilenet_v2" or "mobilenet".
        arrays: By layer and variable, as Keras calls them; the two dense layers by our own names.
    """

    base: str
    arrays: Arrays

    @property
    def classes(self) -> int:
        """How many classes it tells apart."""
        return int(self.arrays[_ANSWER, "kernel"].shape[1])

    @property
    def hidden(self) -> int:
        """Units of the layer before the answer."""
        return int(self.arrays[_HIDDEN, "kernel"].shape[1])


def read_weights(path: Path) -> TeachableMachineModel:
    """Read the weights of a file that ``check_weights`` has seen.

    Raises:
        RefusedModelError: If they aren't those of a Teachable Machine model of photos.
    """
    import h5py

    arrays: Arrays = {}
    with h5py.File(path, "r") as opened:
        root = opened.get(_WEIGHTS)
        if not isinstance(root, h5py.Group):
            raise refusal(path, "is no model of Teachable Machine", _OTHER_HINT)
        for place, dataset in _datasets(root):
            if place in arrays:
                raise refusal(path, f"has two sets of weights for “{place[0][:60]}”", _OTHER_HINT)
            arrays[place] = np.asarray(dataset, dtype=np.float32)
    return TeachableMachineModel(_base_of(path, arrays), _with_known_head(path, arrays))


def _datasets(root: Any) -> Iterator[tuple[Place, Any]]:  # noqa: ANN401 - h5py has no types
    """Arrays by the last two names of their path ("…/Conv1/kernel:0"), however the networks are nested."""
    found: list[tuple[str, Any]] = []
    root.visititems(lambda name, item: found.append((name, item)) if hasattr(item, "shape") else None)
    for name, dataset in found:
        *_, layer, variable = ("", *name.split("/"))
        yield (layer, variable.partition(":")[0]), dataset


def _base_of(path: Path, arrays: Arrays) -> str:
    if _V2 in arrays:
        return "mobilenet_v2"
    if _V1 in arrays:
        return "mobilenet"
    raise refusal(path, "is no Teachable Machine model of photos", _OTHER_HINT)


def _with_known_head(path: Path, arrays: Arrays) -> Arrays:
    """The same with the two dense layers called by our names: its own are numbered ("dense_Dense3", "dense_Dense4")."""
    matrices = {layer: array for (layer, name), array in arrays.items() if name == "kernel" and array.ndim == 2}
    pairs = [(one, two) for one in matrices for two in matrices if _joined(matrices, one, two)]
    if len(matrices) != 2 or len(pairs) != 1:
        raise refusal(path, "has other last layers than a Teachable Machine model of photos", _OTHER_HINT)
    names = dict(zip(pairs[0], (_HIDDEN, _ANSWER), strict=True))
    return {(names.get(layer, layer), variable): array for (layer, variable), array in arrays.items()}


def _joined(matrices: dict[str, NDArray[np.float32]], first: str, second: str) -> bool:
    """Whether what the first layer gives is what the second one takes."""
    one, two = matrices[first], matrices[second]
    return first != second and one.shape[1] == two.shape[0] and two.shape[1] >= 2


def rebuild(model: TeachableMachineModel, path: Path) -> Any:  # noqa: ANN401 - Keras models have no typed stubs
    """The network with these weights: from pixels of -1 to 1, (N, 224, 224, 3), to scores, (N, classes).

    Args:
        model: The weights.
        path: The file they came from, for the sentence.

    Raises:
        RefusedModelError: If a weight is missing, too many, or of another shape.
    """
    network = _network(model)
    left = dict(model.arrays)
    for layer in network.layers:
        values = [_fitting(layer, variable, left, path) for variable in layer.weights]
        if values:
            layer.set_weights(values)
    if left:
        raise _misfit(path, next(iter(left))[0])
    return network


def _network(model: TeachableMachineModel) -> Any:  # noqa: ANN401
    import keras
    from keras import layers

    arguments = {"input_shape": (SIZE, SIZE, 3), "include_top": False, "weights": None}
    if model.base == "mobilenet_v2":
        base = keras.applications.MobileNetV2(alpha=0.35, **arguments)
    else:
        base = keras.applications.MobileNet(alpha=0.25, **arguments)
    x = layers.GlobalAveragePooling2D(name="pooling")(base.outputs[0])
    x = layers.Dense(model.hidden, "relu", use_bias=(_HIDDEN, "bias") in model.arrays, name=_HIDDEN)(x)
    biased = (_ANSWER, "bias") in model.arrays
    return keras.Model(base.inputs[0], layers.Dense(model.classes, "softmax", use_bias=biased, name=_ANSWER)(x))


def _fitting(layer: Any, variable: Any, left: Arrays, path: Path) -> NDArray[np.float32]:  # noqa: ANN401
    """The array for a variable of the network, taken out of those that are left."""
    names = [variable.name]
    if "depthwise" in type(layer).__name__.lower():
        names = ["depthwise_kernel", "kernel"]  # Keras 2 and Keras 3
    array = next((left.pop((layer.name, name)) for name in names if (layer.name, name) in left), None)
    if array is None or array.shape != tuple(variable.shape):
        raise _misfit(path, layer.name)
    return array


def _misfit(path: Path, layer: str) -> RefusedModelError:
    return refusal(path, f"has other weights for “{layer[:60]}” than a Teachable Machine model of photos", _OTHER_HINT)
