"""What a project can do without: results that would take long to find again, each kept under a key of what it is of."""

import gc
from pathlib import Path
from typing import TypeVar

import msgspec

from tlstudio.projects.project import Project
from tlstudio.whole_files import write_whole

T = TypeVar("T")

_VERSION = 1
"""Raise it when what is kept means something else than before."""


class ProjectCache:
    """Plain data by name, one version of each. Losing it costs time, nothing else, so no write waits for the disk."""

    def __init__(self, project: Project) -> None:
        self._folder = project.folder / "cache"

    def recall(self, name: str, key: str, kind: type[T]) -> T | None:
        """What was kept under a name, if it was kept for this key and can be read."""
        try:
            head, _, body = self._file(name).read_bytes().partition(b"\n")
            return _decoded(body, kind) if head == _head(key) else None
        except (OSError, msgspec.DecodeError):
            return None

    def keep(self, name: str, key: str, value: object) -> None:
        """Keep plain data in the place of what was there under this name; where that can't be, nothing is kept."""
        try:
            body = msgspec.msgpack.encode(value)
        except UnicodeEncodeError:  # a file name that is no valid UTF-8
            return
        try:
            write_whole(self._file(name), _head(key) + b"\n" + body)
        except OSError:
            return

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.msgpack"


def _decoded(body: bytes, kind: type[T]) -> T:
    """Plain data. Looking for garbage among 100,000 new objects, of which none is any, would take a third longer."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        return msgspec.msgpack.decode(body, type=kind)
    finally:
        if collecting:
            gc.enable()


def _head(key: str) -> bytes:
    return f"{_VERSION} {key}".encode()
