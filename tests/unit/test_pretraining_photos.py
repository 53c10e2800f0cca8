"""The two layouts in which pretraining reads Tiny ImageNet."""

import io
import zipfile
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from PIL import Image

TOOL = Path(__file__).parents[2] / "tools" / "pretrain"


@pytest.fixture
def photos(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(TOOL))
    import photos

    return photos


def picture(value: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 64), (value, value, value)).save(file, "PNG")
    return file.getvalue()


def zipped(folder: Path) -> None:
    for name, members in {
        "train-0": {"n00000002/1.png": 20},
        "train-1": {"n00000001/2.png": 10},
        "val-0": {"n00000002/3.png": 21},
    }.items():
        with zipfile.ZipFile(folder / f"{name}.zip", "w") as archive:
            archive.writestr("README.txt", "no photo")
            for member, value in members.items():
                archive.writestr(member, picture(value))
    (folder / "classes.tsv").write_text("wnid\tname\nn00000001\tgoldfish\nn00000002\tbullfrog, frog\n")


def published(folder: Path) -> None:
    for number, value in (("1", 10), ("2", 20)):
        images = folder / "train" / f"n0000000{number}" / "images"
        images.mkdir(parents=True)
        (images / f"n0000000{number}_0.png").write_bytes(picture(value))
    (folder / "val" / "images").mkdir(parents=True)
    (folder / "val" / "images" / "val_0.png").write_bytes(picture(21))
    (folder / "val" / "val_annotations.txt").write_text("val_0.png\tn00000002\t0\t0\t1\t1\n")
    (folder / "words.txt").write_text("n00000009\tno class of it\nn00000001\tgoldfish\nn00000002\tbullfrog, frog\n")


@pytest.mark.parametrize("layout", [zipped, published])
def test_both_layouts_give_the_same(photos: ModuleType, tmp_path: Path, layout: object) -> None:
    layout(tmp_path)  # type: ignore[operator]
    train, validation, classes = photos.read_tiny_imagenet(tmp_path)
    assert classes == {"n00000001": "goldfish", "n00000002": "bullfrog, frog"}
    assert {int(label): int(value) for label, value in zip(train.labels, train.pixels[:, 0, 0, 0], strict=True)} == {
        0: 10,
        1: 20,
    }
    assert validation.labels.tolist() == [1]
    assert train.pixels.shape == (2, 64, 64, 3)
    assert train.pixels.dtype == np.uint8


def test_a_folder_without_photos_is_refused(photos: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no Tiny ImageNet"):
        photos.read_tiny_imagenet(tmp_path)
