"""Use case: judge a run on its test part, or on another labelled folder."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tlstudio.datasets.dataset import Sample
from tlstudio.datasets.images import UnreadableImageError
from tlstudio.datasets.reading.reading import Reading
from tlstudio.errors import TLStudioError
from tlstudio.evaluation.judge import build_report
from tlstudio.evaluation.report import Report
from tlstudio.events import CancelToken, Emit, Progress
from tlstudio.prediction.predictor import Predictor
from tlstudio.runs.store import StoredRun
from tlstudio.workflows.scan import read_photos


def evaluate(
    stored: StoredRun, folder: Path | None = None, reading: Reading | None = None, *, emit: Emit, token: CancelToken
) -> Report:
    """Judge a run.

    Args:
        stored: The run.
        folder: Labelled photos; None for the test part that the run set aside.
        reading: How ``folder`` is read, whatever its root; by its folders if None.
        emit: Told the progress.
        token: Stops it.

    Raises:
        TLStudioError: If there are no photos to judge on, or their classes are others than the run's.
        Cancelled: If a stop was asked for.
    """
    if folder is None:
        root, samples, rejected = Path(stored.run.root), _test_part(stored), []
    else:
        dataset = read_photos(folder, reading, emit=emit, token=token)
        root, samples = Path(dataset.root), dataset.samples
        rejected = [(entry.path, entry.reason) for entry in dataset.rejected]
        _require_known(stored, samples, folder)
    photos = [root / sample.path for sample in samples]
    predictor = Predictor.load(stored, photos[:8], emit=emit, token=token)
    judged, rows = [], []
    for sample, outcome in zip(samples, predictor.scores(photos, token=token), strict=True):
        if isinstance(outcome, UnreadableImageError):
            rejected.append((sample.path, outcome.reason))
        else:
            judged.append(sample)
            rows.append(outcome)
        emit(Progress("evaluate", len(judged) + len(rejected), len(samples)))
    if not judged:
        raise TLStudioError(
            f"None of the {len(samples)} photos in {root} can be read.", "If they were moved, name their new folder."
        )
    index = {name: number for number, name in enumerate(stored.run.classes)}
    truth = np.array([index[sample.class_name] for sample in judged])
    names = [sample.path for sample in judged]
    temperature = predictor.temperature
    return build_report(str(root), stored.run.classes, names, truth, np.stack(rows), rejected, temperature)


def _test_part(stored: StoredRun) -> tuple[Sample, ...]:
    run = stored.run
    if not run.split.test:
        raise TLStudioError(
            "This run kept no photos for a final exam.", "Name a folder of labelled photos to judge it on."
        )
    return tuple(run.samples[index] for index in run.split.test)


def _require_known(stored: StoredRun, samples: Sequence[Sample], folder: Path) -> None:
    if not samples:
        raise TLStudioError(f"{folder} holds no labelled photos.", "It needs one folder for each class.")
    unknown = sorted({sample.class_name for sample in samples} - set(stored.run.classes))
    if unknown:
        raise TLStudioError(
            f"The run doesn't know {', '.join(unknown[:5])}{' and others' if len(unknown) > 5 else ''}.",
            f"Its classes are {', '.join(stored.run.classes[:12])}{', …' if len(stored.run.classes) > 12 else ''}.",
        )
