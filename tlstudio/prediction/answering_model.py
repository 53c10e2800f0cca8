"""What the answers of a run depend on, besides the photo."""

import hashlib
from dataclasses import dataclass

import msgspec

from tlstudio.datasets.images import DECODER_VERSION
from tlstudio.modeling.engine import ENGINE_VERSION
from tlstudio.prediction.predictor import parts_of
from tlstudio.runs.store import StoredRun


@dataclass(frozen=True, slots=True)
class AnsweringModel:
    """A model that answers are kept of.

    Attributes:
        key: Equal for two models exactly if they give the same scores.
        run: Folder of the run.
        classes: Names, one for each score.
    """

    key: str
    run: str
    classes: tuple[str, ...]


def model_of(stored: StoredRun) -> AnsweringModel:
    """The model of a run.

    Raises:
        TLStudioError: If its weights are damaged.
    """
    run = stored.run
    identity = (
        [part.key() for part in parts_of(stored)],
        run.temperature,
        [name.encode(errors="surrogateescape") for name in run.classes],
        (DECODER_VERSION, ENGINE_VERSION),
    )
    key = hashlib.sha256(msgspec.json.encode(identity)).hexdigest()[:24]
    return AnsweringModel(key, str(stored.folder.absolute()), run.classes)
