"""What a run says of a file, as plain data."""

from dataclasses import dataclass
from typing import Literal

Status = Literal["ok", "unsure", "unreadable"]
Reason = Literal["", "score", "unlike"]


@dataclass(frozen=True, slots=True)
class Prediction:
    """The answer for one file.

    Attributes:
        path: As found: the folder given plus the path in it.
        status: "ok", "unsure" or "unreadable".
        top: (class name, score) pairs, best first; empty for an unreadable file.
        error: Why the file can't be read; empty otherwise.
        reason: Why it is unsure: "score" (below the threshold), "unlike" (unlike everything learnt); else empty.
        novelty: Share of the photos held out in training that are less unlike what was learnt, 0 to 1; None where
            that isn't known.
        digest: SHA-256 of the file as it was read, in hex; empty where it could not be.
    """

    path: str
    status: Status
    top: tuple[tuple[str, float], ...] = ()
    error: str = ""
    reason: Reason = ""
    novelty: float | None = None
    digest: str = ""

    @property
    def label(self) -> str:
        """Best class name, or empty."""
        return self.top[0][0] if self.top else ""

    @property
    def score(self) -> float:
        """Score of the best class, or 0."""
        return self.top[0][1] if self.top else 0.0


@dataclass(frozen=True, slots=True)
class BatchSummary:
    """The accounting of one batch: ``found == classified + unsure + unreadable + skipped``.

    Attributes:
        found: Photos found, those that can't be read included.
        classified: Files with a sure answer.
        unsure: Files whose best score is below the threshold, or that are unlike everything learnt.
        unreadable: Files that should be photos and can't be read.
        skipped: Photos that were not reached before a stop.
        seconds: Wall time, without pauses and the loading of the model.
        photos_per_second: Photos answered in each of these seconds.
        ignored: Files beside them that are no photos (hidden, system and other files); not in ``found``.
        known: Photos among those answered whose scores were computed before.
        unlike: Photos among the unsure ones that are unlike everything learnt.
    """

    found: int
    classified: int
    unsure: int
    unreadable: int
    skipped: int
    seconds: float
    photos_per_second: float
    ignored: int
    known: int = 0
    unlike: int = 0
