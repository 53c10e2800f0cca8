"""Published weights on this computer, in the folder where Keras itself keeps them: what is here, fetching, deleting.

A download goes on where it broke off, also after the program has ended, and only a whole file gets its name: Keras
writes straight to the final name, so that what it left unfinished looks complete.
"""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from tlstudio.datasets.sizes import size_in_words
from tlstudio.datasets.sources import partial_files
from tlstudio.datasets.sources.meter import Meter
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Emit
from tlstudio.modeling.weights_files import WeightsFile, file_without_top, published_files
from tlstudio.paths import keras_models_dir

Place = Literal["here", "partly", "away"]

_STAGE: Final = "download"
_SPARE_BYTES: Final = 256 << 20  # what a disk keeps free, so that the system goes on working
_POLL_SECONDS: Final = 0.1

_turns = threading.Lock()


@dataclass(frozen=True, slots=True)
class Kept:
    """How much of a file of weights is on this computer.

    Attributes:
        file: Which one.
        place: Whether all of it is here, a part, or nothing.
        bytes: How many bytes of it are here.
    """

    file: WeightsFile
    place: Place
    bytes: int


def place_of(file: WeightsFile) -> Path:
    """Where it is kept: where Keras looks for it, too."""
    return keras_models_dir() / file.name


def kept(file: WeightsFile) -> Kept:
    """How much of it is on this computer."""
    target = place_of(file)
    arrived = partial_files.arrived(target)
    return Kept(file, "here" if target.is_file() else "partly" if arrived else "away", arrived)


def all_kept() -> tuple[Kept, ...]:
    """Every published file for photos of the usual size, and after them those for other sizes that are here."""
    usual = published_files()
    others = (
        file_without_top(file.backbone, size)
        for file in usual
        if not file.top
        for size in file.backbone.weights_sizes
        if size != file.input_size
    )
    more = (kept(file) for file in others)
    return (*map(kept, usual), *(entry for entry in more if entry.place != "away"))


def fetch(file: WeightsFile, *, emit: Emit, token: CancelToken) -> Path:
    """Make sure that a file is on this computer; what has arrived of it before is gone on with.

    It comes through the proxies that the system names, and is compared with the digest that Keras publishes, or where
    it publishes none with the one that the server states. One download runs at a time; another waits for it.

    Args:
        file: What to fetch.
        emit: Told ``Progress("download", bytes, bytes in all, note)``; the note says whose weights, how many MB, how
            fast, how long.
        token: Stops it within a moment; what has arrived is kept.

    Returns:
        Where it lies.

    Raises:
        TLStudioError: If there is no network, no room, no place to write, or the file is another one.
        Cancelled: If a stop was asked for.
    """
    # Not above: it takes modules of the network with it, which a window that starts has no use for.
    from tlstudio.datasets.sources.transfers import fetch_file

    target = place_of(file)
    with _turn(token), _told_plainly(file):
        if target.is_file():
            return target
        target.parent.mkdir(parents=True, exist_ok=True)
        _require_room(file)
        meter = Meter(_STAGE, file.bytes, emit, what=f"Downloading {file.backbone.title}")
        fetch_file(file.remote, target, report=meter.add(0), token=token)
        meter.end()
    return target


def delete(file: WeightsFile) -> int:
    """Delete a file, and what has arrived of it; it can be downloaded again. Runs have copies of their own.

    Returns:
        The bytes that are free now.

    Raises:
        TLStudioError: If it can't be deleted.
    """
    target = place_of(file)
    freed = partial_files.arrived(target)
    try:
        partial_files.discard(target)
    except OSError as error:
        raise TLStudioError(
            f"{file.name} can't be deleted: {error.strerror or error}.", "Look whether another program uses it."
        ) from error
    return freed


def written_directions(files: tuple[WeightsFile, ...]) -> str:
    """How to bring files to a machine without network: names, where they come from and where they go; for a person."""
    lines = ["To bring weights to a computer without network:", ""]
    lines.append("1. On a computer with network, download each file and give it exactly the name that stands here.")
    lines.append("")
    for file in files:
        lines += [f"   {file.title}", f"      from  {file.remote.urls[0]}", f"      name  {file.name}"]
        kind, _, digest = file.remote.checksum.partition(":")
        lines += [f"      {kind.upper():4}  {digest}"] if digest else []
        lines.append("")
    lines.append("2. Copy them into the folder “.keras/models” in your home folder on the computer without network.")
    lines.append("   Where the environment variable KERAS_HOME names a folder, they go into “models” in that folder.")
    lines += ["   On this computer it is:", "", f"      {keras_models_dir()}"]
    return "\n".join(lines) + "\n"


def _require_room(file: WeightsFile) -> None:
    free = shutil.disk_usage(keras_models_dir()).free
    needed = max(file.bytes - kept(file).bytes, 0)
    if needed + _SPARE_BYTES > free:
        raise TLStudioError(
            f"The disk has too little room: {file.title} needs {size_in_words(needed)} more, "
            f"and {size_in_words(free)} are free.",
            "Make room on that disk, or name another place in the environment variable KERAS_HOME.",
        )


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
def _told_plainly(file: WeightsFile) -> Iterator[None]:
    """What is wrong with a transfer, in words about the weights."""
    from tlstudio.datasets.sources.transfers import NoNetworkError

    folder = keras_models_dir()
    elsewhere = f"or put the file {file.name} into {folder}, or choose other weights."
    try:
        yield
    except NoNetworkError as error:
        raise NoNetworkError(
            f"There is no network now. The ImageNet weights of {file.title} are not on this computer and can't be "
            "downloaded without one.",
            f"Connect this computer to the network and try again, {elsewhere}",
        ) from error
    except TLStudioError as error:
        raise TLStudioError(error.message, f"{error.hint.removesuffix('.')}, {elsewhere}") from error
    except OSError as error:
        raise TLStudioError(
            f"Downloaded weights can't be kept in {folder}: {error.strerror or error}.",
            "Make room there, make the folder writable, or set KERAS_HOME to another one.",
        ) from error
