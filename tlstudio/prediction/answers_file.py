"""The SQLite file that answers lie in: where it is, its tables, and how older files are brought up to date.

It is a file of its own beside ``project.tlstudio``: that one is small, dear and copied every day; answers are many and
can be computed again.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tlstudio import paths
from tlstudio.errors import TLStudioError
from tlstudio.projects import database as project_file
from tlstudio.projects.project import runs_of

FILE = "answers.sqlite"
APPLICATION_ID = 0x544C5341
"""In the header of every such file: "TLSA"."""

_PATIENCE_SECONDS = 10.0

_TABLES_1 = """
CREATE TABLE model (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, run TEXT NOT NULL, classes TEXT NOT NULL
);
CREATE TABLE file (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, size INTEGER NOT NULL, modified INTEGER NOT NULL,
    decoder INTEGER NOT NULL, kind TEXT, digest BLOB, error TEXT NOT NULL DEFAULT ''
);
CREATE TABLE answer (
    model INTEGER NOT NULL REFERENCES model ON DELETE CASCADE, digest BLOB NOT NULL,
    scores BLOB NOT NULL, novelty REAL,
    PRIMARY KEY (model, digest)
) WITHOUT ROWID;
CREATE TABLE batch (
    id INTEGER PRIMARY KEY AUTOINCREMENT, model INTEGER NOT NULL REFERENCES model ON DELETE CASCADE,
    inputs TEXT NOT NULL, base TEXT NOT NULL, state TEXT NOT NULL,
    watched INTEGER NOT NULL DEFAULT 0, hidden INTEGER NOT NULL DEFAULT 0,
    begun TEXT NOT NULL DEFAULT '', ended TEXT NOT NULL DEFAULT '', summary TEXT NOT NULL DEFAULT '',
    UNIQUE (model, inputs, base)
);
CREATE TABLE entry (
    batch INTEGER NOT NULL REFERENCES batch ON DELETE CASCADE, position INTEGER NOT NULL,
    file INTEGER NOT NULL REFERENCES file, relative INTEGER NOT NULL,
    kind TEXT, digest BLOB, error TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (batch, position)
) WITHOUT ROWID;
CREATE UNIQUE INDEX entry_file ON entry (batch, file);
CREATE TABLE decision (
    id INTEGER PRIMARY KEY, batch INTEGER REFERENCES batch ON DELETE SET NULL,
    path TEXT NOT NULL, digest BLOB NOT NULL, verdict TEXT NOT NULL, class_name TEXT NOT NULL DEFAULT '',
    moment TEXT NOT NULL, undone INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX decision_batch ON decision (batch);
"""


def _first(database: sqlite3.Connection) -> None:
    """Version 1.

    ``file`` remembers what reading a file gave, by its absolute path, size, time of change and version of the decoder;
    ``kind`` is "photo", "unreadable" or "ignored" there and in ``entry``, and NULL for what is not known. ``answer``
    holds what a model says of a photo, by the digest of the file. An ``entry`` is one file of a batch, in order; its
    path is that of the file, or where ``relative`` what follows the ``base`` of its batch. ``decision`` is a person's
    log; ``batch`` is NULL there once that was forgotten.
    """
    for statement in filter(str.strip, _TABLES_1.split(";")):  # executescript would end the transaction
        database.execute(statement)


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (_first,)
"""From each version to the next; the version of a file is the number of those that it went through."""

VERSION = len(MIGRATIONS)


def answers_folder(run: Path) -> Path:
    """Where the answers of a run lie: in the folder of its project, or else where the program keeps what is the user's.

    Args:
        run: Folder of the run.
    """
    project = run.absolute().parent.parent
    in_project = runs_of(project) == run.absolute().parent and (project / project_file.FILE).is_file()
    return project if in_project else paths.home_dir()


@contextmanager
def connected(folder: Path, *, durable: bool = True) -> Iterator[sqlite3.Connection]:
    """A connection that ends with the block; the file is made or brought up to date before.

    Transactions are begun by hand: ``with writing(database):``. Paths and other texts go through ``stored`` and
    ``restored`` of ``tlstudio.projects.database``, since names need not be UTF-8.

    Args:
        folder: As ``answers_folder`` says.
        durable: Wait at the end of each transaction until the disk has it. Without that, a failure of power may cost
            the last transactions; a crash costs nothing.

    Raises:
        TLStudioError: If the file can't be read or written, then or in the block.
    """
    try:
        with _opened(folder, durable=durable) as database:
            yield database
    except sqlite3.Error as error:
        raise _unusable(folder, error) from error


@contextmanager
def writing(database: sqlite3.Connection) -> Iterator[None]:
    """A transaction that holds or fails as a whole."""
    database.execute("BEGIN IMMEDIATE")
    with database:
        yield


@contextmanager
def _opened(folder: Path, *, durable: bool) -> Iterator[sqlite3.Connection]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(folder, error) from error
    # Other threads only look up what is known; SQLite itself puts their calls in a row.
    database = sqlite3.connect(folder / FILE, timeout=_PATIENCE_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        database.execute("PRAGMA foreign_keys = ON")
        database.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        if _version_of(database) != VERSION:
            _migrate(database, folder)
        yield database
    finally:
        database.close()


def _unusable(folder: Path, error: Exception) -> TLStudioError:
    hint = "Is the folder writable, and the disk not full?"
    if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
        hint = "Move it elsewhere: the answers in it are computed again when they are asked for."
    return TLStudioError(f"The answers in {folder / FILE} can't be used: {error}.", hint)


def _version_of(database: sqlite3.Connection) -> int:
    (version,) = database.execute("PRAGMA user_version").fetchone()
    return int(version)


def _migrate(database: sqlite3.Connection, folder: Path) -> None:
    """Bring a file to ``VERSION``, each step in a transaction of its own."""
    if _version_of(database) > VERSION:
        raise TLStudioError(f"A newer TL Studio has written the answers in {folder}.", "Use that version.")
    database.execute("PRAGMA journal_mode = WAL")
    for number in range(_version_of(database), VERSION):
        with writing(database):
            if _version_of(database) == number:  # not done meanwhile by another process
                MIGRATIONS[number](database)
                database.execute(f"PRAGMA user_version = {number + 1}")
                database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
