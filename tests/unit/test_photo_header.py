from pathlib import Path

import pytest
from PIL import Image

from tlstudio.datasets.photo_header import PhotoHeader, read_header

MAKE, MODEL = 0x010F, 0x0110


@pytest.mark.parametrize(
    ("make", "model", "camera"),
    [
        ("Canon", "Canon EOS 5D", "Canon EOS 5D"),
        ("NIKON CORPORATION", "NIKON D90", "NIKON D90"),
        ("SONY", "ILCE-7M3\0 ", "SONY ILCE-7M3"),
        ("", "Scanner", "Scanner"),
        ("", "", ""),
    ],
)
def test_the_camera_is_named_once(tmp_path: Path, make: str, model: str, camera: str) -> None:
    exif = Image.Exif()
    exif[MAKE], exif[MODEL] = make, model
    path = tmp_path / "photo.jpg"
    Image.new("RGB", (8, 8)).save(path, exif=exif)
    assert read_header(path) == PhotoHeader(path, path.stat().st_size, "JPEG", camera)


def test_the_content_says_the_format(tmp_path: Path) -> None:
    path = tmp_path / "really.jpg"
    Image.new("RGB", (8, 8)).save(path, "PNG")
    assert read_header(path).format == "PNG"


def test_what_can_not_be_read_stays_empty(tmp_path: Path) -> None:
    (tmp_path / "text.jpg").write_text("no photo")
    (tmp_path / "cut.jpg").write_bytes(b"\xff\xd8\xff\xe1\x00\x10Exif\0\0MM\0*")
    assert read_header(tmp_path / "gone.jpg") == PhotoHeader(tmp_path / "gone.jpg")
    assert read_header(tmp_path / "text.jpg") == PhotoHeader(tmp_path / "text.jpg", 8)
    assert read_header(tmp_path / "cut.jpg").camera == ""
