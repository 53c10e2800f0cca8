"""Child process: does a file of weights fit a network? It builds the network, which would hold up a window for seconds.

The request and, beside it, the answer are JSON; the answer is a ``FitReport``, or ``error`` and ``hint``.
"""

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken
from tlstudio.modeling.child import run_child
from tlstudio.modeling.spec import ModelSpec
from tlstudio.modeling.weights_fit import FitReport, fit, layer_arrays
from tlstudio.serialization import from_json, to_json

_ANSWER: Final = "answer.json"


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be found out.

    Attributes:
        spec: The network.
        title: What it is called.
        file: Path of the weights.
        top: Whether the layers that name ImageNet's classes belong to it.
    """

    spec: ModelSpec
    title: str
    file: str
    top: bool


@dataclass(frozen=True, slots=True)
class _Answer:
    report: FitReport | None = None
    error: str = ""
    hint: str = ""


def check_fit(question: Question, *, token: CancelToken) -> FitReport:
    """Ask in a process of its own, which a stop ends.

    Raises:
        TLStudioError: If the network can't be built, or the file is none of weights.
        Cancelled: If a stop was asked for.
    """
    with tempfile.TemporaryDirectory(prefix="tlstudio-fit-") as folder:
        request = Path(folder) / "request.json"
        request.write_bytes(to_json(question))
        run_child("tlstudio.modeling.fit_check", request, tell=_nothing, token=token)
        answer_file = request.with_name(_ANSWER)
        answer = from_json(answer_file.read_bytes(), _Answer) if answer_file.is_file() else _Answer()
    if answer.report is None:
        raise TLStudioError(
            answer.error or f"{question.title} could not be built to compare the file with.",
            answer.hint or "There may be too little memory. Close other programs and try again.",
        )
    return answer.report


def _nothing() -> None:
    """Nobody is told how far it is."""


def main(request_file: str) -> None:
    """Answer one question."""
    question = from_json(Path(request_file).read_bytes(), Question)
    try:
        answer = _Answer(_compared(question))
    except TLStudioError as error:
        answer = _Answer(error=error.message, hint=error.hint)
    Path(request_file).with_name(_ANSWER).write_bytes(to_json(answer))


def _compared(question: Question) -> FitReport:
    from tlstudio.modeling import backend

    backend.start()
    from tlstudio.modeling.network import build_backbone

    network = build_backbone(question.spec, include_top=question.top)
    return fit(question.title, layer_arrays(network.layers), question.file)


if __name__ == "__main__":
    main(sys.argv[1])
