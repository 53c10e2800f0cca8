"""A new folder that is filled from an archive or from packed photos: safe names, room on the disk, progress, a stop."""

import shutil
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tlstudio.datasets.file_names import DistinctNames, safe_name
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Emit, Progress

_STAGE = "unpack"
_SECONDS_BETWEEN_EVENTS = 0.05
_SPARE_BYTES = 256 << 20  # what a disk keeps free, so that the system goes on working
_PNG_BYTES = 4096  # what a tiny photo takes on most file systems


class Unpacking:
    """Gives each file of a new folder its place, and keeps the promises that hold for all of them.

    Two names that differ only by case or by the form of an accent get two places: "Dogs" and "dogs (2)".

    Attributes:
        folder: Where everything goes; made here.
        notice: A sentence that a person should see; "" while there is none.
    """

    def __init__(self, folder: Path, *, emit: Emit, token: CancelToken) -> None:
        folder.mkdir()
        self.folder = folder
        self.notice = ""
        self._emit = emit
        self._token = token
        self._due = 0.0
        self._places: dict[tuple[str, ...], str] = {(): ""}
        self._names: defaultdict[str, DistinctNames] = defaultdict(DistinctNames)
        self._photos: Counter[tuple[str, str]] = Counter()

    def add_folder(self, parts: Sequence[str]) -> Path:
        """A folder of the archive, made where it isn't there yet.

        Args:
            parts: Its path, step by step, in the archive's own names.
        """
        return self.folder / self._place(tuple(parts))

    def new_file(self, parts: Sequence[str]) -> Path:
        """Where the next file goes, which isn't there yet; its folder is.

        Args:
            parts: Its path, step by step, in the archive's own names.
        """
        return self.folder / self._claim(self._place(tuple(parts[:-1])), parts[-1])

    def add_photo(self, part: str, class_name: str, pixels: NDArray[np.uint8]) -> None:
        """Write a photo as the next PNG file of its class.

        Args:
            part: Folder at the top: "train" or "test".
            class_name: Folder in it.
            pixels: (height, width) grey or (height, width, 3) RGB.
        """
        parts = (part, class_name)
        self._photos[parts] += 1
        target = self.add_folder(parts) / f"{self._photos[parts]:05}.png"
        Image.fromarray(pixels).save(target, compress_level=1)

    def reserve(self, size: int) -> None:
        """Make sure that the disk has room.

        Args:
            size: Bytes that are about to be written.

        Raises:
            TLStudioError: If it hasn't.
        """
        free = shutil.disk_usage(self.folder).free
        if size + _SPARE_BYTES > free:
            raise TLStudioError(
                f"The disk has too little room: unpacking takes {_gigabytes(size)}, and {_gigabytes(free)} are free.",
                "Make room on that disk, or name another place in the environment variable TLSTUDIO_HOME.",
            )

    def reserve_photos(self, count: int) -> None:
        """Make sure that the disk has room for so many tiny photos.

        Raises:
            TLStudioError: If it hasn't.
        """
        self.reserve(count * _PNG_BYTES)

    def advance(self, done: int, total: int, note: str = "") -> None:
        """Tell how far it is, at most 20 times a second and at the end.

        Raises:
            Cancelled: If a stop was asked for.
        """
        self._token.check()
        if time.monotonic() >= self._due or done == total:
            self._emit(Progress(_STAGE, done, total, note))
            self._due = time.monotonic() + _SECONDS_BETWEEN_EVENTS

    def _place(self, parts: tuple[str, ...]) -> str:
        """Where a folder goes, with a slash at the end; "" for the top. It is made the first time."""
        if parts not in self._places:
            place = self._claim(self._place(parts[:-1]), parts[-1]) + "/"
            (self.folder / place).mkdir()
            self._places[parts] = place
        return self._places[parts]

    def _claim(self, above: str, name: str) -> str:
        """A path that nothing else has, not even in another case."""
        return above + self._names[above].distinct(safe_name(name))


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:.1f} GB"
