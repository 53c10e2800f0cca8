"""Whatever is opened becomes a folder of photos, once, and the original stays as it is."""

import hashlib
import os
import tarfile
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tlstudio import paths
from tlstudio.datasets.index import index_folder
from tlstudio.datasets.reading.labels import FileNameLabels, FolderLabels
from tlstudio.datasets.sources import opening as sources
from tlstudio.datasets.sources.opening import Source, open_source
from tlstudio.errors import Cancelled, TLStudioError
from tlstudio.events import CancelToken, Event, Progress, ignore_events


def opened(path: Path) -> Source:
    return open_source(path, emit=ignore_events, token=CancelToken())


def digests(folder: Path) -> dict[str, tuple[str, int]]:
    files = [file for file in folder.rglob("*") if file.is_file()]
    return {str(file): (hashlib.sha256(file.read_bytes()).hexdigest(), file.stat().st_mtime_ns) for file in files}


def draw(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.random.default_rng(len(str(path))).integers(0, 256, (8, 8, 3), np.uint8)).save(path)
    return path


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    for name in ("cats/1.png", "cats/2.png", "dogs/1.png"):
        draw(tmp_path / "photos" / name)
    return tmp_path / "photos"


def zipped(folder: Path, below: str = "", extra: tuple[str, ...] = ()) -> Path:
    archive = folder.with_name("My pets.zip")
    with zipfile.ZipFile(archive, "w") as packed:
        for file in sorted(folder.rglob("*.*")):
            packed.write(file, below + file.relative_to(folder).as_posix())
        for name in extra:
            packed.writestr(name, "x")
    return archive


def mnist(folder: Path, parts: tuple[str, ...] = ("train", "t10k")) -> Path:
    folder.mkdir(parents=True)
    for part in parts:
        (folder / f"{part}-images-idx3-ubyte").write_bytes(bytes.fromhex("00000803 00000002 00000001 00000001 07ff"))
        (folder / f"{part}-labels-idx1-ubyte").write_bytes(bytes.fromhex("00000801 00000002 0305"))
    return folder


def names(folder: Path) -> list[str]:
    return sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())


def test_a_folder_of_photos_gives_itself(photos: Path, home: Path) -> None:
    assert opened(photos) == Source(photos, FolderLabels(), "photos")
    rule = FileNameLabels("^(.)")
    assert open_source(photos, rule, emit=ignore_events, token=CancelToken()).labels == rule
    assert not home.exists()


def test_a_folder_that_is_not_there_is_left_to_who_reads_it(tmp_path: Path) -> None:
    assert opened(tmp_path / "gone").root == tmp_path / "gone"


@pytest.mark.parametrize(
    ("below", "extra", "root"),
    [
        ("", (), "My pets"),
        ("pets/", (), "pets"),
        ("pets/", ("__MACOSX/._pets", ".DS_Store"), "pets"),
        ("pets/", ("read me.txt",), "My pets"),
    ],
)
def test_an_archive_is_opened_where_its_photos_begin(
    photos: Path, home: Path, below: str, extra: tuple[str, ...], root: str
) -> None:
    archive = zipped(photos, below, extra)
    before = digests(archive.parent)
    source = opened(archive)
    assert source.title == "My pets"
    assert source.root.name == root
    assert source.root.is_relative_to(home / "cache" / "sources")
    dataset = index_folder(source.root, source.labels, emit=ignore_events, token=CancelToken())
    assert len(dataset.samples) == 3
    assert {path: digest for path, digest in digests(archive.parent).items() if path in before} == before


def test_it_is_unpacked_once(photos: Path, home: Path) -> None:
    archive = zipped(photos)
    events: list[Event] = []
    first = open_source(archive, emit=events.append, token=CancelToken())
    assert isinstance(events[-1], Progress)
    events.clear()
    assert open_source(archive, emit=events.append, token=CancelToken()) == first
    assert events == []
    os.utime(archive, (1, 1))
    assert opened(archive).root != first.root
    assert home.is_dir()


def test_what_a_cleaner_of_the_disk_removed_is_unpacked_again(photos: Path, home: Path) -> None:
    root = opened(zipped(photos)).root
    for file in root.rglob("*.*"):
        file.unlink()
    for folder in ("cats", "dogs", ""):
        (root / folder).rmdir()
    (root.parent / "left").write_text("over")
    assert names(opened(zipped(photos)).root) == names(photos)
    assert home.is_dir()


@pytest.mark.parametrize("single", ["", "t10k-labels-idx1-ubyte", "train-images-idx3-ubyte"])
def test_mnist_files(tmp_path: Path, home: Path, single: str) -> None:
    folder = mnist(tmp_path / "MNIST")
    before = digests(folder)
    source = opened(folder / single if single else folder)
    assert source.title == "MNIST"
    assert names(source.root) == [f"{part}/{name}/00001.png" for part in ("test", "train") for name in "35"]
    assert digests(folder) == before
    assert source.root.is_relative_to(home)


def test_mnist_files_one_folder_further_down(tmp_path: Path, home: Path) -> None:
    mnist(tmp_path / "MNIST" / "raw")
    assert len(names(opened(tmp_path / "MNIST").root)) == 4
    assert home.is_dir()


def test_a_single_part_is_opened_at_its_classes(tmp_path: Path, home: Path) -> None:
    source = opened(mnist(tmp_path / "MNIST", ("train",)))
    assert names(source.root) == ["3/00001.png", "5/00001.png"]
    assert home.is_dir()


def test_an_archive_of_packed_photos(tmp_path: Path, home: Path) -> None:
    folder = mnist(tmp_path / "raw")
    archive = tmp_path / "mnist.tar.gz"
    with tarfile.open(archive, "w:gz") as packed:
        packed.add(folder, "MNIST")
    source = opened(archive)
    assert source.title == "mnist"
    assert names(source.root) == [f"{part}/{name}/00001.png" for part in ("test", "train") for name in "35"]
    assert names(home / "cache" / "sources") == [
        f"{source.root.relative_to(home / 'cache' / 'sources').as_posix()}/{name}" for name in names(source.root)
    ]


@pytest.mark.parametrize("name", ["photo.jpg", "photos.rar", "photos.7z", "train.csv.gz"])
def test_files_of_other_kinds_are_told(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    with pytest.raises(TLStudioError) as caught:
        opened(tmp_path / name)
    assert name in caught.value.message
    assert caught.value.hint


def test_a_stop_and_damage_leave_nothing_behind(photos: Path, home: Path) -> None:
    archive = zipped(photos)
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        open_source(archive, emit=ignore_events, token=token)
    archive.write_bytes(archive.read_bytes()[:-30])
    with pytest.raises(TLStudioError):
        opened(archive)
    assert list((home / "cache" / "sources").iterdir()) == []


def test_what_was_killed_is_not_taken_for_whole_and_is_removed_in_time(photos: Path, home: Path) -> None:
    kept = home / "cache" / "sources"
    for name, age in ((".unpack-old", 100_000), (".unpack-new", 10)):
        draw(kept / name / "half" / "photos" / "cats" / "1.png")
        os.utime(kept / name, (time.time() - age,) * 2)
    assert names(opened(zipped(photos)).root) == names(photos)
    assert [folder.name for folder in kept.glob(".unpack-*")] == [".unpack-new"]


def test_another_process_that_was_faster_wins(photos: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = zipped(photos)
    publish = sources._publish

    def late(finished: Path, folder: Path) -> None:
        draw(folder / "photos" / archive.stem / "theirs" / "1.png")
        publish(finished, folder)

    monkeypatch.setattr(sources, "_publish", late)
    assert names(opened(archive).root) == ["1.png"]
    assert len(list((home / "cache" / "sources").iterdir())) == 1


def test_a_place_that_cannot_be_written_is_told(photos: Path, home: Path) -> None:
    home.write_text("a file where the folder should be")
    with pytest.raises(TLStudioError, match="can't be unpacked to") as caught:
        opened(zipped(photos))
    assert str(paths.cache_dir()) in caught.value.message
    assert caught.value.hint
