"""Asking a written model, in a fresh process, with the runtime that its format is for; nothing else of the program.

The request is JSON: ``runtime``, ``model``, ``photos`` (.npy of uint8, (n, S, S, 3)) and ``scores``, where the answers
go as .npy of float32, (n, classes). What is in the way goes to ``error`` beside the request, as text.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tlstudio.export.exporters import Runtime
from tlstudio.modeling import backend
from tlstudio.modeling.part import PHOTO, SCORES
from tlstudio.serialization import from_json

ERROR: Final = "error.txt"
_BATCH: Final = 16

Model = Callable[[NDArray[np.uint8]], Any]
"""From a batch of photos to their scores."""


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask of which model.

    Attributes:
        runtime: What opens it.
        model: Path of its file or folder.
        photos: Path of the pictures.
        scores: Path that the answers go to.
    """

    runtime: Runtime
    model: str
    photos: str
    scores: str


def _keras(path: Path) -> Model:
    backend.start()
    import keras

    # Safe mode is on, as it is for everyone who doesn't switch it off.
    answer: Model = keras.saving.load_model(path, compile=False).predict_on_batch
    return answer


def _tensorflow(path: Path) -> Model:
    backend.start()
    import tensorflow as tf

    model = tf.saved_model.load(str(path))
    return lambda photos: model.serve(tf.constant(photos))[SCORES].numpy()


def _litert(path: Path) -> Model:
    from tlstudio.modeling.engine import LiteRTEngine

    return LiteRTEngine(path).run


def _onnxruntime(path: Path) -> Model:
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return lambda photos: session.run([SCORES], {PHOTO: photos})[0]


RUNTIMES: Final[dict[Runtime, Callable[[Path], Model]]] = {
    "keras": _keras,
    "tensorflow": _tensorflow,
    "litert": _litert,
    "onnxruntime": _onnxruntime,
}


def ask(runtime: Runtime, path: Path, photos: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Open a model and let it answer.

    Args:
        runtime: What opens it.
        path: Its file or folder.
        photos: Shape (n, S, S, 3).

    Returns:
        Scores, shape (n, classes).
    """
    model = RUNTIMES[runtime](path)
    parts = [np.asarray(model(photos[start : start + _BATCH])) for start in range(0, len(photos), _BATCH)]
    return np.concatenate(parts).astype(np.float32, copy=False)


def main(request_file: str) -> None:
    """Answer one request."""
    request = Path(request_file)
    question = from_json(request.read_bytes(), Question)
    try:
        np.save(question.scores, ask(question.runtime, Path(question.model), np.load(question.photos, mmap_mode="r")))
    except Exception as error:  # noqa: BLE001 - whatever a runtime says of a file: the parent tells the person
        request.with_name(ERROR).write_text(f"{type(error).__name__}: {str(error)[:300]}", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
