"""MNIST and data sets in its format (Fashion-MNIST, KMNIST), written out as photos.

The IDX format: http://yann.lecun.com/exdb/mnist/. Big-endian: two zero bytes, the type (8: bytes), the number of
dimensions, the size of each as 32 bits, then the values.
"""

import gzip
import re
import struct
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import numpy as np
from numpy.typing import NDArray

from tlstudio.datasets.sources.unpacking import Unpacking
from tlstudio.errors import TLStudioError
from tlstudio.paths import is_file

_PARTS = {"train": "train", "t10k": "test"}
_NAME = re.compile(r"(train|t10k)-(images[-.]idx3|labels[-.]idx1)-ubyte(\.gz)?")
_MAGIC = {"images": b"\0\0\x08\x03", "labels": b"\0\0\x08\x01"}
_LARGEST_SIDE = 4096
_MOST_PHOTOS = 10_000_000


@dataclass(frozen=True, slots=True)
class IdxPair:
    """The two files of one part.

    Attributes:
        part: "train" or "test".
        images: File of the photos.
        labels: File of their labels.
    """

    part: str
    images: Path
    labels: Path


@dataclass(frozen=True, slots=True)
class _Open:
    """A pair of files of which the headers have been read."""

    part: str
    images: IO[bytes]
    labels: IO[bytes]
    images_name: str
    labels_name: str
    count: int
    shape: tuple[int, int]


def is_mnist_file(path: Path) -> bool:
    """Whether the name is that of an MNIST file."""
    return _NAME.fullmatch(path.name) is not None


def find_mnist(folder: Path) -> tuple[IdxPair, ...]:
    """The MNIST files directly in a folder, those to learn from first.

    Raises:
        TLStudioError: If there are photos without their labels, or labels without photos.
    """
    pairs = []
    for stem, part in _PARTS.items():
        images, labels = _existing(folder, stem, "images", 3), _existing(folder, stem, "labels", 1)
        if images and labels:
            pairs.append(IdxPair(part, images, labels))
        elif images or labels:
            there, lacking = (images, "labels") if images else (labels, "images")
            raise TLStudioError(
                f"{there.name if there else stem} lies in {folder} without its {lacking}.",
                f"Put the file {stem}-{lacking}-idx{1 if images else 3}-ubyte.gz beside it.",
            )
    return tuple(pairs)


def write_mnist(pairs: Sequence[IdxPair], target: Unpacking) -> None:
    """Write the photos as ``train/<label>/00001.png`` and ``test/<label>/00001.png``.

    Args:
        pairs: What ``find_mnist`` found.
        target: Where they go, and who is told how far it is.

    Raises:
        TLStudioError: If a file is damaged or not in the IDX format.
        Cancelled: If a stop was asked for.
    """
    with ExitStack() as stack:
        opened = [_open(pair, stack) for pair in pairs]
        total = sum(part.count for part in opened)
        target.reserve_photos(total)
        done = 0
        for part in opened:
            for label, pixels in _photos(part):
                target.advance(done, total)
                target.add_photo(part.part, str(label), pixels)
                done += 1
        target.advance(total, total)


def _existing(folder: Path, stem: str, what: str, dimensions: int) -> Path | None:
    names = (f"{stem}-{what}{mark}idx{dimensions}-ubyte{ending}" for ending in ("", ".gz") for mark in "-.")
    return next((folder / name for name in names if is_file(folder / name)), None)


def _open(pair: IdxPair, stack: ExitStack) -> _Open:
    images, (count, height, width) = _open_idx(pair.images, "images", stack)
    labels, (label_count,) = _open_idx(pair.labels, "labels", stack)
    if count != label_count:
        raise TLStudioError(
            f"{pair.images.name} holds {count:,} photos, and {pair.labels.name} {label_count:,} labels.",
            "Take both files from the same data set.",
        )
    if not (0 < height <= _LARGEST_SIDE and 0 < width <= _LARGEST_SIDE and count <= _MOST_PHOTOS):
        raise _damaged(pair.images.name)
    return _Open(pair.part, images, labels, pair.images.name, pair.labels.name, count, (height, width))


def _open_idx(file: Path, what: str, stack: ExitStack) -> tuple[IO[bytes], tuple[int, ...]]:
    """The file, past its header, and its dimensions."""
    stream: IO[bytes] = stack.enter_context(file.open("rb"))
    if file.suffix == ".gz":
        stream = cast("IO[bytes]", stack.enter_context(gzip.GzipFile(fileobj=stream)))
    magic = _MAGIC[what]
    with _told_plainly(file.name):
        if stream.read(4) != magic:
            raise EOFError
        return stream, struct.unpack(f">{magic[3]}I", _exactly(stream, 4 * magic[3]))


def _photos(part: _Open) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    """Label and (height, width) grey values of each photo; one is in memory at a time."""
    height, width = part.shape
    for _ in range(part.count):
        with _told_plainly(part.images_name):
            values = _exactly(part.images, height * width)
        with _told_plainly(part.labels_name):
            label = _exactly(part.labels, 1)[0]
        yield label, np.frombuffer(values, np.uint8).reshape(height, width)
    # Past the end: there gzip compares the check sum.
    for stream, name in ((part.images, part.images_name), (part.labels, part.labels_name)):
        with _told_plainly(name):
            if stream.read(1):
                raise EOFError


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


@contextmanager
def _told_plainly(name: str) -> Iterator[None]:
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise _damaged(name) from error


def _damaged(name: str) -> TLStudioError:
    return TLStudioError(
        f"{name} is damaged, not complete, or not in the format of MNIST.", "Download or copy it again."
    )
