"""CIFAR-10 files, put together by hand from the instructions that real ones consist of, and poisoned ones."""

from pathlib import Path

import numpy as np
import pytest
from packed_photos import START, STOP, array, batch, cifar, cifar_photos, dictionary, listed, meta, number, text
from PIL import Image

from tlstudio.datasets.sources.cifar import find_cifar, is_cifar_file, write_cifar
from tlstudio.datasets.sources.pickled_arrays import UnreadablePickleError, read_pickled
from tlstudio.datasets.sources.unpacking import Unpacking
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, ignore_events


def write(folder: Path, out: Path) -> None:
    write_cifar(find_cifar(folder), Unpacking(out, emit=ignore_events, token=CancelToken()))


def written(folder: Path) -> list[str]:
    return sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*.png"))


def test_photos_are_written_pixel_for_pixel(tmp_path: Path) -> None:
    folder = cifar(tmp_path / "cifar-10-batches-py")
    assert all(is_cifar_file(file) for file in folder.iterdir())
    write(folder, tmp_path / "out")
    assert written(tmp_path / "out") == [
        "test/automobile/00001.png",
        "train/airplane/00001.png",
        "train/bird/00001.png",
        "train/bird/00002.png",
        "train/bird/00003.png",
    ]
    with Image.open(tmp_path / "out" / "train" / "airplane" / "00001.png") as photo:
        pixels = np.array(photo)
    stored = cifar_photos(3, 1)[1]
    assert pixels.shape == (32, 32, 3)
    assert pixels[0, 0].tolist() == [stored[0], stored[1024], stored[2048]]
    assert pixels[1, 2].tolist() == [stored[34], stored[1024 + 34], stored[2048 + 34]]


def test_without_the_list_of_classes_their_numbers_are_taken(tmp_path: Path) -> None:
    folder = cifar(tmp_path / "cifar")
    (folder / "batches.meta").unlink()
    write(folder, tmp_path / "out")
    assert sorted(file.name for file in (tmp_path / "out" / "train").iterdir()) == ["0", "2"]


def test_a_folder_without_batches_has_none(tmp_path: Path) -> None:
    (tmp_path / "batches.meta").write_bytes(meta())
    assert find_cifar(tmp_path) == ()


def test_class_names_lead_nowhere_else(tmp_path: Path) -> None:
    folder = cifar(tmp_path / "cifar")
    (folder / "batches.meta").write_bytes(meta(("../../up", "C:\\x", "/etc")))
    write(folder, tmp_path / "out")
    assert len(written(tmp_path)) == len(written(tmp_path / "out")) == 5
    assert {path.split("/")[1] for path in written(tmp_path / "out")} == {".._.._up", "C__x", "_etc"}


def test_a_dictionary_is_read_as_it_is() -> None:
    found = read_pickled(batch(cifar_photos(2), [1, 200]))
    assert found["batch_label"] == "training batch 1 of 5"
    assert found["labels"] == [1, 200]
    assert found["filenames"] == ["photo_0.png", "photo_1.png"]
    data = found["data"]
    assert isinstance(data, np.ndarray)
    assert np.array_equal(data, cifar_photos(2))


HARM = b"cposix\nsystem\n(U\x0etouch harm.txttR"
POISONED = {
    "a call of the system": START + HARM + STOP,
    "within a dictionary": START + b"}U\x06labels" + HARM + b"s" + STOP,
    "a builtin": START + b"c__builtin__\neval\n(U\x011tR.",
    "old calls": b"(U\x0etouch harm.txtiposix\nsystem\n.",
    "an object": START + b"(cposix\nsystem\nU\x01xo.",
    "a name that nothing is done with": START + b"cposix\nsystem\n}.",
    "a new object": START + b"cposix\nsystem\n)\x81.",
    "a name on the stack": START + b"U\x05posixU\x06system\x93.",
    "a name by number": START + b"\x82\x01.",
    "something kept elsewhere": START + b"U\x01xQ.",
    "kept elsewhere, old": b"Px\n.",
    "numpy, but another name": START + b"cnumpy\nload\nU\x01x\x85R.",
    "numpy, by a path": START + b"cnumpy.core.multiarray\n_reconstruct.__globals__\n.",
    "an array of objects": dictionary({"data": array(cifar_photos(1), "O8")}),
    "an array of floats": dictionary({"data": array(cifar_photos(1), "f4")}),
    "a name as a value": START + b"}U\x01xcnumpy\ndtype\ns.",
    "an array without content": dictionary({"data": array(cifar_photos(1)).split(b"q\x09")[0]}),
    "a state of something else": START + b"}}b.",
    "a call of a text": START + b"}U\x01x)R.",
    "a later protocol": b"\x80\x04\x95\x02\0\0\0\0\0\0\0}.",
    "a protocol that is not known": b"\x80\x05}.",
    "old text": b"}S'__import__'\nI1\ns.",
    "a key that is no text": START + b"}]K\x01s.",
    "no dictionary": START + b"]" + STOP,
    "nothing on the stack": START + STOP,
    "no mark": START + b"K\x01e" + STOP,
    "an unknown place": START + b"h\x07" + STOP,
    "an odd number of entries": START + b"}(U\x01xu.",
    "a length below zero": START + b"}U\x01xT\xff\xff\xff\xffs.",
    "a length beyond the end": START + b"}U\x01xT\xff\xff\xff\x7fabc",
    "a name without an end": START + b"cposix",
    "empty": b"",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(100),
}


@pytest.mark.parametrize("poison", POISONED.values(), ids=POISONED.keys())
def test_poisoned_files_are_refused_and_run_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, poison: bytes
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UnreadablePickleError):
        read_pickled(poison)
    folder = cifar(tmp_path / "cifar")
    (folder / "data_batch_1").write_bytes(poison)
    with pytest.raises(TLStudioError, match="Nothing in it was run") as caught:
        write(folder, tmp_path / "out")
    assert caught.value.hint
    assert not list(tmp_path.rglob("harm.txt"))


def test_every_cut_is_told() -> None:
    whole = batch(cifar_photos(1), [7])
    for end in [*range(200), *range(len(whole) - 100, len(whole))]:
        with pytest.raises(UnreadablePickleError):
            read_pickled(whole[:end])


def test_an_array_of_another_size_than_it_says_is_refused() -> None:
    with pytest.raises(UnreadablePickleError):
        read_pickled(batch(cifar_photos(3), [1]).replace(b"K\x03M\x00\x0c\x86", b"K\x09M\x00\x0c\x86"))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (batch(cifar_photos(2), [0]), "2 photos and 1 labels"),
        (batch(cifar_photos(1)[:, :100], [0]), "no photos of 32 x 32"),
        (batch(cifar_photos(1), [9]), "names class 9, and there are 3"),
        (dictionary({"labels": listed([])}), "no photos of 32 x 32"),
        (dictionary({"data": array(cifar_photos(1)), "labels": listed([text("x")])}), "no labels"),
    ],
)
def test_what_is_no_part_of_it_is_told(tmp_path: Path, content: bytes, why: str) -> None:
    folder = cifar(tmp_path / "cifar")
    (folder / "data_batch_1").write_bytes(content)
    with pytest.raises(TLStudioError, match=why):
        write(folder, tmp_path / "out")


def test_a_list_of_classes_that_is_none_is_told(tmp_path: Path) -> None:
    folder = cifar(tmp_path / "cifar")
    (folder / "batches.meta").write_bytes(dictionary({"label_names": number(1)}))
    with pytest.raises(TLStudioError, match="no list of classes"):
        write(folder, tmp_path / "out")
