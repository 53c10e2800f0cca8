"""Thumbnails of large photos, kept on disk: 12 megapixels for a tile take 34 ms to decode and 1.2 ms to read again."""

import hashlib
import threading
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tlstudio import paths
from tlstudio.datasets.images import DECODER_VERSION, UnreadableImageError, thumbnail
from tlstudio.whole_files import write_whole

WORTH_KEEPING_BYTES = 300_000
"""Of a photo's file; smaller ones are decoded in a few milliseconds."""

LARGEST_SIDE = 512
"""Of a thumbnail that is kept, in pixels: those of tiles. What is looked at large is decoded anew."""

_QUALITY = 90
_KEPT_AFTER_TRIMMING = 0.8


class ThumbnailFiles:
    """Gives thumbnails, from disk where the photo has not changed. Any thread may ask.

    The folder can be deleted at any time. Above the limit, the oldest files go.
    """

    def __init__(self, folder: Path | None = None, limit_bytes: int = 512 * 1024 * 1024) -> None:
        """Keep thumbnails in a folder.

        Args:
            folder: Made when there is something to keep; a folder of the user's cache if None.
            limit_bytes: Of all files together.
        """
        self._folder = folder or paths.cache_dir() / "thumbnails"
        self._limit_bytes = limit_bytes
        self._lock = threading.Lock()
        self._bytes: int | None = None  # unknown until something is written

    def thumbnail(self, path: Path, side: int) -> NDArray[np.uint8]:
        """A photo, whole, upright and in its own proportions.

        Args:
            path: The photo.
            side: Of the square that it fits in, in pixels.

        Returns:
            (height, width, 3) RGB.

        Raises:
            UnreadableImageError: If it can't be read.
        """
        kept = self._place(path, side)
        if kept is None:
            return thumbnail(path, side)
        try:
            return thumbnail(kept, side)
        except UnreadableImageError:  # not there, or damaged
            pixels = thumbnail(path, side)
            self._keep(kept, pixels)
            return pixels

    def _place(self, path: Path, side: int) -> Path | None:
        """Where the thumbnail of a photo as it is now is kept; None if it isn't worth it."""
        try:
            status = path.stat()
        except OSError:
            return None
        if status.st_size < WORTH_KEEPING_BYTES or side > LARGEST_SIDE:
            return None
        stamp = f"{DECODER_VERSION}\0{path}\0{status.st_size}\0{status.st_mtime_ns}\0{side}"
        return self._folder / f"{hashlib.sha256(stamp.encode(errors='surrogatepass')).hexdigest()}.jpg"

    def _keep(self, place: Path, pixels: NDArray[np.uint8]) -> None:
        """Write a thumbnail; where that can't be, it is decoded again the next time."""
        file = BytesIO()
        Image.fromarray(pixels).save(file, "JPEG", quality=_QUALITY, subsampling=0)
        try:
            write_whole(place, file.getvalue())
            with self._lock:
                self._count(file.tell())
        except OSError:
            return

    def _count(self, written: int) -> None:
        self._bytes = sum(_sizes(self._folder).values()) if self._bytes is None else self._bytes + written
        if self._bytes > self._limit_bytes:
            self._bytes = self._trimmed()

    def _trimmed(self) -> int:
        """Bytes left after the oldest files are gone."""
        sizes = _sizes(self._folder)
        left = sum(sizes.values())
        for file in sorted(sizes, key=lambda file: file.stat().st_mtime_ns):
            if left <= self._limit_bytes * _KEPT_AFTER_TRIMMING:
                break
            file.unlink(missing_ok=True)
            left -= sizes[file]
        return left


def _sizes(folder: Path) -> dict[Path, int]:
    return {file: file.stat().st_size for file in folder.iterdir()}
