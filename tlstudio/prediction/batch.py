"""What a batch is asked about, and how its answers are given: files found, options, and the judgement of scores."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tlstudio.datasets.walk import Stamp, walk
from tlstudio.errors import TLStudioError
from tlstudio.paths import is_file
from tlstudio.prediction.prediction import Prediction, Reason

DEFAULT_THRESHOLD = 0.5
DEFAULT_TOP = 5
DEFAULT_MOST_UNLIKE = 0.95


class ListedFile(NamedTuple):
    """One file of a listing, or one folder that can't be looked into.

    Attributes:
        path: The input plus the path in it.
        kind: "candidate" (its content decides), "unreadable" (a folder) or "ignored" (hidden, system and the like).
        stamp: Of a "candidate" that is there; None otherwise.
        error: Why, for "unreadable"; empty otherwise.
    """

    path: str
    kind: Literal["candidate", "unreadable", "ignored"]
    stamp: Stamp | None = None
    error: str = ""


def list_files(given: Path) -> Iterator[ListedFile]:
    """All files of a folder, at any depth, sorted; or a single file as it is.

    Raises:
        TLStudioError: If it isn't there.
    """
    if is_file(given):
        status = given.stat()
        yield ListedFile(str(given), "candidate", Stamp(status.st_size, status.st_mtime_ns))
        return
    folder = os.path.join(given, "")  # noqa: PTH118 - a Path for each of 100,000 files takes seconds
    for found in walk(given):
        path = folder + found.path.replace("/", os.sep)
        if found.kind == "candidate":
            yield ListedFile(path, "candidate", found.stamp)
        elif found.kind == "unreadable":
            yield ListedFile(path, "unreadable", None, found.reason)
        else:
            yield ListedFile(path, "ignored")


def find_files(inputs: Iterable[Path]) -> tuple[Path, ...]:
    """Files that may be photos: in folders, at any depth, and single ones; sorted within each input.

    Raises:
        TLStudioError: If an input isn't there.
    """
    listed = (file for given in inputs for file in list_files(given))
    return tuple(Path(file.path) for file in listed if file.kind == "candidate")


@dataclass(frozen=True, slots=True)
class PredictOptions:
    """How answers are given.

    Attributes:
        top: Classes named for each photo, best first.
        threshold: Answers with a lower score are "unsure", 0 to 1.
        class_thresholds: The same for some classes, by name; None for those that were kept with the run.
        most_unlike: Answers for photos that are more unlike what was learnt than this share of the photos held out in
            training are "unsure", 0 to 1; 1 for none.
    """

    top: int = DEFAULT_TOP
    threshold: float = DEFAULT_THRESHOLD
    class_thresholds: Mapping[str, float] | None = None
    most_unlike: float = DEFAULT_MOST_UNLIKE

    def __post_init__(self) -> None:
        if self.top < 1:
            raise TLStudioError(f"At least 1 class has to be named, not {self.top}.", "Give --top 1 or more.")
        for share in (self.threshold, self.most_unlike):
            if not 0 <= share <= 1:
                raise TLStudioError(f"A score lies between 0 and 1; {share} does not.", "Give a share such as 0.8.")


def judged(
    path: str,
    scores: NDArray[np.float32],
    novelty: float | None,
    classes: Sequence[str],
    options: PredictOptions,
    digest: str = "",
) -> Prediction:
    """The answer for one photo.

    Args:
        path: As it is shown.
        scores: One for each class, shape (classes,), calibrated.
        novelty: As in ``Prediction``.
        classes: Their names.
        options: Where sure ends.
        digest: Of the file.
    """
    best = np.argsort(-scores, kind="stable")[: options.top].tolist()
    top = tuple((classes[index], float(scores[index])) for index in best)
    reason = _doubt(top[0], novelty, options)
    return Prediction(path, "unsure" if reason else "ok", top, reason=reason, novelty=novelty, digest=digest)


def _doubt(best: tuple[str, float], novelty: float | None, options: PredictOptions) -> Reason:
    """Why an answer is unsure; what may be no class at all comes before what may be another class."""
    if novelty is not None and novelty > options.most_unlike:
        return "unlike"
    name, score = best
    return "score" if score < (options.class_thresholds or {}).get(name, options.threshold) else ""
