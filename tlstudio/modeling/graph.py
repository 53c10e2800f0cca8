"""Where a Keras functional model can be cut in two."""

from typing import Any

from tlstudio.errors import TLStudioError


def topological_order(model: Any) -> list[Any]:  # noqa: ANN401 - Keras models have no typed stubs
    """Operations of a functional model with one output, each after everything it reads."""
    order: list[Any] = []
    visited: set[int] = set()
    stack = [(model.outputs[0]._keras_history.operation, False)]
    while stack:
        operation, expanded = stack.pop()
        if expanded:
            order.append(operation)
        elif id(operation) not in visited:
            visited.add(id(operation))
            stack.append((operation, True))
            stack.extend((parent, False) for parent in _parents(operation))
    return order


def _parents(operation: Any) -> list[Any]:  # noqa: ANN401
    return [tensor._keras_history.operation for tensor in operation._inbound_nodes[0].input_tensors]


def cut_layers(model: Any) -> list[str]:  # noqa: ANN401
    """Names of the layers whose output alone feeds everything after them, in order.

    ``keras.Model(layer.output, model.output)`` works for each of them.
    """
    from keras import Layer

    order = topological_order(model)
    position = {id(operation): index for index, operation in enumerate(order)}
    last_reader = list(range(len(order)))
    for index, operation in enumerate(order):
        for parent in _parents(operation):
            last_reader[position[id(parent)]] = index
    names = []
    furthest = -1
    for index, operation in enumerate(order):
        if furthest <= index and isinstance(operation, Layer):
            names.append(operation.name)
        furthest = max(furthest, last_reader[index])
    return names


def feeding(model: Any, layer_name: str) -> set[str]:  # noqa: ANN401
    """Names of everything in the model that a layer's inputs are computed from; empty if there is no such layer."""
    named = {operation.name: operation for operation in topological_order(model)}
    waiting = [named[layer_name]] if layer_name in named else []
    found: set[str] = set()
    while waiting:
        for parent in _parents(waiting.pop()):
            if parent.name not in found:
                found.add(parent.name)
                waiting.append(parent)
    return found


def cut_before(model: Any, layer_name: str) -> str:  # noqa: ANN401
    """The last cut layer such that the layer and everything after it lie behind the cut.

    Raises:
        TLStudioError: If the model has no such layer.
    """
    names = [operation.name for operation in topological_order(model)]
    if layer_name not in names:
        raise TLStudioError(f"The network has no layer called “{layer_name}”.", _similar(names, layer_name))
    cuts = cut_layers(model)
    if layer_name in cuts and not model.get_layer(layer_name).weights:
        return layer_name
    before = set(names[: names.index(layer_name)])
    return next(name for name in reversed(cuts) if name in before)


def _similar(names: list[str], wanted: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(wanted, names, n=3, cutoff=0.4)
    return f"Close to it are {', '.join(close)}." if close else ""
