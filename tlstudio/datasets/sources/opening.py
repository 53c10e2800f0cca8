"""Whatever a person opens, as a folder of photos: a folder itself, an archive, MNIST or CIFAR-10 files.

What is packed is unpacked once, into the cache, and found there the next time. The original is only read.
"""

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tlstudio import paths
from tlstudio.datasets.file_names import shown_name
from tlstudio.datasets.reading.labels import FolderLabels, LabelRule
from tlstudio.datasets.sources.archives import ARCHIVE_ENDINGS, archive_title, is_archive, unpack
from tlstudio.datasets.sources.cifar import find_cifar, is_cifar_file, write_cifar
from tlstudio.datasets.sources.mnist import find_mnist, is_mnist_file, write_mnist
from tlstudio.datasets.sources.unpacking import Unpacking
from tlstudio.datasets.walk import top_folders
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Emit, Notice
from tlstudio.paths import is_file, is_folder

_VERSION = 2  # raise it when the same archive is written out in another way
_PHOTOS = "photos"
_NOTICE = "notice.txt"
_TEMPORARY = ".unpack-"
_ABANDONED_SECONDS = 24 * 60 * 60
_OTHER_ARCHIVES = (".rar", ".7z", ".gz", ".bz2", ".xz", ".zst", ".lzh", ".iso")


@dataclass(frozen=True, slots=True)
class Source:
    """A folder of photos that can be indexed.

    Attributes:
        root: The folder.
        labels: Where labels come from.
        title: What a person calls it: the name of the folder or of the archive, without its ending.
    """

    root: Path
    labels: LabelRule
    title: str


@dataclass(frozen=True, slots=True)
class _Packed:
    """Photos that have to be written out before they can be read.

    Attributes:
        files: What they are in.
        title: What a person calls it.
        write: Writes them.
    """

    files: tuple[Path, ...]
    title: str
    write: Callable[[Unpacking], None]


def can_open(path: Path) -> bool:
    """Whether this is a folder, or a file of a kind that ``open_source`` unpacks; only its first bytes are read."""
    return is_folder(path) or (is_file(path) and (is_archive(path) or is_mnist_file(path) or is_cifar_file(path)))


def open_source(path: Path, labels: LabelRule | None = None, *, emit: Emit, token: CancelToken) -> Source:
    """Make sure that there is a folder of photos to read.

    Args:
        path: A folder of photos; a zip or tar archive; a folder with, or a single one of, the files of MNIST or of
            CIFAR-10's Python version.
        labels: Where labels come from; the folders at the top if None.
        emit: Told ``Progress("unpack", done, total)`` while something is written, and a ``Notice`` if something was
            left out.
        token: Stops it soon; nothing is left behind then.

    Returns:
        A folder of photos gives itself, whether it exists or not: who reads it says so.

    Raises:
        TLStudioError: If it is a file of another kind, is damaged, unsafe, protected or too large, or if the disk has
            too little room.
        Cancelled: If a stop was asked for.
    """
    path = Path(os.path.abspath(path))  # noqa: PTH100 - Path.absolute keeps "..", and resolve would replace links
    rule = labels or FolderLabels()
    packed = _packed(path)
    if packed is None:
        return Source(path, rule, path.name or str(path))
    kept = paths.cache_dir() / "sources"
    try:
        folder = kept / _key(packed)
        if not (folder / _PHOTOS).is_dir():
            _unpack_once(packed, folder, emit, token)
        if (folder / _NOTICE).is_file():
            emit(Notice((folder / _NOTICE).read_text(encoding="utf-8")))
        return Source(_inner(folder / _PHOTOS / shown_name(packed.title)), rule, packed.title)
    except OSError as error:
        raise TLStudioError(
            f"{path.name} can't be unpacked to {kept}: {error.strerror or error}.",
            "Look whether the file can be read and that disk has room; the environment variable TLSTUDIO_HOME names "
            "another place.",
        ) from error


def _packed(path: Path) -> _Packed | None:
    """How to unpack something; None for a folder of photos."""
    if not is_file(path):
        return _packed_photos(path) if is_folder(path) else None
    if is_archive(path):
        return _Packed((path,), archive_title(path), lambda target: _write_archive(path, target))
    if is_mnist_file(path) or is_cifar_file(path):
        return _packed_photos(path.parent) or _refuse_file(path)
    return _refuse_file(path)


def _refuse_file(path: Path) -> _Packed:
    if path.name.lower().endswith(_OTHER_ARCHIVES):
        raise TLStudioError(
            f"{path.name} is an archive of a kind that isn't read here.",
            "Unpack it with the program that made it, then open the folder.",
        )
    raise TLStudioError(
        f"{path} is a file, not a folder.",
        f"Choose the folder that the photos lie in, or an archive of it ({', '.join(ARCHIVE_ENDINGS)}).",
    )


def _packed_photos(folder: Path) -> _Packed | None:
    """MNIST or CIFAR-10 files directly in a folder, or in the only folder in it."""
    for place in (folder, _inner(folder)):
        if pairs := find_mnist(place):
            files = tuple(file for pair in pairs for file in (pair.images, pair.labels))
            return _Packed(files, folder.name, lambda target: write_mnist(pairs, target))
        if batches := find_cifar(place):
            return _Packed(batches, folder.name, lambda target: write_cifar(batches, target))
    return None


def _write_archive(archive: Path, target: Unpacking) -> None:
    left_out = unpack(archive, target)
    if left_out:
        entries = "1 entry" if left_out == 1 else f"{left_out:,} entries"
        target.notice = f"Left out of {archive.name}: {entries} (links, devices, or names that lead out of the folder)."


def _inner(folder: Path) -> Path:
    """The only folder in a folder; the folder itself if there is anything else in it that isn't hidden."""
    try:
        folders = top_folders(folder)
        with os.scandir(folder) as entries:
            files = any(entry.is_file() and not entry.name.startswith(".") for entry in entries)
    except (TLStudioError, OSError):  # it can't be looked into: who reads it says so
        return folder
    return folder / folders[0] if len(folders) == 1 and not files else folder


def _key(packed: _Packed) -> str:
    """A short name that changes when a file does."""
    digest = hashlib.sha256(str(_VERSION).encode())
    for file in packed.files:
        status = file.stat()
        digest.update(f"\0{file}\0{status.st_size}\0{status.st_mtime_ns}".encode(errors="surrogateescape"))
    return digest.hexdigest()[:20]


def _unpack_once(packed: _Packed, folder: Path, emit: Emit, token: CancelToken) -> None:
    """Write everything beside the place it belongs to, then move it there in one step."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    _remove_abandoned(folder.parent)
    with tempfile.TemporaryDirectory(prefix=_TEMPORARY, dir=folder.parent) as temporary:
        finished = Path(temporary) / folder.name
        finished.mkdir()
        inside = Path(_PHOTOS) / shown_name(packed.title)  # what is said of the photos names this folder
        (finished / _PHOTOS).mkdir()
        target = Unpacking(finished / inside, emit=emit, token=token)
        packed.write(target)
        if inner := _packed_photos(finished / inside):  # an archive of MNIST or CIFAR-10 files
            finished = Path(temporary) / "inner"
            (finished / _PHOTOS).mkdir(parents=True)
            inner.write(Unpacking(finished / inside, emit=emit, token=token))
        if target.notice:
            (finished / _NOTICE).write_text(target.notice, encoding="utf-8")
        _publish(finished, folder)


def _publish(finished: Path, folder: Path) -> None:
    """Give the finished folder its name; another process that was faster wins."""
    try:
        if not (folder / _PHOTOS).is_dir():
            shutil.rmtree(folder, ignore_errors=True)  # what a cleaner of the disk left of it
        finished.rename(folder)
    except OSError:
        if not (folder / _PHOTOS).is_dir():
            raise


def _remove_abandoned(folder: Path) -> None:
    """What a process that was killed left half done."""
    oldest = time.time() - _ABANDONED_SECONDS
    for left in folder.glob(f"{_TEMPORARY}*"):
        if left.stat().st_mtime < oldest:
            shutil.rmtree(left, ignore_errors=True)
