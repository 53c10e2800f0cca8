"""Classifies a folder, and says how many answers it has told after each portion. Run by test_batch_kills.py."""

import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from kills import say
from numpy.typing import NDArray

from tlstudio.events import Batch, CancelToken, Event
from tlstudio.prediction.answer_store import AnswerStore
from tlstudio.prediction.batch import PredictOptions
from tlstudio.prediction.novelty import load_novelty
from tlstudio.prediction.prediction import BatchSummary
from tlstudio.prediction.predictor import Predictor
from tlstudio.runs import store
from tlstudio.runs.store import StoredRun
from tlstudio.workflows.predict import predict

_SECONDS_A_GROUP = 0.03


class Colourful:
    """An engine whose answers depend on the whole group, so that another grouping would be seen in the table."""

    def run(self, batch: NDArray[Any]) -> NDArray[np.float32]:
        time.sleep(_SECONDS_A_GROUP)  # long enough to be killed in
        colours = batch.mean(axis=(1, 2)) + batch.mean(axis=(0, 1, 2)) / 7
        return (colours / colours.sum(axis=1, keepdims=True)).astype(np.float32)


def classify(run: Path, photos: Path, answers: Path, csv: Path) -> BatchSummary:
    told = 0

    def count(event: Event) -> None:
        nonlocal told
        if isinstance(event, Batch):
            told += len(event.items)
            say(told)

    def load(stored: StoredRun, *_: object, **__: object) -> Predictor:
        novelty = load_novelty(stored.folder)
        return Predictor(stored.run.classes, stored.run.spec.input_size, [Colourful()], novelty=novelty)

    Predictor.load = load  # type: ignore[method-assign, assignment] - a network would need TensorFlow
    options = PredictOptions(threshold=0.4)
    return predict(
        store.load(run), [photos], options, csv, answers=AnswerStore(answers), emit=count, token=CancelToken()
    )


if __name__ == "__main__":
    classify(*map(Path, sys.argv[1:]))
    say("done")
