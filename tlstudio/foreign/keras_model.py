"""Keras models from elsewhere, built from a checked config and checked weights, and wrapped to take photos."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np

from tlstudio.foreign.layers import Config
from tlstudio.foreign.pixels import Pixels
from tlstudio.foreign.refusal import refusal

Output = Literal["softmax", "sigmoid", "logits"]

_LUMA: Final = (0.299, 0.587, 0.114)  # ITU-R BT.601, as elsewhere in the program
_CAFFE_MEAN: Final = [-103.939, -116.779, -123.68]  # as keras.applications: the mean colour of ImageNet, blue first
_LARGEST_SIDE: Final = 1024
_MOST_CLASSES: Final = 10_000
_PROBES: Final = 4
_SUM_TOLERANCE: Final = 1e-2  # half-precision networks sum up to 1 no better


@dataclass(frozen=True, slots=True)
class BuiltModel:
    """A network with its weights.

    Attributes:
        network: The Keras model: from pixels as it wants them, (N, height, width, channels), to its own output.
        height: Of its photos, in pixels.
        width: Of its photos, in pixels.
        channels: 3 for colour, 1 for grey.
        output: "softmax" for scores of two classes or more, "sigmoid" for the score of the second of two, "logits"
            for numbers that become scores by softmax.
    """

    network: Any
    height: int
    width: int
    channels: int
    output: Output

    @property
    def side(self) -> int:
        """Width and height that photos are brought to before the network brings them to its own."""
        return max(self.height, self.width)

    @property
    def classes(self) -> int:
        """How many classes it tells apart."""
        return 2 if self.output == "sigmoid" else int(self.network.outputs[0].shape[-1])


def build(config: Config, weights: Path, file: Path) -> BuiltModel:
    """Build a model from what was checked, and see that it classifies photos.

    Keras's safe mode stays on; the archive itself is never given to Keras.

    Args:
        config: As ``check_config`` gives it.
        weights: The unpacked weights, which ``check_weights`` has seen.
        file: The model, for the sentence.

    Raises:
        RefusedModelError: If Keras can't build it, the weights don't fit, or it is no classifier of photos.
    """
    import keras

    try:
        network = keras.saving.deserialize_keras_object(config, safe_mode=True)
        network.load_weights(weights)
    except MemoryError:
        raise
    except Exception as error:  # whatever Keras stumbles over, the file is to blame
        if type(error).__name__ == "ResourceExhaustedError":  # TensorFlow's own
            raise MemoryError from error
        line = str(error).strip().partition("\n")[0][:160]
        raise refusal(
            file, f"can't be put together by Keras {keras.__version__} ({line})", "Save it again with a newer Keras."
        ) from error
    return classifier(network, file)


def classifier(network: Any, file: Path) -> BuiltModel:  # noqa: ANN401 - Keras models have no typed stubs
    """See that a network takes one photo and answers with one row of scores.

    Raises:
        RefusedModelError: If it doesn't.
    """
    if len(getattr(network, "inputs", None) or ()) != 1 or len(network.outputs) != 1:
        raise refusal(
            file, "takes or gives more than one thing at a time; a classifier takes one photo and gives scores"
        )
    height, width, channels = _photo_shape(tuple(network.inputs[0].shape), file)
    return BuiltModel(network, height, width, channels, _output(network, file))


def _photo_shape(shape: tuple[int | None, ...], file: Path) -> tuple[int, int, int]:
    if len(shape) != 4 or shape[3] not in (1, 3):  # photos: rows, columns, channels
        raise refusal(file, f"wants {_in_words(shape)}, no photos")
    height, width = shape[1:3]
    if height is None or width is None:
        raise refusal(
            file,
            "doesn't say how large its photos are",
            "Ask for it with a fixed input size, for instance Input((224, 224, 3)).",
        )
    if max(height, width) > _LARGEST_SIDE:
        raise refusal(
            file, f"wants photos of {width:,} × {height:,} pixels; at most {_LARGEST_SIDE:,} are computed with"
        )
    return height, width, int(shape[3] or 0)


def _in_words(shape: tuple[int | None, ...]) -> str:
    return "numbers of the shape " + " × ".join("any" if side is None else f"{side:,}" for side in shape[1:])


def _output(network: Any, file: Path) -> Output:  # noqa: ANN401
    shape = tuple(network.outputs[0].shape)
    if len(shape) != 2 or not shape[1]:
        raise refusal(file, f"answers with {_in_words(shape)}, not with one score for each class")
    if shape[1] > _MOST_CLASSES:
        raise refusal(file, f"has {shape[1]:,} classes; at most {_MOST_CLASSES:,} are computed with")
    last = _last_activation(network)
    if shape[1] == 1:
        if last == "sigmoid":
            return "sigmoid"
        raise refusal(file, "answers with a single number that is no score")
    if last == "linear":
        return "logits"
    if last == "softmax" and _sums_to_one(network):
        return "softmax"
    raise refusal(
        file,
        "scores each class by itself, so that a photo can be of several or of none",
        "Only models that choose one class a photo (softmax) can be opened.",
    )


def _last_activation(network: Any) -> str:  # noqa: ANN401
    """Name of what the output passes through last; that of the innermost network where they are nested."""
    last = network.outputs[0]._keras_history.operation
    while hasattr(last, "layers") and hasattr(last, "outputs"):
        last = last.outputs[0]._keras_history.operation
    if type(last).__name__ in {"Softmax", "Sigmoid"}:
        return type(last).__name__.lower()
    activation = getattr(last, "activation", None)
    return str(getattr(activation, "__name__", "linear")) if activation is not None else type(last).__name__.lower()


def _sums_to_one(network: Any) -> bool:  # noqa: ANN401
    import keras

    rng = np.random.default_rng(0)
    shape = tuple(network.inputs[0].shape[1:])
    answers = network.predict_on_batch(rng.random((_PROBES, *shape), dtype=np.float32))
    scores = np.asarray(keras.tree.flatten(answers)[0], dtype=np.float64)
    return bool(np.isfinite(scores).all() and (np.abs(scores.sum(axis=1) - 1) <= _SUM_TOLERANCE).all())


def for_photos(model: BuiltModel, pixels: Pixels) -> Any:  # noqa: ANN401
    """The network from photos to scores, as all networks of this program are: uint8 (N, S, S, 3) to (N, classes).

    Args:
        model: The network.
        pixels: What it wants the pixels to be.
    """
    import keras
    from keras import layers

    photo = keras.Input((model.side, model.side, 3), dtype="uint8", name="photo")
    x = keras.ops.cast(photo, "float32")
    if model.height != model.width:
        x = layers.Resizing(model.height, model.width, name="to_its_shape")(x)
    if model.channels == 1:
        x = keras.ops.sum(x * np.array(_LUMA, np.float32), axis=-1, keepdims=True)
    answers = model.network(_in_range(x, pixels), training=False)
    x = keras.ops.cast(keras.tree.flatten(answers)[0], "float32")  # some give a list or a dict of one
    if model.output == "sigmoid":
        x = keras.ops.concatenate([1.0 - x, x], axis=-1)
    elif model.output == "logits":
        x = keras.ops.softmax(x, axis=-1)
    return keras.Model(photo, x)


def _in_range(x: Any, pixels: Pixels) -> Any:  # noqa: ANN401
    match pixels:
        case "unit":
            return x / 255.0
        case "symmetric":
            return x / 127.5 - 1.0
        case "caffe":
            return x[..., ::-1] + np.array(_CAFFE_MEAN, np.float32)
    return x
