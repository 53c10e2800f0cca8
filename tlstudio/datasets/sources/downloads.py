"""Sample data sets on their way to this computer: what is here, what has arrived of the rest, fetching and deleting.

Nothing is fetched unless ``fetch`` is called for it. The files stay as they were published, in a folder of the cache;
``datasets.sources`` unpacks them as it unpacks any archive.
"""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tlstudio import paths
from tlstudio.datasets.sizes import size_in_words
from tlstudio.datasets.sources import partial_files
from tlstudio.datasets.sources.catalogue import Download
from tlstudio.datasets.sources.meter import Meter
from tlstudio.datasets.sources.opening import open_source
from tlstudio.errors import Cancelled, TLStudioError
from tlstudio.events import CancelToken, Emit, ignore_events

_STAGE = "fetch"
_SPARE_BYTES = 256 << 20  # what a disk keeps free, so that the system goes on working
_POLL_SECONDS = 0.1

_turns = threading.Lock()


def place_of(download: Download) -> Path:
    """What is opened once it is here: an archive, or a folder of several files."""
    name = download.files[0].name if len(download.files) == 1 else download.title
    return paths.downloads_dir() / name


def is_here(download: Download) -> bool:
    """Whether all of it is on this computer."""
    return all(target.is_file() for target in _targets(download))


def arrived(download: Download) -> int:
    """Bytes of it that are on this computer, those of files that are not whole yet included."""
    return sum(map(partial_files.arrived, _targets(download)))


def fetch(download: Download, *, emit: Emit, token: CancelToken) -> Path:
    """Make sure that a data set is on this computer. What has arrived before is gone on with.

    Every file is compared with its published checksum. One download runs at a time; another waits for it.

    Args:
        download: Entry of ``DOWNLOADS``.
        emit: Told ``Progress("fetch", bytes, bytes in all, note)``; the note says how many MB, how fast, how long.
        token: Stops it within a moment; what has arrived is kept.

    Returns:
        What ``open_source`` opens.

    Raises:
        TLStudioError: If there is no network, no room, no place to write, or the file is another one.
        Cancelled: If a stop was asked for.
    """
    place = place_of(download)
    if is_here(download):
        return place
    with _turn(token), _told_plainly(download):
        for target in _targets(download):
            target.parent.mkdir(parents=True, exist_ok=True)
        _fetch_files(download, emit, token)
    return place


def delete(download: Download) -> None:
    """Delete what was downloaded of a data set, and the photos unpacked from it. Projects with it stay.

    Raises:
        TLStudioError: If something can't be deleted.
    """
    try:
        # First the photos: without the archive nobody would find them.
        if is_here(download) and (unpacked := _unpacked(place_of(download))) is not None:
            # In one step, so that nobody takes what is left after a crash for the whole. Under such a name
            # ``datasets.sources`` clears it away.
            doomed = unpacked.with_name(f".unpack-{unpacked.name}")
            unpacked.rename(doomed)
            shutil.rmtree(doomed, ignore_errors=True)
        for target in _targets(download):
            partial_files.discard(target)
        if len(download.files) > 1:
            shutil.rmtree(place_of(download), ignore_errors=True)
    except OSError as error:
        raise TLStudioError(
            f"{download.title} can't be deleted: {error.strerror or error}.", "Look whether another program uses it."
        ) from error


def _targets(download: Download) -> list[Path]:
    place = place_of(download)
    return [place] if len(download.files) == 1 else [place / file.name for file in download.files]


def _fetch_files(download: Download, emit: Emit, token: CancelToken) -> None:
    # Not above: it takes modules of the network with it, which a window that starts has no use for.
    from tlstudio.datasets.sources.transfers import fetch_file

    targets = _targets(download)
    here = {target: partial_files.arrived(target) for target in targets}
    _require_room(download, download.size - sum(here.values()))
    meter = Meter(_STAGE, download.size, emit)
    for file, target in zip(download.files, targets, strict=True):
        others = sum(size for other, size in here.items() if other != target)
        if not target.is_file():
            fetch_file(file, target, report=meter.add(others), token=token)
        here[target] = file.size
    meter.end()


def _require_room(download: Download, missing: int) -> None:
    free = shutil.disk_usage(paths.downloads_dir()).free
    needed = missing + download.unpacked
    if needed + _SPARE_BYTES > free:
        raise TLStudioError(
            f"The disk has too little room: {download.title} takes {size_in_words(needed)} with its photos, "
            f"and {size_in_words(free)} are free.",
            "Make room on that disk, or name another place in the environment variable TLSTUDIO_HOME.",
        )


def _unpacked(place: Path) -> Path | None:
    """Where the photos of a source were unpacked to; None if they never were."""
    looking = CancelToken()
    looking.cancel()  # what isn't unpacked yet stays packed
    try:
        root = open_source(place, emit=ignore_events, token=looking).root
    except (Cancelled, TLStudioError):
        return None
    kept = paths.cache_dir() / "sources"
    return kept / root.relative_to(kept).parts[0] if root.is_relative_to(kept) else None


@contextmanager
def _turn(token: CancelToken) -> Iterator[None]:
    """Wait until no other download runs: two would write to the same file."""
    while not _turns.acquire(timeout=_POLL_SECONDS):
        token.check()
    try:
        yield
    finally:
        _turns.release()


@contextmanager
def _told_plainly(download: Download) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise TLStudioError(
            f"{download.title} can't be written to {paths.downloads_dir()}: {error.strerror or error}.",
            "Make room on that disk, or name another place in the environment variable TLSTUDIO_HOME.",
        ) from error
