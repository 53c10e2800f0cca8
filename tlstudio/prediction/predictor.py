"""From photos to scores with a stored run: the one way that evaluation and prediction share."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tlstudio.datasets.images import UnreadableImageError, decode_many
from tlstudio.errors import TLStudioError
from tlstudio.evaluation.calibration import calibrated
from tlstudio.events import CancelToken, Emit
from tlstudio.modeling import weights
from tlstudio.modeling.engine import BATCH, Engine, EngineStore
from tlstudio.modeling.part import PHOTO, SCORES, Part, TrainedTail
from tlstudio.runs.store import StoredRun

Outcome = NDArray[np.float32] | UnreadableImageError


def parts_of(stored: StoredRun) -> tuple[Part, ...]:
    """The network of a run, in one or two parts: the one that was left as it was, and the one that was trained.

    Raises:
        TLStudioError: If the weights in its folder aren't those that it was trained from.
    """
    run = stored.run
    tail_weights = str(stored.tail_weights)
    tail = TrainedTail(run.trained_from, tail_weights, weights.digest(tail_weights), len(run.classes))
    backbone = stored.backbone_weights
    if weights.digest(backbone) != run.weights_digest:
        raise TLStudioError(f"{backbone} is damaged.", "Train again, or restore the run from a copy.")
    trained = Part(run.spec, run.trained_from, SCORES, backbone, run.weights_digest, tail)
    if run.trained_from == PHOTO:
        return (trained,)
    return Part(run.spec, PHOTO, run.trained_from, backbone, run.weights_digest), trained


class Predictor:
    """Answers for photos.

    Attributes:
        classes: Class names, one for each score.
        temperature: What scores are calibrated with, so that they mean what they say; 1 for nothing.
    """

    def __init__(
        self, classes: Sequence[str], input_size: int, engines: Sequence[Engine], temperature: float = 1.0
    ) -> None:
        self.classes = tuple(classes)
        self.temperature = temperature
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
        return cls(stored.run.classes, stored.run.spec.input_size, engines, stored.run.temperature)

    def scores(self, photos: Sequence[Path], *, token: CancelToken) -> Iterator[Outcome]:
        """Scores of shape (classes,) for each photo in order, or why it can't be read.

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

    def _answer(self, waiting: Sequence[NDArray[np.uint8] | UnreadableImageError]) -> Iterator[Outcome]:
        pictures = [picture for picture in waiting if not isinstance(picture, UnreadableImageError)]
        rows = iter(self.compute(np.stack(pictures)) if pictures else ())
        for picture in waiting:
            yield picture if isinstance(picture, UnreadableImageError) else next(rows)

    def compute(self, pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Scores of decoded photos: from (n, S, S, 3) to (n, classes)."""
        return calibrated(self.compute_raw(pictures), self.temperature)

    def compute_raw(self, pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Scores as the network itself gives them, before calibration: from (n, S, S, 3) to (n, classes)."""
        result: NDArray[np.uint8] | NDArray[np.float32] = pictures
        for engine in self._engines:
            result = engine.run(result)
        return np.asarray(result, dtype=np.float32)
