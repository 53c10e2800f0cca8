"""The feature store: what a frozen part of a network says of a photo is computed once and kept on disk.

Entries are found by what they were computed from: the photo's digest, the varied copy, the part of the network (its
key holds backbone, weights, input size, cut layer and pooling) and the version of the decoder. They lie in segments
of rows that are written once and never changed, so that processes can share a store without locks, a stop keeps what
was computed, and a crash loses one segment at most.
"""

import hashlib
import uuid
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from tlstudio import paths
from tlstudio.datasets.augmentation.amounts import AUGMENTATION_VERSION, AugmentationConfig
from tlstudio.datasets.augmentation.views import augmented_view
from tlstudio.datasets.images import DECODER_VERSION, UnreadableImageError, decode_many
from tlstudio.events import CancelToken, Emit, Progress
from tlstudio.modeling.engine import BATCH, Engine
from tlstudio.modeling.room import LIMIT, make_room, mark_used, require_free
from tlstudio.whole_files import whole_file, write_whole

UNWANTED = -1
"""``Photo.views`` of a photo that nothing is to be computed of."""

_SEGMENT_BYTES = 64 << 20


_Rows = tuple[list[str], NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo to compute features of.

    Attributes:
        path: Where it lies.
        digest: SHA-256 of its bytes.
        views: Varied copies wanted beside the photo itself; ``UNWANTED`` if not even that is.
    """

    path: Path
    digest: str
    views: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """How features come from pixels.

    Attributes:
        key: Identity of the part of the network; ``Part.key()``, or a fixed word for the pixels themselves.
        input_size: Width and height in pixels.
        engine: Gives what computes the part, once it is needed; None for the pixels themselves.
        augmentation: How varied copies are made.
        seed: Of the varied copies.
    """

    key: str
    input_size: int
    engine: Callable[[], Engine] | None
    augmentation: AugmentationConfig = field(default_factory=AugmentationConfig)
    seed: int = 0

    def entry(self, digest: str, view: int) -> str:
        """Name of an entry: the photo, and which varied copy of it."""
        if view == 0:
            return digest
        return f"{digest}:{_variation(self.augmentation, self.seed)}:{view}"

    def variant(self, picture: NDArray[np.uint8], digest: str, view: int) -> NDArray[np.uint8]:
        """The photo itself (view 0), or one of its varied copies."""
        if view == 0:
            return picture
        varied: NDArray[np.uint8] = augmented_view(picture, self.augmentation, seed=self.seed, digest=digest, view=view)
        return varied


@lru_cache(maxsize=16)
def _variation(augmentation: AugmentationConfig, seed: int) -> str:
    """Identity of a way to make varied copies: every amount, but not how many copies there are and of which photos."""
    text = msgspec.json.encode([augmentation.pixel_amounts(), seed, AUGMENTATION_VERSION], order="deterministic")
    return hashlib.sha256(text).hexdigest()[:16]


class Features:
    """Features of a list of photos, read from disk as they are needed.

    Attributes:
        missing: Photos that can no longer be read: their index, and the reason.
    """

    def __init__(self, store: "_Index", source: Source, photos: Sequence[Photo], missing: dict[int, str]) -> None:
        self._index = store
        self._source = source
        self._photos = photos
        self.missing = missing

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of one entry."""
        return self._index.shape

    def locate(self, photo: int, view: int = 0) -> tuple[int, int]:
        """Segment and row of an entry, as ``take`` wants them."""
        return self._index.entries[self._source.entry(self._photos[photo].digest, view)]

    def take(self, locations: NDArray[np.int64]) -> NDArray[Any]:
        """Entries at an (n, 2) array of segments and rows, as an (n, *shape) array."""
        result = np.empty((len(locations), *self.shape), dtype=self._index.dtype)
        for segment in np.unique(locations[:, 0]):
            chosen = locations[:, 0] == segment
            result[chosen] = self._index.segments[segment][locations[chosen, 1]]
        return result


class StoredRows:
    """Features of some of the photos as rows, read from disk as they are needed."""

    def __init__(self, features: Features, numbers: Sequence[int]) -> None:
        """Choose photos by their numbers among those that the features are of; none of them may be missing."""
        self._features = features
        self._places = np.array([features.locate(number) for number in numbers], dtype=np.int64).reshape(-1, 2)

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, rows: NDArray[np.intp], /) -> NDArray[np.float32]:
        return np.asarray(self._features.take(self._places[rows]), dtype=np.float32)


class FeatureStore:
    """All features on disk, one folder for each part of a network."""

    def __init__(self, folder: Path | None = None, limit: int = LIMIT) -> None:
        """Opens a store; ``limit`` is how many bytes it may take on the disk."""
        self._folder = folder or paths.cache_dir() / "features"
        self._limit = limit

    def features(self, source: Source, photos: Sequence[Photo], *, emit: Emit, token: CancelToken) -> Features:
        """Features of photos and their varied copies; computes those that are not there yet.

        Where the store would grow beyond its limit, or the disk would be full, features of other parts make room,
        those first that were not used for the longest time.

        Raises:
            TLStudioError: If there is no room for them, before any is kept.
            Cancelled: If a stop was asked for; what was computed is kept.
        """
        folder = self._folder / f"{source.key}-d{DECODER_VERSION}"
        mark_used(folder)
        index = _Index(folder)
        unreadable: dict[int, str] = {}
        wanted = _missing_views(index, source, photos, unreadable)
        if photos and not wanted:
            emit(Progress("features", len(photos), len(photos), "Read earlier"))
        while wanted:
            known = len(unreadable)
            rows = _compute(source, photos, wanted, unreadable, token)
            total = sum(map(len, wanted.values()))
            index.add(_with_progress(self._with_room(rows, total, folder), total, emit))
            # Again only where a file can't be read and an equal one may be.
            wanted = _missing_views(index, source, photos, unreadable) if len(unreadable) > known else {}
        return Features(index, source, photos, _missing(index, source, photos, unreadable))

    def _with_room(self, batches: Iterable[_Rows], total: int, folder: Path) -> Iterator[_Rows]:
        """Make room once the first batch tells how large a row is."""
        made = False
        for names, rows in batches:
            if not made:
                make_room(self._folder, folder, total * rows[0].nbytes, self._limit)
                made = True
            yield names, rows


def _missing(index: "_Index", source: Source, photos: Sequence[Photo], unreadable: dict[int, str]) -> dict[int, str]:
    """Photos that lack one of their views, and why."""
    reasons = {photos[number].digest: reason for number, reason in unreadable.items()}
    return {
        number: reasons[photo.digest]
        for number, photo in enumerate(photos)
        if photo.digest in reasons
        and any(source.entry(photo.digest, view) not in index.entries for view in range(photo.views + 1))
    }


def _missing_views(
    index: "_Index", source: Source, photos: Sequence[Photo], unreadable: Container[int]
) -> dict[int, list[int]]:
    """Per readable photo, the views that are not in the store; equal photos are asked for once."""
    wanted: dict[int, list[int]] = {}
    asked: set[str] = set()
    for number, photo in enumerate(photos):
        if number in unreadable:
            continue
        for view in range(photo.views + 1):
            name = source.entry(photo.digest, view)
            if name not in index.entries and name not in asked:
                asked.add(name)
                wanted.setdefault(number, []).append(view)
    return wanted


def _compute(
    source: Source,
    photos: Sequence[Photo],
    wanted: dict[int, list[int]],
    unreadable: dict[int, str],
    token: CancelToken,
) -> Iterator[_Rows]:
    """Names and features in batches: decoding runs ahead in threads while the engine computes."""
    names: list[str] = []
    pictures: list[NDArray[np.uint8]] = []
    numbers = list(wanted)
    engine = source.engine() if source.engine else None
    decoded = decode_many([photos[number].path for number in numbers], source.input_size, token=token)
    for number, picture in zip(numbers, decoded, strict=True):
        if isinstance(picture, UnreadableImageError):
            unreadable[number] = picture.reason
            continue
        for view in wanted[number]:
            names.append(source.entry(photos[number].digest, view))
            pictures.append(source.variant(picture, photos[number].digest, view))
            if len(pictures) == BATCH:
                yield names, _run(engine, pictures)
                names, pictures = [], []
                token.check()
    if pictures:
        yield names, _run(engine, pictures)


def _run(engine: Engine | None, pictures: list[NDArray[np.uint8]]) -> NDArray[Any]:
    batch = np.stack(pictures)
    return engine.run(batch) if engine else batch


def _with_progress(batches: Iterable[_Rows], total: int, emit: Emit) -> Iterator[_Rows]:
    done = 0
    emit(Progress("features", 0, total, "Reading every photo once"))
    for names, rows in batches:
        yield names, rows
        done += len(names)
        emit(Progress("features", done, total, "Reading every photo once"))


class _Index:
    """The segments of one folder and what is in them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.entries: dict[str, tuple[int, int]] = {}
        self.segments: list[NDArray[Any]] = []
        for names_file in sorted(folder.glob("*.txt")):
            self._open(names_file)

    @property
    def shape(self) -> tuple[int, ...]:
        return self.segments[0].shape[1:] if self.segments else ()

    @property
    def dtype(self) -> np.dtype[Any]:
        return self.segments[0].dtype if self.segments else np.dtype(np.float32)

    def _open(self, names_file: Path) -> None:
        try:
            rows = np.load(names_file.with_suffix(".npy"), mmap_mode="r", allow_pickle=False)
            names = names_file.read_text(encoding="ascii").split()
        except (OSError, ValueError):
            return  # removed to make room, or cut off by a crash: computed again
        if len(names) != len(rows):
            return
        segment = len(self.segments)
        self.segments.append(rows)
        self.entries.update((name, (segment, row)) for row, name in enumerate(names))

    def add(self, batches: Iterable[_Rows]) -> None:
        """Write batches into new segments; on any end, also a stop, what has come so far is kept."""
        names: list[str] = []
        rows: list[NDArray[Any]] = []
        try:
            for batch_names, batch_rows in batches:
                names.extend(batch_names)
                rows.append(batch_rows)
                if sum(part.nbytes for part in rows) >= _SEGMENT_BYTES:
                    self._write(names, rows)
                    names, rows = [], []
        finally:
            if rows:
                self._write(names, rows)

    def _write(self, names: list[str], rows: list[NDArray[Any]]) -> None:
        block = np.concatenate(rows)
        self._folder.mkdir(parents=True, exist_ok=True)  # of which the free room is asked
        require_free(self._folder, block.nbytes)
        stem = uuid.uuid4().hex
        # The rows first: a list of names without rows would be a lie, rows without names are only waste.
        with whole_file(self._folder / f"{stem}.npy") as file:
            np.save(file, block, allow_pickle=False)
        names_file = self._folder / f"{stem}.txt"
        write_whole(names_file, "\n".join(names).encode("ascii"))
        self._open(names_file)
