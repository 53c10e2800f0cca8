"""Photos as they are packed: archives of every kind, MNIST files, CIFAR-10 files put together by hand."""

import gzip
import io
import struct
import tarfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

# Archives

_TAR_MODES = {".gz": "w:gz", ".tgz": "w:gz", ".bz2": "w:bz2", ".tbz2": "w:bz2", ".xz": "w:xz", ".txz": "w:xz"}


def pack(path: Path, files: Mapping[str, bytes]) -> Path:
    """Write an archive of the kind that its name ends in; the name of a folder ends in "/"."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        return path
    with tarfile.open(path, _TAR_MODES.get(path.suffix, "w:")) as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            kind = tarfile.DIRTYPE if name.endswith("/") else tarfile.REGTYPE
            archive.addfile(tar_member(name, kind, size=len(content)), io.BytesIO(content))
    return path


def tar_member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "", size: int = 0) -> tarfile.TarInfo:
    """The head of one entry."""
    member = tarfile.TarInfo(name)
    member.type, member.linkname, member.size = kind, link, size
    return member


def files_of(folder: Path, below: str = "") -> dict[str, bytes]:
    """The files of a folder, to be packed ``below`` another one."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return {below + file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


# MNIST

MNIST_LABELS = (7, 0, 7)
MNIST_PHOTOS = np.random.default_rng(1).integers(0, 256, (3, 5, 4), np.uint8)


def idx(array: NDArray[np.uint8]) -> bytes:
    """An array as an IDX file."""
    header = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape)
    return header + array.tobytes()


def put(folder: Path, name: str, content: bytes) -> None:
    """Write a file, packed if its name says so."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)


def mnist(
    folder: Path,
    stem: str = "train",
    form: str = "{}-{}-idx{}-ubyte.gz",
    photos: NDArray[np.uint8] = MNIST_PHOTOS,
    labels: Sequence[int] = MNIST_LABELS,
) -> Path:
    """The two files of one part."""
    put(folder, form.format(stem, "images", 3), idx(photos))
    put(folder, form.format(stem, "labels", 1), idx(np.array(labels, np.uint8)))
    return folder


# CIFAR-10, from the instructions that real files consist of

START, STOP = b"\x80\x02", b"."
CIFAR_NAMES = ("airplane", "automobile", "bird")


def text(value: str) -> bytes:
    return b"U" + struct.pack("<B", len(value)) + value.encode("latin-1")


def number(value: int) -> bytes:
    return b"K" + struct.pack("<B", value) if value < 256 else b"M" + struct.pack("<H", value)


def listed(items: list[bytes]) -> bytes:
    return b"]q\x05(" + b"".join(items) + b"e"


def array(pixels: NDArray[np.uint8], type_: str = "u1") -> bytes:
    """As NumPy under Python 2 wrote it."""
    raw = pixels.tobytes()
    return (
        b"cnumpy.core.multiarray\n_reconstruct\nq\x07cnumpy\nndarray\nq\x08K\x00\x85U\x01b\x87Rq\x09(K\x01"
        + number(pixels.shape[0])
        + number(pixels.shape[1])
        + b"\x86cnumpy\ndtype\nq\x0a"
        + text(type_)
        + b"K\x00K\x01\x87Rq\x0b(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89T"
        + struct.pack("<i", len(raw))
        + raw
        + b"tb"
    )


def dictionary(entries: dict[str, bytes]) -> bytes:
    return START + b"}q\x01(" + b"".join(text(key) + value for key, value in entries.items()) + b"u" + STOP


def batch(pixels: NDArray[np.uint8], labels: list[int]) -> bytes:
    return dictionary(
        {
            "batch_label": text("training batch 1 of 5"),
            "labels": listed([number(label) for label in labels]),
            "data": array(pixels),
            "filenames": listed([text(f"photo_{place}.png") for place in range(len(labels))]),
        }
    )


def meta(names: tuple[str, ...] = CIFAR_NAMES) -> bytes:
    return dictionary(
        {
            "num_cases_per_batch": number(10000),
            "label_names": listed([text(name) for name in names]),
            "num_vis": number(3072),
        }
    )


def cifar_photos(count: int, seed: int = 0) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (count, 3072), np.uint8)


def cifar(folder: Path) -> Path:
    """Two batches to learn from, one for the exam."""
    folder.mkdir()
    (folder / "data_batch_1").write_bytes(batch(cifar_photos(3, 1), [2, 0, 2]))
    (folder / "data_batch_2").write_bytes(batch(cifar_photos(1, 2), [2]))
    (folder / "test_batch").write_bytes(batch(cifar_photos(1, 3), [1]))
    (folder / "batches.meta").write_bytes(meta())
    return folder
