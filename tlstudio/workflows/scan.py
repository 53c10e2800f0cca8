"""Use case: read a folder of photos and say what is in it."""

from dataclasses import dataclass
from pathlib import Path

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.index import index_folder
from tlstudio.datasets.labels import LabelRule
from tlstudio.datasets.problems import Problem, find_problems
from tlstudio.events import CancelToken, Emit


@dataclass(frozen=True, slots=True)
class Scanned:
    """A data set, and what is wrong with it."""

    dataset: Dataset
    problems: tuple[Problem, ...]


def scan(folder: Path, labels: LabelRule | None = None, *, emit: Emit, token: CancelToken) -> Scanned:
    """Find and check all photos of a folder.

    Raises:
        TLStudioError: If the folder can't be read.
        Cancelled: If a stop was asked for.
    """
    dataset = index_folder(folder, labels, emit=emit, token=token)
    return Scanned(dataset, find_problems(dataset))
