"""The scores that a run keeps of the photos it was checked on and judged on."""

import zipfile
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tlstudio.errors import TLStudioError
from tlstudio.evaluation.calibration import calibrated
from tlstudio.runs.run import Run
from tlstudio.runs.store import SCORES_FILE, StoredRun


@dataclass(frozen=True, slots=True)
class LabelledScores:
    """Scores of one part of the photos.

    Attributes:
        photos: Positions in the samples of the run, in the order of the rows.
        labels: True class indices, shape (n,).
        raw: As the network gives them, shape (n, classes).
        scores: At the temperature of the run, as every answer is given, shape (n, classes).
    """

    photos: tuple[int, ...]
    labels: NDArray[np.int64]
    raw: NDArray[np.float32]
    scores: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class RunScores:
    """Scores of the photos that a run did not learn from.

    Attributes:
        validation: Of those it was checked on.
        test: Of those kept for the exam.
    """

    validation: LabelledScores
    test: LabelledScores


def load_scores(stored: StoredRun) -> RunScores:
    """Read the scores of a run.

    Raises:
        TLStudioError: If they are missing or damaged.
    """
    path = stored.folder / SCORES_FILE
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            validation, test = arrays["validation"], arrays["test"]
        split = stored.run.split
        return RunScores(_labelled(stored.run, split.validation, validation), _labelled(stored.run, split.test, test))
    except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise TLStudioError(f"{path} is missing or damaged.", "Train again, or restore the run from a copy.") from error


def _labelled(run: Run, photos: tuple[int, ...], raw: NDArray[np.float32]) -> LabelledScores:
    if raw.shape != (len(photos), len(run.classes)):
        raise ValueError(f"scores of shape {raw.shape} for {len(photos)} photos")
    index = {name: number for number, name in enumerate(run.classes)}
    labels = np.array([index[run.samples[photo].class_name] for photo in photos], dtype=np.int64)
    return LabelledScores(photos, labels, raw, calibrated(raw, run.temperature))
