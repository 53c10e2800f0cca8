"""Grad-CAM (Selvaraju et al., "Grad-CAM: visual explanations from deep networks", ICCV 2017), with Keras.

TensorFlow must have been started; see ``process`` for who asks and where it runs.
"""

from functools import lru_cache
from typing import Any, Final

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from tlstudio.errors import TLStudioError
from tlstudio.modeling.graph import cut_layers, topological_order
from tlstudio.modeling.part import SCORES
from tlstudio.prediction.explanation.heat_map import HeatMap, MapLayer, normalised

_LEAST_SIDE: Final = 2
_KERNEL_RANK: Final = 4


class GradCam:
    """Heat maps of one network.

    Attributes:
        layers: Of each size of feature maps the last layer, the last of all first; empty for a network without any.
    """

    def __init__(self, model: Any) -> None:  # noqa: ANN401 - Keras models have no typed stubs
        """Look where a network can be looked into.

        Args:
            model: From photos to ``SCORES``.
        """
        self._model = model
        self._maps = feature_maps(model)
        last_of_size = {(layer.height, layer.width): layer for layer in self._maps}
        self.layers = tuple(sorted(last_of_size.values(), key=self._maps.index, reverse=True))
        self._halves = lru_cache(maxsize=8)(self._cut_at)

    def heat_map(self, picture: NDArray[np.uint8], class_index: int, layer: str = "") -> HeatMap:
        """What speaks for a class in a photo.

        The feature maps of a layer are added up, each weighted by how much the class's value before the softmax grows
        with it on average, and what is positive is kept.

        Args:
            picture: (S, S, 3) RGB.
            class_index: The class.
            layer: Where to look; "" for the last feature map.

        Raises:
            TLStudioError: If the network has no such feature map.
        """
        name = layer or next((entry.name for entry in self.layers), "")
        if name not in [entry.name for entry in self._maps]:
            raise TLStudioError(
                f"The network has no feature map “{name}”.",
                f"It has {', '.join(entry.name for entry in self.layers) or 'none'}, and others between these.",
            )
        front, back = self._halves(name)
        maps = front(picture[None], training=False)
        with tf.GradientTape() as tape:
            tape.watch(maps)
            evidence = _evidence(self._model.get_layer(SCORES), back(maps, training=False), class_index)
        weights = tf.reduce_mean(tape.gradient(evidence, maps), axis=(1, 2), keepdims=True)
        values = np.asarray(tf.reduce_sum(weights * maps, axis=-1)[0])
        return HeatMap(normalised(values), class_index, "grad_cam", name, self.layers)

    def _cut_at(self, name: str) -> tuple[Any, Any]:
        maps = self._model.get_layer(name).output
        return keras.Model(self._model.inputs[0], maps), keras.Model(maps, self._model.get_layer(SCORES).input)


def feature_maps(model: Any) -> list[MapLayer]:  # noqa: ANN401
    """The layers through which everything goes and whose output is a map of what convolutions found, in order."""
    cuts = set(cut_layers(model))
    convolved, found = False, []
    for operation in topological_order(model):
        convolved = convolved or any(len(weight.shape) == _KERNEL_RANK for weight in getattr(operation, "weights", ()))
        shape = operation.output.shape
        if isinstance(operation, keras.layers.ZeroPadding2D) or not convolved or operation.name not in cuts:
            continue
        if len(shape) == _KERNEL_RANK and min(shape[1:3]) >= _LEAST_SIDE:
            found.append(MapLayer(operation.name, int(shape[1]), int(shape[2])))
    return found


def _evidence(scores: Any, inputs: Any, class_index: int) -> Any:  # noqa: ANN401
    """The value of a class before the softmax; of two classes by one sigmoid, its lead over the other one."""
    if isinstance(scores, keras.layers.Dense):
        return (tf.matmul(inputs, scores.kernel) + scores.bias)[:, class_index]
    return inputs[:, class_index] - inputs[:, 1 - class_index]
