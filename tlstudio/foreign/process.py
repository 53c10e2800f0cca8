"""Opening a model from elsewhere; run as a child process with the path of a request.

All that touches the file happens here, under limits: if it brings this process down, nothing else falls. The answer
lies beside the request: ``answer.json``, an ``Answer``, and one engine for each way in which the pixels may be wanted.
"""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from tlstudio.foreign.archive import unpack
from tlstudio.foreign.layers import check_config
from tlstudio.foreign.limits import limit_memory, limit_seconds
from tlstudio.foreign.pixels import PixelEvidence, Pixels, pixel_evidence
from tlstudio.foreign.refusal import RefusedModelError, refusal
from tlstudio.foreign.weights import check_weights
from tlstudio.serialization import from_json, to_json

ANSWER_FILE: Final = "answer.json"

_HDF5_MAGIC: Final = b"\x89HDF\r\n\x1a\n"
_MOST_BYTES: Final = 3 << 30
_CHECKED_PHOTOS: Final = 4
_TEACHABLE_MACHINE: Final = PixelEvidence("symmetric", why="Teachable Machine always takes pixels of −1 to 1.")


@dataclass(frozen=True, slots=True)
class Request:
    """What a parent process asks for.

    Attributes:
        file: The model.
        folder: Where engines and answer are put.
        most_memory: Bytes that this process may hold.
        most_seconds: Seconds that it may compute for.
    """

    file: str
    folder: str
    most_memory: int
    most_seconds: int


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in a model from elsewhere.

    Attributes:
        kind: "Keras" or "Teachable Machine".
        height: Of its photos, in pixels.
        width: Of its photos, in pixels.
        channels: 3 for colour, 1 for grey.
        classes: How many classes it tells apart.
        output: "softmax", "sigmoid" or "logits"; what its answers are made of.
        evidence: What its layers say of the pixels it wants.
    """

    kind: str
    height: int
    width: int
    channels: int
    classes: int
    output: str
    evidence: PixelEvidence

    @property
    def side(self) -> int:
        """Width and height in pixels that photos are brought to."""
        return max(self.height, self.width)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it: the contents, or why they are refused.

    Attributes:
        contents: What is in the file; None if it is refused.
        message: Why it is refused; "" if it isn't.
        hint: What to do about it.
    """

    contents: Contents | None = None
    message: str = ""
    hint: str = ""


def engine_file(folder: Path, pixels: Pixels) -> Path:
    """Where the engine lies that wants the pixels so."""
    return folder / f"{pixels}.tflite"


def open_model(file: Path, folder: Path) -> Contents:
    """Check a file, build its network and make an engine for each way in which the pixels may be wanted.

    Args:
        file: The model.
        folder: Where the engines are put.

    Raises:
        RefusedModelError: If it could do harm, or is no classifier of photos.
    """
    if file.stat().st_size > _MOST_BYTES:
        raise refusal(file, f"is larger than {_MOST_BYTES / 1e9:.0f} GB")
    with file.open("rb") as stream:
        is_hdf5 = stream.read(len(_HDF5_MAGIC)) == _HDF5_MAGIC
    if is_hdf5:
        kind, evidence, model = "Teachable Machine", _TEACHABLE_MACHINE, _teachable_machine(file)
    else:
        kind = "Keras"
        evidence, model = _keras(file, folder)
    for pixels in evidence.candidates:
        _make_engine(model, pixels, engine_file(folder, pixels), file)
    return Contents(kind, model.height, model.width, model.channels, model.classes, model.output, evidence)


def _keras(file: Path, folder: Path) -> tuple[PixelEvidence, Any]:
    """Everything is checked before Keras is imported."""
    unpacked = unpack(file, folder)
    checked = check_config(unpacked.config, file)
    check_weights(unpacked.weights, file)
    _start()
    from tlstudio.foreign.keras_model import build

    return pixel_evidence(checked.layers), build(checked.config, unpacked.weights, file)


def _teachable_machine(file: Path) -> Any:  # noqa: ANN401 - Keras models have no typed stubs
    from tlstudio.foreign.teachable_machine import read_weights, rebuild

    check_weights(file, file)
    weights = read_weights(file)
    _start()
    from tlstudio.foreign.keras_model import classifier

    return classifier(rebuild(weights, file), file)


def _start() -> None:
    from tlstudio.modeling import backend

    backend.start()


def _make_engine(model: Any, pixels: Pixels, target: Path, file: Path) -> None:  # noqa: ANN401
    """Convert the network, and see that the engine computes what Keras computes."""
    from tlstudio.foreign.keras_model import for_photos
    from tlstudio.modeling.convert import TOLERANCE, convert, difference
    from tlstudio.modeling.engine import LiteRTEngine

    network = for_photos(model, pixels)
    try:
        flatbuffer = convert(network, target.parent)
        engine = LiteRTEngine(flatbuffer)
    except MemoryError:
        raise
    except Exception as error:  # whatever a converter can't do
        raise refusal(file, f"has layers that can't be computed with here ({type(error).__name__})") from error
    rng = np.random.default_rng(0)
    photos = rng.integers(0, 256, (_CHECKED_PHOTOS, model.side, model.side, 3), dtype=np.uint8)
    found = difference(network, engine, photos)
    if not found <= TOLERANCE:
        raise refusal(file, f"gives other answers here than in Keras (they differ by {found:.1e})")
    target.write_bytes(flatbuffer)


def main(request_file: str) -> None:
    """Answer one request."""
    request = from_json(Path(request_file).read_bytes(), Request)
    limit_memory(request.most_memory)
    limit_seconds(request.most_seconds)
    folder, file = Path(request.folder), Path(request.file)
    try:
        answer = Answer(open_model(file, folder))
    except RefusedModelError as error:
        answer = Answer(message=error.message, hint=error.hint)
    except OSError as error:
        answer = Answer(message=f"{file.name} can't be read: {error.strerror or error}.", hint="Choose another file.")
    except MemoryError:
        why = "needs more memory than a model of photos should"
        answer = Answer(message=refusal(file, why).message, hint=refusal(file, why).hint)
    partial = folder / f"{ANSWER_FILE}.partial"
    partial.write_bytes(to_json(answer))
    partial.replace(folder / ANSWER_FILE)


if __name__ == "__main__":
    main(sys.argv[1])
