"""What a phase has made of its Keras model, taken out and put back."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tlstudio.modeling import backend
from tlstudio.training.state import Arrays, Snapshot

_RANDOM = "seed_generator_state"  # what Keras calls the variable of every random generator


def take_snapshot(model: Any, kept: Arrays, *, kept_now: bool) -> Snapshot:  # noqa: ANN401 - Keras models have no typed stubs
    """Copy everything that the next step depends on.

    Args:
        model: Compiled.
        kept: The weights that the phase would end on.
        kept_now: Whether they are those that the model has.
    """
    weights = kept if kept_now else model.get_weights()
    return Snapshot(weights, kept, _values(model.optimizer.variables), _values(_chance(model)))


def restore_snapshot(model: Any, snapshot: Snapshot) -> None:  # noqa: ANN401
    """Go back to a snapshot of an equal model.

    Raises:
        ValueError: If the model is another one.
    """
    model.set_weights(list(snapshot.weights))
    with backend.scope():
        model.optimizer.build(model.trainable_variables)
    for variables, values in ((model.optimizer.variables, snapshot.optimizer), (_chance(model), snapshot.chance)):
        for variable, value in zip(variables, values, strict=bool(values)):
            variable.assign(value)


def _chance(model: Any) -> list[Any]:  # noqa: ANN401
    return [variable for variable in model.non_trainable_variables if variable.name == _RANDOM]


def _values(variables: Sequence[Any]) -> list[NDArray[Any]]:
    return [np.asarray(variable.numpy()) for variable in variables]
