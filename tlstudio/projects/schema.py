"""The tables of a project file, and how older files are brought up to date."""

import sqlite3
from collections.abc import Callable

APPLICATION_ID = 0x544C5331
"""In the header of every project file: "TLS1"."""

_TABLES_1 = """
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE state (
    kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (kind, key)
) WITHOUT ROWID;
CREATE TABLE action (
    id INTEGER PRIMARY KEY, sentence TEXT NOT NULL, made_at TEXT NOT NULL, undone INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE change (
    action INTEGER NOT NULL REFERENCES action ON DELETE CASCADE,
    kind TEXT NOT NULL, key TEXT NOT NULL, before TEXT, after TEXT,
    PRIMARY KEY (action, kind, key)
) WITHOUT ROWID;
CREATE TABLE photo (
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, modified INTEGER NOT NULL, verdict TEXT NOT NULL
) WITHOUT ROWID;
"""


def _first(database: sqlite3.Connection) -> None:
    """Version 1.

    ``state`` holds everything that a person can change, as values by kind and key; ``action`` and ``change`` say how it
    came about, for undo and redo. ``photo`` holds what was found in the files; it can be computed again.
    """
    for statement in filter(str.strip, _TABLES_1.split(";")):  # executescript would end the transaction
        database.execute(statement)


def _second(database: sqlite3.Connection) -> None:
    """Version 2: ``locked`` holds the parts that photos were trained on in; ``path`` only tells copies apart."""
    database.execute(
        "CREATE TABLE locked ("
        "digest TEXT NOT NULL, path TEXT NOT NULL, part TEXT NOT NULL, PRIMARY KEY (digest, path)) WITHOUT ROWID"
    )


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (_first, _second)
"""From each version to the next; the version of a file is the number of those that it went through."""

VERSION = len(MIGRATIONS)


def version_of(database: sqlite3.Connection) -> int:
    """Version of an open file; 0 for one that is new and empty."""
    (version,) = database.execute("PRAGMA user_version").fetchone()
    return int(version)


def migrate(database: sqlite3.Connection) -> None:
    """Bring a file to ``VERSION``, each step in a transaction of its own."""
    for number in range(version_of(database), VERSION):
        database.execute("BEGIN IMMEDIATE")
        with database:
            if version_of(database) == number:  # not done meanwhile by another process
                MIGRATIONS[number](database)
                database.execute(f"PRAGMA user_version = {number + 1}")
                database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
