"""The only decoder and resizer of the program: training, evaluation, prediction and thumbnails see the same pixels."""

import hashlib
import io
import logging
import re
import struct
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import pi_heif
from numpy.typing import NDArray

# Importing a plugin registers its decoder. Naming them keeps Pillow from importing all it has, PostScript among them.
from PIL import (  # noqa: F401
    AvifImagePlugin,
    BmpImagePlugin,
    ExifTags,
    GifImagePlugin,
    Image,
    Jpeg2KImagePlugin,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    PpmImagePlugin,
    TgaImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from tlstudio.datasets import formats
from tlstudio.datasets.concurrency import concurrent_map
from tlstudio.datasets.facts import FACTS_SIDE, PhotoFacts, measure
from tlstudio.datasets.pixels import flatten, interpolatable
from tlstudio.datasets.walk import Stamp
from tlstudio.events import CancelToken

DECODER_VERSION = 1
"""Part of the key of everything computed from pixels; raise it when the same file gives other pixels."""

MAX_PIXELS = 200_000_000
"""Pictures that claim more are refused before anything is decoded."""

MAX_BYTES = 1 << 30
"""Larger files are refused before they are read."""

CUT_SHORT = "Cut short: the file ends before the picture does."
NOT_AN_IMAGE = "Not an image."
NO_MEMORY = "Too large for the memory of this computer."

_LARGEST_ENLARGEMENT = 4
_HEAD_BYTES = 64

_TRANSPOSITIONS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIDEWAYS = frozenset((5, 6, 7, 8))

# The size is checked here, with a reason for a person; Pillow's own check would only warn of some sizes.
Image.MAX_IMAGE_PIXELS = None
# What Pillow logs about odd files is either harmless or told by UnreadableImageError.
logging.getLogger("PIL").setLevel(logging.CRITICAL)
pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)

# What Pillow raises over EXIF data that make no sense.
_EXIF_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    ArithmeticError,
    AttributeError,
    struct.error,
)

_PILLOW_WARNINGS = ("ignore", None, Warning, re.compile(r"PIL\."), 0)


class UnreadableImageError(Exception):
    """A file whose picture can't be read.

    Attributes:
        reason: A sentence for a person.
        is_image: Whether the content or, where that can't be seen, the name is that of a picture.
    """

    def __init__(self, reason: str, *, is_image: bool = True) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_image = is_image


@dataclass(frozen=True, slots=True)
class Probe:
    """What is known of a picture once it has been decoded.

    Attributes:
        width: In pixels, after the EXIF orientation is applied.
        height: In pixels, after the EXIF orientation is applied.
        digest: SHA-256 of the file's bytes, in hex.
        facts: What the picture looks like.
    """

    width: int
    height: int
    digest: str
    facts: PhotoFacts


def probe(path: Path) -> Probe:
    """Decode a file once to see that it can be, and what it looks like.

    Args:
        path: Read once.

    Raises:
        UnreadableImageError: With the reason.
    """
    data = _read(path)
    with _opened(data, path) as image:
        width, height = image.size
        sideways = _orientation(image) in _SIDEWAYS
        scale = min(1, FACTS_SIDE / max(width, height))
        fitted = max(1, round(width * scale)), max(1, round(height * scale))
        if sideways:
            width, height, fitted = height, width, fitted[::-1]
        taken = _capture_time(image)
        # A smaller scale and no colours still read all data of a JPEG, so that one that is cut short is found.
        facts = measure(_resized(image, fitted, "L").convert("L"), taken)
    return Probe(width, height, hashlib.sha256(data).hexdigest(), facts)


@dataclass(frozen=True, slots=True)
class FileContent:
    """A file that has been read, once, for all that is done with it.

    Attributes:
        path: Its name has a say in what it is.
        data: Its bytes.
        stamp: Of the file while it held these bytes.
    """

    path: Path
    data: bytes
    stamp: Stamp

    def digest(self) -> bytes:
        """SHA-256 of the bytes."""
        return hashlib.sha256(self.data).digest()


def read_file(path: Path) -> FileContent:
    """Read a file that may be a photo.

    Raises:
        UnreadableImageError: With the reason, also where the file changes meanwhile.
    """
    before = _stamp(path)
    data = _read(path)
    if before is None or before != _stamp(path):
        raise UnreadableImageError("It is being changed just now.", is_image=formats.looks_like_image(path))
    return FileContent(path, data, before)


def _stamp(path: Path) -> Stamp | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return Stamp(status.st_size, status.st_mtime_ns)


def decode(source: Path | bytes | FileContent, size: int) -> NDArray[np.uint8]:
    """The picture as a square.

    It is stretched, not cropped: nothing at the rim is lost, and it is what Keras's
    ``image_dataset_from_directory`` does unless told otherwise.

    Args:
        source: A file, its bytes, or both.
        size: Width and height of the result in pixels.

    Returns:
        (size, size, 3) RGB.

    Raises:
        UnreadableImageError: With the reason.
    """
    if isinstance(source, FileContent):
        data, path = source.data, source.path
    else:
        data, path = (source, Path()) if isinstance(source, bytes) else (_read(source), source)
    with _opened(data, path) as image:
        return np.array(_resized(image, (size, size)))


def thumbnail(source: Path, box: int | tuple[int, int]) -> NDArray[np.uint8]:
    """The picture in its own proportions, as large as fits but at most four times its size.

    Args:
        source: A file.
        box: Greatest width and height in pixels; one number for both.

    Returns:
        (height, width, 3) RGB.

    Raises:
        UnreadableImageError: With the reason.
    """
    box_width, box_height = (box, box) if isinstance(box, int) else box
    with _opened(_read(source), source) as image:
        width, height = image.size
        if _orientation(image) in _SIDEWAYS:
            width, height = height, width
        scale = min(box_width / width, box_height / height, _LARGEST_ENLARGEMENT)
        fitted = max(1, round(width * scale)), max(1, round(height * scale))
        return np.array(_resized(image, fitted))


def decode_many(
    paths: Sequence[Path], size: int, *, token: CancelToken, workers: int | None = None
) -> Iterator[NDArray[np.uint8] | UnreadableImageError]:
    """Decode files in threads.

    Args:
        paths: Files.
        size: Width and height of the results in pixels.
        token: Stops it soon.
        workers: Threads; as many as there are cores if None.

    Yields:
        For each file, in order, what ``decode`` returns, or the error that it raises.

    Raises:
        Cancelled: After ``token.cancel()``.
    """

    def attempt(path: Path) -> NDArray[np.uint8] | UnreadableImageError:
        try:
            return decode(path, size)
        except UnreadableImageError as error:
            return _bare(error)

    return concurrent_map(attempt, paths, token=token, workers=workers)


def classify_file(path: Path) -> Probe | UnreadableImageError | None:
    """Whether a file is a photo, by the rules that hold for data sets and for prediction alike.

    Returns:
        A ``Probe`` for a photo, the error for a file that should be one and can't be read, None for a file that is no
        photo and isn't meant to be one. Of the latter only the first bytes are read.
    """
    if not formats.looks_like_image(path) and not _begins_like_image(path):
        return None
    try:
        return probe(path)
    except UnreadableImageError as error:
        return _bare(error)


def _bare(error: UnreadableImageError) -> UnreadableImageError:
    """The same without the frames that it came through, which hold all bytes of the file."""
    return UnreadableImageError(error.reason, is_image=error.is_image)


def _begins_like_image(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return formats.identify(file.read(_HEAD_BYTES)) is not None
    except OSError:
        return False


def _read(path: Path) -> bytes:
    named = formats.looks_like_image(path)
    try:
        size = path.stat().st_size
        # A film of 4 GB is not read only to learn that it is none.
        if not named and path.is_file() and not _begins_like_image(path):
            raise UnreadableImageError(NOT_AN_IMAGE, is_image=False)
        if size > MAX_BYTES:
            raise UnreadableImageError(f"Too large: the file has {size / (1 << 30):.1f} GB.", is_image=named)
        return path.read_bytes()
    except FileNotFoundError:
        raise UnreadableImageError("Not there any more.", is_image=named) from None
    except PermissionError:
        raise UnreadableImageError("It can't be opened: you may not read it.", is_image=named) from None
    except OSError as error:
        raise UnreadableImageError(f"It can't be opened: {error.strerror or error}.", is_image=named) from error
    except MemoryError as error:
        raise UnreadableImageError(NO_MEMORY, is_image=named) from error


@contextmanager
def _opened(data: bytes, path: Path) -> Iterator[Image.Image]:
    """A picture that is open but not decoded; whatever its decoder raises becomes an ``UnreadableImageError``."""
    try:
        with _open(data, path) as image:
            _check_size(*image.size)
            yield image
    except UnreadableImageError:
        raise
    except MemoryError as error:
        raise UnreadableImageError(NO_MEMORY) from error
    # Decoders that are fed broken files raise whatever their code runs into, from KeyError to RuntimeError.
    except Exception as error:
        ended = isinstance(error, EOFError) or "truncat" in str(error).lower()
        raise UnreadableImageError(CUT_SHORT if ended else "Damaged: the picture in it can't be decoded.") from error


def _open(data: bytes, path: Path) -> Image.Image:
    if not data:
        raise UnreadableImageError("Empty file.", is_image=False)
    if formats.is_raw(path):
        raise UnreadableImageError("A raw camera file: only its JPEG twin can be read.")
    found = formats.identify(data, path.suffix)
    if found is None:
        raise UnreadableImageError(f"Not an image: {formats.describe_stranger(data)}.", is_image=False)
    if formats.is_cut_short(data):
        raise UnreadableImageError(CUT_SHORT)
    _ignore_pillow_warnings()
    return Image.open(io.BytesIO(formats.essential_png(data) if found.name == "PNG" else data), formats=found.decoders)


def _check_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise UnreadableImageError(f"Too large: it claims {width:,} x {height:,} pixels.")


def _ignore_pillow_warnings() -> None:
    """Keep Pillow's warnings of odd EXIF data and the like from everyone.

    ``warnings.catch_warnings`` would change the filters under other threads at every photo. One filter that stays is
    safe; it is looked for each time because others (test runners, TensorFlow) put the filters back as they were.
    """
    if _PILLOW_WARNINGS not in warnings.filters:
        warnings.filterwarnings("ignore", module=r"PIL\.")


def _orientation(image: Image.Image) -> int:
    """EXIF orientation, 1 to 8; 1 where there is none or it makes no sense.

    Pillow turns TIFF by itself, and HEIC arrives turned.
    """
    if image.format == "TIFF":
        return 1
    try:
        value = image.getexif().get(ExifTags.Base.Orientation, 1)
    except _EXIF_ERRORS:
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _capture_time(image: Image.Image) -> str:
    """When the camera took it, by its own clock, as "2024-05-06T12:13:14"; "" where nothing sensible says so."""
    try:
        written = image.getexif().get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal]
        return datetime.strptime(written.strip(" \0"), "%Y:%m:%d %H:%M:%S").isoformat()  # noqa: DTZ007 - it has no zone
    except _EXIF_ERRORS:
        return ""


def _resized(image: Image.Image, size: tuple[int, int], draft_mode: str | None = None) -> Image.Image:
    """The upright picture in RGB, stretched to a size that is given as (width, height).

    With ``draft_mode`` "L", a JPEG's colours are not decoded.
    """
    orientation = _orientation(image)
    target = size[::-1] if orientation in _SIDEWAYS else size
    image.draft(draft_mode, target)
    image.load()
    scaled = interpolatable(image).resize(target, Image.Resampling.BILINEAR, reducing_gap=2.0)
    if orientation in _TRANSPOSITIONS:
        scaled = scaled.transpose(_TRANSPOSITIONS[orientation])
    return flatten(scaled)
