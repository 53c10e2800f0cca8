"""MNIST files become photos, pixel for pixel; what is wrong with them is said."""

import struct
from pathlib import Path

import numpy as np
import pytest
from packed_photos import MNIST_PHOTOS, idx, mnist, put
from PIL import Image

from tlstudio.datasets.sources.mnist import find_mnist, is_mnist_file, write_mnist
from tlstudio.datasets.sources.unpacking import Unpacking
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Event, Progress, ignore_events


def write(folder: Path, out: Path) -> list[Event]:
    events: list[Event] = []
    write_mnist(find_mnist(folder), Unpacking(out, emit=events.append, token=CancelToken()))
    return events


@pytest.mark.parametrize("form", ["{}-{}-idx{}-ubyte.gz", "{}-{}-idx{}-ubyte", "{}-{}.idx{}-ubyte"])
def test_photos_are_written_pixel_for_pixel(tmp_path: Path, form: str) -> None:
    folder = mnist(mnist(tmp_path / "mnist", "t10k", form), "train", form)
    assert all(is_mnist_file(file) for file in folder.iterdir())
    events = write(folder, tmp_path / "out")
    places = ["7/00001.png", "0/00001.png", "7/00002.png"]
    assert sum(1 for _ in (tmp_path / "out").rglob("*.png")) == 6
    for part in ("train", "test"):
        for place, pixels in zip(places, MNIST_PHOTOS, strict=True):
            with Image.open(tmp_path / "out" / part / place) as photo:
                assert np.array_equal(np.array(photo), pixels)
    last = events[-1]
    assert isinstance(last, Progress)
    assert (last.done, last.total) == (6, 6)


def test_a_plain_file_is_taken_before_its_packed_twin(tmp_path: Path) -> None:
    folder = mnist(mnist(tmp_path / "mnist"), form="{}-{}-idx{}-ubyte")
    assert [file.suffix for pair in find_mnist(folder) for file in (pair.images, pair.labels)] == ["", ""]


def test_a_folder_without_such_files_has_none(tmp_path: Path) -> None:
    put(tmp_path / "photos", "train.jpg", b"")
    assert find_mnist(tmp_path / "photos") == ()
    assert not is_mnist_file(tmp_path / "train-images.jpg")


@pytest.mark.parametrize(
    ("removed", "lacking"), [("train-labels-idx1", "train-labels-idx1"), ("train-images-idx3", "train-images-idx3")]
)
def test_photos_and_labels_need_each_other(tmp_path: Path, removed: str, lacking: str) -> None:
    folder = mnist(tmp_path / "mnist")
    (folder / f"{removed}-ubyte.gz").unlink()
    with pytest.raises(TLStudioError, match="without its") as caught:
        find_mnist(folder)
    assert lacking in caught.value.hint


@pytest.mark.parametrize("ending", ["", ".gz"])
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0\0\x08",
        b"\0\0\x0d\x03" + idx(MNIST_PHOTOS)[4:],
        idx(MNIST_PHOTOS)[:-1],
        idx(MNIST_PHOTOS) + b"x",
        struct.pack(">HBBIII", 0, 8, 3, 3, 0, 4),
        struct.pack(">HBBIII", 0, 8, 3, 3, 100_000, 100_000),
        b"\x89PNG\r\n\x1a\n not at all",
    ],
)
def test_damaged_files_are_told(tmp_path: Path, ending: str, content: bytes) -> None:
    folder = mnist(tmp_path / "mnist", form="{}-{}-idx{}-ubyte" + ending)
    put(folder, f"train-images-idx3-ubyte{ending}", content)
    with pytest.raises(TLStudioError, match="is damaged") as caught:
        write(folder, tmp_path / "out")
    assert caught.value.hint


@pytest.mark.parametrize("change", ["cut", "flip"])
def test_damaged_packing_is_told(tmp_path: Path, change: str) -> None:
    file = mnist(tmp_path / "mnist") / "train-images-idx3-ubyte.gz"
    data = bytearray(file.read_bytes())
    data[len(data) - 6] ^= 0xFF  # in the check sum
    file.write_bytes(data if change == "flip" else data[:-20])
    with pytest.raises(TLStudioError, match="is damaged"):
        write(tmp_path / "mnist", tmp_path / "out")


def test_counts_that_differ_are_told(tmp_path: Path) -> None:
    folder = mnist(tmp_path / "mnist")
    put(folder, "train-labels-idx1-ubyte.gz", idx(np.array([1, 2], np.uint8)))
    with pytest.raises(TLStudioError, match=r"holds 3 photos, and .* 2 labels"):
        write_mnist(find_mnist(folder), Unpacking(tmp_path / "out", emit=ignore_events, token=CancelToken()))
