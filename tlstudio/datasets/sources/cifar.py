"""CIFAR-10 as its authors pack it for Python, written out as photos.

The format: https://www.cs.toronto.edu/~kriz/cifar.html. Its files are pickles; they are read by
``tlstudio.datasets.sources.pickled_arrays``, which runs nothing in them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tlstudio.datasets.sources.pickled_arrays import UnreadablePickleError, read_pickled
from tlstudio.datasets.sources.unpacking import Unpacking
from tlstudio.errors import TLStudioError
from tlstudio.paths import is_file

_META = "batches.meta"
_TEST = "test_batch"
_BATCHES = (*(f"data_batch_{number}" for number in range(1, 6)), _TEST)
_SIDE = 32
_VALUES = 3 * _SIDE * _SIDE
_LARGEST_FILE = 256 << 20  # one of the real ones has 31 MB


@dataclass(frozen=True, slots=True)
class _Batch:
    """Photos of one file: ``pixels`` (n, 32, 32, 3) RGB, ``labels`` n class indices."""

    pixels: NDArray[np.uint8]
    labels: tuple[int, ...]


def find_cifar(folder: Path) -> tuple[Path, ...]:
    """The CIFAR-10 files directly in a folder, the list of classes last; none where there is no batch of photos."""
    batches = tuple(folder / name for name in _BATCHES if is_file(folder / name))
    meta = folder / _META
    return (*batches, meta) if batches and is_file(meta) else batches


def is_cifar_file(path: Path) -> bool:
    """Whether the name is that of a file of CIFAR-10."""
    return path.name in (*_BATCHES, _META)


def write_cifar(files: Sequence[Path], target: Unpacking) -> None:
    """Write the photos as ``train/<class>/00001.png`` and ``test/<class>/00001.png``.

    Args:
        files: What ``find_cifar`` found. Without the list of classes, their numbers are their names.
        target: Where they go, and who is told how far it is.

    Raises:
        TLStudioError: If a file is damaged, no part of CIFAR-10, or holds anything but plain data.
        Cancelled: If a stop was asked for.
    """
    names = [name for file in files if file.name == _META for name in _read_names(file)]
    batches = [file for file in files if file.name != _META]
    done = 0
    for position, file in enumerate(batches):
        batch = _read_batch(file)
        total = done + len(batch.labels) * (len(batches) - position)  # all real ones are equally large
        target.reserve_photos(total - done)
        for pixels, label in zip(batch.pixels, batch.labels, strict=True):
            target.advance(done, total)
            target.add_photo("test" if file.name == _TEST else "train", _class_name(names, label, file), pixels)
            done += 1
    target.advance(done, done)


def _class_name(names: Sequence[str], label: int, file: Path) -> str:
    if not names:
        return str(label)
    if not 0 <= label < len(names):
        raise _no_cifar(file, f"it names class {label}, and there are {len(names)}")
    return names[label]


def _read_names(file: Path) -> list[str]:
    names = _read(file).get("label_names")
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        raise _no_cifar(file, "it holds no list of classes")
    return names


def _read_batch(file: Path) -> _Batch:
    content = _read(file)
    pixels, labels = content.get("data"), content.get("labels")
    if not isinstance(pixels, np.ndarray) or pixels.ndim != 2 or pixels.shape[1] != _VALUES:
        raise _no_cifar(file, f"it holds no photos of {_SIDE} x {_SIDE} pixels")
    if not isinstance(labels, list) or not all(isinstance(label, int) for label in labels):
        raise _no_cifar(file, "it holds no labels")
    if len(labels) != len(pixels):
        raise _no_cifar(file, f"it holds {len(pixels):,} photos and {len(labels):,} labels")
    # Stored colour by colour; a photo has its three colours side by side.
    return _Batch(np.ascontiguousarray(pixels.reshape(-1, 3, _SIDE, _SIDE).transpose(0, 2, 3, 1)), tuple(labels))


def _read(file: Path) -> dict[str, object]:
    if file.stat().st_size > _LARGEST_FILE:
        raise _no_cifar(file, "it is too large")
    try:
        return read_pickled(file.read_bytes())
    except UnreadablePickleError as error:
        raise TLStudioError(
            f"{file.name} is damaged, or holds something other than photos and labels. Nothing in it was run.",
            "Download CIFAR-10 again from the page of its authors (“CIFAR-10 python version”).",
        ) from error


def _no_cifar(file: Path, why: str) -> TLStudioError:
    return TLStudioError(
        f"{file.name} is no part of CIFAR-10: {why}.",
        "Download CIFAR-10 again from the page of its authors (“CIFAR-10 python version”).",
    )
