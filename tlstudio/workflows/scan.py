"""Use case: read photos from wherever they are, and say what is in them."""

from dataclasses import dataclass
from pathlib import Path

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.index import index_folder
from tlstudio.datasets.labels import FolderLabels, LabelRule
from tlstudio.datasets.memory import Memory
from tlstudio.datasets.nests import honoured
from tlstudio.datasets.problems import Problem, find_problems
from tlstudio.datasets.sources import open_source
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


def read_photos(place: Path, labels: LabelRule | None = None, *, emit: Emit, token: CancelToken) -> Dataset:
    """Find and check all photos; folders called train, test and the like are taken for a split.

    Raises:
        TLStudioError: If it can't be read.
        Cancelled: If a stop was asked for.
    """
    found = find_photos(place, labels, emit=emit, token=token)
    by_folder = labels is None or isinstance(labels, FolderLabels)
    return (honoured(found) if by_folder else None) or found


def scan(place: Path, labels: LabelRule | None = None, *, emit: Emit, token: CancelToken) -> Scanned:
    """Read photos and find what is wrong with them.

    Raises:
        TLStudioError: If they can't be read.
        Cancelled: If a stop was asked for.
    """
    dataset = read_photos(place, labels, emit=emit, token=token)
    return Scanned(dataset, find_problems(dataset))
