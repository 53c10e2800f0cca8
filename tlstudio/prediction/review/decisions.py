"""What a person decided about photos: a log in the file of the answers, with undo as far back as it goes."""

import sqlite3
import weakref
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Literal, get_args

from tlstudio.prediction.answers_file import FILE, connected, writing
from tlstudio.prediction.prediction import Prediction
from tlstudio.projects.database import restored, stored

Verdict = Literal["accepted", "other", "none", "later"]
"""The model's own answer, another class, none of the classes, or asked again at the end."""

_VERDICTS: Mapping[str, Verdict] = {verdict: verdict for verdict in get_args(Verdict)}
_CLASS_VERDICTS: frozenset[Verdict] = frozenset(("accepted", "other"))
_INSERT = "INSERT INTO decision (batch, path, digest, verdict, class_name, moment) VALUES (?, ?, ?, ?, ?, ?)"
_STANDING = """
SELECT decision.moment, decision.path, decision.verdict, decision.class_name, decision.digest, file.digest
FROM decision LEFT JOIN file ON file.path = decision.path
WHERE NOT decision.undone ORDER BY decision.id
"""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about one photo.

    Attributes:
        path: Absolute path of the photo.
        verdict: What was said.
        class_name: The class that it is; empty for "none" and "later".
        digest: SHA-256 of the file that was looked at, in hex; empty where it wasn't known.
    """

    path: str
    verdict: Verdict
    class_name: str = ""
    digest: str = ""

    @property
    def names_class(self) -> bool:
        """Whether the photo has a class now."""
        return self.verdict in _CLASS_VERDICTS


@dataclass(frozen=True, slots=True)
class Step:
    """What one key press decided: a photo, a burst, or all photos of a suggestion.

    Attributes:
        moment: When, as ISO 8601 in UTC; no two steps have the same.
        decisions: One for each photo.
    """

    moment: str
    decisions: tuple[Decision, ...]


class DecisionLog:
    """The log of one folder of answers. Every method opens the file for itself, so any thread may call any."""

    def __init__(self, folder: Path, classes: Collection[str] | None = None) -> None:
        """Look at a log.

        Args:
            folder: As ``answers_file.answers_folder`` says; runs may share it.
            classes: Those of the run that was asked. Other classes, which another run was asked for, are not told; None
                for all.
        """
        self._folder = folder
        self._classes = classes
        self._held = ExitStack()
        self._holds = False
        weakref.finalize(self, self._held.close)

    def hold(self) -> None:
        """Hold the file open until ``release``: SQLite tidies up whenever nobody does, which takes longer than a step.

        Raises:
            TLStudioError: If it can't be opened.
        """
        if not self._holds:
            self._held.enter_context(connected(self._folder))
            self._holds = True

    def release(self) -> None:
        """Let go of the file."""
        self._held.close()
        self._holds = False

    def steps(self) -> tuple[Step, ...]:
        """Everything that was decided and not taken back, oldest first; not about files that have changed since.

        Raises:
            TLStudioError: If the file can't be read.
        """
        if not (self._folder / FILE).is_file():  # to look at a run changes nothing
            return ()
        with connected(self._folder) as db:
            rows = db.execute(_STANDING).fetchall()
        steps = []
        for moment, members in groupby(rows, key=itemgetter(0)):
            decisions = tuple(each for each in _decisions(row[1:] for row in members) if self._is_known(each))
            if decisions:
                steps.append(Step(moment, decisions))
        return tuple(steps)

    def _is_known(self, decision: Decision) -> bool:
        return self._classes is None or not decision.names_class or decision.class_name in self._classes

    def record(self, decisions: Sequence[Decision], batch: int | None = None) -> Step:
        """Keep decisions as one step, before this returns.

        Args:
            decisions: One for each photo. What the file of answers knows of the photo's contents is kept with it.
            batch: Number of the batch that the answers belong to; None where there is none.

        Returns:
            The step, as ``undo`` takes it.

        Raises:
            TLStudioError: If it can't be written.
        """
        # A person waits for this after every key: a crash loses nothing without waiting for the disk.
        with connected(self._folder, durable=False) as db, writing(db):
            (last,) = db.execute("SELECT max(moment) FROM decision").fetchone()
            moment = _after(last or "")
            step = Step(moment, tuple(each if each.digest else _with_digest(db, each) for each in decisions))
            db.executemany(_INSERT, [_row(each, batch, moment) for each in step.decisions])
        return step

    def undo(self, step: Step) -> None:
        """Take a step back; what stood before it stands again.

        Raises:
            TLStudioError: If it can't be written.
        """
        with connected(self._folder, durable=False) as db, writing(db):
            db.execute("UPDATE decision SET undone = 1 WHERE moment = ?", (step.moment,))

    def decided(self) -> dict[str, Decision]:
        """What stands about each photo, by absolute path.

        Raises:
            TLStudioError: If the file can't be read.
        """
        return standing(self.steps())


def standing(steps: Iterable[Step]) -> dict[str, Decision]:
    """What stands about each photo after all steps: the last word counts."""
    return {decision.path: decision for step in steps for decision in step.decisions}


def with_decisions(predictions: Iterable[Prediction], decided: Mapping[str, Decision]) -> Iterator[Prediction]:
    """Answers with what a person decided about them.

    A decided class comes first with the model's own score for it (0 where the model didn't name it) and is sure; a
    photo that is none of the classes is unsure, whatever its score.

    Args:
        predictions: The model's answers, with absolute paths.
        decided: As ``DecisionLog.decided`` tells it.
    """
    for answer in predictions:
        decision = decided.get(answer.path)
        yield answer if decision is None or not answer.top else _decided(answer, decision)


def _decided(answer: Prediction, decision: Decision) -> Prediction:
    if decision.names_class:
        scores = dict(answer.top)
        first = (decision.class_name, scores.pop(decision.class_name, 0.0))
        return replace(answer, status="ok", reason="", top=(first, *scores.items())[: len(answer.top)])
    return replace(answer, status="unsure", reason="") if decision.verdict == "none" else answer


def _decisions(rows: Iterable[tuple[str, str, str, bytes, bytes | None]]) -> Iterator[Decision]:
    """Those of the rows that still hold: about files that are as they were."""
    for path, verdict, class_name, digest, now in rows:
        known = _VERDICTS.get(verdict)  # a newer program may have others
        if known is not None and not (digest and now and digest != now):
            yield Decision(restored(path), known, restored(class_name), digest.hex())


def _row(decision: Decision, batch: int | None, moment: str) -> tuple[int | None, str, bytes, str, str, str]:
    digest, name = bytes.fromhex(decision.digest), stored(decision.class_name)
    return batch, stored(decision.path), digest, decision.verdict, name, moment


def _with_digest(db: sqlite3.Connection, decision: Decision) -> Decision:
    """The decision with the digest that the file of answers knows."""
    row = db.execute("SELECT digest FROM file WHERE path = ?", (stored(decision.path),)).fetchone()
    return replace(decision, digest=row[0].hex()) if row is not None and row[0] else decision


def _after(last: str) -> str:
    """The present moment, or the one after ``last`` where the clock stands or was set back."""
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    return now if now > last else f"{last}+"
