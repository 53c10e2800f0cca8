"""What earlier filings into a folder have put there, so that only changed answers are filed again."""

import os
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from tlstudio.datasets.walk import Stamp
from tlstudio.digests import digest_of
from tlstudio.filing.action import FilingAction, Kind
from tlstudio.filing.files import Facts, facts_of
from tlstudio.filing.journal import Journal, Record
from tlstudio.filing.plan import FilingEntry


@dataclass(frozen=True, slots=True)
class Lodged:
    """A photo that was filed, and is there still.

    Attributes:
        photo: Absolute path that it had.
        digest: SHA-256 of what it held; empty if nobody has read it.
        stamp: Its size and time of change.
        place: Where it is now.
        left: What is there.
        class_name: Its answer then.
        kind: What was done with it.
    """

    photo: str
    digest: str
    stamp: Stamp
    place: str
    left: Facts
    class_name: str
    kind: Kind


class Earlier:
    """The photos of earlier filings, found by where they come from, where they are and what they hold."""

    def __init__(self, journals: Iterable[Journal]) -> None:
        """Of these journals, oldest first."""
        self.class_folders: dict[str, str] = {}
        places: dict[str, Lodged] = {}
        for journal in journals:
            for name, folder in journal.header.class_folders.items():
                self.class_folders.setdefault(name, folder)
            for action, record in zip(journal.actions, journal.records, strict=True):
                _add(places, action, record)
        self._places = places
        self._photos: defaultdict[str, list[Lodged]] = defaultdict(list)
        self._digests: defaultdict[str, list[Lodged]] = defaultdict(list)
        for lodged in places.values():
            self._photos[lodged.photo].append(lodged)
            if lodged.digest and lodged.kind != "move":
                self._digests[lodged.digest].append(lodged)

    def find(self, path: str, entry: FilingEntry, facts: Facts | None) -> Lodged | None:
        """Where a photo has been filed to, if it is the same still and its file is still there.

        Args:
            path: Absolute path of the photo.
            entry: What is known of it.
            facts: What is at that path now; None if there is nothing.
        """
        if path in self._places:
            return self._places[path]
        for lodged in self._photos.get(path, ()):
            if _is_same(lodged, path, entry, facts) and _is_lodged(lodged):
                return lodged
        return self._moved_folder(entry)

    def _moved_folder(self, entry: FilingEntry) -> Lodged | None:
        """A photo with the same contents whose own path is no more: its folder has another name now."""
        known = self._digests.get(entry.digest, []) if entry.digest else []
        for lodged in known:
            if not os.path.lexists(lodged.photo) and _is_lodged(lodged):
                known.remove(lodged)
                return lodged
        return None


def _add(places: dict[str, Lodged], action: FilingAction, record: Record) -> None:
    begun, left = record.begun, record.left
    if record.state not in ("done", "kept") or begun is None or left is None:
        return
    if action.companion or action.kind == "write":
        return
    before = places.pop(action.source, None) if action.origin else None
    if before is not None:
        places[begun.target] = replace(before, place=begun.target, left=left, class_name=action.class_name)
        return
    stamp = Stamp(begun.source.size, begun.source.modified)
    places[begun.target] = Lodged(
        action.source, begun.digest, stamp, begun.target, left, action.class_name, action.kind
    )


def _is_same(lodged: Lodged, path: str, entry: FilingEntry, facts: Facts | None) -> bool:
    if facts is None or lodged.kind == "move":
        return facts is None and (not entry.digest or not lodged.digest or entry.digest == lodged.digest)
    if (facts.size, facts.modified) == lodged.stamp:
        return True
    if facts.size != lodged.stamp.size or not lodged.digest:
        return False
    try:
        return digest_of(Path(path)) == lodged.digest
    except OSError:
        return False


def _is_lodged(lodged: Lodged) -> bool:
    """Whether what was filed is there, by its size: a person may have taken it away."""
    try:
        now = facts_of(Path(lodged.place))
    except OSError:
        return False
    return now.is_link == lodged.left.is_link and now.size == lodged.left.size
