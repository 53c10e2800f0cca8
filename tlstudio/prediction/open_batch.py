"""A batch while it is worked on: the list of its files, what is known of each already, and the answers as they come."""

import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count, islice
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np

from tlstudio.datasets.images import DECODER_VERSION
from tlstudio.datasets.walk import Stamp
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Emit, Progress
from tlstudio.paths import is_there
from tlstudio.prediction.answers_file import writing
from tlstudio.prediction.batch import ListedFile, list_files
from tlstudio.prediction.prediction import BatchSummary
from tlstudio.prediction.predictor import Answer
from tlstudio.projects.database import restored, stored
from tlstudio.serialization import to_json

Kind = Literal["", "photo", "unreadable", "ignored"]

_ROWS_LISTED = 2000
_ROWS_READ = 512
_NO_STAMP = Stamp(-1, 0)

_KEEP_FILE = (
    "INSERT INTO file (path, size, modified, decoder, kind, error) VALUES (?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (path) DO UPDATE SET size = excluded.size, modified = excluded.modified, "
    "decoder = excluded.decoder, kind = excluded.kind, digest = NULL, error = excluded.error "
    "WHERE size <> excluded.size OR modified <> excluded.modified OR decoder <> excluded.decoder"
)
_KEEP_ENTRY = (
    "INSERT INTO entry (batch, position, file, relative) SELECT ?, ?, id, ? FROM file WHERE path = ? "
    "ON CONFLICT (batch, file) DO UPDATE SET kind = NULL, digest = NULL, error = ''"
)
_UNANSWERED = (
    "SELECT position, file.id, path, relative, size, modified, file.kind, file.digest, file.error, scores, novelty "
    "FROM entry JOIN file ON file.id = entry.file "
    "LEFT JOIN answer ON answer.model = ? AND answer.digest = file.digest AND (novelty IS NOT NULL OR NOT ?) "
    "WHERE batch = ? AND position > ? AND entry.kind IS NULL ORDER BY position LIMIT ?"
)


class Entry(NamedTuple):
    """A file of a batch that has no answer there yet, and what is remembered of it.

    Attributes:
        position: In the batch.
        file: Its number.
        path: Where it is.
        shown: Its path as it was found.
        stamp: Of the file when it was listed.
        kind: What it proved to be when it was read with this stamp; empty if it wasn't.
        digest: SHA-256 of the file; empty if it wasn't read.
        error: Why it can't be read.
        answer: What the model said of a photo with this digest; None if it wasn't asked.
    """

    position: int
    file: int
    path: str
    shown: str
    stamp: Stamp
    kind: Kind
    digest: bytes
    error: str
    answer: Answer | None

    @property
    def known(self) -> bool:
        """Whether the file needn't be read."""
        return self.kind in ("unreadable", "ignored") or (self.kind == "photo" and self.answer is not None)


class Outcome(NamedTuple):
    """What a file proved to be.

    Attributes:
        entry: The file.
        kind: What it is.
        digest: SHA-256 of the file; empty if it could not be read, or is no photo.
        error: Why it can't be read.
        stamp: Of the file when it was read, if the outcome holds as long as it stays; None if the outcome was known
            before, or may be another next time.
        answer: To a photo that the model was asked about before; None for others.
    """

    entry: Entry
    kind: Kind
    digest: bytes = b""
    error: str = ""
    stamp: Stamp | None = None
    answer: Answer | None = None


class OpenBatch:
    """A batch that is held by ``AnswerStore.opened``.

    One thread works on it; any may ask ``remembers``.

    Attributes:
        number: Of the batch.
        done: Set when all its files have been looked at.
    """

    def __init__(
        self, database: sqlite3.Connection, number: int, inputs: Sequence[Path], base: Path, *, with_novelty: bool
    ) -> None:
        self.number = number
        self.done = False
        self._database = database
        self._inputs = tuple(inputs)
        self._base = base
        self._with_novelty = with_novelty
        self._above = os.path.join(base, "")  # noqa: PTH118 - a prefix of text
        self._lock = threading.Lock()
        (self._model,) = database.execute("SELECT model FROM batch WHERE id = ?", (number,)).fetchone()

    def list_again(self, *, emit: Emit, token: CancelToken) -> None:
        """Look for the files once more. All of them are without an answer then, until what is known is told again.

        Raises:
            TLStudioError: If an input isn't there, or there are no files.
            Cancelled: If a stop was asked for.
        """
        for given in self._inputs:
            _require(self._base / given)  # before what is known is put away: a drive may be unplugged
        with self._writing():
            self._database.execute("DELETE FROM entry WHERE batch = ?", (self.number,))
            self._database.execute("UPDATE batch SET hidden = 0, summary = '' WHERE id = ?", (self.number,))
        found, positions = 0, count()
        for given in self._inputs:
            files = list_files(self._base / given)
            while portion := list(islice(files, _ROWS_LISTED)):
                token.check()
                self._keep_listed(portion, positions, relative=not given.is_absolute())
                found += len(portion)
                emit(Progress("list", found, 0, f"Looking for photos: {found:,} files so far"))
        if not self.counts()[0]:
            raise TLStudioError(
                f"There are no files in {', '.join(map(str, self._inputs))}.",
                "Choose a folder with photos, or single photos.",
            )

    def add(self, files: Iterable[ListedFile]) -> None:
        """Add files that came, or that have changed, by absolute path; those that came stand at the end."""
        row = self._database.execute("SELECT max(position) FROM entry WHERE batch = ?", (self.number,)).fetchone()
        listed = list(files)
        relative = not any(given.is_absolute() for given in self._inputs)
        self._keep_listed(listed, count(-1 if row[0] is None else row[0] + 1), relative=relative)

    def _keep_listed(self, files: Sequence[ListedFile], positions: Iterator[int], *, relative: bool) -> None:
        shown = [file for file in files if file.kind != "ignored"]
        with self._writing():
            self._database.executemany(_KEEP_FILE, [_file_row(file) for file in shown])
            self._database.executemany(
                _KEEP_ENTRY, [(self.number, next(positions), relative, stored(file.path)) for file in shown]
            )
            hidden = len(files) - len(shown)
            self._database.execute("UPDATE batch SET hidden = hidden + ? WHERE id = ?", (hidden, self.number))

    def counts(self) -> tuple[int, int, int]:
        """Files in all, those without an answer, and those that are no photos (hidden ones included)."""
        with self._lock:
            rows = self._database.execute(
                "SELECT kind, count(*) FROM entry WHERE batch = ? GROUP BY kind", (self.number,)
            ).fetchall()
            (hidden,) = self._database.execute("SELECT hidden FROM batch WHERE id = ?", (self.number,)).fetchone()
        kinds = dict(rows)
        return sum(kinds.values()) + hidden, kinds.get(None, 0), kinds.get("ignored", 0) + hidden

    def first_files(self, number: int) -> tuple[Path, ...]:
        """Where some of the files are, the first of them."""
        with self._lock:
            rows = self._database.execute(
                "SELECT path FROM entry JOIN file ON file.id = entry.file WHERE batch = ? ORDER BY position LIMIT ?",
                (self.number, number),
            ).fetchall()
        return tuple(Path(restored(path)) for (path,) in rows)

    def unanswered(self) -> Iterator[Entry]:
        """Files without an answer, in order; read in portions."""
        position = -1
        while rows := self._rows_after(position):
            for row in rows:
                yield self._entry(row)
            position = rows[-1][0]

    def _rows_after(self, position: int) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._database.execute(
                _UNANSWERED, (self._model, self._with_novelty, self.number, position, _ROWS_READ)
            ).fetchall()

    def _entry(self, row: tuple[Any, ...]) -> Entry:
        position, file, path, relative, size, modified, kind, digest, error, scores, novelty = row
        path = restored(path)
        shown = path.removeprefix(self._above) if relative else path
        answer = None if scores is None else Answer(np.frombuffer(scores, dtype=np.float32), novelty)
        return Entry(position, file, path, shown, Stamp(size, modified), kind or "", digest or b"", error, answer)

    def remembers(self, digest: bytes) -> bool:
        """Whether the model was asked about a photo, whatever it was called."""
        return self.recall(digest) is not None

    def recall(self, digest: bytes) -> Answer | None:
        """What the model said of a photo, whatever it was called; None if it wasn't asked."""
        with self._lock:
            row = self._database.execute(
                "SELECT scores, novelty FROM answer WHERE model = ? AND digest = ? AND (novelty IS NOT NULL OR NOT ?)",
                (self._model, digest, self._with_novelty),
            ).fetchone()
        return None if row is None else Answer(np.frombuffer(row[0], dtype=np.float32), row[1])

    def keep(self, outcomes: Sequence[Outcome], answers: Mapping[bytes, Answer], summary: BatchSummary) -> None:
        """Keep a portion as a whole: what files proved to be, what was computed, and the accounting with them."""
        with self._writing():
            self._database.executemany(
                "INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?)",
                [(self._model, digest, row.scores.tobytes(), row.novelty) for digest, row in answers.items()],
            )
            self._database.executemany(
                "UPDATE file SET size = ?, modified = ?, kind = ?, digest = ?, error = ? WHERE id = ?",
                [
                    (*kept.stamp, kept.kind, kept.digest or None, kept.error, kept.entry.file)
                    for kept in outcomes
                    if kept.stamp is not None
                ],
            )
            self._database.executemany(
                "UPDATE entry SET kind = ?, digest = ?, error = ? WHERE batch = ? AND position = ?",
                [(kept.kind, kept.digest or None, kept.error, self.number, kept.entry.position) for kept in outcomes],
            )
            self._database.execute(
                "UPDATE batch SET summary = ? WHERE id = ?", (to_json(summary).decode(), self.number)
            )

    def set_state(self, state: Literal["running", "stopped", "done"], *, begun: str = "", ended: str = "") -> None:
        """Say where it stands, and since when."""
        with self._writing():
            self._database.execute(
                "UPDATE batch SET state = ?, begun = coalesce(nullif(?, ''), begun), ended = ? WHERE id = ?",
                (state, begun, ended, self.number),
            )

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._lock, writing(self._database):
            yield


def _require(given: Path) -> None:
    if not is_there(given):
        raise TLStudioError(f"There is no folder or file {given}.", "Check the path, or choose it again.")


def _file_row(file: ListedFile) -> tuple[str, int, int, int, str | None, str]:
    size, modified = file.stamp or _NO_STAMP
    kind = "unreadable" if file.kind == "unreadable" else None
    return stored(file.path), size, modified, DECODER_VERSION, kind, file.error
