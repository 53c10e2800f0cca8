"""Runs of earlier versions, brought to the layout of this one: the only place that knows the old ones."""

from collections.abc import Callable
from typing import Any, Final

# What the names of schema 1 stood for. Figures of then: today's usual strengths may change, these may not.
_STRENGTHS: Final[dict[str, dict[str, float | bool]]] = {
    "flip": {"horizontal_flip": True},
    "rotate": {"rotation": 20.0},
    "shift": {"width_shift": 0.1, "height_shift": 0.1},
    "zoom": {"zoom_low": -0.2, "zoom_high": 0.2},
    "shear": {"shear": 10.0},
    "brightness": {"brightness": 0.2},
    "contrast": {"contrast": 0.2},
    "colour": {"colour": 0.3},
}


def upgraded(run: dict[str, Any]) -> dict[str, Any]:
    """The contents of a ``run.json`` in the present layout; ``run`` itself is not changed.

    What is not as it should be is left as it is: reading it against the types finds that, and says where.
    """
    while run.get("schema") in _STEPS:
        run = _STEPS[run["schema"]](run) | {"schema": run["schema"] + 1}
    return run


def _with_amounts(run: dict[str, Any]) -> dict[str, Any]:
    """Schema 1 to 2: variations had names and fixed strengths, now they are amounts."""
    match run.get("config"):
        case {"augmentation": {"names": [*names], "views": views}, **config}:
            amounts = {key: value for name in names for key, value in _STRENGTHS.get(str(name), {}).items()}
            return run | {"config": config | {"augmentation": amounts | {"views": views}}}
    return run


def _with_layers(run: dict[str, Any]) -> dict[str, Any]:
    """Schema 2 to 3: a head had hidden layers of one kind and dropout before each dense layer, now any layers."""
    match run.get("spec"):
        case {"head": {"pooling": pooling, "dense": [*dense], "activation": activation, "dropout": rate}, **spec}:
            dropped = [{"layer": "dropout", "rate": rate}] if rate else []
            hidden = [[*dropped, {"layer": "dense", "units": units, "activation": activation}] for units in dense]
            layers = [layer for group in hidden for layer in group] + dropped
            return run | {"spec": spec | {"head": {"pooling": pooling, "layers": layers}}}
    return run


def _with_stops(run: dict[str, Any]) -> dict[str, Any]:
    """Schema 3 to 4: a phase had patience with the validation loss, now any reasons to stop."""
    match run.get("config"):
        case {"phases": [*phases], **config}:
            return run | {"config": config | {"phases": [_with_stop(phase) for phase in phases]}}
    return run


def _with_stop(phase: Any) -> Any:  # noqa: ANN401 - whatever stands there
    match phase:
        case {"patience": patience, **others}:
            return others | {"stops": [{"metric": "val_loss", "patience": patience}]}
    return phase


_STEPS: Final[dict[object, Callable[[dict[str, Any]], dict[str, Any]]]] = {
    1: _with_amounts,
    2: _with_layers,
    3: _with_stops,
}
