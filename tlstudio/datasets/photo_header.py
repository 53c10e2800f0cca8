"""What the file of one photo tells without being decoded: its size, its format, and the camera."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import ExifTags, Image

from tlstudio.datasets import formats

_HEAD_BYTES: Final = 4096


@dataclass(frozen=True, slots=True)
class PhotoHeader:
    """Facts of a file, for people.

    Attributes:
        path: The file.
        size: In bytes; 0 if it isn't there any more.
        format: Such as "JPEG"; empty where that can't be told.
        camera: Maker and model of the camera; empty where the file doesn't say it.
    """

    path: Path
    size: int = 0
    format: str = ""
    camera: str = ""


def read_header(path: Path) -> PhotoHeader:
    """Look into a file; what can't be found out stays empty."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            found = formats.identify(file.read(_HEAD_BYTES), path.suffix)
    except OSError:
        return PhotoHeader(path)
    if found is None:
        return PhotoHeader(path, size)
    return PhotoHeader(path, size, found.name, _camera(path, found.decoders))


def _camera(path: Path, decoders: tuple[str, ...]) -> str:
    try:
        with Image.open(path, formats=decoders) as image:
            exif = image.getexif()
    # Odd EXIF data make Pillow raise whatever its code runs into; a photo without a camera is a photo all the same.
    except Exception:  # noqa: BLE001
        return ""
    maker, model = (_text(exif.get(tag)) for tag in (ExifTags.Base.Make, ExifTags.Base.Model))
    # "Canon" and "Canon EOS 5D"; "NIKON CORPORATION" and "NIKON D90".
    return model if maker and model.casefold().startswith(maker.split()[0].casefold()) else f"{maker} {model}".strip()


def _text(value: object) -> str:
    return " ".join(value.replace("\0", " ").split()) if isinstance(value, str) else ""
