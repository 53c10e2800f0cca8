"""The lock of a project's split: a fact that a training makes, which undo leaves alone."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator

from tlstudio.datasets.dataset import Part, SplitLock
from tlstudio.datasets.splits.split import SplitConfig
from tlstudio.projects.database import connected, restored, stored, writing
from tlstudio.projects.project import Project
from tlstudio.serialization import from_json, to_json

_CONFIG = "locked split"
_ANYWHERE = ""  # in the place of a path: wherever a photo with these contents lies


def keep_lock(project: Project, lock: SplitLock, config: SplitConfig) -> None:
    """Lock the split, or add new photos to the lock that is there; what that one says stays.

    Args:
        project: Where it is kept.
        lock: The part of each photo.
        config: How photos that come later are shared out around them.
    """
    with connected(project.folder) as db, writing(db):
        written = stored(to_json(config).decode())
        if db.execute("INSERT OR IGNORE INTO setting VALUES (?, ?)", (_CONFIG, written)).rowcount:
            db.execute("DELETE FROM locked")  # what a lock that was taken away has left
        # In the order of the table: 100,000 rows in any other take several times as long.
        db.executemany("INSERT OR IGNORE INTO locked VALUES (?, ?, ?)", sorted(_rows(lock)))


def lock_of(project: Project) -> tuple[SplitLock, SplitConfig] | None:
    """The lock, and how new photos are shared out around it; None where nothing is locked."""
    with connected(project.folder) as db:
        setting = db.execute("SELECT value FROM setting WHERE name = ?", (_CONFIG,)).fetchone()
        return None if setting is None else (_read(db), from_json(restored(setting[0]).encode(), SplitConfig))


def unlock(project: Project) -> bool:
    """Let the photos be shared out anew; whether they were locked."""
    with connected(project.folder) as db, writing(db):  # without the rows, which the next lock deletes: this is quick
        return db.execute("DELETE FROM setting WHERE name = ?", (_CONFIG,)).rowcount > 0


def _rows(lock: SplitLock) -> Iterator[tuple[str, str, Part]]:
    for digest, part in lock.parts.items():
        yield digest, _ANYWHERE, part
    for digest, copies in lock.apart.items():
        for path, part in copies.items():
            yield digest, stored(path), part


def _read(db: sqlite3.Connection) -> SplitLock:
    parts: dict[str, Part] = {}
    apart: dict[str, dict[str, Part]] = defaultdict(dict)
    for digest, path, part in db.execute("SELECT digest, path, part FROM locked"):
        if path == _ANYWHERE:
            parts[digest] = part
        else:
            apart[digest][restored(path)] = part
    return SplitLock(parts, dict(apart))
