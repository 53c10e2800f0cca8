"""From the settings of a phase to a Keras model that is ready to learn: what is trainable, optimizer and loss."""

from collections.abc import Callable
from typing import Any

import keras

from tlstudio.modeling import backend
from tlstudio.modeling.graph import feeding
from tlstudio.modeling.head import HEAD_PREFIX
from tlstudio.modeling.spec import Loss
from tlstudio.training.config import Optimizer, Phase


def prepare(model: Any, phase: Phase, loss: Loss = "auto") -> None:  # noqa: ANN401 - Keras models have no typed stubs
    """Set what is trainable and compile.

    With ``batch_norm="keep"``, batch norm of the backbone keeps the statistics it was pre-trained with (a layer that is
    not trainable runs in inference mode): a few hundred photos would only spoil them.
    """
    frozen = feeding(model, phase.unfreeze_from) if phase.name == "fine_tune" and phase.unfreeze_from else set()
    for layer in model.layers:
        pretrained = phase.name == "fine_tune" and not layer.name.startswith(HEAD_PREFIX)
        keeps = pretrained and phase.batch_norm == "keep" and isinstance(layer, keras.layers.BatchNormalization)
        layer.trainable = layer.name not in frozen and not keeps
    with backend.scope():
        model.compile(
            optimizer=keras_optimizer(phase.optimizer, phase.learning_rate),
            loss=_loss(loss, phase.label_smoothing),
            metrics=["accuracy"],
            jit_compile=False,  # XLA takes longer to compile on a CPU than a small phase takes to run
        )


def keras_optimizer(optimizer: Optimizer, learning_rate: float) -> Any:  # noqa: ANN401
    """The optimizer, at its first learning rate."""
    common = {"learning_rate": learning_rate, "weight_decay": optimizer.weight_decay or None}
    match optimizer.name:
        case "adam":
            return keras.optimizers.Adam(**common)
        case "adamw":  # its default decay is no 0
            return keras.optimizers.AdamW(learning_rate, weight_decay=optimizer.weight_decay)
        case "rmsprop":
            return keras.optimizers.RMSprop(momentum=optimizer.momentum, **common)
    return keras.optimizers.SGD(momentum=optimizer.momentum, nesterov=optimizer.nesterov, **common)


def _loss(loss: Loss, smoothing: float) -> str | Callable[[Any, Any], Any]:
    if loss == "auto" and not smoothing:
        return "sparse_categorical_crossentropy"

    def smoothed_crossentropy(labels: Any, scores: Any) -> Any:  # noqa: ANN401
        wanted = _one_hot(labels, scores)
        return keras.losses.categorical_crossentropy(wanted, scores, label_smoothing=smoothing)

    def binary_crossentropy(labels: Any, scores: Any) -> Any:  # noqa: ANN401
        # Keras remembers the logits of a softmax and would put them through a sigmoid here; clipped scores have none.
        clipped = keras.ops.clip(scores, keras.config.epsilon(), 1 - keras.config.epsilon())
        return keras.losses.binary_crossentropy(_one_hot(labels, scores), clipped, label_smoothing=smoothing)

    return smoothed_crossentropy if loss == "auto" else binary_crossentropy


def _one_hot(labels: Any, scores: Any) -> Any:  # noqa: ANN401
    """Targets of shape (N, classes) from labels of shape (N,) or (N, 1)."""
    return keras.ops.one_hot(keras.ops.cast(keras.ops.ravel(labels), "int32"), scores.shape[-1])
