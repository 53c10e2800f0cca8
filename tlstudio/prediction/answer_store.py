"""What models have said of photos, kept on disk as it comes: batches, their answers in order, their accounting."""

import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Literal, cast

import numpy as np

from tlstudio.errors import TLStudioError
from tlstudio.prediction.answering_model import AnsweringModel
from tlstudio.prediction.answers_file import answers_folder, connected, writing
from tlstudio.prediction.batch import ListedFile, PredictOptions, judged
from tlstudio.prediction.open_batch import OpenBatch
from tlstudio.prediction.prediction import BatchSummary, Prediction
from tlstudio.projects.database import restored, stored
from tlstudio.runs.lock import FileLock
from tlstudio.runs.store import StoredRun
from tlstudio.serialization import from_json, to_json

BatchState = Literal["waiting", "running", "interrupted", "stopped", "done"]

_LOCKS = "answers.locks"
_ROWS = 500
_LOCK_SECONDS = 0.5
_BATCH = (
    "SELECT batch.id, model.key, model.run, model.classes, inputs, base, state, watched, begun, ended, summary "
    "FROM batch JOIN model ON model.id = batch.model"
)
_ANSWERED = (
    "SELECT position, path, relative, entry.kind, entry.digest, entry.error, scores, novelty FROM entry "
    "JOIN file ON file.id = entry.file LEFT JOIN answer ON answer.model = ? AND answer.digest = entry.digest "
    "WHERE batch = ? AND position > ? AND entry.kind IN ('photo', 'unreadable') ORDER BY position LIMIT ?"
)


@dataclass(frozen=True, slots=True)
class BatchRecord:
    """A batch as it is kept.

    Attributes:
        id: Its number in the file.
        model: Who answers.
        inputs: Folders and files, as they were given.
        base: What relative ones among them lie in.
        state: "waiting" (never begun), "running" (now, perhaps in another process), "interrupted" (by a crash),
            "stopped" (by the user or an error) or "done".
        watched: Whether new files in its folders are to be answered as they come.
        begun: When it was begun last, as ISO 8601 in UTC; empty if it never was.
        ended: When that ended; empty if it hasn't.
        summary: The accounting as of the last portion; None before the first.
    """

    id: int
    model: AnsweringModel
    inputs: tuple[Path, ...]
    base: Path
    state: BatchState
    watched: bool
    begun: str
    ended: str
    summary: BatchSummary | None

    @property
    def unfinished(self) -> bool:
        """Whether there is something to go on with."""
        return self.state in ("interrupted", "stopped")


class AnswerStore:
    """All that is kept in one file. Any thread may use it; each call opens the file for itself."""

    def __init__(self, folder: Path) -> None:
        """Of the file in a folder; it is made when something is written or asked for."""
        self.folder = folder

    @classmethod
    def of_run(cls, run: StoredRun) -> "AnswerStore":
        """Where the answers of a run are kept."""
        return cls(answers_folder(run.folder))

    def batch_of(self, model: AnsweringModel, inputs: Sequence[Path], base: Path | None = None) -> BatchRecord:
        """The batch of some folders and files, made now if there is none.

        Args:
            model: Who answers.
            inputs: Folders and files; relative ones lie in ``base``.
            base: The current folder if None.

        Raises:
            TLStudioError: If the file can't be used.
        """
        written = to_json([str(path) for path in inputs]).decode()
        place = "" if all(path.is_absolute() for path in inputs) else stored(str(base or Path.cwd()))
        with connected(self.folder) as database, writing(database):
            number = _model_number(database, model)
            database.execute(
                "INSERT INTO batch (model, inputs, base, state) VALUES (?, ?, ?, 'waiting') ON CONFLICT DO NOTHING",
                (number, written, place),
            )
            key = (number, written, place)
            row = database.execute(f"{_BATCH} WHERE batch.model = ? AND inputs = ? AND base = ?", key).fetchone()
        return self._record(row)

    def batches(self, key: str | None = None) -> tuple[BatchRecord, ...]:
        """All batches, or those of the model with a key, in the order in which they were first asked for.

        Raises:
            TLStudioError: If the file can't be used.
        """
        with connected(self.folder) as database:
            rows = database.execute(
                f"{_BATCH} WHERE ? IS NULL OR model.key = ? ORDER BY batch.id", (key, key)
            ).fetchall()
        return tuple(self._record(row) for row in rows)

    def batch(self, number: int) -> BatchRecord:
        """One batch.

        Raises:
            TLStudioError: If it is not there (any more).
        """
        with connected(self.folder) as database:
            row = database.execute(f"{_BATCH} WHERE batch.id = ?", (number,)).fetchone()
        if row is None:
            raise TLStudioError("These answers were removed meanwhile.", "Classify the photos again.")
        return self._record(row)

    def predictions(self, number: int, options: PredictOptions) -> Iterator[Prediction]:
        """The answers of a batch so far, in order, judged by the options; a few at a time, however many there are.

        Raises:
            TLStudioError: If the batch is gone, or the file can't be used.
        """
        record = self.batch(number)
        with connected(self.folder) as database:
            yield from _predictions(database, record, options)

    def set_watched(self, number: int, watched: bool) -> None:
        """Say whether new files in the folders of a batch are to be answered as they come."""
        with connected(self.folder) as database, writing(database):
            database.execute("UPDATE batch SET watched = ? WHERE id = ?", (watched, number))

    def forget(self, number: int) -> None:
        """Take a batch out of the list. What is known of its photos is kept: they needn't be computed again.

        Raises:
            TLStudioError: If it runs, here or in another window.
        """
        lock = self._lock(number)
        if not _acquired(lock):
            raise TLStudioError("These photos are being classified right now.", "Stop that first.")
        with lock, connected(self.folder) as database, writing(database):
            database.execute("DELETE FROM batch WHERE id = ?", (number,))
        with suppress(OSError):
            self._lock_file(number).unlink()

    def new_files(self, number: int, files: Iterable[ListedFile]) -> Iterator[ListedFile]:
        """Of listed files, those that a batch hasn't looked at, or that have changed since.

        Args:
            number: The batch.
            files: Files by absolute path; others than candidates that are there are left out.
        """
        candidates = (file for file in files if file.stamp is not None)
        with connected(self.folder) as database:
            while portion := list(islice(candidates, _ROWS)):
                known = _stamps(database, number, portion)
                yield from (file for file in portion if known.get(stored(file.path)) != file.stamp)

    @contextmanager
    def opened(self, number: int, *, with_novelty: bool = False) -> Iterator[OpenBatch]:
        """A batch to work on, held against others. It is "stopped" afterwards unless it says that it is done.

        Args:
            number: Of the batch.
            with_novelty: Whether answers without a novelty count as not known; the model can tell it.

        Raises:
            TLStudioError: If somebody works on it, or the file can't be used.
        """
        record = self.batch(number)
        lock = self._lock(number)
        if not _acquired(lock):
            raise TLStudioError(
                "These photos are being classified right now, in another window.", "Wait for it, or stop it there."
            )
        with lock, connected(self.folder, durable=False) as database:
            batch = OpenBatch(database, record.id, record.inputs, record.base, with_novelty=with_novelty)
            batch.set_state("running", begun=_now())
            try:
                yield batch
            finally:
                batch.set_state("done" if batch.done else "stopped", ended=_now())

    def _record(self, row: tuple[int, str, str, str, str, str, str, int, str, str, str]) -> BatchRecord:
        number, key, run, classes, inputs, base, state, watched, begun, ended, summary = row
        return BatchRecord(
            number,
            AnsweringModel(key, restored(run), from_json(classes.encode(), tuple[str, ...])),
            tuple(Path(path) for path in from_json(inputs.encode(), list[str])),
            Path(restored(base)),
            self._state(number, cast("BatchState", state)),
            bool(watched),
            begun,
            ended,
            from_json(summary.encode(), BatchSummary) if summary else None,
        )

    def _state(self, number: int, state: BatchState) -> BatchState:
        """A batch that runs is locked; one that only says so was cut off."""
        if state != "running":
            return state
        with self._lock(number) as lock:
            return "interrupted" if lock.acquire() else "running"

    def _lock(self, number: int) -> FileLock:
        (self.folder / _LOCKS).mkdir(parents=True, exist_ok=True)
        return FileLock(self._lock_file(number))

    def _lock_file(self, number: int) -> Path:
        return self.folder / _LOCKS / f"{number}.lock"


def _acquired(lock: FileLock) -> bool:
    """Take a lock; not at once given up, since whoever lists batches tries them for a moment."""
    deadline = time.monotonic() + _LOCK_SECONDS
    while not lock.acquire():
        if time.monotonic() > deadline:
            return False
        time.sleep(_LOCK_SECONDS / 10)
    return True


def _model_number(database: sqlite3.Connection, model: AnsweringModel) -> int:
    database.execute(
        "INSERT INTO model (key, run, classes) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET run = excluded.run",
        (model.key, stored(model.run), to_json(model.classes).decode()),
    )
    return int(database.execute("SELECT id FROM model WHERE key = ?", (model.key,)).fetchone()[0])


def _predictions(database: sqlite3.Connection, record: BatchRecord, options: PredictOptions) -> Iterator[Prediction]:
    (model,) = database.execute("SELECT model FROM batch WHERE id = ?", (record.id,)).fetchone()
    above = os.path.join(record.base, "")  # noqa: PTH118 - a prefix of text
    position = -1
    while rows := database.execute(_ANSWERED, (model, record.id, position, _ROWS)).fetchall():
        for position, path, relative, kind, digest, error, scores, novelty in rows:  # noqa: B007 - of the last row
            shown = restored(path).removeprefix(above) if relative else restored(path)
            if kind == "unreadable":
                yield Prediction(shown, "unreadable", error=error, digest=digest.hex() if digest else "")
            else:
                row = np.frombuffer(scores, dtype=np.float32)
                yield judged(shown, row, novelty, record.model.classes, options, digest.hex())


def _stamps(database: sqlite3.Connection, number: int, files: Sequence[ListedFile]) -> dict[str, tuple[int, int]]:
    """Size and time of change that a batch knows files by."""
    marks = ", ".join("?" * len(files))
    joined = "SELECT path, size, modified FROM file JOIN entry ON entry.batch = ? AND entry.file = file.id"
    rows = database.execute(f"{joined} WHERE path IN ({marks})", (number, *(stored(file.path) for file in files)))
    return {path: (size, modified) for path, size, modified in rows}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
