"""What is wrong with data that people wrote by hand, in their words."""

import json
from dataclasses import dataclass
from typing import Literal

import msgspec
import pytest

from tlstudio.complaints import complaint


@dataclass(frozen=True)
class Step:
    rounds: int
    rate: float = 0.1
    kind: Literal["head", "all"] = "head"
    size: tuple[int, int] | None = None
    name: str | bool = ""

    def __post_init__(self) -> None:
        if self.rounds < 1:
            raise ValueError("rounds must be at least 1")


class Strict(msgspec.Struct, forbid_unknown_fields=True):
    """A table that has no other keys."""


@dataclass(frozen=True)
class Recipe:
    title: str
    steps: tuple[Step, ...] = ()
    strict: Strict | None = None


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ({}, "the file lacks “title”"),
        ([], "the file has to be a table, not a list"),
        ({"title": None}, "“title” has to be text, not nothing"),
        ({"title": "a", "steps": {}}, "“steps” has to be a list, not a table"),
        ({"title": "a", "steps": [{}]}, "“steps”, no. 1 lacks “rounds”"),
        (
            {"title": "a", "steps": [{"rounds": 1}, {"rounds": "five"}]},
            "“rounds” in “steps”, no. 2 has to be a whole number, not text",
        ),
        (
            {"title": "a", "steps": [{"rounds": 2.5}]},
            "“rounds” in “steps”, no. 1 has to be a whole number, not a fraction",
        ),
        ({"title": "a", "steps": [{"rounds": 1, "kind": "body"}]}, "“kind” in “steps”, no. 1 can't be “body”"),
        (
            {"title": "a", "steps": [{"rounds": 1, "size": [1]}]},
            "“size” in “steps”, no. 1 has to be a list of 2, not of 1",
        ),
        (
            {"title": "a", "steps": [{"rounds": 1, "size": [1, "b"]}]},
            "“size”, no. 2 in “steps”, no. 1 has to be a whole number, not text",
        ),
        (
            {"title": "a", "steps": [{"rounds": 1, "name": 3}]},
            "“name” in “steps”, no. 1 has to be true or false or text, not a whole number",
        ),
        ({"title": "a", "steps": [{"rounds": 0}]}, "rounds must be at least 1, in “steps”, no. 1"),
        ({"title": "a", "strict": {"colour": 1}}, "“colour” is not known in “strict”"),
    ],
)
def test_what_is_wrong_and_where(written: object, words: str) -> None:
    with pytest.raises(ValueError, match=r"\w") as raised:
        msgspec.convert(json.loads(json.dumps(written)), Recipe)
    assert complaint(raised.value) == words


def test_what_another_says_is_left_as_it_is() -> None:
    assert complaint(ValueError("it has no “width”")) == "it has no “width”"
