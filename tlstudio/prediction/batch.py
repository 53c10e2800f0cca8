"""A run on any number of photos, streaming: one answer per file, in a stable order, whatever is wrong with some."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tlstudio.datasets.formats import looks_like_image
from tlstudio.datasets.images import UnreadableImageError
from tlstudio.datasets.walk import walk
from tlstudio.errors import Cancelled, TLStudioError
from tlstudio.events import Batch, CancelToken, Emit, Progress
from tlstudio.prediction.prediction import BatchSummary, Prediction
from tlstudio.prediction.predictor import Outcome, Predictor

DEFAULT_THRESHOLD = 0.5
DEFAULT_TOP = 5
_REPORT_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Found:
    """The files that a batch is asked about.

    Attributes:
        candidates: Files that may be photos: their content decides.
        unreadable: Folders that can't be looked into, and why.
        ignored: Hidden and system files.
    """

    candidates: tuple[Path, ...]
    unreadable: tuple[tuple[Path, str], ...]
    ignored: int


def find_files(inputs: Iterable[Path]) -> Found:
    """All files of folders, at any depth, and single files as they are; sorted within each input.

    Raises:
        TLStudioError: If an input isn't there.
    """
    candidates: list[Path] = []
    unreadable: list[tuple[Path, str]] = []
    ignored = 0
    for given in inputs:
        if given.is_file():
            candidates.append(given)
            continue
        for found in walk(given):
            if found.kind == "candidate":
                candidates.append(given / found.path)
            elif found.kind == "unreadable":
                unreadable.append((given / found.path, found.reason))
            else:
                ignored += 1
    return Found(tuple(candidates), tuple(unreadable), ignored)


@dataclass(frozen=True, slots=True)
class PredictOptions:
    """How answers are given.

    Attributes:
        top: Classes named for each photo, best first.
        threshold: Answers with a lower score are "unsure", 0 to 1.
        class_thresholds: The same for some classes, by name; None for those that were kept with the run.
    """

    top: int = DEFAULT_TOP
    threshold: float = DEFAULT_THRESHOLD
    class_thresholds: Mapping[str, float] | None = None

    def __post_init__(self) -> None:
        if self.top < 1:
            raise TLStudioError(f"At least 1 class has to be named, not {self.top}.", "Give --top 1 or more.")
        if not 0 <= self.threshold <= 1:
            raise TLStudioError(
                f"A score lies between 0 and 1; {self.threshold} does not.", "Give a share such as 0.8."
            )


def predict_files(
    predictor: Predictor, found: Found, options: PredictOptions, *, emit: Emit, token: CancelToken
) -> BatchSummary:
    """Classify files; each answer is emitted in a ``Batch`` of ``Prediction`` as soon as it is known.

    A stop is a normal end: what has come so far counts, the rest is "skipped".
    """
    started = reported = time.monotonic()
    tally: Counter[str] = Counter()
    waiting: list[Prediction] = [Prediction(str(path), "unreadable", error=why) for path, why in found.unreadable]
    tally["unreadable"] += len(waiting)
    total = len(found.candidates)
    for done, answer in enumerate(_answers(predictor, found.candidates, options, token), start=1):
        if answer is None:
            tally["ignored"] += 1
        else:
            tally[answer.status] += 1
            waiting.append(answer)
        if done == total or time.monotonic() - reported >= _REPORT_SECONDS:
            reported = time.monotonic()
            emit(Batch(tuple(waiting)))
            emit(Progress("predict", done, total))
            waiting = []
    if waiting:
        emit(Batch(tuple(waiting)))
    return _summary(found, tally, time.monotonic() - started)


def _summary(found: Found, tally: Counter[str], seconds: float) -> BatchSummary:
    answered = tally["ok"] + tally["unsure"]
    candidates = len(found.candidates) - tally["ignored"]
    unreadable = tally["unreadable"]
    return BatchSummary(
        found=candidates + len(found.unreadable),
        classified=tally["ok"],
        unsure=tally["unsure"],
        unreadable=unreadable,
        skipped=candidates + len(found.unreadable) - answered - unreadable,
        seconds=round(seconds, 3),
        photos_per_second=round(answered / seconds, 1) if seconds else 0.0,
        ignored=found.ignored + tally["ignored"],
    )


def _answers(
    predictor: Predictor, files: Sequence[Path], options: PredictOptions, token: CancelToken
) -> Iterator[Prediction | None]:
    """One answer a file, in order; None for a file that is no photo. Ends early after a stop."""
    try:
        for path, outcome in zip(files, predictor.scores(files, token=token), strict=True):
            yield _answer(path, outcome, predictor.classes, options)
    except Cancelled:
        return


def _answer(path: Path, outcome: Outcome, classes: Sequence[str], options: PredictOptions) -> Prediction | None:
    if isinstance(outcome, UnreadableImageError):
        should_be_photo = outcome.is_image or looks_like_image(path)
        return Prediction(str(path), "unreadable", error=outcome.reason) if should_be_photo else None
    best = np.argsort(-outcome, kind="stable")[: options.top]
    top = tuple((classes[index], float(outcome[index])) for index in best)
    least = (options.class_thresholds or {}).get(top[0][0], options.threshold)
    return Prediction(str(path), "ok" if top[0][1] >= least else "unsure", top)
