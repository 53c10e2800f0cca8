"""What a project remembers of the files of its photo folder."""

from functools import cached_property
from typing import Any

import msgspec

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.images import Probe, UnreadableImageError
from tlstudio.datasets.memory import Recording, Unknown, Verdict
from tlstudio.datasets.walk import Stamp
from tlstudio.projects.cache import ProjectCache
from tlstudio.projects.database import connected, restored, stored, writing
from tlstudio.projects.project import Project
from tlstudio.serialization import from_json, to_json

_ROWS_A_TRANSACTION = 1000
_PROBES = msgspec.json.Decoder(Probe)  # one for each of 100,000 photos: ten times as quick as from_json


class PhotoMemory:
    """Verdicts on files; written in blocks, so that a reading that is killed goes on where it was.

    One thread at a time uses it. ``close`` writes what is left.
    """

    def __init__(self, project: Project) -> None:
        self._folder = project.folder
        self._cache = ProjectCache(project)
        self._fresh: list[tuple[str, int, int, str]] = []

    @cached_property
    def _known(self) -> dict[str, tuple[Stamp, str]]:
        """All that the project remembered when this was first asked."""
        with connected(self._folder) as db:
            rows = db.execute("SELECT path, size, modified, verdict FROM photo").fetchall()
        return {restored(path): (Stamp(size, modified), verdict) for path, size, modified, verdict in rows}

    def recall_dataset(self, key: str) -> Dataset | None:
        """The data set of a folder in which no file has changed."""
        return self._cache.recall("files", key, Dataset)

    def keep_dataset(self, key: str, dataset: Dataset) -> None:
        """Remember a data set, beside the verdicts that it was made of: it is read ten times as quickly."""
        self._cache.keep("files", key, dataset)

    def recall(self, path: str, stamp: Stamp) -> Verdict:
        """The verdict on a file.

        Raises:
            Unknown: If there is none, or the file has changed since.
        """
        known = self._known.get(path)
        if known is None or known[0] != stamp:
            raise Unknown
        return _read(known[1])

    def keep(self, path: str, stamp: Stamp, verdict: Verdict) -> None:
        """Remember a verdict."""
        self._fresh.append((stored(path), stamp.size, stamp.modified, _written(verdict)))
        if len(self._fresh) >= _ROWS_A_TRANSACTION:
            self.close()

    def keep_all(self, recording: Recording) -> None:
        """Remember what was recorded before there was a project, and write it."""
        for path, stamp, verdict in recording.kept:
            self.keep(path, stamp, verdict)
        if recording.dataset is not None:
            self.keep_dataset(*recording.dataset)
        self.close()

    def digests(self) -> frozenset[str]:
        """Digests of all photos that were known when this was opened."""
        verdicts = (_read(verdict) for _, verdict in self._known.values())
        return frozenset(verdict.digest for verdict in verdicts if isinstance(verdict, Probe))

    def close(self) -> None:
        """Write what isn't written yet."""
        if self._fresh:
            with connected(self._folder) as db, writing(db):
                db.executemany("INSERT OR REPLACE INTO photo VALUES (?, ?, ?, ?)", self._fresh)
            self._fresh = []


def _written(verdict: Verdict) -> str:
    if isinstance(verdict, UnreadableImageError):
        return to_json({"reason": verdict.reason, "is_image": verdict.is_image}).decode()
    return to_json(verdict).decode()


def _read(text: str) -> Verdict:
    if text == "null":
        return None
    if text.startswith('{"reason"'):
        answer = from_json(text.encode(), dict[str, Any])
        return UnreadableImageError(answer["reason"], is_image=answer["is_image"])
    return _PROBES.decode(text)
