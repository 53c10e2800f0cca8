"""Use case: put a run to work on photos."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from tlstudio.errors import TLStudioError
from tlstudio.events import Batch, CancelToken, Emit, Event
from tlstudio.prediction.batch import PredictOptions, find_files, predict_files
from tlstudio.prediction.prediction import BatchSummary, Prediction
from tlstudio.prediction.predictor import Predictor
from tlstudio.prediction.table import PredictionTable
from tlstudio.runs.store import StoredRun
from tlstudio.runs.thresholds import load_thresholds

_CHECK_PHOTOS = 8


def predict(
    stored: StoredRun,
    inputs: Sequence[Path],
    options: PredictOptions,
    csv: Path | None = None,
    *,
    emit: Emit,
    token: CancelToken,
) -> BatchSummary:
    """Classify folders and files.

    Args:
        stored: The run.
        inputs: Folders (everything below them) and single files.
        options: How answers are given.
        csv: Where to write the table; None for nowhere.
        emit: Told the answers in ``Batch`` events, and the progress.
        token: A stop is a normal end: what was answered is kept.

    Raises:
        TLStudioError: If an input isn't there, nothing in them could be a photo, or the table can't be written.
        Cancelled: If a stop came before the model was ready.
    """
    found = find_files(inputs)
    if not found.candidates and not found.unreadable:
        raise TLStudioError(
            f"There are no files in {', '.join(map(str, inputs))}.", "Choose a folder with photos, or single photos."
        )
    predictor = Predictor.load(stored, found.candidates[:_CHECK_PHOTOS], emit=emit, token=token)
    if options.class_thresholds is None:
        options = replace(options, class_thresholds=load_thresholds(stored.folder))
    shown = min(options.top, len(predictor.classes))
    with ExitStack() as stack:
        table = stack.enter_context(PredictionTable(csv, shown)) if csv else None

        def forward(event: Event) -> None:
            if table is not None and isinstance(event, Batch):
                table.write(entry for entry in event.items if isinstance(entry, Prediction))
            emit(event)

        return predict_files(predictor, found, options, emit=forward, token=token)
