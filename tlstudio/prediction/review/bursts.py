"""Photos of one folder that were taken one after the other and show the same: they are decided together."""

import re
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Final

from tlstudio.datasets.concurrency import concurrent_map
from tlstudio.datasets.dataset import Dataset, Sample
from tlstudio.datasets.images import Probe, UnreadableImageError, probe
from tlstudio.datasets.looks.duplicates import BURST_SECONDS, find_alike, with_near
from tlstudio.events import CancelToken

_LAST_NUMBER: Final = re.compile(r"(.*?)(\d{1,18})(\D*)", re.DOTALL)
_KEPT: Final = 2000


@dataclass(frozen=True, slots=True)
class _Shot:
    """A photo and when its file was written, in seconds."""

    path: Path
    written: float


class BurstFinder:
    """Finds the photos of one moment; each file is opened once, as long as it stays as it is."""

    def __init__(self) -> None:
        self._seen: OrderedDict[_Shot, Probe | None] = OrderedDict()

    def burst_of(self, photo: Path, photos: Sequence[Path], *, token: CancelToken) -> tuple[Path, ...]:
        """The burst that a photo belongs to, by time; empty where it stands alone.

        Photos whose camera says no time are dated by their files. Only photos that have a neighbour in time or number
        are opened. Which of them look alike is judged as for the groups that a split keeps together
        (``datasets.looks.duplicates``).

        Args:
            photo: Absolute path.
            photos: This one and others of its folder, absolute; files that are gone belong to no burst.
            token: Stops it.

        Raises:
            Cancelled: If a stop was asked for.
        """
        shots = _close([shot for path in photos if (shot := _shot(path)) is not None])
        if all(shot.path != photo for shot in shots):
            return ()
        unseen = [shot for shot in shots if shot not in self._seen]
        for shot, seen in zip(unseen, concurrent_map(_probed, unseen, token=token), strict=True):
            self._seen[shot] = seen
        known = {shot.path: seen for shot in shots if (seen := self._seen[shot]) is not None}
        while len(self._seen) > _KEPT:
            self._seen.popitem(last=False)
        return next((burst for burst in _alike(known) if photo in burst), ())


def _shot(path: Path) -> _Shot | None:
    try:
        return _Shot(path, path.stat().st_mtime)
    except OSError:
        return None


def _close(shots: Sequence[_Shot]) -> list[_Shot]:
    """The photos of a folder that have a neighbour in time or number, by name."""
    chosen: set[Path] = set()
    for one, other in pairwise(sorted(shots, key=lambda shot: shot.written)):
        if other.written - one.written <= BURST_SECONDS:
            chosen |= {one.path, other.path}
    numbered = {found: shot.path for shot in shots if (found := _number(shot.path)) is not None}
    for (before, number, after), path in numbered.items():
        follower = numbered.get((before, number + 1, after))
        if follower is not None:
            chosen |= {path, follower}
    return sorted((shot for shot in shots if shot.path in chosen), key=lambda shot: shot.path.name)


def _number(path: Path) -> tuple[str, int, str] | None:
    match = _LAST_NUMBER.fullmatch(path.stem)
    return (match[1], int(match[2]), match[3]) if match else None


def _alike(known: Mapping[Path, Probe]) -> Iterator[tuple[Path, ...]]:
    """Photos of one moment that show the same, each set by time."""
    samples = tuple(Sample(path.name, "", seen.width, seen.height, seen.digest) for path, seen in known.items())
    facts = {seen.digest: seen.facts for seen in known.values()}
    alike = find_alike(Dataset("", (), samples, facts=facts))
    by_digest: dict[str, list[Path]] = defaultdict(list)
    for path, seen in known.items():
        by_digest[seen.digest].append(path)
    sets = with_near(alike, alike.bursts).near
    joined = {digest for digests in sets for digest in digests}
    copies = [(digest,) for digest, paths in by_digest.items() if len(paths) > 1 and digest not in joined]
    for digests in (*sets, *copies):
        paths = [path for digest in digests for path in by_digest[digest]]
        yield from _moments([(known[path].facts.taken, path) for path in paths])


def _moments(taken: Iterable[tuple[str, Path]]) -> Iterator[tuple[Path, ...]]:
    """Photos that show the same, apart where much time lies between them."""
    moment: list[Path] = []
    before: datetime | None = None
    for text, path in sorted(taken):
        now = datetime.fromisoformat(text)
        if before is not None and (now - before).total_seconds() > BURST_SECONDS:
            if len(moment) > 1:
                yield tuple(moment)
            moment = []
        moment.append(path)
        before = now
    if len(moment) > 1:
        yield tuple(moment)


def _probed(shot: _Shot) -> Probe | None:
    """A photo with a time: that of its file where the camera told none. None for one that can't be read."""
    try:
        seen = probe(shot.path)
    except UnreadableImageError:
        return None
    if seen.facts.taken:
        return seen
    written = datetime.fromtimestamp(shot.written, UTC).astimezone().replace(tzinfo=None)
    return replace(seen, facts=replace(seen.facts, taken=written.isoformat(timespec="seconds")))
