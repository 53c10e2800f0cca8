"""Reading Tiny ImageNet: its public folder layout, or zip files of class folders."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIDE = 64
_WORDNET_ID = re.compile(r"n\d{8}$")
_ENDINGS = {".jpeg", ".jpg", ".png", ".webp"}


@dataclass(frozen=True)
class Photos:
    """Labelled photos of one size.

    Attributes:
        pixels: uint8 (N, SIDE, SIDE, 3).
        labels: int64 (N,), indices into the sorted WordNet ids.
    """

    pixels: NDArray[np.uint8]
    labels: NDArray[np.int64]


def read_tiny_imagenet(folder: Path) -> tuple[Photos, Photos, dict[str, str]]:
    """Training photos, validation photos, and their classes: names by WordNet id, sorted.

    Args:
        folder: With ``train/<id>/...``, ``val/val_annotations.txt`` and ``words.txt`` as published, or with
            ``classes.tsv`` and zip files whose names begin with "train" or "val" and whose members are
            ``<id>/<number>.webp``.

    Raises:
        SystemExit: If it is neither.
    """
    zips = sorted(folder.glob("*.zip"))
    parts = [_zipped([file for file in zips if file.name.startswith(part)]) for part in ("train", "val")]
    if not zips:
        parts = [_published_train(folder / "train"), _published_validation(folder / "val")]
    train, validation = (list(part) for part in parts)
    if not train or not validation:
        raise SystemExit(f"There is no Tiny ImageNet in {folder}: neither train/ and val/ nor train*.zip and val*.zip.")
    ids = sorted({wordnet_id for wordnet_id, _ in train})
    return _decoded(train, ids), _decoded(validation, ids), _names(folder, ids)


def _names(folder: Path, ids: list[str]) -> dict[str, str]:
    table = folder / "classes.tsv"
    lines = (table if table.is_file() else folder / "words.txt").read_text(encoding="utf-8").splitlines()
    names = dict(line.split("\t", 1) for line in lines)
    return {wordnet_id: names[wordnet_id] for wordnet_id in ids}


def _zipped(files: list[Path]) -> Iterator[tuple[str, bytes]]:
    for file in files:
        with zipfile.ZipFile(file) as archive:
            for member in sorted(archive.namelist()):
                path = Path(member)
                if path.suffix.lower() in _ENDINGS and _WORDNET_ID.match(path.parent.name):
                    yield path.parent.name, archive.read(member)


def _published_train(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.glob("n*/**/*")):
        if path.suffix.lower() in _ENDINGS:
            yield path.relative_to(folder).parts[0], path.read_bytes()


def _published_validation(folder: Path) -> Iterator[tuple[str, bytes]]:
    table = folder / "val_annotations.txt"
    if not table.is_file():
        return
    for line in table.read_text(encoding="utf-8").splitlines():
        name, wordnet_id = line.split("\t")[:2]
        yield wordnet_id, (folder / "images" / name).read_bytes()


def _decoded(files: list[tuple[str, bytes]], ids: list[str]) -> Photos:
    pixels = np.empty((len(files), SIDE, SIDE, 3), dtype=np.uint8)
    for row, (_, data) in enumerate(files):
        with Image.open(io.BytesIO(data)) as image:
            pixels[row] = np.asarray(image.convert("RGB").resize((SIDE, SIDE)))
    return Photos(pixels, np.array([ids.index(wordnet_id) for wordnet_id, _ in files], dtype=np.int64))
