"""Archives become folders: every kind, names as they are, damage told."""

import tarfile
import zipfile
from pathlib import Path

import pytest
from packed_photos import pack

from tlstudio.datasets.sources.archives import ARCHIVE_ENDINGS, archive_title, is_archive, unpack
from tlstudio.datasets.sources.unpacking import Unpacking
from tlstudio.errors import Cancelled, TLStudioError
from tlstudio.events import CancelToken, Event, Progress, ignore_events

NOISE = bytes((number * 7919 >> 3) & 255 for number in range(300_000))
FILES = {"cats/1.jpg": NOISE, "dogs/deep/2.jpg": b"two", "empty.jpg": b""}


def target(tmp_path: Path) -> Unpacking:
    return Unpacking(tmp_path / "out", emit=ignore_events, token=CancelToken())


def files_in(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize("ending", ARCHIVE_ENDINGS)
def test_every_kind_of_archive(tmp_path: Path, ending: str) -> None:
    archive = pack(tmp_path / f"My photos{ending}", FILES)
    assert is_archive(archive)
    assert archive_title(archive) == "My photos"
    assert unpack(archive, target(tmp_path)) == 0
    assert files_in(tmp_path / "out") == FILES


@pytest.mark.parametrize("ending", ARCHIVE_ENDINGS)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_an_archive_that_is_cut_short_is_told(tmp_path: Path, ending: str, share: float) -> None:
    archive = pack(tmp_path / f"photos{ending}", FILES)
    data = archive.read_bytes()
    archive.write_bytes(data[: int(len(data) * share)] if ending != ".tar" else data[: int(300_000 * share)])
    with pytest.raises(TLStudioError, match="damaged or not complete") as caught:
        unpack(archive, target(tmp_path))
    assert caught.value.hint


@pytest.mark.parametrize("ending", [".zip", ".tar.gz", ".tar.bz2", ".tar.xz"])
def test_a_flipped_byte_is_told(tmp_path: Path, ending: str) -> None:
    archive = pack(tmp_path / f"photos{ending}", FILES)
    data = bytearray(archive.read_bytes())
    data[len(data) // 3] ^= 0xFF
    archive.write_bytes(data)
    with pytest.raises(TLStudioError, match="damaged or not complete"):
        unpack(archive, target(tmp_path))


def test_a_damaged_header_amid_a_tar_is_not_taken_for_its_end(tmp_path: Path) -> None:
    archive = pack(tmp_path / "photos.tar", FILES)
    data = bytearray(archive.read_bytes())
    data[data.index(b"dogs/deep")] ^= 0xFF
    archive.write_bytes(data)
    with pytest.raises(TLStudioError, match="damaged or not complete"):
        unpack(archive, target(tmp_path))


@pytest.mark.parametrize("ending", ARCHIVE_ENDINGS)
def test_what_is_no_archive_is_told(tmp_path: Path, ending: str) -> None:
    for content in (b"", b"no archive at all", NOISE):
        archive = tmp_path / f"photos{ending}"
        archive.write_bytes(content)
        with pytest.raises(TLStudioError, match="damaged or not complete"):
            unpack(archive, Unpacking(tmp_path / f"out{len(content)}", emit=ignore_events, token=CancelToken()))


def test_empty_folders_stay(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.mkdir("cats")
    with tarfile.open(tmp_path / "b.tar", "w") as packed:
        for name in (".", "./dogs"):
            member = tarfile.TarInfo(name)
            member.type = tarfile.DIRTYPE
            packed.addfile(member)
    out = target(tmp_path)
    assert unpack(tmp_path / "a.zip", out) + unpack(tmp_path / "b.tar", out) == 0
    assert sorted(folder.name for folder in out.folder.iterdir()) == ["cats", "dogs"]


@pytest.mark.parametrize("ending", [".zip", ".tar"])
def test_names_that_differ_only_by_case_or_not_at_all_are_kept_apart(tmp_path: Path, ending: str) -> None:
    names = [
        "Dogs/1.jpg",
        "dogs/1.jpg",
        "Dogs/1.JPG",
        "dogs/2.jpg",
        "caf\u00e9/1.jpg",
        "cafe\u0301/1.jpg",
        "x",
        "x/1.jpg",
    ]
    archive = pack(tmp_path / f"photos{ending}", {name: name.encode() for name in names})
    assert unpack(archive, target(tmp_path)) == 0
    assert {path: content.decode() for path, content in files_in(tmp_path / "out").items()} == {
        "Dogs/1.jpg": "Dogs/1.jpg",
        "Dogs/1 (2).JPG": "Dogs/1.JPG",
        "dogs (2)/1.jpg": "dogs/1.jpg",
        "dogs (2)/2.jpg": "dogs/2.jpg",
        "caf\u00e9/1.jpg": "caf\u00e9/1.jpg",
        "caf\u00e9 (2)/1.jpg": "cafe\u0301/1.jpg",
        "x": "x",
        "x (2)/1.jpg": "x/1.jpg",
    }


@pytest.mark.parametrize("ending", [".zip", ".tar.gz", ".tar"])
def test_progress_rises_and_a_stop_is_heard(tmp_path: Path, ending: str) -> None:
    archive = pack(tmp_path / f"photos{ending}", FILES)
    events: list[Event] = []
    unpack(archive, Unpacking(tmp_path / "a", emit=events.append, token=CancelToken()))
    told = [(event.done, event.total) for event in events if isinstance(event, Progress) and event.stage == "unpack"]
    assert len(told) == len(events)
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1] > 0
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        unpack(archive, Unpacking(tmp_path / "b", emit=ignore_events, token=token))
