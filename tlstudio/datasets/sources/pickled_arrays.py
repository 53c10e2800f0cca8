"""Reads the plain data of a pickle without running anything in it.

A pickle is a program for a small stack machine, and most of its power is to call any function of any module. This
reader knows the few instructions that lists, texts, numbers and NumPy arrays of bytes need (those of the batches of
CIFAR-10, written by Python 2 with protocol 2). It imports nothing and calls nothing that the file names: three names
of NumPy are recognised, and stand for objects of its own. At anything else it stops.

The instructions are described in ``pickletools`` of the standard library.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

_RECONSTRUCT = "reconstruct"
_NDARRAY = "ndarray"
_DTYPE = "dtype"
_GLOBALS = {
    "numpy.core.multiarray _reconstruct": _RECONSTRUCT,
    "numpy._core.multiarray _reconstruct": _RECONSTRUCT,
    "numpy ndarray": _NDARRAY,
    "numpy dtype": _DTYPE,
}
_BYTE_TYPES = ("u1", "|u1", "uint8")
_NEWEST_PROTOCOL = 3


class UnreadablePickleError(Exception):
    """A file that holds something other than plain data, or is damaged. Nothing in it was run."""


@dataclass(frozen=True, slots=True)
class _Name:
    """A name of NumPy that the file mentions."""

    meaning: str


@dataclass(slots=True)
class _Array:
    """An array before and after its content is known."""

    values: NDArray[np.uint8] | None = None


class _Mark:
    """Where a portion of the stack begins."""


class _ByteType:
    """The only type of array that is read: bytes."""


_MARK = _Mark()


def read_pickled(data: bytes) -> dict[str, object]:
    """Read the dictionary that a pickle holds.

    Args:
        data: The file. The objects that are made are no larger than a small multiple of it.

    Returns:
        Dictionaries, lists, tuples, text (Latin-1 where Python 2 wrote it), bytes, integers and (…) uint8 arrays.

    Raises:
        UnreadablePickleError: If there is an instruction or a name that plain data doesn't need, the file is cut
            short, or it holds no dictionary.
    """
    try:
        result = _Machine(data).run()
    except (IndexError, struct.error, ValueError, TypeError, OverflowError) as error:
        raise UnreadablePickleError("damaged") from error
    if not isinstance(result, dict):
        raise UnreadablePickleError("no dictionary")
    return result


class _Machine:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._position = 0
        self._stack: list[object] = []
        self._memo: dict[int, object] = {}

    def run(self) -> object:
        """Follow the instructions up to the stop."""
        while (code := self._take(1)) != b".":
            instruction = _INSTRUCTIONS.get(code)
            if instruction is None:
                raise UnreadablePickleError(f"instruction {code!r}")
            instruction(self)
        return _plain(self._stack.pop())

    def _take(self, size: int) -> bytes:
        end = self._position + size
        if size < 0 or end > len(self._data):
            raise UnreadablePickleError("cut short")
        taken = self._data[self._position : end]
        self._position = end
        return taken

    def _number(self, layout: str) -> int:
        return int(struct.unpack(layout, self._take(struct.calcsize(layout)))[0])

    def _line(self) -> str:
        end = self._data.index(b"\n", self._position)
        return self._take(end + 1 - self._position)[:-1].decode("ascii")

    def _push(self, value: object) -> None:
        self._stack.append(value)

    def _above_mark(self) -> list[object]:
        """Take all from the last mark on off the stack."""
        place = len(self._stack) - 1
        while self._stack[place] is not _MARK:
            place -= 1
            if place < 0:
                raise UnreadablePickleError("no mark")
        values = self._stack[place + 1 :]
        del self._stack[place:]
        return values

    def protocol(self) -> None:
        if self._number("<B") > _NEWEST_PROTOCOL:
            raise UnreadablePickleError("protocol")

    def mark(self) -> None:
        self._push(_MARK)

    def integer(self, layout: str) -> None:
        self._push(self._number(layout))

    def text(self, layout: str, encoding: str) -> None:
        self._push(self._take(self._number(layout)).decode(encoding))

    def binary(self, layout: str) -> None:
        self._push(self._take(self._number(layout)))

    def put(self, layout: str) -> None:
        self._memo[self._number(layout)] = self._stack[-1]

    def get(self, layout: str) -> None:
        place = self._number(layout)
        if place not in self._memo:
            raise UnreadablePickleError("nothing there")
        self._push(self._memo[place])

    def name(self) -> None:
        wanted = f"{self._line()} {self._line()}"
        if wanted not in _GLOBALS:
            raise UnreadablePickleError(f"name {wanted}")
        self._push(_Name(_GLOBALS[wanted]))

    def tuple_of(self, count: int) -> None:
        if len(self._stack) < count:
            raise UnreadablePickleError("stack")
        values = self._stack[len(self._stack) - count :]
        del self._stack[len(self._stack) - count :]
        self._push(tuple(values))

    def tuple_from_mark(self) -> None:
        self._push(tuple(self._above_mark()))

    def append(self) -> None:
        value = self._stack.pop()
        self._extend([value])

    def appends(self) -> None:
        self._extend(self._above_mark())

    def _extend(self, values: list[object]) -> None:
        target = self._stack[-1]
        if not isinstance(target, list):
            raise UnreadablePickleError("no list")
        target.extend(_plain(value) for value in values)

    def set_item(self) -> None:
        value, key = self._stack.pop(), self._stack.pop()
        self._update([key, value])

    def set_items(self) -> None:
        self._update(self._above_mark())

    def _update(self, pairs: list[object]) -> None:
        target = self._stack[-1]
        if not isinstance(target, dict):
            raise UnreadablePickleError("no dictionary")
        for key, value in zip(pairs[::2], pairs[1::2], strict=True):
            if not isinstance(key, str):
                raise UnreadablePickleError("key")
            target[key] = _plain(value)

    def call(self) -> None:
        """What looks like a call: the beginning of an array, or its type."""
        arguments, called = self._stack.pop(), self._stack.pop()
        if called == _Name(_RECONSTRUCT) and isinstance(arguments, tuple) and arguments[:1] == (_Name(_NDARRAY),):
            self._push(_Array())
        elif called == _Name(_DTYPE) and isinstance(arguments, tuple) and arguments[0] in _BYTE_TYPES:
            self._push(_ByteType())
        else:
            raise UnreadablePickleError("call")

    def build(self) -> None:
        """The content of an array, or what else is said of its type."""
        state, target = self._stack.pop(), self._stack[-1]
        if isinstance(target, _Array):
            target.values = _array(state)
        elif not isinstance(target, _ByteType):
            raise UnreadablePickleError("build")


def _array(state: object) -> NDArray[np.uint8]:
    """An array from the state that NumPy writes: version, shape, type, column order, content."""
    if not isinstance(state, tuple) or len(state) != 5:
        raise UnreadablePickleError("array")
    _, shape, byte_type, by_columns, content = state
    if not isinstance(byte_type, _ByteType) or not isinstance(shape, tuple):
        raise UnreadablePickleError("array")
    if not all(isinstance(side, int) and side >= 0 for side in shape):
        raise UnreadablePickleError("array")
    raw = content.encode("latin-1") if isinstance(content, str) else content
    if not isinstance(raw, bytes):
        raise UnreadablePickleError("array")
    return np.frombuffer(raw, np.uint8).reshape(shape, order="F" if by_columns else "C")


def _plain(value: object) -> object:
    """A finished value; what is only half made is refused."""
    if isinstance(value, _Array):
        if value.values is None:
            raise UnreadablePickleError("array")
        return value.values
    if isinstance(value, _Name | _ByteType | _Mark):
        raise UnreadablePickleError("not plain")
    return value


_INSTRUCTIONS: Final[dict[bytes, Callable[[_Machine], None]]] = {
    b"\x80": _Machine.protocol,
    b"(": _Machine.mark,
    b"}": lambda machine: machine._push({}),
    b"]": lambda machine: machine._push([]),
    b"N": lambda machine: machine._push(None),
    b"\x88": lambda machine: machine._push(True),
    b"\x89": lambda machine: machine._push(False),
    b"K": lambda machine: machine.integer("<B"),
    b"M": lambda machine: machine.integer("<H"),
    b"J": lambda machine: machine.integer("<i"),
    b"U": lambda machine: machine.text("<B", "latin-1"),
    b"T": lambda machine: machine.text("<i", "latin-1"),
    b"X": lambda machine: machine.text("<I", "utf-8"),
    b"C": lambda machine: machine.binary("<B"),
    b"B": lambda machine: machine.binary("<I"),
    b"q": lambda machine: machine.put("<B"),
    b"r": lambda machine: machine.put("<I"),
    b"h": lambda machine: machine.get("<B"),
    b"j": lambda machine: machine.get("<I"),
    b"c": _Machine.name,
    b")": lambda machine: machine.tuple_of(0),
    b"\x85": lambda machine: machine.tuple_of(1),
    b"\x86": lambda machine: machine.tuple_of(2),
    b"\x87": lambda machine: machine.tuple_of(3),
    b"t": _Machine.tuple_from_mark,
    b"a": _Machine.append,
    b"e": _Machine.appends,
    b"s": _Machine.set_item,
    b"u": _Machine.set_items,
    b"R": _Machine.call,
    b"b": _Machine.build,
}
