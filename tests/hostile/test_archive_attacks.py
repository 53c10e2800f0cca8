"""Archives made to do harm: each attack is refused, what is outside stays as it is, and so does the archive."""

import gzip
import hashlib
import io
import os
import stat
import struct
import tarfile
import tracemalloc
import zipfile
from collections import namedtuple
from pathlib import Path

import pytest
from packed_photos import pack, tar_member

from tlstudio.datasets.sources.archives import Limits, unpack
from tlstudio.datasets.sources.opening import open_source
from tlstudio.datasets.sources.unpacking import Unpacking
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Event, Notice, ignore_events

ESCAPES = [
    "../victim.txt",
    "cats/../../victim.txt",
    "/victim.txt",
    "//server/share/victim.txt",
    "C:/victim.txt",
    "C:victim.txt",
    "C:\\victim.txt",
    "..\\victim.txt",
    "cats\\..\\..\\victim.txt",
    "\\\\server\\share\\victim.txt",
    "/".join(["deep"] * 5000),
]
LINKS = [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE]


def snapshot(folder: Path) -> dict[str, str]:
    """Everything in a folder: digests of files, where links lead."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        for path in folder.rglob("*")
    }


@pytest.fixture
def arena(tmp_path: Path) -> Path:
    """A folder with something to destroy; unpacking happens in ``arena / "in" / "out"``."""
    (tmp_path / "victim.txt").write_text("as it was")
    (tmp_path / "in").mkdir()
    return tmp_path


def attack(arena: Path, archive: Path, limits: Limits | None = None) -> int:
    """Unpacks, and checks that nothing changed but the folder meant for it, and that this holds no link."""
    before = snapshot(arena)
    out = arena / "in" / "out"
    try:
        return unpack(archive, Unpacking(out, emit=ignore_events, token=CancelToken()), limits)
    finally:
        after = {path: digest for path, digest in snapshot(arena).items() if not path.startswith("in/out")}
        assert after == before
        for path in out.rglob("*"):
            assert stat.S_IFMT(os.lstat(path).st_mode) in (stat.S_IFREG, stat.S_IFDIR)
            assert path.is_dir() or path.stat().st_nlink == 1


@pytest.mark.parametrize("name", ESCAPES)
def test_names_that_lead_out_are_left_out(arena: Path, name: str) -> None:
    with zipfile.ZipFile(arena / "evil.zip", "w") as archive:
        archive.writestr("cats/1.jpg", b"cat")
        archive.writestr(name, b"harm")
    assert attack(arena, arena / "evil.zip") == 1
    assert snapshot(arena / "in" / "out").keys() == {"cats", "cats/1.jpg"}


@pytest.mark.parametrize("name", ESCAPES)
def test_names_that_lead_out_of_a_tar_are_left_out(arena: Path, name: str) -> None:
    with tarfile.open(arena / "evil.tar", "w") as archive:
        archive.addfile(tar_member(name, size=4), io.BytesIO(b"harm"))
        archive.addfile(tar_member("cats/1.jpg", size=3), io.BytesIO(b"cat"))
    assert attack(arena, arena / "evil.tar") == 1
    assert snapshot(arena / "in" / "out").keys() == {"cats", "cats/1.jpg"}


@pytest.mark.parametrize("kind", LINKS)
def test_links_and_devices_are_left_out_and_not_written_through(arena: Path, kind: bytes) -> None:
    with tarfile.open(arena / "evil.tar.gz", "w:gz") as archive:
        archive.addfile(tar_member("way", kind, str(arena)))
        archive.addfile(tar_member("file", kind, str(arena / "victim.txt")))
        archive.addfile(tar_member("way/victim.txt", size=4), io.BytesIO(b"harm"))
        archive.addfile(tar_member("file", size=4), io.BytesIO(b"harm"))
    assert attack(arena, arena / "evil.tar.gz") == 2
    assert snapshot(arena / "in" / "out").keys() == {"way", "way/victim.txt", "file"}


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK])
def test_links_and_devices_in_a_zip_are_left_out(arena: Path, kind: int) -> None:
    member = zipfile.ZipInfo("way")
    member.external_attr = (kind | 0o777) << 16
    with zipfile.ZipFile(arena / "evil.zip", "w") as archive:
        archive.writestr(member, str(arena))
        archive.writestr("way/victim.txt", b"harm")
    assert attack(arena, arena / "evil.zip") == 1


def test_a_folder_that_is_named_like_a_file_overwrites_nothing(arena: Path) -> None:
    with tarfile.open(arena / "evil.tar", "w") as archive:
        for content in (b"one", b"two", b"six"):
            archive.addfile(tar_member("a.jpg", size=3), io.BytesIO(content))
    assert attack(arena, arena / "evil.tar") == 0
    assert {file.read_bytes() for file in (arena / "in" / "out").iterdir()} == {b"one", b"two", b"six"}


@pytest.mark.parametrize("ending", ["zip", "tar", "tar.gz"])
def test_too_many_files(arena: Path, ending: str) -> None:
    archive = pack(arena / f"evil.{ending}", {f"{number}/": b"" for number in range(30)})
    with pytest.raises(TLStudioError, match="more than 29 files and folders"):
        attack(arena, archive, Limits(entries=29))


@pytest.mark.parametrize("ending", ["zip", "tar", "tar.gz", "tar.bz2", "tar.xz"])
def test_too_many_bytes(arena: Path, ending: str) -> None:
    archive = pack(arena / f"evil.{ending}", {f"{number}.jpg": os.urandom(1 << 20) for number in range(3)})
    with pytest.raises(TLStudioError, match="larger than"):
        attack(arena, archive, Limits(unpacked=2 << 20))


@pytest.mark.parametrize("ending", ["zip", "tar.gz", "tar.bz2", "tar.xz"])
@pytest.mark.parametrize("name", ["zeros.jpg", "../skipped.jpg"])
def test_bombs_are_refused_whether_their_files_are_wanted_or_not(arena: Path, ending: str, name: str) -> None:
    archive = pack(arena / f"evil.{ending}", {name: bytes(24 << 20)})
    with pytest.raises(TLStudioError, match="times its own size") as caught:
        attack(arena, archive, Limits(ratio_from=8 << 20))
    assert caught.value.hint


def test_a_zip_that_lies_about_its_sizes_writes_no_more_than_it_promised(arena: Path) -> None:
    archive = pack(arena / "evil.zip", {"zeros.jpg": bytes(24 << 20)})
    data = archive.read_bytes()
    archive.write_bytes(data.replace(struct.pack("<I", 24 << 20), struct.pack("<I", 1000)))
    with pytest.raises(TLStudioError, match="damaged"):
        attack(arena, archive)
    assert (arena / "in" / "out" / "zeros.jpg").stat().st_size <= 1000


def test_a_huge_tar_header_is_not_read_into_memory(arena: Path) -> None:
    header = tar_member("x", tarfile.GNUTYPE_LONGNAME, size=64 << 20).tobuf(tarfile.GNU_FORMAT)
    (arena / "evil.tar.gz").write_bytes(gzip.compress(header + bytes(64 << 20), 1))
    tracemalloc.start()
    with pytest.raises(TLStudioError, match="damaged"):
        attack(arena, arena / "evil.tar.gz")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 16 << 20


def test_an_endless_chain_of_tar_headers_ends(arena: Path) -> None:
    link = tar_member("x", tarfile.GNUTYPE_LONGNAME, size=1).tobuf(tarfile.GNU_FORMAT) + b"y".ljust(512, b"\0")
    (arena / "evil.tar").write_bytes(link * 5000)
    with pytest.raises(TLStudioError, match="damaged"):
        attack(arena, arena / "evil.tar")


def test_a_password_is_told(arena: Path) -> None:
    archive = pack(arena / "secret.zip", {"a.jpg": b"abc"})
    data = bytearray(archive.read_bytes())
    data[data.index(b"PK\x03\x04") + 6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    archive.write_bytes(data)
    with pytest.raises(TLStudioError, match="protected by a password") as caught:
        attack(arena, archive)
    assert caught.value.hint


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_ways_to_pack_that_have_no_bounds_are_refused(arena: Path, method: int) -> None:
    with zipfile.ZipFile(arena / "odd.zip", "w", method) as archive:
        archive.writestr("a.jpg", bytes(1 << 20))
    with pytest.raises(TLStudioError, match="packed in a way"):
        attack(arena, arena / "odd.zip")


def test_a_full_disk_is_told_before_anything_is_written(arena: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(
        "tlstudio.datasets.sources.unpacking.shutil.disk_usage", lambda _: usage(10**12, 10**12, 300 << 20)
    )
    for ending in ("zip", "tar"):
        archive = pack(arena / f"large.{ending}", {"a.jpg": bytes(64 << 20)})
        with pytest.raises(TLStudioError, match="too little room"):
            attack(arena, archive)
        assert snapshot(arena / "in" / "out") == {}
        (arena / "in" / "out").rmdir()


def test_a_person_is_told_how_many_were_left_out_each_time(arena: Path, home: Path) -> None:
    archive = pack(arena / "evil.zip", {"cats/1.jpg": b"1", "dogs/1.jpg": b"2", "../a": b"3", "/b": b"4"})
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    for _ in range(2):
        events: list[Event] = []
        source = open_source(archive, emit=events.append, token=CancelToken())
        assert [event.message for event in events if isinstance(event, Notice)] == [
            "Left out of evil.zip: 2 entries (links, devices, or names that lead out of the folder)."
        ]
        assert source.root.is_relative_to(home)
        assert sorted(folder.name for folder in source.root.iterdir()) == ["cats", "dogs"]
    assert hashlib.sha256(archive.read_bytes()).hexdigest() == digest
