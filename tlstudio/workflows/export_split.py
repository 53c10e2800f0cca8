"""Use case: write a split to disk as folders of copies, for other programs."""

import os
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tlstudio.datasets.dataset import Dataset, Part
from tlstudio.datasets.split import Split
from tlstudio.datasets.split_layout import SplitLayout, lay_out
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Emit, Notice, Progress

_STAGE = "export"
_SECONDS_BETWEEN_EVENTS = 0.05
_BLOCK = 4096  # bytes: a file takes whole blocks of the disk


@dataclass(frozen=True, slots=True)
class Exported:
    """A split on disk.

    Attributes:
        folder: Where it lies.
        photos: Copies made, by part; parts without photos are left out.
        size: Of the copies, in bytes.
        class_folders: Folder name of each class.
    """

    folder: Path
    photos: Mapping[Part, int]
    size: int
    class_folders: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Copy:
    """One photo to copy.

    Attributes:
        source: Absolute path of the photo.
        target: Its place relative to the new folder.
        status: Size and times of the photo.
    """

    source: Path
    target: str
    status: os.stat_result


def export_split(
    dataset: Dataset, split: Split, out: Path, *, flat_test: bool = False, emit: Emit, token: CancelToken
) -> Exported:
    """Copy the photos of a split into folders, as ``lay_out`` places them. The photos themselves are only read.

    The copies are made in a temporary folder beside ``out`` that takes its name at the end, so what is at ``out`` is
    whole. Killed, the program leaves a hidden folder whose name says that it is unfinished.

    Args:
        dataset: What was split.
        split: Its parts.
        out: A new or empty folder, apart from the data set.
        flat_test: Whether the test photos lie in ``test/CLASS_NAME`` instead of class folders, as in collection 001.
        emit: Told ``Progress("export", done, total)``, and which classes get another name.
        token: Stops it; no copy is left behind then.

    Raises:
        TLStudioError: If the place is taken, lies in the data set or lacks room, or a photo can't be copied.
        Cancelled: If a stop was asked for.
    """
    out = Path(os.path.realpath(out))
    layout = lay_out(dataset, split, flat_test=flat_test)
    if not layout.targets:
        raise TLStudioError("There are no photos to copy.", "Choose a folder that holds photos.")
    _require_apart(dataset, out)
    _require_free(out)
    copies = _planned(dataset, layout, token)
    sizes = [copy.status.st_size for copy in copies]
    _require_room(out, sizes)
    for name, folder in layout.class_folders.items():
        if name != folder:
            emit(Notice(f"The photos of “{name}” go to a folder called “{folder}”."))
    with _new_folder(out, token) as scratch:
        for path in layout.folders:
            (scratch / path).mkdir()
        _copy_all(copies, scratch, emit, token)
    photos = {part: len(places) for part, places in layout.targets.items()}
    return Exported(out, photos, sum(sizes), layout.class_folders)


def _require_apart(dataset: Dataset, out: Path) -> None:
    """Refuse a place among the photos, also where a link leads there, and one that the photos lie in."""
    root = Path(os.path.realpath(dataset.root))
    holding = {os.path.realpath(root / folder) for folder in {s.path.rpartition("/")[0] for s in dataset.samples}}
    above = [out, *out.parents]
    if _among(root, above) or any(Path(folder) in above for folder in holding):
        raise TLStudioError(f"{out} lies among the photos themselves.", "Choose a folder outside of them.")
    if _among(out, [root, *root.parents]):
        raise TLStudioError(f"The photos themselves lie in {out}.", "Choose a new folder beside them.")


def _among(folder: Path, others: Sequence[Path]) -> bool:
    """Whether a folder is one of the others, also where only the disk knows that two spellings are one."""
    return folder in others or (folder.exists() and any(other.exists() and folder.samefile(other) for other in others))


def _require_free(out: Path) -> None:
    if not out.name:
        raise TLStudioError(f"{out} is a whole disk.", "Choose a new folder on it.")
    try:
        taken = out.exists() and (not out.is_dir() or any(out.iterdir()))
    except OSError as error:
        raise TLStudioError(f"{out} can't be looked into: {_words(error)}.", "Choose another folder.") from error
    if taken:
        raise TLStudioError(f"{out} is there already.", "Choose a new or an empty folder.")


def _planned(dataset: Dataset, layout: SplitLayout, token: CancelToken) -> list[_Copy]:
    copies = []
    for places in layout.targets.values():
        for index, target in places.items():
            token.check()
            source = dataset.absolute(dataset.samples[index].path)
            try:
                copies.append(_Copy(source, target, source.stat()))
            except OSError as error:
                raise TLStudioError(
                    f"{source} can't be read: {_words(error)}.", "Read the folder again, then share the photos out."
                ) from error
    return copies


def _require_room(out: Path, sizes: Sequence[int]) -> None:
    needed = sum(-(-size // _BLOCK) * _BLOCK for size in sizes)
    there = next(folder for folder in out.parents if folder.is_dir())
    free = shutil.disk_usage(there).free
    if needed > free:
        raise TLStudioError(
            f"The copies take {_megabytes(needed)}, and {there} has room for {_megabytes(free)}.",
            "Make room, or choose another disk.",
        )


@contextmanager
def _new_folder(out: Path, token: CancelToken) -> Iterator[Path]:
    """A temporary folder beside ``out`` that takes its place at the end, unless an error or a stop comes first."""
    # Not by tempfile: its folders are closed to everyone else, and this one is to stay.
    scratch = out.with_name(f".{out.name}-unfinished-{secrets.token_hex(4)}")
    try:
        scratch.parent.mkdir(parents=True, exist_ok=True)
        scratch.mkdir()
        yield scratch
        token.check()
        if out.is_dir():
            out.rmdir()
        scratch.rename(out)
    except OSError as error:
        raise TLStudioError(
            f"The copies can't be written to {out}: {_words(error)}.", "Choose another folder."
        ) from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _copy_all(copies: Sequence[_Copy], folder: Path, emit: Emit, token: CancelToken) -> None:
    due = 0.0
    for done, copy in enumerate(copies, start=1):
        token.check()
        _copy(copy, folder / copy.target)
        if time.monotonic() >= due or done == len(copies):
            emit(Progress(_STAGE, done, len(copies)))
            due = time.monotonic() + _SECONDS_BETWEEN_EVENTS


def _copy(copy: _Copy, target: Path) -> None:
    """Copy content and times; not the permissions, so that copies of protected photos can be deleted."""
    try:
        shutil.copyfile(copy.source, target)
        os.utime(target, ns=(copy.status.st_atime_ns, copy.status.st_mtime_ns))
        copied = target.stat().st_size
    except OSError as error:
        raise TLStudioError(
            f"{copy.source} can't be copied: {_words(error)}.", "Make room, or choose another folder."
        ) from error
    if copied != copy.status.st_size:
        raise TLStudioError(
            f"The copy of {copy.source} has {copied:,} bytes instead of {copy.status.st_size:,}.",
            "Read the folder again if the photo was changed just now, or choose another folder.",
        )


def _words(error: OSError) -> str:
    return error.strerror or str(error)


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"
