"""Engines: what computes a part of a network for a batch of inputs, as fast as this computer can.

The quick engine is LiteRT with XNNPACK, made once from the Keras model in a child process (the conversion holds the
interpreter lock for seconds), checked there against Keras, and kept on disk. Where it can't be made, Keras computes.
"""

import json
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from tlstudio import paths
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Emit, Notice, Progress
from tlstudio.modeling import backend
from tlstudio.modeling.architectures import title_of
from tlstudio.modeling.child import end_child, start_child
from tlstudio.modeling.part import Part
from tlstudio.serialization import to_json
from tlstudio.whole_files import write_whole

BATCH = 16
"""Rows that an engine computes at a time; more gain nothing on a CPU (measured: 1 to 32 rows, within 10 %)."""

ENGINE_VERSION = 1
"""Part of the file names; raise it when engines have to be made anew."""

_POLL_SECONDS = 0.1
_RETRY_SECONDS = 24 * 3600


class Engine(Protocol):
    """Computes a part of a network."""

    def run(self, batch: NDArray[Any]) -> NDArray[np.float32]:
        """Outputs for a batch of inputs of any length, row by row."""


class LiteRTEngine:
    """A converted network in the LiteRT interpreter."""

    def __init__(self, model: Path | bytes, threads: int = 0) -> None:
        from ai_edge_litert.interpreter import Interpreter

        source = {"model_content": model} if isinstance(model, bytes) else {"model_path": str(model)}
        with backend.silenced_stderr():
            self._interpreter = Interpreter(**source, num_threads=threads or backend.threads())
            self._input = self._interpreter.get_input_details()[0]
            self._output = self._interpreter.get_output_details()[0]
            self._interpreter.resize_tensor_input(self._input["index"], (BATCH, *self._input["shape"][1:]))
            self._interpreter.allocate_tensors()
        self._lock = threading.Lock()

    def run(self, batch: NDArray[Any]) -> NDArray[np.float32]:
        """Outputs for a batch of inputs of any length, row by row."""
        with self._lock:
            parts = [self._invoke(batch[start : start + BATCH]) for start in range(0, len(batch), BATCH)]
        return np.concatenate(parts) if len(parts) != 1 else parts[0]

    def _invoke(self, rows: NDArray[Any]) -> NDArray[np.float32]:
        missing = BATCH - len(rows)
        padded = np.concatenate([rows, np.repeat(rows[-1:], missing, axis=0)]) if missing else rows
        self._interpreter.set_tensor(self._input["index"], np.ascontiguousarray(padded))
        self._interpreter.invoke()
        result: NDArray[np.float32] = self._interpreter.get_tensor(self._output["index"])
        return result[: len(rows)]


class KerasEngine:
    """The Keras model itself."""

    def __init__(self, model: Any) -> None:  # noqa: ANN401 - Keras models have no typed stubs
        self._model = model

    def run(self, batch: NDArray[Any]) -> NDArray[np.float32]:
        """Outputs for a batch of inputs of any length, row by row."""
        rows = [
            np.asarray(self._model.predict_on_batch(batch[start : start + BATCH]))
            for start in range(0, len(batch), BATCH)
        ]
        return np.concatenate(rows).astype(np.float32, copy=False)


class EngineStore:
    """Engines on disk, one file a part."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or paths.cache_dir() / "engines"

    def path(self, part: Part) -> Path:
        """Where the engine of a part lies, or will lie."""
        if part.ready_engine:
            return Path(part.ready_engine)
        return self._folder / f"{part.key()}-v{ENGINE_VERSION}.tflite"

    def has(self, part: Part) -> bool:
        """Whether the engine of a part is already made."""
        return self.path(part).is_file()

    def begin(self, part: Part, photos: Sequence[Path] = ()) -> "PendingEngine":
        """Start making the engine of a part, unless it is there.

        Args:
            part: What it is to compute.
            photos: Some real photos to check it on.
        """
        return PendingEngine(self, part, photos)

    def get(self, part: Part, photos: Sequence[Path] = (), *, emit: Emit, token: CancelToken) -> Engine:
        """The engine of a part, made now if it isn't there.

        Raises:
            TLStudioError: If the network can't be built at all.
            Cancelled: If a stop was asked for while it was made.
        """
        return self.begin(part, photos).wait(emit=emit, token=token)

    def discard(self, part: Part) -> None:
        """Remove an engine that can't be used, so that it is made anew next time; one that can't be made stays."""
        if part.ready_engine:
            return
        with suppress(OSError):
            self.path(part).unlink(missing_ok=True)

    def put(self, part: Part, model: bytes) -> None:
        """Keep an engine that was made elsewhere."""
        write_whole(self.path(part), model)

    def failure(self, part: Part) -> str:
        """Why the engine of a part could not be made in the last day; "" if it could, or wasn't tried."""
        path = self._failure_file(part)
        if not path.is_file() or time.time() - path.stat().st_mtime > _RETRY_SECONDS:
            return ""  # it may have been for want of memory or of a package
        return path.read_text(encoding="utf-8")

    def put_failure(self, part: Part, reason: str) -> None:
        """Remember that the engine of a part can't be made, so that it isn't tried every time."""
        path = self._failure_file(part)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(reason, encoding="utf-8")

    def _failure_file(self, part: Part) -> Path:
        return self.path(part).with_suffix(".failed")


class PendingEngine:
    """An engine that may still be in the making."""

    def __init__(self, store: EngineStore, part: Part, photos: Sequence[Path]) -> None:
        self._store = store
        self._part = part
        self._conversion: _Conversion | None = None
        if not store.has(part) and not store.failure(part):
            self._conversion = _Conversion.join(store, part, photos)

    def wait(self, *, emit: Emit, token: CancelToken) -> Engine:
        """The finished engine; Keras itself if none can be made.

        Raises:
            TLStudioError: If the network can't be built at all.
            Cancelled: If a stop was asked for; the making ends, unless somebody else waits for it too.
        """
        if self._conversion is not None:
            self._await(self._conversion, emit, token)
        if self._store.has(self._part):
            try:
                return LiteRTEngine(self._store.path(self._part))
            except (ImportError, RuntimeError, ValueError) as error:
                if not isinstance(error, ImportError):
                    self._store.discard(self._part)
                emit(Notice(f"The quick engine can't be used here ({error}). Keras computes instead, more slowly."))
        else:
            reason = self._store.failure(self._part) or "its process ended early"
            emit(Notice(f"The quick engine could not be made: {reason}. Keras computes instead, more slowly."))
        return _keras_engine(self._part)

    def _await(self, conversion: "_Conversion", emit: Emit, token: CancelToken) -> None:
        note = f"Preparing {title_of(self._part.spec.backbone)} for this computer, once"
        started = time.monotonic()
        try:
            while not conversion.ended(_POLL_SECONDS):
                token.check()
                emit(Progress("engine", int(time.monotonic() - started), 0, note))
            conversion.collect()
        finally:
            self.abandon()

    def abandon(self) -> None:
        """Wait for it no longer; the making ends with the last one who waits."""
        if self._conversion is not None:
            self._conversion.leave()
            self._conversion = None


class _Conversion:
    """A child process that makes an engine. Whoever wants the same engine meanwhile joins in."""

    _running: ClassVar[dict[Path, "_Conversion"]] = {}
    _lock: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self, store: EngineStore, part: Part, photos: Sequence[Path]) -> None:
        self._store = store
        self._part = part
        self._waiting = 0
        self._collected = False
        self._scratch = tempfile.TemporaryDirectory(prefix="tlstudio-engine-")
        request = Path(self._scratch.name) / "request.json"
        target = Path(self._scratch.name) / "engine.tflite"
        request.write_bytes(to_json({"part": part, "photos": [str(photo) for photo in photos], "target": str(target)}))
        self._process = start_child("tlstudio.modeling.convert", request)

    @classmethod
    def join(cls, store: EngineStore, part: Part, photos: Sequence[Path]) -> "_Conversion":
        """The conversion that makes this engine, begun now unless it runs already."""
        path = store.path(part)
        with cls._lock:
            conversion = cls._running.get(path)
            if conversion is None:
                conversion = cls._running[path] = cls(store, part, photos)
            conversion._waiting += 1
            return conversion

    def ended(self, patience: float) -> bool:
        """Whether the process has ended, after waiting so many seconds for it."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(patience)
        return self._process.poll() is not None

    def collect(self) -> None:
        """Take over what the process made.

        Raises:
            TLStudioError: If the network can't be built at all.
        """
        with self._lock:
            answer_file = Path(self._scratch.name) / "answer.json"
            answer = json.loads(answer_file.read_bytes()) if answer_file.is_file() else {}
            if answer.get("error"):
                raise TLStudioError(answer["error"], answer.get("hint", ""))
            if answer.get("agrees") and not self._collected:
                self._store.put(self._part, (Path(self._scratch.name) / "engine.tflite").read_bytes())
            elif "reason" in answer:
                self._store.put_failure(self._part, answer["reason"])
            self._collected = True

    def leave(self) -> None:
        """One fewer waits; the last one ends the process and removes its files."""
        with self._lock:
            self._waiting -= 1
            if self._waiting:
                return
            del self._running[self._store.path(self._part)]
            end_child(self._process)
            self._scratch.cleanup()


def _keras_engine(part: Part) -> Engine:
    backend.start()
    from tlstudio.modeling.network import build_part

    return KerasEngine(build_part(part))
