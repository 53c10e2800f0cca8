"""Child process: build the network of a run and write it in one format.

The request is JSON. What is in the way goes to ``answer.json`` beside it; where nothing is, there is the model.
"""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from tlstudio.errors import TLStudioError
from tlstudio.modeling.part import Part
from tlstudio.serialization import from_json, to_json

ANSWER: Final = "answer.json"


@dataclass(frozen=True, slots=True)
class Order:
    """What to write.

    Attributes:
        format: Name of the exporter.
        part: The network, from photos to scores.
        temperature: What its scores are calibrated with.
        companions: Texts that travel with it, by file name.
        photos: Path of pictures to learn the ranges of numbers from (.npy); "" for none.
        target: Where to write it.
    """

    format: str
    part: Part
    temperature: float
    companions: dict[str, str]
    photos: str
    target: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What was in the way.

    Attributes:
        error: In a sentence; "" for nothing.
        hint: What to do about it.
    """

    error: str = ""
    hint: str = ""


def write(order: Order) -> None:
    """Build and write.

    Raises:
        TLStudioError: If the network can't be built.
    """
    from tlstudio.modeling import backend

    backend.start()
    from tlstudio.export.plain_network import plain_network
    from tlstudio.export.writers import WRITERS, Material

    photos = np.load(order.photos) if order.photos else np.empty(0, np.uint8)
    material = Material(plain_network(order.part, order.temperature), order.companions, photos)
    WRITERS[order.format](material, Path(order.target))


def main(request_file: str) -> None:
    """Carry out one order."""
    request = Path(request_file)
    answer = Answer()
    try:
        write(from_json(request.read_bytes(), Order))
    except TLStudioError as error:
        answer = Answer(error.message, error.hint)
    except OSError as error:
        answer = Answer(
            f"The model can't be written: {error.strerror or error}.", "Make room, or choose another place."
        )
    except Exception as error:  # noqa: BLE001 - whatever a converter can't do with a network: the parent says so
        reason = str(error).strip().partition("\n")[0][:200]
        message = f"This network can't be written in this format. {type(error).__name__}: {reason}"
        answer = Answer(message, "Choose another format.")
    request.with_name(ANSWER).write_bytes(to_json(answer))


if __name__ == "__main__":
    main(sys.argv[1])
