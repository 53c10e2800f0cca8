"""Zip and tar archives of photos, unpacked without trusting them.

Nothing is written outside the folder that is given, no link or device is made, and an archive that grows beyond bounds
is refused before it fills the disk. ``extractall`` of the standard library is not used: it makes links, overwrites
files and stops at nothing.
"""

import bz2
import gzip
import io
import lzma
import re
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from tlstudio.datasets.sources.unpacking import Unpacking
from tlstudio.errors import TLStudioError

ARCHIVE_ENDINGS = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
"""Endings of the archives that are read, in lower case."""

_CHUNK = 1 << 20
_LONGEST_HEADER = 1 << 20
_DEEPEST = 64
_DRIVE = re.compile(r"[A-Za-z]:")

# What the readers of the standard library raise over damaged or hostile bytes. RecursionError: a chain of tar headers.
_DAMAGE = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    struct.error,
    ValueError,
    LookupError,
    OverflowError,
    RecursionError,
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What an archive may hold.

    Attributes:
        entries: Files, folders and whatever else it names.
        unpacked: Bytes of all files together.
        ratio: How many times as large as the archive the files may be. Photos hardly shrink when they are packed.
        ratio_from: Bytes of all files together from which on that counts.
    """

    entries: int = 200_000
    unpacked: int = 64 << 30
    ratio: int = 100
    ratio_from: int = 256 << 20


def is_archive(path: Path) -> bool:
    """Whether the name is that of an archive that is read here."""
    return path.name.lower().endswith(ARCHIVE_ENDINGS)


def archive_title(path: Path) -> str:
    """The name of an archive without its ending."""
    lower = path.name.lower()
    ending = max((ending for ending in ARCHIVE_ENDINGS if lower.endswith(ending)), key=len, default="")
    return path.name[: len(path.name) - len(ending)] or path.name


def unpack(archive: Path, target: Unpacking, limits: Limits | None = None) -> int:
    """Write the files of an archive.

    Args:
        archive: Opened for reading only.
        target: Where they go, and who is told how far it is: in bytes of the archive.
        limits: What the archive may hold.

    Returns:
        Number of entries left out: links, devices, and names that lead out of the folder.

    Raises:
        TLStudioError: If it is damaged, protected by a password, too large, or doesn't fit on the disk.
        Cancelled: If a stop was asked for.
    """
    budget = _Budget(archive.name, limits or Limits())
    with _told_plainly(archive):
        if archive.suffix.lower() == ".zip":
            return _unpack_zip(archive, target, budget)
        return _unpack_tar(archive, target, budget)


@contextmanager
def _told_plainly(archive: Path) -> Iterator[None]:
    """Whatever the standard library says about a damaged archive becomes a sentence for a person."""
    damaged = TLStudioError(
        f"{archive.name} is damaged or not complete: it can't be unpacked to the end.",
        "Download or copy it again, then open it once more.",
    )
    try:
        yield
    except NotImplementedError as error:
        raise TLStudioError(
            f"{archive.name} is packed in a way that isn't read here.",
            "Unpack it with the program that made it, then open the folder.",
        ) from error
    except OSError as error:
        # Decoders of gzip and bz2 raise it without a number; with one it comes from the disk.
        if error.errno is None:
            raise damaged from error
        raise
    except _DAMAGE as error:
        raise damaged from error


class _Budget:
    """Counts what an archive has asked for, and refuses what is beyond the limits."""

    def __init__(self, name: str, limits: Limits) -> None:
        self._name = name
        self._limits = limits
        self._entries = 0

    def add_entry(self) -> None:
        self._entries += 1
        if self._entries > self._limits.entries:
            raise self._refusal(f"it holds more than {self._limits.entries:,} files and folders")

    def check_bytes(self, unpacked: int, packed: int) -> None:
        if unpacked > self._limits.unpacked:
            raise self._refusal(f"its files are larger than {self._limits.unpacked / (1 << 30):,.1f} GB together")
        if unpacked > self._limits.ratio_from and unpacked > self._limits.ratio * max(packed, 1):
            raise self._refusal(f"its files grow to more than {self._limits.ratio:,} times its own size")

    def _refusal(self, why: str) -> TLStudioError:
        return TLStudioError(
            f"{self._name} is not unpacked: {why}.",
            "If you know what is in it, unpack it with another program, then open the folder.",
        )


def _unpack_zip(archive: Path, target: Unpacking, budget: _Budget) -> int:
    with zipfile.ZipFile(archive) as opened:
        members = opened.infolist()
        _check_zip(archive, members, budget)
        target.reserve(sum(member.file_size for member in members))
        total = sum(member.compress_size for member in members)
        done = left_out = 0
        for count, member in enumerate(members):
            target.advance(done, total, f"{count:,} files")
            left_out += not _unpack_zip_member(opened, member, target, done, total)
            done += member.compress_size
        target.advance(total, total, f"{len(members) - left_out:,} files")
    return left_out


def _check_zip(archive: Path, members: list[zipfile.ZipInfo], budget: _Budget) -> None:
    """All that the list of contents tells, before anything is written."""
    for member in members:
        budget.add_entry()
        if member.flag_bits & 0x1:
            raise TLStudioError(
                f"{archive.name} is protected by a password.",
                "Unpack it with the program that made it, then open the folder.",
            )
        # zipfile decompresses the other kinds without a bound on the memory they take.
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise NotImplementedError
    # zipfile gives no more of a file than this list promises, so that these sums hold for what is written.
    budget.check_bytes(sum(member.file_size for member in members), archive.stat().st_size)


def _unpack_zip_member(
    opened: zipfile.ZipFile, member: zipfile.ZipInfo, target: Unpacking, done: int, total: int
) -> bool:
    """Write one member; False if it is left out."""
    parts = _safe_parts(member.filename)
    kind = stat.S_IFMT(member.external_attr >> 16)  # 0 where the archive wasn't made on Unix
    if parts is None or kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return False
    if member.is_dir() or kind == stat.S_IFDIR:
        target.add_folder(parts)
        return True
    if not parts:
        return False
    with opened.open(member) as source:
        _copy(source, member.file_size, target.new_file(parts), lambda: target.advance(done, total))
    return True


def _unpack_tar(archive: Path, target: Unpacking, budget: _Budget) -> int:
    total = archive.stat().st_size
    target.reserve(total)
    with archive.open("rb") as raw, _decompressed(raw, archive.name.lower()) as stream:
        meter = _Meter(stream, raw, budget, lambda: target.advance(raw.tell(), total))
        left_out = _unpack_tar_members(meter, target, budget)
        meter.drain()
    return left_out


def _unpack_tar_members(meter: "_Meter", target: Unpacking, budget: _Budget) -> int:
    left_out = 0
    with tarfile.open(fileobj=meter, mode="r:") as opened:
        while (member := opened.next()) is not None:
            opened.members = []  # type: ignore[attr-defined]  # else it remembers all of them
            budget.add_entry()
            left_out += not _unpack_tar_member(opened, member, target)
    # tarfile takes a damaged header for the end.
    if not meter.last or any(meter.last):
        raise tarfile.ReadError("no end mark")
    return left_out


def _unpack_tar_member(opened: tarfile.TarFile, member: tarfile.TarInfo, target: Unpacking) -> bool:
    """Write one member; False if it is left out."""
    parts = _safe_parts(member.name)
    if parts is None or not (member.isdir() or (member.isreg() and not member.issparse())):
        return False
    if member.isdir():
        target.add_folder(parts)
        return True
    source = opened.extractfile(member)
    if source is None or not parts:
        return False
    target.reserve(member.size)
    with source:
        _copy(source, member.size, target.new_file(parts), lambda: None)
    return True


def _decompressed(raw: IO[bytes], name: str) -> IO[bytes]:
    if name.endswith((".gz", ".tgz")):
        return cast("IO[bytes]", gzip.GzipFile(fileobj=raw))
    if name.endswith((".bz2", ".tbz2")):
        return bz2.BZ2File(raw)
    if name.endswith((".xz", ".txz")):
        return lzma.LZMAFile(raw)
    return raw


class _Meter(io.RawIOBase):
    """What tarfile reads: forwards only, in bounded portions, and counted.

    Attributes:
        last: What was read last.
    """

    def __init__(self, stream: IO[bytes], raw: IO[bytes], budget: _Budget, step: Callable[[], None]) -> None:
        super().__init__()
        self._stream = stream
        self._raw = raw
        self._budget = budget
        self._step = step
        self._position = 0
        self.last = b""

    def read(self, size: int = -1, /) -> bytes:
        # The size of a header is a claim of the archive, and its content is held in memory.
        if not 0 <= size <= _LONGEST_HEADER:
            raise tarfile.ReadError("header too long")
        self._step()
        self.last = self._stream.read(size)
        self._position += len(self.last)
        self._budget.check_bytes(self._position, self._raw.tell())
        return self.last

    def tell(self) -> int:
        return self._position

    def seek(self, position: int, whence: int = io.SEEK_SET, /) -> int:
        if whence != io.SEEK_SET or position < self._position:
            raise tarfile.ReadError("an archive is read forwards")
        while self._position < position and self.read(min(_CHUNK, position - self._position)):
            pass
        return self._position

    def drain(self) -> None:
        """Read on to the end, where the check sums stand."""
        while self.read(_CHUNK):
            pass


def _copy(source: IO[bytes], size: int, target: Path, step: Callable[[], None]) -> None:
    left = size
    with target.open("xb") as file:
        while left and (chunk := source.read(min(_CHUNK, left))):
            file.write(chunk)
            left -= len(chunk)
            step()
        # Past the end: there zipfile compares the check sum.
        if left or source.read(1):
            raise EOFError


def _safe_parts(name: str) -> tuple[str, ...] | None:
    """The path of a member, step by step, empty for the folder itself; None if it leads out of it."""
    path = name.replace("\\", "/")
    parts = tuple(part for part in path.split("/") if part not in ("", "."))
    if path.startswith("/") or ".." in parts or len(parts) > _DEEPEST:
        return None
    return None if parts and _DRIVE.match(parts[0]) else parts
