"""What is wrong with data that a person wrote by hand, in that person's words."""

import re
from collections.abc import Callable
from typing import Final

_KINDS: Final = {
    "int": "a whole number",
    "float": "a number",
    "str": "text",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
    "null": "nothing",
}
_ROOT: Final = "the file"

# What msgspec says, and how that is put here, with the place of it: “epochs” in “phases”, no. 1.
_SAYINGS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str], str]], ...]] = (
    (
        re.compile(r"Expected `array` of length (\d+), got (\d+)"),
        lambda found, place: f"{place} has to be a list of {found[1]}, not of {found[2]}",
    ),
    (
        re.compile(r"Expected `(.+)`, got `(.+)`"),
        lambda found, place: f"{place} has to be {_kinds(found[1])}, not {_kind_found(found[2])}",
    ),
    (
        re.compile(r"Object missing required field `(.+)`"),
        lambda found, place: f"{place} lacks “{found[1]}”",
    ),
    (
        re.compile(r"Object contains unknown field `(.+)`"),
        lambda found, place: f"“{found[1]}” is not known in {place}",
    ),
    (
        re.compile(r"Invalid (?:enum )?value (.+)"),
        lambda found, place: f"{place} can't be {_quoted(found[1])}",
    ),
)


def complaint(error: ValueError) -> str:
    """What is wrong with data that were read from JSON, and where, without a full stop.

    Args:
        error: Of msgspec, "Expected `int`, got `str` - at `$.phases[0].epochs`", or of a type that checks itself.
    """
    what, _, path = str(error).partition(" - at ")
    place = _place(path.strip("`"))
    for pattern, words in _SAYINGS:
        found = pattern.fullmatch(what)
        if found is not None:
            return words(found, place)
    return f"{what}, in {place}" if place != _ROOT else what


def _place(path: str) -> str:
    """Where a value stands, from the inside out, counted from 1: “epochs” in “phases”, no. 1."""
    parts = []
    for name, numbers in re.findall(r"([^.$\[\]]+)((?:\[\d*\])*)", path):
        counted = [f"no. {int(number) + 1}" for number in re.findall(r"\[(\d+)\]", numbers)]
        parts.append(", ".join([f"“{name}”", *counted]))
    return " in ".join(reversed(parts)) or _ROOT


def _kinds(names: str) -> str:
    return " or ".join(_KINDS.get(name, name) for name in names.split(" | "))


def _kind_found(name: str) -> str:
    return "a fraction" if name == "float" else _kinds(name)


def _quoted(value: str) -> str:
    return f"“{value[1:-1]}”" if value[:1] == value[-1:] == "'" else value
