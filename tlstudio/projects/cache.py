"""What a project can do without: results that would take long to find again, each kept under a key of what it is of."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from itertools import islice
from pathlib import Path
from typing import IO, Any, TypeVar, cast, get_type_hints

import msgspec

from tlstudio.datasets.garbage import no_collection
from tlstudio.projects.project import Project
from tlstudio.whole_files import write_whole

T = TypeVar("T")

_VERSION = 2
"""Raise it when what is kept means something else than before."""

_PIECE = 2000
"""Entries of a long field that are read or written at a time: meanwhile all other threads stand still."""


class ProjectCache:
    """Plain data by name, one version of each. Losing it costs time, nothing else, so no write waits for the disk.

    A file is one line with the key, one with the names and lengths of the pieces, then these.
    """

    def __init__(self, project: Project) -> None:
        self._folder = project.folder / "cache"

    def recall(self, name: str, key: str, kind: type[T]) -> T | None:
        """What was kept under a name, if it was kept for this key and can be read."""
        try:
            with self._file(name).open("rb") as file:
                return _decoded(file, kind) if file.readline() == _head(key) + b"\n" else None
        except (OSError, LookupError, ValueError):  # msgspec's own are ValueErrors
            return None

    def keep(self, name: str, key: str, value: object) -> None:
        """Keep plain data in the place of what was there under this name; where that can't be, nothing is kept."""
        try:
            body = _encoded(value)
        except UnicodeEncodeError:  # a file name that is no valid UTF-8
            return
        try:
            write_whole(self._file(name), _head(key) + b"\n" + body)
        except OSError:
            return

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.msgpack"


def _encoded(value: object) -> bytes:
    long = dict(_long_fields(value))
    short = value
    for name, held in long.items():
        short = _with(short, name, () if isinstance(held, tuple) else {})
    pieces = [("", msgspec.msgpack.encode(short))]
    pieces += [(name, msgspec.msgpack.encode(part)) for name, held in long.items() for part in _parts(held)]
    table = msgspec.json.encode([(name, len(piece)) for name, piece in pieces])
    return b"\n".join((table, b"".join(piece for _, piece in pieces)))


@no_collection()
def _decoded(file: IO[bytes], kind: type[T]) -> T:
    value: Any = None
    long: dict[str, Any] = {}
    for name, length in msgspec.json.decode(file.readline(), type=list[tuple[str, int]]):
        part = msgspec.msgpack.decode(file.read(length), type=_kind_of(kind, name))
        if not name:
            value = part
        elif isinstance(part, tuple):
            long.setdefault(name, []).extend(part)
        else:
            long.setdefault(name, {}).update(part)
    for name, held in long.items():
        value = _with(value, name, tuple(held) if isinstance(held, list) else held)
    return cast(T, value)


def _long_fields(value: object, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The long tuples and mappings in data classes, with their names: "looks.flagged"."""
    if not is_dataclass(value):
        return
    kinds = get_type_hints(type(value))
    for field in fields(value):
        name, held = f"{prefix}{field.name}", getattr(value, field.name)
        if type(held) is kinds[field.name]:
            yield from _long_fields(held, f"{name}.")
        elif isinstance(held, (tuple, Mapping)) and len(held) > _PIECE:
            yield name, held


def _parts(held: tuple[object, ...] | Mapping[object, object]) -> Iterator[object]:
    """A long tuple or mapping in pieces."""
    if isinstance(held, tuple):
        yield from (held[start : start + _PIECE] for start in range(0, len(held), _PIECE))
        return
    items = iter(held.items())
    while part := dict(islice(items, _PIECE)):
        yield part


def _with(value: Any, name: str, held: object) -> Any:  # noqa: ANN401 - any data class
    """The same data with another value in a field, which may lie in one of its fields."""
    first, _, rest = name.partition(".")
    return replace(value, **{first: _with(getattr(value, first), rest, held) if rest else held})


def _kind_of(kind: Any, name: str) -> Any:  # noqa: ANN401 - any type, also a generic alias
    """The type of a field; "" is all of it."""
    first, _, rest = name.partition(".")
    return _kind_of(get_type_hints(kind)[first], rest) if first else kind


def _head(key: str) -> bytes:
    return f"{_VERSION} {key}".encode()
