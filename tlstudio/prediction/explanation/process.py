"""A child process that computes heat maps: gradients need TensorFlow, whose start would hold up the window.

It reads one request a line from standard input and writes one answer a line; it ends with its input.
"""

import os
import queue
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import numpy as np

from tlstudio.datasets.images import UnreadableImageError, decode
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Emit, Progress
from tlstudio.modeling import backend
from tlstudio.modeling.part import Part
from tlstudio.prediction.explanation.heat_map import HeatMap, MapLayer
from tlstudio.serialization import from_json, to_json

_POLL_SECONDS: Final = 0.05


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of the process.

    Attributes:
        number: Of this request; its answer carries the same.
        photo: File of the photo.
        class_index: The class.
        layer: Where to look; "" for the last feature map.
    """

    number: int
    photo: str
    class_index: int
    layer: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the process says.

    Attributes:
        number: Of the request.
        values: Rows of the heat map, 0 to 1; empty where Grad-CAM means nothing for this network.
        layer: Where it looked.
        layers: Where it can look.
        error: What is in the way, in a sentence; empty for nothing.
        hint: What to do about it.
    """

    number: int
    values: list[list[float]]
    layer: str = ""
    layers: tuple[MapLayer, ...] = ()
    error: str = ""
    hint: str = ""


class GradCamProcess:
    """Grad-CAM of one network, computed elsewhere. Started by the first question; safe to ask from any thread."""

    def __init__(self, part: Part) -> None:
        """Make ready to ask.

        Args:
            part: The whole network, from photos to scores.
        """
        self._part = part
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.SimpleQueue[Answer | None] = queue.SimpleQueue()
        self._number = 0

    def heat_map(
        self, photo: Path, class_index: int, layer: str = "", *, emit: Emit, token: CancelToken
    ) -> HeatMap | None:
        """What speaks for a class in a photo; None where Grad-CAM means nothing for this network.

        Raises:
            TLStudioError: If the photo can't be read, the network can't be built, or it has no such layer.
            Cancelled: If a stop was asked for; the process stays ready.
        """
        with self._lock:
            self._number += 1
            self._send(Request(self._number, str(photo), class_index, layer))
            answer = self._await(self._number, emit, token)
        if answer.error:
            raise TLStudioError(answer.error, answer.hint)
        if not answer.values:
            return None
        values = np.array(answer.values, dtype=np.float32)
        return HeatMap(values, class_index, "grad_cam", answer.layer, answer.layers)

    def close(self) -> None:
        """End the process; the next question starts another one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            with suppress(OSError):
                _pipe(process.stdin).close()

    def _send(self, request: Request) -> None:
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._start()
        try:
            self._write(to_json(request))
        except (OSError, ValueError) as error:
            raise TLStudioError("The heat maps can't be computed: their process has ended.", "Try again.") from error

    def _start(self) -> None:
        self._answers = queue.SimpleQueue()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tlstudio.prediction.explanation.process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        arguments = (_pipe(self._process.stdout), self._answers)
        threading.Thread(target=_collect, args=arguments, name="heat maps", daemon=True).start()
        self._write(to_json(self._part))

    def _write(self, line: bytes) -> None:
        stream = _pipe(self._process.stdin if self._process else None)
        stream.write(line + b"\n")
        stream.flush()

    def _await(self, number: int, emit: Emit, token: CancelToken) -> Answer:
        while True:
            token.check()
            try:
                answer = self._answers.get(timeout=_POLL_SECONDS)
            except queue.Empty:
                emit(Progress("explain", 0, 0, "Looking at the photo"))
                continue
            if answer is None:
                raise TLStudioError(
                    "The heat maps can't be computed: their process has ended early.",
                    "Close other programs if memory is short, and try again.",
                )
            if answer.number == number:
                return answer


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise OSError("the process is gone")
    return stream


def _collect(stream: IO[bytes], answers: "queue.SimpleQueue[Answer | None]") -> None:
    """Take answers as they come; runs in a thread until the process ends."""
    with stream, suppress(OSError, ValueError):
        for line in stream:
            answers.put(from_json(line, Answer))
    answers.put(None)


class _Server:
    """The child's side."""

    def __init__(self, part: Part) -> None:
        backend.start()
        from tlstudio.modeling.network import build_part
        from tlstudio.prediction.explanation.grad_cam import GradCam

        self._size = part.spec.input_size
        self._maps = GradCam(build_part(part))

    def answer(self, request: Request) -> Answer:
        if not self._maps.layers:
            return Answer(request.number, [])
        picture = decode(Path(request.photo), self._size)
        found = self._maps.heat_map(picture, request.class_index, request.layer)
        return Answer(request.number, found.values.tolist(), found.layer, found.layers)


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answer requests until there are no more; the first line is the network."""
    part = from_json(requests.readline(), Part)
    server: _Server | None = None
    for line in requests:
        request = from_json(line, Request)
        try:
            server = server or _Server(part)
            answer = server.answer(request)
        except UnreadableImageError as error:
            answer = Answer(request.number, [], error=f"{request.photo} can't be read: {error.reason}")
        except TLStudioError as error:
            answer = Answer(request.number, [], error=error.message, hint=error.hint)
        answers.write(to_json(answer) + b"\n")
        answers.flush()


def main() -> None:
    """Serve standard input, on a standard output that nobody else writes to."""
    with os.fdopen(os.dup(1), "wb") as answers:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.close(null)
        serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
