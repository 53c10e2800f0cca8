"""The files of a batch, read ahead in threads: each at most once, and decoded only where the model wasn't asked yet."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tlstudio.datasets.concurrency import concurrent_map
from tlstudio.datasets.formats import looks_like_image
from tlstudio.datasets.images import (
    NO_MEMORY,
    NOT_AN_IMAGE,
    FileContent,
    UnreadableImageError,
    decode,
    read_file,
)
from tlstudio.datasets.walk import Stamp
from tlstudio.events import CancelToken
from tlstudio.prediction.open_batch import Entry, OpenBatch, Outcome

_KNOWN_TOGETHER = 64


class Found(NamedTuple):
    """What a file proved to be.

    Attributes:
        outcome: All but the answer to a photo that was read now.
        picture: Decoded, (S, S, 3) RGB; None if there is nothing to compute, or the model was asked before.
    """

    outcome: Outcome
    picture: NDArray[np.uint8] | None = None


def read_batch(batch: OpenBatch, size: int, *, token: CancelToken) -> Iterator[Found]:
    """Files of a batch that have no answer yet, in order. Memory does not grow with their number.

    Args:
        batch: Its list of files, and what is known of them.
        size: Width and height of the pictures.
        token: Stops it soon.

    Raises:
        Cancelled: If a stop was asked for.
    """

    def read(entries: tuple[Entry, ...]) -> tuple[Found, ...]:
        return tuple(_recalled(entry) if entry.known else _read(entry, batch, size) for entry in entries)

    for found in concurrent_map(read, _portions(batch.unanswered()), token=token):
        yield from found


def _portions(entries: Iterator[Entry]) -> Iterator[tuple[Entry, ...]]:
    """Files to read one by one; known ones many at a time, since handing them to a thread takes longer than they do."""
    known: list[Entry] = []
    for entry in entries:
        if entry.known:
            known.append(entry)
        if known and (not entry.known or len(known) == _KNOWN_TOGETHER):
            yield tuple(known)
            known = []
        if not entry.known:
            yield (entry,)
    if known:
        yield tuple(known)


def _recalled(entry: Entry) -> Found:
    return Found(Outcome(entry, entry.kind, entry.digest, entry.error, answer=entry.answer))


def _read(entry: Entry, batch: OpenBatch, size: int) -> Found:
    try:
        content = read_file(Path(entry.path))
    except UnreadableImageError as error:
        # What hinders the reading may be over next time; what the first bytes say stays as long as they do.
        return _unreadable(entry, error, stamp=entry.stamp if error.reason == NOT_AN_IMAGE else None)
    digest = content.digest()
    if batch.remembers(digest):
        return Found(Outcome(entry, "photo", digest, stamp=content.stamp))
    return _decoded(entry, content, digest, size)


def _decoded(entry: Entry, content: FileContent, digest: bytes, size: int) -> Found:
    try:
        picture = decode(content, size)
    except UnreadableImageError as error:
        return _unreadable(entry, error, stamp=None if error.reason == NO_MEMORY else content.stamp, digest=digest)
    return Found(Outcome(entry, "photo", digest, stamp=content.stamp), picture)


def _unreadable(entry: Entry, error: UnreadableImageError, stamp: Stamp | None, digest: bytes = b"") -> Found:
    if error.is_image or looks_like_image(entry.path):
        return Found(Outcome(entry, "unreadable", digest, error.reason, stamp))
    return Found(Outcome(entry, "ignored", stamp=stamp))
