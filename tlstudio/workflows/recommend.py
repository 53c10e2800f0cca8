"""Use case: know enough of a folder to recommend a network, before its photos are read."""

import statistics
from contextlib import suppress
from pathlib import Path
from typing import Final

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.images import UnreadableImageError, probe
from tlstudio.datasets.walk import top_folders, walk
from tlstudio.paths import is_file
from tlstudio.training.recommendation import Facts, facts_here

_LOOKED_AT: Final = 12
_MEASURED: Final = 1000


def facts_of_folder(folder: Path) -> Facts:
    """What a recommendation goes by, from the names of files and a few photos; nothing of the photos in an archive.

    Raises:
        TLStudioError: If there is no such folder, or it can't be looked into.
    """
    if is_file(folder):
        return facts_here()
    candidates = [found.path for found in walk(folder) if found.kind == "candidate"]
    sides = []
    for path in candidates[:: max(1, len(candidates) // _LOOKED_AT)]:
        with suppress(UnreadableImageError):
            seen = probe(folder / path)
            sides.append(min(seen.width, seen.height))
    return facts_here(len(candidates), len(top_folders(folder)), _usual(sides))


def facts_of(dataset: Dataset | None) -> Facts:
    """What a recommendation goes by, of photos that have been read."""
    if dataset is None or not dataset.samples:
        return facts_here()
    some = dataset.samples[:: max(1, len(dataset.samples) // _MEASURED)]
    sides = [min(sample.width, sample.height) for sample in some]
    return facts_here(len(dataset.samples), len(dataset.classes), _usual(sides))


def _usual(sides: list[int]) -> int:
    return round(statistics.median(sides)) if sides else 0
