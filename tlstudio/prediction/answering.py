"""A model on all files of a batch, streaming: one answer a file, in order, none computed twice, whatever is wrong."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tlstudio.awake_clock import awake_seconds
from tlstudio.errors import Cancelled
from tlstudio.events import Batch, CancelToken, Emit, Progress
from tlstudio.modeling.engine import BATCH
from tlstudio.prediction.batch import PredictOptions, judged
from tlstudio.prediction.batch_reading import Found, read_batch
from tlstudio.prediction.open_batch import OpenBatch, Outcome
from tlstudio.prediction.prediction import BatchSummary, Prediction
from tlstudio.prediction.predictor import Answer, Predictor

_REPORT_SECONDS = 0.2
_MOST_WAITING = 4096


@dataclass(frozen=True, slots=True)
class Answerer:
    """Who answers.

    Attributes:
        classes: Names, one for each score.
        input_size: Width and height that photos are decoded to, in pixels.
        load: Gives the predictor; called at most once, with the first photo, when an answer has to be computed.
    """

    classes: tuple[str, ...]
    input_size: int
    load: Callable[[], Predictor]


def answer_files(
    batch: OpenBatch,
    answerer: Answerer,
    options: PredictOptions,
    before: Iterable[Prediction] = (),
    *,
    emit: Emit,
    token: CancelToken,
) -> BatchSummary:
    """Answer the files of a batch that have no answer yet.

    Each portion of answers is kept first and then emitted, in a ``Batch`` of ``Prediction``. Photos are computed in the
    same groups whether the work was interrupted or not, so that the same scores come out, to the last bit. A stop is a
    normal end: what has come so far is kept, the rest is "skipped".

    Args:
        batch: Where answers go.
        answerer: Who gives them.
        options: How they are given.
        before: Answers that the batch has already; they count, and are not told again.
        emit: Told the answers, and how far it is.
        token: Stops it, or lets it wait.

    Raises:
        TLStudioError: If the model can't be loaded, or the answers can't be kept.
    """
    answering = _Answering(batch, answerer, options, before, emit, token)
    try:
        for found in read_batch(batch, answerer.input_size, token=token):
            answering.take(found)
        summary = answering.finish()
    except Cancelled:
        return answering.stop()
    batch.done = True
    return summary


class _Answering:
    """One pass over a batch.

    ``_waiting`` holds outcomes in order. Those behind a photo that is to be computed wait for it; portions end where
    none is to be computed, so that work that goes on after a crash forms the same groups.
    """

    def __init__(
        self,
        batch: OpenBatch,
        answerer: Answerer,
        options: PredictOptions,
        before: Iterable[Prediction],
        emit: Emit,
        token: CancelToken,
    ) -> None:
        self._batch = batch
        self._answerer = answerer
        self._options = options
        self._emit = emit
        self._predictor: Predictor | None = None
        self._waiting: list[Outcome] = []
        self._settled = 0  # so many of them wait for nothing
        self._pictures: dict[bytes, NDArray[np.uint8]] = {}
        self._fresh: dict[bytes, Answer] = {}  # computed, and not kept yet
        self._started = self._reported = awake_seconds()
        self._token, self._waited = token, token.waited
        self._loading = 0.0
        self._handled = self._known = 0
        self._files, self._total, ignored = batch.counts()
        self._tally = Counter(ignored=ignored)
        for prediction in before:
            self._count(prediction)

    def take(self, found: Found) -> None:
        """Sort in what a file proved to be."""
        outcome = found.outcome
        if outcome.kind == "photo" and outcome.answer is None:
            outcome = self._asked(outcome, found.picture)
        self._waiting.append(outcome)
        if not self._pictures:
            self._settled = len(self._waiting)
            if awake_seconds() - self._reported >= _REPORT_SECONDS:
                self._flush()
        elif len(self._pictures) == BATCH or len(self._waiting) >= _MOST_WAITING:
            self._compute()

    def finish(self) -> BatchSummary:
        """All files have come."""
        self._compute()
        return self._flush()

    def stop(self) -> BatchSummary:
        """No more files come; photos that are not computed yet are left for another time."""
        del self._waiting[self._settled :]
        return self._flush()

    def _asked(self, outcome: Outcome, picture: NDArray[np.uint8] | None) -> Outcome:
        """The answer to an equal photo, or the picture put with those that are computed next."""
        digest = outcome.digest
        if digest in self._pictures:
            return outcome
        answer = self._fresh.get(digest) or self._batch.recall(digest)
        if answer is None and picture is not None:
            self._pictures[digest] = picture
        return outcome._replace(answer=answer)

    def _compute(self) -> None:
        if self._pictures:
            pictures = np.stack(list(self._pictures.values()))
            self._fresh.update(zip(self._pictures, self._loaded().judge(pictures), strict=True))
            self._pictures = {}
        self._settled = len(self._waiting)
        if awake_seconds() - self._reported >= _REPORT_SECONDS:
            self._flush()

    def _loaded(self) -> Predictor:
        if self._predictor is None:
            begun = awake_seconds()
            self._predictor = self._answerer.load()
            self._loading += awake_seconds() - begun
        return self._predictor

    def _flush(self) -> BatchSummary:
        """Keep what has come, and tell it."""
        self._reported = awake_seconds()
        predictions = tuple(self._predictions())
        self._handled += len(self._waiting)
        summary = self._summary()
        self._batch.keep(self._waiting, self._fresh, summary)
        self._waiting, self._settled, self._fresh = [], 0, {}
        self._emit(Batch(predictions))
        self._emit(Progress("predict", self._handled, self._total))
        return summary

    def _predictions(self) -> Iterator[Prediction]:
        for outcome in self._waiting:
            if outcome.kind == "ignored":
                self._tally["ignored"] += 1
                continue
            prediction = self._prediction(outcome)
            self._count(prediction)
            yield prediction

    def _prediction(self, outcome: Outcome) -> Prediction:
        shown, digest = outcome.entry.shown, outcome.digest.hex()
        if outcome.kind == "unreadable":
            return Prediction(shown, "unreadable", error=outcome.error, digest=digest)
        answer = outcome.answer or self._fresh[outcome.digest]
        self._known += outcome.answer is not None
        return judged(shown, answer.scores, answer.novelty, self._answerer.classes, self._options, digest)

    def _count(self, prediction: Prediction) -> None:
        self._tally[prediction.status] += 1
        self._tally["unlike"] += prediction.reason == "unlike"

    def _summary(self) -> BatchSummary:
        """The accounting so far."""
        seconds = awake_seconds() - self._started - self._loading - (self._token.waited - self._waited)
        found = self._files - self._tally["ignored"]
        told = self._tally["ok"] + self._tally["unsure"]
        return BatchSummary(
            found=found,
            classified=self._tally["ok"],
            unsure=self._tally["unsure"],
            unreadable=self._tally["unreadable"],
            skipped=found - told - self._tally["unreadable"],
            seconds=round(seconds, 3),
            photos_per_second=round(told / seconds, 1) if seconds else 0.0,
            ignored=self._tally["ignored"],
            known=self._known,
            unlike=self._tally["unlike"],
        )
