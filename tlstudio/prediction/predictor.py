"""From photos to scores with a stored run: the one way that evaluation and prediction share."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tlstudio.datasets.images import UnreadableImageError, decode_many
from tlstudio.errors import TLStudioError
from tlstudio.evaluation.calibration import calibrated
from tlstudio.events import CancelToken, Emit
from tlstudio.modeling import weights
from tlstudio.modeling.engine import BATCH, Engine, EngineStore
from tlstudio.modeling.part import PHOTO, SCORES, Part, TrainedTail
from tlstudio.prediction.novelty import Novelty, load_novelty
from tlstudio.runs.store import StoredRun

Outcome = NDArray[np.float32] | UnreadableImageError


class Answer(NamedTuple):
    """What a run says of a photo.

    Attributes:
        scores: One for each class, shape (classes,), calibrated.
        novelty: Share of the photos held out in training that are less unlike what was learnt, 0 to 1; None where
            that can't be told.
    """

    scores: NDArray[np.float32]
    novelty: float | None


def parts_of(stored: StoredRun) -> tuple[Part, ...]:
    """The network of a run, in one or two parts: the one that was left as it was, and the one that was trained.

    Raises:
        TLStudioError: If the weights in its folder aren't those that it was trained from.
    """
    run = stored.run
    backbone = stored.backbone_weights
    if weights.digest(backbone) != run.weights_digest:
        raise TLStudioError(f"{backbone} is damaged.", "Train again, or restore the run from a copy.")
    if run.foreign:
        return (Part(run.spec, PHOTO, SCORES, backbone, run.weights_digest),)
    tail_weights = str(stored.tail_weights)
    tail = TrainedTail(run.trained_from, tail_weights, weights.digest(tail_weights), len(run.classes))
    trained = Part(run.spec, run.trained_from, SCORES, backbone, run.weights_digest, tail)
    if run.trained_from == PHOTO:
        return (trained,)
    return Part(run.spec, PHOTO, run.trained_from, backbone, run.weights_digest), trained


class Predictor:
    """Answers for photos.

    Attributes:
        classes: Class names, one for each score.
        temperature: What scores are calibrated with, so that they mean what they say; 1 for nothing.
        novelty: What tells photos that are unlike everything learnt; None if nothing does.
    """

    def __init__(
        self,
        classes: Sequence[str],
        input_size: int,
        engines: Sequence[Engine],
        temperature: float = 1.0,
        novelty: Novelty | None = None,
    ) -> None:
        self.classes = tuple(classes)
        self.temperature = temperature
        self.novelty = novelty
        self._input_size = input_size
        self._engines = tuple(engines)

    @classmethod
    def load(cls, stored: StoredRun, photos: Sequence[Path] = (), *, emit: Emit, token: CancelToken) -> "Predictor":
        """Make ready to answer; the engines are made now if they aren't there yet.

        Args:
            stored: The run.
            photos: Some real photos that a new engine is checked on.
            emit: Told how far the engines are.
            token: Stops the making of engines.

        Raises:
            TLStudioError: If the network of the run can't be built.
            Cancelled: If a stop was asked for.
        """
        store = EngineStore()
        pending = [store.begin(part, photos) for part in parts_of(stored)]
        try:
            engines = [engine.wait(emit=emit, token=token) for engine in pending]
        finally:
            for engine in pending:
                engine.abandon()
        run = stored.run
        return cls(run.classes, run.spec.input_size, engines, run.temperature, load_novelty(stored.folder))

    def scores(self, photos: Sequence[Path], *, token: CancelToken) -> Iterator[Outcome]:
        """Scores of shape (classes,) for each photo in order, or why it can't be read; otherwise as ``answers``."""
        for answer in self.answers(photos, token=token):
            yield answer if isinstance(answer, UnreadableImageError) else answer.scores

    def answers(self, photos: Sequence[Path], *, token: CancelToken) -> Iterator[Answer | UnreadableImageError]:
        """The answer for each photo in order, or why it can't be read.

        Decoding runs ahead in threads while the engine computes; memory does not grow with the number of photos.

        Raises:
            Cancelled: If a stop was asked for.
        """
        waiting: list[NDArray[np.uint8] | UnreadableImageError] = []
        readable = 0
        for picture in decode_many(photos, self._input_size, token=token):
            waiting.append(picture)
            readable += not isinstance(picture, UnreadableImageError)
            if readable == BATCH:
                yield from self._answer(waiting)
                waiting, readable = [], 0
        yield from self._answer(waiting)

    def _answer(
        self, waiting: Sequence[NDArray[np.uint8] | UnreadableImageError]
    ) -> Iterator[Answer | UnreadableImageError]:
        pictures = [picture for picture in waiting if not isinstance(picture, UnreadableImageError)]
        rows = iter(self.judge(np.stack(pictures)) if pictures else ())
        for picture in waiting:
            yield picture if isinstance(picture, UnreadableImageError) else next(rows)

    def judge(self, pictures: NDArray[np.uint8]) -> list[Answer]:
        """Answers for decoded photos, (n, S, S, 3) with n at least 1."""
        outputs, raw = self._run(pictures)
        scores = calibrated(raw, self.temperature)
        if self.novelty is None:
            return [Answer(row, None) for row in scores]
        shares = self.novelty.shares(outputs, scores).tolist()
        return [Answer(row, share) for row, share in zip(scores, shares, strict=True)]

    def compute(self, pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Scores of decoded photos: from (n, S, S, 3) to (n, classes)."""
        return calibrated(self.compute_raw(pictures), self.temperature)

    def compute_raw(self, pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Scores as the network itself gives them, before calibration: from (n, S, S, 3) to (n, classes)."""
        return self._run(pictures)[1]

    def _run(self, pictures: NDArray[np.uint8]) -> tuple[NDArray[Any], NDArray[np.float32]]:
        """What the first part puts out, (n, ...), and the scores before calibration, (n, classes)."""
        first = self._engines[0].run(pictures)
        result = first
        for engine in self._engines[1:]:
            result = engine.run(result)
        return first, np.asarray(result, dtype=np.float32)
