"""Opening the SQLite file of a project so that neither a crash nor a second window harms it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from tlstudio.errors import TLStudioError
from tlstudio.paths import is_there
from tlstudio.projects import schema

FILE = "project.tlstudio"
BACKUPS = "backups"
BACKUPS_KEPT = 5
STATE = "state"
"""Setting that stands for everything in the file as it is now: another at every write, also after a backup was put in
its place."""

_PATIENCE_SECONDS = 10.0
_ROOM_AND_RIGHTS = "Is the folder writable, and the disk not full?"


class DamagedProjectError(TLStudioError):
    """A project file that SQLite can't read.

    Attributes:
        folder: The folder of the project.
        backups: Copies that are sound, newest first.
    """

    def __init__(self, folder: Path, reason: str) -> None:
        self.folder = folder
        self.backups = tuple(backup for backup in backups(folder) if _is_sound(backup))
        hint = "There is no backup. Make a new project; photos and runs are untouched."
        if self.backups:
            hint = "Recover it from a backup."
        super().__init__(f"The project file in {folder} is damaged: {reason}.", hint)


@contextmanager
def connected(folder: Path) -> Iterator[sqlite3.Connection]:
    """A connection that ends with the block. Transactions are begun by hand: ``with writing(database):``.

    Raises:
        TLStudioError: If the file can't be read or written, then or in the block.
    """
    try:
        with _opened(folder) as database:
            yield database
    except sqlite3.Error as error:
        raise _unusable(folder, error) from error


@contextmanager
def _opened(folder: Path) -> Iterator[sqlite3.Connection]:
    database = sqlite3.connect(folder / FILE, timeout=_PATIENCE_SECONDS, isolation_level=None)
    try:
        database.execute("PRAGMA foreign_keys = ON")
        database.execute("PRAGMA synchronous = FULL")  # with WAL, one flush for each action: power may fail
        yield database
    finally:
        database.close()


def _unusable(folder: Path, error: sqlite3.Error) -> TLStudioError:
    return TLStudioError(f"The project in {folder} can't be opened: {error}.", _ROOM_AND_RIGHTS)


def stored(text: str) -> str:
    """A text as SQLite can hold it.

    File names that are no valid UTF-8 reach Python as lone surrogates, which SQLite refuses. They are escaped, and a
    NUL, which no file name has, says so.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return "\0" + text.encode("unicode_escape").decode("ascii")
    return text


def restored(text: str) -> str:
    """What ``stored`` was given."""
    return text[1:].encode("ascii").decode("unicode_escape") if text.startswith("\0") else text


@contextmanager
def writing(database: sqlite3.Connection) -> Iterator[None]:
    """A transaction that holds or fails as a whole, and gives what is written a new ``STATE``."""
    database.execute("BEGIN IMMEDIATE")
    with database:
        database.execute("INSERT OR REPLACE INTO setting VALUES (?, hex(randomblob(8)))", (STATE,))
        yield


def prepare(folder: Path) -> None:
    """Make the file, or check it, back it up and bring it up to date.

    Raises:
        DamagedProjectError: If SQLite can't read it.
        TLStudioError: If a newer version of the program made it, or the folder can't be written to.
    """
    new = not is_there(folder / FILE)
    try:
        with _opened(folder) as database:
            database.execute("PRAGMA journal_mode = WAL")
            if not new:
                _check(database, folder)
                _back_up_if_due(database, folder)
            schema.migrate(database)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise TLStudioError(f"The project in {folder} can't be opened: {reason}.", _ROOM_AND_RIGHTS) from error
    except sqlite3.DatabaseError as error:
        if new or isinstance(error, sqlite3.OperationalError):
            raise _unusable(folder, error) from error
        raise DamagedProjectError(folder, str(error)) from error


def _check(database: sqlite3.Connection, folder: Path) -> None:
    findings = [row[0] for row in database.execute("PRAGMA integrity_check(3)")]
    if findings != ["ok"]:
        raise DamagedProjectError(folder, str(findings[0]).lower())
    (application,) = database.execute("PRAGMA application_id").fetchone()
    version = schema.version_of(database)
    if not version and backups(folder):  # a file that is new and empty has none
        raise DamagedProjectError(folder, "it is empty")
    if version and application != schema.APPLICATION_ID:
        raise TLStudioError(f"{folder / FILE} is no project of TL Studio.", "Choose another folder.")
    if version > schema.VERSION:
        raise TLStudioError(f"A newer TL Studio made the project in {folder}.", "Open it with that version.")


def backups(folder: Path) -> tuple[Path, ...]:
    """Copies of a project file, newest first."""
    return tuple(sorted((folder / BACKUPS).glob("*.tlstudio"), reverse=True))


def _is_sound(file: Path) -> bool:
    try:
        with closing(sqlite3.connect(file)) as database:
            sound = database.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",)
            return sound and schema.version_of(database) > 0  # an empty one would bring nothing back
    except sqlite3.Error:
        return False


def _backed_up_today(folder: Path) -> bool:
    today = datetime.now().astimezone().strftime("%Y-%m-%d")
    return any(path.name.startswith(today) for path in backups(folder))


def _back_up_if_due(database: sqlite3.Connection, folder: Path) -> None:
    """Back up once a day, if that can be; before a migration it has to be."""
    if schema.version_of(database) < schema.VERSION:
        _back_up(database, folder)
    elif not _backed_up_today(folder):
        with suppress(OSError, sqlite3.OperationalError):  # a full disk keeps nobody from opening
            _back_up(database, folder)


def _back_up(database: sqlite3.Connection, folder: Path) -> None:
    """Copy through SQLite itself, which sees what the write-ahead log still holds."""
    (folder / BACKUPS).mkdir(exist_ok=True)
    now = datetime.now().astimezone()
    target = folder / BACKUPS / f"{now:%Y-%m-%d %H.%M.%S.%f}.tlstudio"
    partial = target.with_suffix(".partial")
    try:
        with closing(sqlite3.connect(partial)) as copy:
            database.backup(copy)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    for old in backups(folder)[BACKUPS_KEPT:]:
        old.unlink()


def recover(folder: Path, backup: Path) -> None:
    """Put a backup in the place of the project file; the damaged file is kept beside it.

    Raises:
        TLStudioError: If a file can't be copied.
    """
    now = datetime.now().astimezone()
    try:
        data = backup.read_bytes()
        for ending in ("", "-wal", "-shm"):
            damaged = folder / f"{FILE}{ending}"
            if damaged.exists():
                damaged.rename(folder / f"damaged {now:%Y-%m-%d %H.%M.%S} {FILE}{ending}")
        partial = folder / f"{FILE}.partial"
        partial.write_bytes(data)
        partial.replace(folder / FILE)
    except OSError as error:
        raise TLStudioError(f"The backup {backup.name} can't be used: {error.strerror}.", "Try another one.") from error
