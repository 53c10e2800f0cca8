"""Use case: open a sample data set, downloaded or written first where it has to be."""

from dataclasses import replace
from pathlib import Path

from tlstudio.datasets.problems import Fix
from tlstudio.datasets.sources.catalogue import Download, find_sample
from tlstudio.datasets.sources.downloads import delete
from tlstudio.datasets.sources.opening import open_source
from tlstudio.datasets.sources.samples import sample_folder
from tlstudio.datasets.splits.split import SplitConfig
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Emit
from tlstudio.projects.library import Library
from tlstudio.workflows.open_photos import Opened, keep_fix, open_photos, reading_of, reconsidered

_READ = "sample read"


def open_sample(name: str, library: Library, usual: SplitConfig, *, emit: Emit, token: CancelToken) -> Opened:
    """Open a sample data set with its project, the first time with its classes as a person would have them.

    That is an action as any other: it can be undone, and then stays undone.

    Args:
        name: Entry of ``SAMPLE_DATASETS`` or ``DOWNLOADS``.
        library: The projects there are.
        usual: How to share out the photos of a project that doesn't say it.
        emit: Told ``Progress("fetch", ...)``, ``Progress("unpack", ...)`` and ``Progress("scan", ...)``.
        token: Stops it; what has arrived of a download is kept.

    Raises:
        TLStudioError: If it can't be downloaded, written or read.
        Cancelled: If a stop was asked for.
    """
    sample = find_sample(name)
    opened = open_photos(sample_folder(name, emit=emit, token=token), library, usual, emit=emit, token=token)
    if not isinstance(sample, Download) or opened.project.setting(_READ):
        return opened
    fix = _first_reading(sample, opened)
    if fix is not None:
        keep_fix(opened.project, opened.files, fix)
    opened.project.set_setting(_READ, sample.name)
    return reconsidered(opened) if fix else opened


def unpacked_sample(name: str, *, emit: Emit, token: CancelToken) -> Path:
    """The folder of a sample data set that holds its classes, downloaded, written or unpacked first.

    Raises:
        TLStudioError: If it can't be downloaded, written or unpacked.
        Cancelled: If a stop was asked for; what has arrived of a download is kept.
    """
    sample = find_sample(name)
    root = open_source(sample_folder(name, emit=emit, token=token), emit=emit, token=token).root
    return root / sample.inner if isinstance(sample, Download) else root


def delete_download(name: str) -> str:
    """Delete what was downloaded of a sample data set, and what was unpacked of it; its title.

    Raises:
        TLStudioError: If there is no such sample, it needs no download, or something can't be deleted.
    """
    sample = find_sample(name)
    if not isinstance(sample, Download):
        raise TLStudioError(f"{sample.title} needs no download.", "There is nothing to delete.")
    delete(sample)
    return sample.title


def _first_reading(sample: Download, opened: Opened) -> Fix | None:
    """What to read otherwise than as any folder; None for nothing."""
    reading = reading_of(opened.project, opened.files)
    if sample.inner:
        return Fix(f"Read the classes of {sample.title} in “{sample.inner}”", replace(reading, level=2))
    if sample.class_names:
        title = f"Call the classes of {sample.title} by their English names"
        return Fix(title, replace(reading, merged=sample.class_names))
    return None
