"""Opening a model from elsewhere in a process of its own, and keeping what comes of it until it is made into a run."""

import os
import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final

from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Emit, Progress
from tlstudio.foreign.limits import EXIT_MEMORY
from tlstudio.foreign.pixels import Pixels
from tlstudio.foreign.process import ANSWER_FILE, Answer, Contents, Request, engine_file
from tlstudio.foreign.refusal import RefusedModelError, refusal
from tlstudio.modeling.child import run_child
from tlstudio.modeling.memory import total_bytes
from tlstudio.serialization import from_json, to_json

MODEL_ENDINGS: Final = (".keras", ".h5", ".hdf5")
"""Files that can be models from elsewhere."""

_MEMORY: Final = 3 << 30  # TensorFlow and the converter; MobileNetV2 took 1.1 GB (measured)
_FOR_EACH_BYTE: Final = 8  # weights, their copies in Keras, in the graph and in the flatbuffer
_SHARE: Final = 0.75  # of the main memory, at most
_SECONDS: Final = 600


@dataclass(frozen=True, slots=True)
class OpenedModel:
    """A model from elsewhere, ready to be made into a run. Its engines lie in a temporary folder until it is closed.

    Attributes:
        file: The model.
        contents: What is in it.
        folder: Where its engines lie.
    """

    file: Path
    contents: Contents
    folder: Path

    def engine(self, pixels: Pixels) -> Path:
        """The engine that takes the pixels to be wanted so.

        Raises:
            ValueError: If that is none of the candidates.
        """
        if pixels not in self.contents.evidence.candidates:
            raise ValueError(f"this model doesn't take pixels as {pixels}")
        return engine_file(self.folder, pixels)

    def close(self) -> None:
        """Throw the temporary files away."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> "OpenedModel":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_foreign(file: Path, *, emit: Emit, token: CancelToken, seconds: int = _SECONDS) -> OpenedModel:
    """Check a model from elsewhere and make engines of it, in a child process with limits on memory and time.

    Args:
        file: A ``.keras`` file, or Teachable Machine's ``keras_model.h5``.
        emit: Told the progress.
        token: Stops it; the process ends.
        seconds: The most that it may take.

    Raises:
        RefusedModelError: If it could do harm, is no classifier of photos, or needs more than the limits.
        TLStudioError: If there is no such file.
        Cancelled: If a stop was asked for.
    """
    if not file.is_file():
        raise TLStudioError(f"There is no file {file}.", "Choose a .keras file, or Teachable Machine's keras_model.h5.")
    folder = Path(tempfile.mkdtemp(prefix="tlstudio-model-"))
    try:
        memory = _most_memory(file.stat().st_size)
        code = _run(Request(str(file.resolve()), str(folder), memory, seconds), emit, token)
        return OpenedModel(file, _contents(file, folder, code, memory), folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _most_memory(size: int) -> int:
    total = total_bytes()
    wanted = _MEMORY + _FOR_EACH_BYTE * size
    return wanted if total is None else min(wanted, max(int(total * _SHARE), _MEMORY))


def _run(request: Request, emit: Emit, token: CancelToken) -> int | None:
    """Exit code of the child process; None if its time was up."""
    request_file = Path(request.folder) / "request.json"
    request_file.write_bytes(to_json(request))
    started = time.monotonic()

    def tell() -> None:
        emit(Progress("model", int(time.monotonic() - started), 0, f"Checking {Path(request.file).name}"))

    environment = _surroundings(os.environ)
    return run_child(
        "tlstudio.foreign.process",
        request_file,
        tell=tell,
        token=token,
        env=environment,
        most_seconds=request.most_seconds,
    )


def _surroundings(environment: Mapping[str, str]) -> dict[str, str]:
    """No graphics card: their drivers take more address space than the limits leave."""
    return {**environment, "CUDA_VISIBLE_DEVICES": "-1"}


def _contents(file: Path, folder: Path, code: int | None, memory: int) -> Contents:
    answer_file = folder / ANSWER_FILE
    if answer_file.is_file():
        answer = from_json(answer_file.read_bytes(), Answer)
        if answer.contents is not None:
            return answer.contents
        raise RefusedModelError(answer.message, answer.hint)
    if code is None:
        raise refusal(file, "takes too long to put together")
    if code == EXIT_MEMORY:
        raise refusal(file, f"needs more than {memory / 1e9:.0f} GB of memory")
    raise refusal(file, "brought down the process that looked at it: it is too large, or it is damaged")
