"""Copying photos into a new folder: looked at before anything is written, and whole or not there at all.

The photos themselves are only read. The copies are made in a temporary folder beside the new one, which takes its name
at the end; killed, the program leaves a hidden folder whose name says that it is unfinished.
"""

import os
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.sizes import size_in_words
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Emit, Notice, Progress

_STAGE = "export"
_SECONDS_BETWEEN_EVENTS = 0.05
_COARSEST_TIMES = 2_000_000_000  # nanoseconds
_BLOCK = 4096  # bytes: a file takes whole blocks of the disk


@dataclass(frozen=True, slots=True)
class Copy:
    """One photo to copy.

    Attributes:
        source: Absolute path of the photo.
        target: Its place relative to the new folder, with forward slashes.
        size: In bytes.
        times: When it was read and changed last, in nanoseconds.
    """

    source: Path
    target: str
    size: int
    times: tuple[int, int]


@dataclass(frozen=True, slots=True)
class CopyPlan:
    """Copies that can be made now.

    Attributes:
        out: The new folder.
        folders: All folders to make in it, those above before those below.
        copies: The photos.
        counts: Photos by part or by class.
        class_folders: Folder name of each class.
        free: Bytes free on that disk.
        texts: Content of files that go with the photos, by name.
    """

    out: Path
    folders: tuple[str, ...]
    copies: tuple[Copy, ...]
    counts: Mapping[str, int]
    class_folders: Mapping[str, str]
    free: int
    texts: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes of all photos together."""
        return sum(copy.size for copy in self.copies)

    @property
    def room(self) -> int:
        """Bytes that they take on the disk."""
        return sum(-(-copy.size // _BLOCK) * _BLOCK for copy in self.copies)


def plan_copies(
    dataset: Dataset,
    out: Path,
    places: Sequence[tuple[str, str]],
    *,
    folders: Sequence[str],
    counts: Mapping[str, int],
    class_folders: Mapping[str, str],
    texts: Mapping[str, bytes] | None = None,
    token: CancelToken,
) -> CopyPlan:
    """Look at what is to be copied and where to; nothing is written.

    Args:
        dataset: What the photos belong to.
        out: A new or empty folder, apart from the data set.
        places: Path of each photo in the data set, and its place in the new folder.
        folders: As in ``CopyPlan``, and so the next three.
        counts: Photos by part or by class.
        class_folders: Folder name of each class.
        texts: Files that go with the photos.
        token: Stops it.

    Raises:
        TLStudioError: If the place is taken, lies in the data set or lacks room, or a photo isn't there.
        Cancelled: If a stop was asked for.
    """
    out = Path(os.path.realpath(out))
    if not places:
        raise TLStudioError("There are no photos to copy.", "Choose a folder that holds photos.")
    _require_apart(dataset, out)
    _require_free(out)
    copies = tuple(_looked_at(dataset, places, token))
    there = next(folder for folder in out.parents if folder.is_dir())
    free = shutil.disk_usage(there).free
    plan = CopyPlan(out, tuple(folders), copies, counts, class_folders, free, texts or {})
    if plan.room > free:
        raise TLStudioError(
            f"The copies take {size_in_words(plan.room)}, and {there} has room for {size_in_words(free)}.",
            "Make room, or choose another disk.",
        )
    return plan


def make_copies(plan: CopyPlan, *, emit: Emit, token: CancelToken) -> Path:
    """Copy the photos of a plan, with their times, into its new folder.

    Args:
        plan: What goes where.
        emit: Told ``Progress("export", done, total)``, and which classes get another name.
        token: Stops it; no copy is left behind then.

    Returns:
        The new folder.

    Raises:
        TLStudioError: If the place is taken by now, or a photo can't be copied.
        Cancelled: If a stop was asked for.
    """
    for name, folder in plan.class_folders.items():
        if name != folder:
            emit(Notice(f"The photos of “{name}” go to a folder called “{folder}”."))
    with _new_folder(plan.out, token) as scratch:
        for path in plan.folders:
            (scratch / path).mkdir()
        for name, content in plan.texts.items():
            (scratch / name).write_bytes(content)
        _copy_all(plan.copies, scratch, emit, token)
    return plan.out


def remove_copies(plan: CopyPlan, *, token: CancelToken) -> None:
    """Delete copies that were made, with their folder, unless anything in it has changed since.

    Args:
        plan: What was copied.
        token: Stops it before anything is deleted.

    Raises:
        TLStudioError: If a file there is another one now, one has come or gone, or the folder can't be deleted.
        Cancelled: If a stop was asked for.
    """
    expected = {copy.target: (copy.size, copy.times[1]) for copy in plan.copies}
    try:
        for file in (path for path in plan.out.rglob("*") if not path.is_dir()):
            token.check()
            name, status = file.relative_to(plan.out).as_posix(), file.lstat()
            known = expected.pop(name, None)
            same_text = name in plan.texts and file.read_bytes() == plan.texts[name]
            if not same_text and not _is_copy(known, status):
                raise _changed_since(plan.out, name)
        if expected:
            raise _changed_since(plan.out, next(iter(expected)))
        _delete(plan.out)
    except OSError as error:
        raise TLStudioError(
            f"{plan.out} can't be deleted: {_words(error)}.", "Delete it yourself if you don't need it."
        ) from error


def _is_copy(known: tuple[int, int] | None, status: os.stat_result) -> bool:
    """Whether a file has the size and the time of change of a copy, which some disks keep to two seconds only."""
    if known is None:
        return False
    return status.st_size == known[0] and abs(status.st_mtime_ns - known[1]) <= _COARSEST_TIMES


def _changed_since(folder: Path, name: str) -> TLStudioError:
    return TLStudioError(
        f"{folder} is kept: {name} has changed since the photos were copied.",
        "Delete the folder yourself if you don't need it.",
    )


def _delete(folder: Path) -> None:
    """At once for whoever looks, even where it takes a while."""
    scratch = folder.with_name(f".{folder.name}-deleted-{secrets.token_hex(4)}")
    folder.rename(scratch)
    shutil.rmtree(scratch)


def _require_apart(dataset: Dataset, out: Path) -> None:
    """Refuse a place among the photos, also where a link leads there, and one that the photos lie in."""
    root = Path(os.path.realpath(dataset.root))
    photos = (*dataset.samples, *dataset.unlabelled)
    holding = {os.path.realpath(root / folder) for folder in {photo.path.rpartition("/")[0] for photo in photos}}
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


def _looked_at(dataset: Dataset, places: Sequence[tuple[str, str]], token: CancelToken) -> Iterator[Copy]:
    for path, target in places:
        token.check()
        source = dataset.absolute(path)
        try:
            status = source.stat()
        except OSError as error:
            raise TLStudioError(
                f"{source} can't be read: {_words(error)}.", "Read the folder again, then copy the photos."
            ) from error
        yield Copy(source, target, status.st_size, (status.st_atime_ns, status.st_mtime_ns))


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


def _copy_all(copies: Sequence[Copy], folder: Path, emit: Emit, token: CancelToken) -> None:
    due = 0.0
    for done, copy in enumerate(copies, start=1):
        token.check()
        _copy(copy, folder / copy.target)
        if time.monotonic() >= due or done == len(copies):
            emit(Progress(_STAGE, done, len(copies)))
            due = time.monotonic() + _SECONDS_BETWEEN_EVENTS


def _copy(copy: Copy, target: Path) -> None:
    """Copy content and times; not the permissions, so that copies of protected photos can be deleted."""
    try:
        shutil.copyfile(copy.source, target)
        os.utime(target, ns=copy.times)
        copied = target.stat().st_size
    except OSError as error:
        raise TLStudioError(
            f"{copy.source} can't be copied: {_words(error)}.", "Make room, or choose another folder."
        ) from error
    if copied != copy.size:
        raise TLStudioError(
            f"The copy of {copy.source} has {copied:,} bytes instead of {copy.size:,}.",
            "Read the folder again if the photo was changed just now, or choose another folder.",
        )


def _words(error: OSError) -> str:
    return error.strerror or str(error)
