"""Use case: classify folders, and what comes into them from then on."""

from collections.abc import Sequence
from pathlib import Path

from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Emit, Notice
from tlstudio.prediction.answer_store import AnswerStore, BatchRecord
from tlstudio.prediction.answering_model import model_of
from tlstudio.prediction.batch import ListedFile, PredictOptions
from tlstudio.prediction.prediction import BatchSummary
from tlstudio.prediction.table_formats import TABLE_FORMATS
from tlstudio.prediction.watch import LOOK_SECONDS, FolderWatch
from tlstudio.runs.store import StoredRun
from tlstudio.workflows.predict import predict, predict_new, with_thresholds

_CSV = next(kind for kind in TABLE_FORMATS if kind.key == "csv")


def watch_photos(
    stored: StoredRun,
    inputs: Sequence[Path],
    options: PredictOptions,
    csv: Path | None = None,
    *,
    answers: AnswerStore,
    seconds: float = LOOK_SECONDS,
    emit: Emit,
    token: CancelToken,
) -> BatchSummary:
    """Classify folders, then what is new or changed in them, until a stop.

    Args:
        stored: The run.
        inputs: Folders (everything below them) and single files.
        options: How answers are given.
        csv: Where to keep the table as of now, one row for each file; None for nowhere.
        answers: Where answers are kept.
        seconds: Between two looks at the folders.
        emit: Told the answers in ``Batch`` events; of a file that has changed, once more.
        token: Ends it.

    Raises:
        TLStudioError: As ``predict``. A folder that vanishes later is waited for.
    """
    options = with_thresholds(options, stored)
    summary = predict(stored, inputs, options, csv, answers=answers, emit=emit, token=token)
    record = answers.batch_of(model_of(stored), inputs)
    watch, missing = FolderWatch(answers, record), ""
    while not token.cancelled:
        files, problem = _looked(watch)
        if problem and problem != missing:
            emit(Notice(f"{problem} What comes is classified when it is back."))
        missing = problem
        if files:
            summary = predict_new(stored, answers, record.id, files, options, emit=emit, token=token)
            if csv is not None:
                _write(csv, answers, record, options, emit)
        token.rest(seconds)
    return summary


def _looked(watch: FolderWatch) -> tuple[tuple[ListedFile, ...], str]:
    """What has come, or why that can't be seen."""
    try:
        return watch.poll(), ""
    except TLStudioError as error:
        return (), error.message


def _write(csv: Path, answers: AnswerStore, record: BatchRecord, options: PredictOptions, emit: Emit) -> None:
    """Write the table anew: a changed file keeps its row, so that it can't simply be continued."""
    try:
        with _CSV.open(csv, min(options.top, len(record.model.classes))) as write:
            write(answers.predictions(record.id, options))
    except TLStudioError as error:  # a spreadsheet program may have it open for a while
        emit(Notice(f"{error.message} It is tried again with the next photo."))
