"""A project: what a person did to a folder of photos, every change kept at once and undone at will."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tlstudio.datasets.added import AddedPhoto
from tlstudio.datasets.edits import Edits
from tlstudio.datasets.size_rule import SizeRule
from tlstudio.errors import TLStudioError
from tlstudio.paths import is_there
from tlstudio.projects import database
from tlstudio.projects.database import connected, restored, stored, writing
from tlstudio.serialization import from_json

# Kinds of state. What a kind keeps is said where it is read, in ``Project.edits`` and ``Project.values``.
LABEL = "label"
LABEL_KEPT = "label kept"
LEFT_OUT = "left out"
RENAMED = "renamed"
SWITCHED_OFF = "switched off"
ORDER = "order"
SIZE_RULE = "size rule"
ADDED = "added"

Changes = Mapping[tuple[str, str], str | None]
"""New values by kind and key; None where there is to be none any more."""

_REMEMBERED_ACTIONS = 1000

PLACE_REMEDY = (
    "See that you may write there and the disk has room; the environment variable TLSTUDIO_HOME names another place."
)
"""What to do where the program's own folder can't be written to."""


@dataclass(frozen=True, slots=True)
class Steps:
    """What can be undone and redone now.

    Attributes:
        undo: Sentence of the last action; "" if there is none.
        redo: Sentence of the action that was undone last; "" if there is none.
    """

    undo: str = ""
    redo: str = ""


class Project:
    """An open project. Every method opens the file for itself, so any thread may call any."""

    def __init__(self, folder: Path) -> None:
        """Open a project, or make one in a folder that is empty or doesn't exist yet.

        Raises:
            DamagedProjectError: If the file can't be read; it names the backups.
            TLStudioError: If the folder is no project and not empty, or can't be written to.
        """
        self.folder = folder
        if not is_there(folder / database.FILE):
            _make(folder)
        database.prepare(folder)

    # Settings: facts about the project that undo leaves alone

    def setting(self, name: str) -> str:
        """A setting; "" if it was never set."""
        return setting_in(self.folder, name)

    def set_setting(self, name: str, value: str) -> None:
        """Keep a setting."""
        with connected(self.folder) as db, writing(db):
            db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, stored(value)))

    # State: what a person changes

    def values(self, kind: str) -> dict[str, str]:
        """The present values of one kind, by key."""
        with connected(self.folder) as db:
            rows = db.execute("SELECT key, value FROM state WHERE kind = ?", (kind,)).fetchall()
        return {restored(key): restored(value) for key, value in rows}

    def edits(self) -> Edits:
        """The present changes of labels, classes and photos."""
        values: dict[str, dict[str, str]] = defaultdict(dict)
        with connected(self.folder) as db:
            for kind, key, value in db.execute("SELECT kind, key, value FROM state"):
                values[kind][restored(key)] = restored(value)
        order = values[ORDER]
        return Edits(
            labels=values[LABEL],
            left_out=frozenset(values[LEFT_OUT]),
            renamed=values[RENAMED],
            switched_off=frozenset(values[SWITCHED_OFF]),
            order=tuple(sorted(order, key=lambda name: int(order[name]))),
            size_rule=_size_rule(values[SIZE_RULE]),
        )

    def added(self) -> dict[str, AddedPhoto]:
        """Photos from elsewhere that were added to those of the folder, by absolute path."""
        return {path: from_json(value.encode(), AddedPhoto) for path, value in self.values(ADDED).items()}

    def size_rule(self) -> SizeRule | None:
        """The present rule for the sizes of photos; None for none. Quicker than ``edits`` where nothing else counts."""
        return _size_rule(self.values(SIZE_RULE))

    def change(self, sentence: str, changes: Changes) -> bool:
        """Make an action of some changes, kept before this returns; what was undone can't be redone afterwards.

        Args:
            sentence: What was done, for the person who may want to undo it.
            changes: The new values.

        Returns:
            Whether anything is different now.
        """
        with connected(self.folder) as db, writing(db):
            wanted = {
                (kind, stored(key)): None if value is None else stored(value) for (kind, key), value in changes.items()
            }
            before = {place: _value(db, place) for place in wanted}
            made = {place: (before[place], after) for place, after in wanted.items() if before[place] != after}
            if not made:
                return False
            db.execute("DELETE FROM action WHERE undone")
            now = datetime.now(UTC).isoformat(timespec="seconds")
            action = db.execute(
                "INSERT INTO action (sentence, made_at) VALUES (?, ?)", (stored(sentence), now)
            ).lastrowid
            rows = [(action, kind, key, before, after) for (kind, key), (before, after) in made.items()]
            db.executemany("INSERT INTO change VALUES (?, ?, ?, ?, ?)", rows)
            _put(db, {place: after for place, (_, after) in made.items()})
            db.execute("DELETE FROM action WHERE id <= ?", ((action or 0) - _REMEMBERED_ACTIONS,))
        return True

    def undo(self) -> str:
        """Take back the last action; its sentence, or "" if there is none."""
        return self._step("SELECT id, sentence FROM action WHERE NOT undone ORDER BY id DESC LIMIT 1", undone=True)

    def redo(self) -> str:
        """Do again what was undone last; its sentence, or "" if there is none."""
        return self._step("SELECT id, sentence FROM action WHERE undone ORDER BY id LIMIT 1", undone=False)

    def _step(self, query: str, *, undone: bool) -> str:
        column = "before" if undone else "after"
        with connected(self.folder) as db, writing(db):
            row = db.execute(query).fetchone()
            if row is None:
                return ""
            action, sentence = row
            changes = db.execute(f"SELECT kind, key, {column} FROM change WHERE action = ?", (action,))  # noqa: S608 - one of two words
            _put(db, {(kind, key): value for kind, key, value in changes.fetchall()})
            db.execute("UPDATE action SET undone = ? WHERE id = ?", (undone, action))
        return restored(sentence)

    def steps(self) -> Steps:
        """What can be undone and redone now."""
        with connected(self.folder) as db:
            undo = db.execute("SELECT sentence FROM action WHERE NOT undone ORDER BY id DESC LIMIT 1").fetchone()
            redo = db.execute("SELECT sentence FROM action WHERE undone ORDER BY id LIMIT 1").fetchone()
        return Steps(*(restored(row[0]) if row else "" for row in (undo, redo)))


def setting_in(folder: Path, name: str) -> str:
    """A setting of the project in a folder, which is neither checked nor backed up for that; "" if it was never set.

    Raises:
        TLStudioError: If it can't be read.
    """
    with connected(folder) as db:
        row = db.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
    return restored(row[0]) if row else ""


def runs_of(folder: Path) -> Path:
    """Where the runs of the project in a folder are."""
    return folder / "runs"


def _size_rule(values: Mapping[str, str]) -> SizeRule | None:
    written = values.get("current")
    return from_json(written.encode(), SizeRule) if written else None


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        occupied = any(folder.iterdir())
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise TLStudioError(f"Your work can't be kept in {folder}: {reason}.", PLACE_REMEDY) from error
    if occupied:
        raise TLStudioError(f"{folder} is not empty.", "A project needs a folder of its own: choose a new one.")


def _value(db: sqlite3.Connection, place: tuple[str, str]) -> str | None:
    row = db.execute("SELECT value FROM state WHERE kind = ? AND key = ?", place).fetchone()
    return row[0] if row else None


def _put(db: sqlite3.Connection, values: Changes) -> None:
    gone = [place for place, value in values.items() if value is None]
    db.executemany("DELETE FROM state WHERE kind = ? AND key = ?", gone)
    kept: Iterator[tuple[str, str, str]] = (
        (kind, key, value) for (kind, key), value in values.items() if value is not None
    )
    db.executemany("INSERT OR REPLACE INTO state VALUES (?, ?, ?)", kept)
