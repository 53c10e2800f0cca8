"""Plain data to JSON and back."""

import json
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


def to_json(data: Any, *, indent: int | None = None) -> bytes:  # noqa: ANN401 - any plain data
    """Dataclasses, tuples, dicts and numbers as ASCII JSON.

    The standard library writes the text: file names that are no valid UTF-8 reach Python as lone surrogates, which it
    escapes and reads back, and which msgspec refuses.
    """
    return json.dumps(msgspec.to_builtins(data), ensure_ascii=True, indent=indent, allow_nan=False).encode("ascii")


def from_json(text: bytes, kind: type[T]) -> T:
    """Read what ``to_json`` wrote, checked against the type.

    Raises:
        ValueError: If it is no JSON, or not of this type.
    """
    return msgspec.convert(json.loads(text), kind)
