"""Photos that a person added to a data set from elsewhere: they stay where they are, and are known by absolute path."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tlstudio.datasets.dataset import Dataset, Rejected, Sample
from tlstudio.datasets.images import Probe

_GONE = "Added from another folder, and not there any more."
_CHANGED = "Added from another folder, and changed since."


@dataclass(frozen=True, slots=True)
class AddedPhoto:
    """What is known of an added photo.

    Attributes:
        class_name: Its label.
        size: Bytes of the file when it was added.
        modified: Time of its last change then, in nanoseconds.
        probe: What was found in it then.
    """

    class_name: str
    size: int
    modified: int
    probe: Probe


def is_added(path: str) -> bool:
    """Whether the path of a sample or a rejected file is that of an added photo."""
    return os.path.isabs(path)  # noqa: PTH117 - asked for 100,000 paths: a Path for each takes a second


def with_added(found: Dataset, added: Mapping[str, AddedPhoto]) -> Dataset:
    """What was found in a folder, and the photos that were added to it from elsewhere.

    Args:
        found: The photos of the folder.
        added: The others, by absolute path with forward slashes; each is looked up on disk, but not opened. Those that
            are gone or have changed are among the rejected ones.
    """
    if not added:
        return found
    samples, rejected, facts = [], [], dict(found.facts)
    for path, photo in added.items():
        reason = _obstacle(path, photo)
        if reason:
            rejected.append(Rejected(path, reason))
            continue
        probe = photo.probe
        samples.append(Sample(path, photo.class_name, probe.width, probe.height, probe.digest))
        facts[probe.digest] = probe.facts
    return replace(
        found,
        classes=tuple(sorted({*found.classes, *(sample.class_name for sample in samples)})),
        samples=tuple(sorted((*found.samples, *samples), key=lambda sample: sample.path)),
        rejected=tuple(sorted((*found.rejected, *rejected), key=lambda file: file.path)),
        facts=facts,
    )


def _obstacle(path: str, photo: AddedPhoto) -> str:
    """Why a photo can't be used; empty if it can."""
    try:
        status = Path(path).stat()
    except OSError:
        return _GONE
    return "" if (status.st_size, status.st_mtime_ns) == (photo.size, photo.modified) else _CHANGED
