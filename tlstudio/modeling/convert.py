"""Making an engine from a Keras model; run as a child process with the path of a request.

The answer lies beside the request: ``answer.json`` with ``agrees``, ``difference`` and ``reason`` (or ``error`` and
``hint`` where the network itself can't be built), and the engine at the ``target`` of the request.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tlstudio.datasets.images import UnreadableImageError, decode
from tlstudio.errors import TLStudioError
from tlstudio.modeling import backend
from tlstudio.modeling.engine import BATCH, LiteRTEngine
from tlstudio.modeling.litert import litert_converter
from tlstudio.modeling.part import PHOTO, Part
from tlstudio.serialization import from_json

TOLERANCE = 1e-3
"""Largest difference from Keras that an engine may have, relative to the largest output. Seen: 1e-6 to 3e-5."""

_CHECKED_PHOTOS = 8


@dataclass(frozen=True, slots=True)
class Request:
    """What a parent process asks for."""

    part: Part
    photos: list[str]
    target: str


def convert(model: Any, scratch: Path | None = None) -> bytes:  # noqa: ANN401 - Keras models have no typed stubs
    """A Keras model with one input and one output as a LiteRT flatbuffer, float32.

    Args:
        model: The Keras model.
        scratch: Where a large network is written meanwhile; the system's place for temporary files if None.
    """
    with litert_converter(model, scratch=scratch) as converter:
        flatbuffer: bytes = converter.convert()
    return flatbuffer


def difference(model: Any, engine: LiteRTEngine, inputs: NDArray[Any]) -> float:  # noqa: ANN401
    """Largest absolute difference between Keras and an engine, relative to Keras's largest output."""
    expected = np.asarray(model.predict_on_batch(inputs))
    scale = max(float(np.abs(expected).max()), float(np.finfo(np.float32).tiny))
    return float(np.abs(engine.run(inputs) - expected).max()) / scale


def _sample_inputs(part: Part, model: Any, photos: list[str]) -> NDArray[Any]:  # noqa: ANN401
    """Real photos where the part begins with photos, else random activations."""
    rng = np.random.default_rng(0)
    shape = model.inputs[0].shape[1:]
    if part.start != PHOTO:
        return rng.gamma(0.5, 1.0, (_CHECKED_PHOTOS, *shape)).astype(np.float32)
    pictures: list[NDArray[np.uint8]] = []
    for photo in photos:
        try:
            pictures.append(decode(Path(photo), part.spec.input_size))
        except UnreadableImageError:
            continue
    noise = [rng.integers(0, 256, shape, dtype=np.uint8)]
    return np.stack((pictures or noise)[:_CHECKED_PHOTOS])


def answer(request: Request) -> dict[str, Any]:
    """Make and check the engine that is asked for."""
    backend.start()
    from tlstudio.modeling.network import build_part

    try:
        model = build_part(request.part)
    except TLStudioError as error:
        return {"agrees": False, "error": error.message, "hint": error.hint}
    try:
        flatbuffer = convert(model, Path(request.target).parent)
        inputs = _sample_inputs(request.part, model, request.photos)
        found = difference(model, LiteRTEngine(flatbuffer), inputs)
    except Exception as error:  # noqa: BLE001 - whatever a converter can't do, Keras can: the parent falls back
        return {"agrees": False, "reason": f"{type(error).__name__}: {str(error)[:300]}"}
    if not found <= TOLERANCE:
        return {"agrees": False, "difference": found, "reason": f"its results differ from Keras's by {found:.1e}"}
    Path(request.target).write_bytes(flatbuffer)
    return {"agrees": True, "difference": found, "checked": len(inputs), "batch": BATCH}


def main(request_file: str) -> None:
    """Answer one request."""
    request = from_json(Path(request_file).read_bytes(), Request)
    partial = Path(request_file).with_name("answer.partial")
    partial.write_text(json.dumps(answer(request)), encoding="utf-8")
    partial.replace(partial.with_name("answer.json"))


if __name__ == "__main__":
    main(sys.argv[1])
