"""From a Keras model to TensorFlow's converter to LiteRT, by the way that suits its size."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tlstudio.modeling import backend

LARGE: Final = 75_000_000
"""Weights, of four bytes each, from which on a network goes by way of a file."""


@contextmanager
def litert_converter(model: Any, name: str = "x", scratch: Path | None = None) -> Iterator[Any]:  # noqa: ANN401
    """A ``TFLiteConverter`` for a Keras model with one input and one output; valid within the ``with`` block.

    Constants in the place of variables are the quickest way: MobileNetV2 takes 3.4 s so, and 8.8 s by way of a file
    that the converter reads. But a graph of constants is copied again and again: ConvNeXtBase, 350 MB, takes 6.7 GB of
    memory so and 3.4 GB by way of a file, in the same time, and ConvNeXtXLarge has four times as many weights.
    (``from_keras_model`` writes a file, too, with much that isn't needed here. All of it measured.)

    Args:
        model: The Keras model.
        name: What its input is called in the file.
        scratch: Where a large network is written meanwhile; the system's place for temporary files if None.
    """
    import tensorflow as tf

    function = inference(model, name)
    with backend.no_advice():
        if model.count_params() < LARGE:
            yield tf.lite.TFLiteConverter.from_concrete_functions([function])
            return
        with tempfile.TemporaryDirectory(prefix="tlstudio-network-", dir=scratch) as folder:
            module = tf.Module()
            module.weights_of_model = [variable.value for variable in model.variables]
            tf.saved_model.save(module, folder, signatures=function)
            yield tf.lite.TFLiteConverter.from_saved_model(folder)


def inference(model: Any, name: str) -> Any:  # noqa: ANN401
    """What a Keras model answers to a batch of any length, as a concrete function of TensorFlow."""
    import tensorflow as tf

    return tf.function(lambda x: model(x, training=False)).get_concrete_function(input_signature(model, name))


def input_signature(model: Any, name: str) -> Any:  # noqa: ANN401
    """Shape and type of such a batch, as a ``TensorSpec`` of this name."""
    import tensorflow as tf

    return tf.TensorSpec((None, *model.inputs[0].shape[1:]), model.inputs[0].dtype, name=name)
