"""Use case: read photos from wherever they are, and say what is in them."""

from dataclasses import dataclass, replace
from pathlib import Path

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.index import index_folder
from tlstudio.datasets.memory import Memory
from tlstudio.datasets.problems import Problem, find_problems
from tlstudio.datasets.reading.labels import LabelRule
from tlstudio.datasets.reading.reading import Reading, apply_reading, read_hidden, revealed
from tlstudio.datasets.sources.opening import open_source
from tlstudio.events import CancelToken, Emit


@dataclass(frozen=True, slots=True)
class Scanned:
    """A data set, and what is wrong with it."""

    dataset: Dataset
    problems: tuple[Problem, ...]


def find_photos(
    place: Path,
    labels: LabelRule | None = None,
    memory: Memory | None = None,
    *,
    emit: Emit,
    token: CancelToken,
) -> Dataset:
    """Find and check all photos, labelled by the folders at the top unless told otherwise.

    Args:
        place: A folder, an archive, or files of MNIST or CIFAR-10.
        labels: Where labels come from.
        memory: Tells what is known of files that have not changed, and is told the rest.
        emit: Told ``Progress("unpack", ...)`` and ``Progress("scan", ...)``.
        token: Stops it.

    Raises:
        TLStudioError: If it can't be read.
        Cancelled: If a stop was asked for.
    """
    source = open_source(place, labels, emit=emit, token=token)
    return index_folder(source.root, source.labels, memory, emit=emit, token=token)


def read_photos(place: Path, reading: Reading | None = None, *, emit: Emit, token: CancelToken) -> Dataset:
    """Find and check all photos, and read them as a person wants it.

    Args:
        place: A folder, an archive, or files of MNIST or CIFAR-10.
        reading: How to read them, whatever its root; by the folders at the top, or as folders called train, test and
            the like share them out, if None.
        emit: Told ``Progress("unpack", ...)`` and ``Progress("scan", ...)``.
        token: Stops it.

    Raises:
        TLStudioError: If they can't be read.
        Cancelled: If a stop was asked for.
    """
    return _read(place, reading, emit, token)[0]


def scan(place: Path, reading: Reading | None = None, *, emit: Emit, token: CancelToken) -> Scanned:
    """Read photos as ``read_photos`` does, and find what is wrong with them.

    Raises:
        TLStudioError: If they can't be read.
        Cancelled: If a stop was asked for.
    """
    dataset, used = _read(place, reading, emit, token)
    return Scanned(dataset, find_problems(dataset, used))


def _read(place: Path, reading: Reading | None, emit: Emit, token: CancelToken) -> tuple[Dataset, Reading]:
    """The photos, and the reading with its root."""
    found = find_photos(place, emit=emit, token=token)
    used = Reading(found.root) if reading is None else replace(reading, root=found.root)
    if used.hidden:
        used = revealed(found, used)
        found = read_hidden(found, emit=emit, token=token)
    return apply_reading(found, used), used
