"""One step of learning, and answers, on as many devices as there are; and what tells that memory ran out."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

OUT_OF_MEMORY: Final = (MemoryError, tf.errors.ResourceExhaustedError)
"""What Python and TensorFlow raise when there is no memory left."""


def learn_batch(
    model: Any,  # noqa: ANN401 - Keras models have no typed stubs
    inputs: NDArray[Any],
    labels: NDArray[np.int64],
    counts: NDArray[np.float32] | None = None,
) -> dict[str, float]:
    """Learn from a batch; several devices take a part of it each, and agree on the step.

    Args:
        model: Compiled.
        inputs: Shape (n, ...).
        labels: Class indices, shape (n,).
        counts: How much each photo counts, shape (n,); None if all count alike.

    Returns:
        Loss and metrics of this batch alone.
    """
    if model.distribute_strategy.num_replicas_in_sync == 1:
        logs: dict[str, float] = model.train_on_batch(inputs, labels, sample_weight=counts, return_dict=True)
        return logs
    shares = _spread(model, inputs, labels, counts)
    if model.train_function is None:
        with model.distribute_strategy.scope():
            # What ``train_on_batch`` does first. Variables that are made inside the step itself would be made there by
            # each device, which TensorFlow refuses.
            model._maybe_symbolic_build(data_batch=(inputs, labels, np.ones(len(labels), np.float32)))
            model.optimizer.build(model.trainable_variables)
        model.make_train_function()
    model.reset_metrics()
    return {name: float(value) for name, value in model.train_function(iter([shares])).items()}


def answers(model: Any, inputs: NDArray[Any]) -> NDArray[np.float32]:  # noqa: ANN401
    """Scores of a batch, shape (n, classes)."""
    replicas = model.distribute_strategy.num_replicas_in_sync
    if replicas == 1:
        return np.asarray(model.predict_on_batch(inputs))
    model.make_predict_function()
    (spread,) = _values(model, [(inputs[part],) for part in _parts(len(inputs), replicas)])
    found = np.asarray(model.predict_function([(spread,)]))
    return found[: len(inputs)]


def _spread(
    model: Any,  # noqa: ANN401
    inputs: NDArray[Any],
    labels: NDArray[np.int64],
    counts: NDArray[np.float32] | None,
) -> tuple[Any, ...]:
    """The shares of a batch, so weighted that their mean is the mean of the whole batch.

    Keras takes the mean of each share and then of the shares, which would favour the photos of a smaller share.
    """
    replicas = model.distribute_strategy.num_replicas_in_sync
    parts = _parts(len(inputs), replicas)
    weights = np.ones(len(inputs), np.float32) if counts is None else counts
    shares = []
    for number, part in enumerate(parts):
        filler = number >= len(inputs)  # there are more devices than photos: this one computes, and counts nothing
        share = 0.0 if filler else len(part) * replicas / len(inputs)
        shares.append((inputs[part], labels[part], (weights[part] * share).astype(np.float32)))
    return _values(model, shares)


def _parts(count: int, replicas: int) -> list[NDArray[np.int64]]:
    """Places in the batch for each device, as even as can be; devices without a photo get the first one."""
    split = np.array_split(np.arange(count), replicas)
    return [part if len(part) else np.zeros(1, np.int64) for part in split]


def _values(model: Any, shares: Sequence[tuple[NDArray[Any], ...]]) -> tuple[Any, ...]:  # noqa: ANN401
    """Arrays of each device, put together as TensorFlow hands them out."""
    strategy = model.distribute_strategy

    def values(place: int) -> Any:  # noqa: ANN401
        return strategy.experimental_distribute_values_from_function(
            lambda context: tf.constant(shares[context.replica_id_in_sync_group][place])
        )

    return tuple(values(place) for place in range(len(shares[0])))
