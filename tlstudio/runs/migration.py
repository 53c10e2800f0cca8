"""Runs of earlier versions, brought to the layout of this one: the only place that knows the old ones."""

from typing import Any, Final

from tlstudio.runs.run import SCHEMA

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
    return _with_amounts(run) if run.get("schema") == 1 else run


def _with_amounts(run: dict[str, Any]) -> dict[str, Any]:
    """Schema 1 to 2: variations had names and fixed strengths, now they are amounts."""
    match run.get("config"):
        case {"augmentation": {"names": [*names], "views": views}, **config}:
            amounts = {key: value for name in names for key, value in _STRENGTHS.get(str(name), {}).items()}
            return run | {"schema": SCHEMA, "config": config | {"augmentation": amounts | {"views": views}}}
    return run | {"schema": SCHEMA}
