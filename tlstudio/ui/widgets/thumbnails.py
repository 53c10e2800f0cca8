"""Thumbnails, decoded in the background and kept in memory up to a limit; those of large photos on disk, too."""

import threading
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, QThread, QThreadPool, Signal, Slot
from PySide6.QtGui import QImage, QPixmap

from tlstudio.datasets.images import UnreadableImageError
from tlstudio.datasets.thumbnail_files import ThumbnailFiles
from tlstudio.workers.priority import give_way

SIDES = (64, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 4096, 8192)
"""Longest sides that are decoded, in device pixels: few sizes, so that a window being resized decodes nothing anew."""

_STACK_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Request:
    path: Path
    side: int
    owner: int
    era: int


class ThumbnailCache(QObject):
    """Gives pixmaps at once where it has them and fetches the others, the newest wish first.

    All methods belong to the GUI thread; only decoding happens elsewhere. Call ``shutdown`` before the program ends.

    Attributes:
        loaded: A photo can now be had from ``pixmap``, or is known as unreadable; carries its ``Path``.
    """

    loaded = Signal(object)
    _decoded = Signal(object, object)

    def __init__(
        self, parent: QObject | None = None, *, limit_bytes: int = 256 * 1024 * 1024, threads: int = 2
    ) -> None:
        super().__init__(parent)
        self._files = ThumbnailFiles()
        self._limit_bytes = limit_bytes
        self._bytes = 0
        self._pixmaps: OrderedDict[tuple[Path, int], QPixmap] = OrderedDict()
        self._reasons: dict[Path, str] = {}
        self._lock = threading.Lock()
        self._waiting: OrderedDict[tuple[Path, int], _Request] = OrderedDict()
        self._decoding: set[tuple[Path, int]] = set()
        self._running = 0
        self._threads = threads
        self._era = 0
        self._closed = False
        self._pool = QThreadPool()
        self._pool.setMaxThreadCount(threads)
        self._pool.setStackSize(_STACK_BYTES)
        self._pool.setThreadPriority(QThread.Priority.LowPriority)
        self._decoded.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def pixmap(self, path: Path, side: int, owner: QObject) -> QPixmap | None:
        """The thumbnail of a photo, whole and in its own proportions.

        Args:
            path: The photo.
            side: Longest side that is wanted, in device pixels.
            owner: Who asks; see ``keep``.

        Returns:
            The thumbnail; one of another size while the right one is being fetched; None if there is none yet.
        """
        if path in self._reasons:
            return None
        key = (path, next((step for step in SIDES if step >= side), SIDES[-1]))
        found = self._pixmaps.get(key)
        if found is not None:
            self._pixmaps.move_to_end(key)
            return found
        self._request(_Request(*key, owner=id(owner), era=self._era))
        return next((held for step in reversed(SIDES) if (held := self._pixmaps.get((path, step)))), None)

    def reason(self, path: Path) -> str:
        """Why a photo can't be read; empty while nothing is known against it."""
        return self._reasons.get(path, "")

    def keep(self, owner: QObject, paths: Collection[Path]) -> None:
        """Drop what ``owner`` asked for and doesn't show any more; what is being decoded comes all the same."""
        mine = id(owner)
        with self._lock:
            for key in [k for k, r in self._waiting.items() if r.owner == mine and r.path not in paths]:
                del self._waiting[key]

    def waiting(self) -> int:
        """Photos that are asked for and not yet begun."""
        with self._lock:
            return len(self._waiting)

    def clear(self) -> None:
        """Forget everything, also what is being decoded now: the files may have changed."""
        with self._lock:
            self._waiting.clear()
            self._decoding.clear()
            self._era += 1
        self._pixmaps.clear()
        self._reasons.clear()
        self._bytes = 0

    def shutdown(self) -> None:
        """Stop: nothing is begun any more, and the threads have ended on return."""
        with self._lock:
            self._closed = True
            self._waiting.clear()
        self._pool.waitForDone()

    def _request(self, request: _Request) -> None:
        key = (request.path, request.side)
        with self._lock:
            if self._closed or key in self._decoding:
                return
            self._waiting[key] = request
            self._waiting.move_to_end(key)
            start = self._running < self._threads
            self._running += start
        if start:
            self._pool.start(self._work)

    def _work(self) -> None:
        give_way()
        while (request := self._next()) is not None:
            self._decoded.emit(request, _decode(self._files, request.path, request.side))

    def _next(self) -> _Request | None:
        with self._lock:
            if self._closed or not self._waiting:
                self._running -= 1
                return None
            key, request = self._waiting.popitem(last=True)
            self._decoding.add(key)
            return request

    @Slot(object, object)
    def _take(self, request: _Request, result: QImage | str) -> None:
        if self._closed or request.era != self._era:
            return
        key = (request.path, request.side)
        with self._lock:
            self._decoding.discard(key)
        if isinstance(result, str):
            self._reasons[request.path] = result
        else:
            self._store(key, QPixmap.fromImage(result))
        self.loaded.emit(request.path)

    def _store(self, key: tuple[Path, int], pixmap: QPixmap) -> None:
        self._pixmaps[key] = pixmap
        self._bytes += _size(pixmap)
        while self._bytes > self._limit_bytes and len(self._pixmaps) > 1:
            _, oldest = self._pixmaps.popitem(last=False)
            self._bytes -= _size(oldest)


def _size(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4


def _decode(files: ThumbnailFiles, path: Path, side: int) -> QImage | str:
    """The photo, or why there is none; runs in a thread of the pool."""
    try:
        return _to_image(files.thumbnail(path, side))
    except UnreadableImageError as error:
        return str(error.reason)
    except OSError:
        return "The file can't be opened"


def _to_image(pixels: NDArray[np.uint8]) -> QImage:
    pixels = np.ascontiguousarray(pixels)
    height, width, _ = pixels.shape
    view = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    # The conversion copies: the view must not outlive the array.
    return view.convertToFormat(QImage.Format.Format_RGB32)
