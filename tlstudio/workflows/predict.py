"""Use case: put a run to work on photos."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from tlstudio.errors import TLStudioError
from tlstudio.events import Batch, CancelToken, Emit, Event
from tlstudio.prediction.answer_store import AnswerStore, BatchRecord
from tlstudio.prediction.answering import Answerer, answer_files
from tlstudio.prediction.answering_model import model_of
from tlstudio.prediction.batch import ListedFile, PredictOptions
from tlstudio.prediction.open_batch import OpenBatch
from tlstudio.prediction.prediction import BatchSummary, Prediction
from tlstudio.prediction.predictor import Predictor
from tlstudio.prediction.table import PredictionTable
from tlstudio.runs.store import StoredRun
from tlstudio.runs.thresholds import load_thresholds
from tlstudio.workflows.fit_novelty import ensure_novelty

_CHECK_PHOTOS = 8


def predict(
    stored: StoredRun,
    inputs: Sequence[Path],
    options: PredictOptions,
    csv: Path | None = None,
    *,
    answers: AnswerStore | None = None,
    emit: Emit,
    token: CancelToken,
) -> BatchSummary:
    """Classify folders and files; what is known of unchanged photos is told again, not computed.

    Args:
        stored: The run.
        inputs: Folders (everything below them) and single files.
        options: How answers are given.
        csv: Where to write the table; None for nowhere.
        answers: Where answers are kept; None to keep none.
        emit: Told the answers in ``Batch`` events, and the progress.
        token: A stop is a normal end: what was answered is kept.

    Raises:
        TLStudioError: If an input isn't there, nothing in them could be a photo, or the table can't be written.
        Cancelled: If a stop came while files were being looked for.
    """
    with _kept(answers) as store:
        record = store.batch_of(model_of(stored), inputs)
        try:
            return _answer(stored, store, record, with_thresholds(options, stored), csv, emit=emit, token=token)
        except TLStudioError:
            if record.state == "waiting" and store.batch(record.id).summary is None:
                store.forget(record.id)  # it never began: there is nothing to go on with
            raise


def unfinished_inputs(stored: StoredRun, answers: AnswerStore) -> tuple[Path, ...]:
    """What was interrupted or stopped last: the folders and files that ``predict`` takes to go on.

    Args:
        stored: The run.
        answers: Where its answers are kept.

    Raises:
        TLStudioError: If nothing is unfinished, or it was named from another folder.
    """
    unfinished = [record for record in answers.batches(model_of(stored).key) if record.unfinished]
    if not unfinished:
        raise TLStudioError(f"Nothing that {stored.run.name} was asked is unfinished.", "Name folders or photos.")
    record = max(unfinished, key=lambda record: (record.begun, record.id))
    if any(not path.is_absolute() for path in record.inputs) and record.base != Path.cwd():
        raise TLStudioError(
            f"{', '.join(map(str, record.inputs))} was named in another folder.",
            f"Go to {record.base}, and resume there.",
        )
    return record.inputs


def predict_new(
    stored: StoredRun,
    answers: AnswerStore,
    batch: int,
    files: Sequence[ListedFile],
    options: PredictOptions,
    *,
    emit: Emit,
    token: CancelToken,
) -> BatchSummary:
    """Classify files that came to a batch that has been answered, or that have changed since.

    Args:
        stored: The run.
        answers: Where answers are kept.
        batch: Number of the batch.
        files: As ``FolderWatch.poll`` gives them.
        options: How answers are given.
        emit: Told the answers to these files alone in ``Batch`` events; of changed files, for the second time.
        token: As in ``predict``.

    Returns:
        The accounting of the whole batch.

    Raises:
        TLStudioError: If the batch is gone or being worked on, or the model can't be loaded.
    """
    options = with_thresholds(options, stored)
    with _opened(stored, answers, batch, emit, token) as opened:
        opened.add(files)
        before = answers.predictions(batch, options)
        photos = [Path(file.path) for file in files[:_CHECK_PHOTOS]]
        return answer_files(opened, _answerer(stored, photos, emit, token), options, before, emit=emit, token=token)


@contextmanager
def _kept(answers: AnswerStore | None) -> Iterator[AnswerStore]:
    if answers is not None:
        yield answers
        return
    with tempfile.TemporaryDirectory(prefix="tlstudio-answers-") as folder:
        yield AnswerStore(Path(folder))


def _answer(
    stored: StoredRun,
    store: AnswerStore,
    record: BatchRecord,
    options: PredictOptions,
    csv: Path | None,
    *,
    emit: Emit,
    token: CancelToken,
) -> BatchSummary:
    with ExitStack() as stack:
        batch = stack.enter_context(_opened(stored, store, record.id, emit, token))
        batch.list_again(emit=emit, token=token)
        shown = min(options.top, len(record.model.classes))
        table = stack.enter_context(PredictionTable(csv, shown)) if csv else None

        def forward(event: Event) -> None:
            if table is not None and isinstance(event, Batch):
                table.write(entry for entry in event.items if isinstance(entry, Prediction))
            emit(event)

        answerer = _answerer(stored, batch.first_files(_CHECK_PHOTOS), emit, token)
        return answer_files(batch, answerer, options, emit=forward, token=token)


def _opened(
    stored: StoredRun, store: AnswerStore, batch: int, emit: Emit, token: CancelToken
) -> AbstractContextManager[OpenBatch]:
    """A batch, in which answers from before the run could tell what is unlike all it learnt count as not known."""
    return store.opened(batch, with_novelty=ensure_novelty(stored, emit=emit, token=token))


def _answerer(stored: StoredRun, photos: Sequence[Path], emit: Emit, token: CancelToken) -> Answerer:
    def load() -> Predictor:
        return Predictor.load(stored, photos, emit=emit, token=token)

    return Answerer(stored.run.classes, stored.run.spec.input_size, load)


def with_thresholds(options: PredictOptions, stored: StoredRun) -> PredictOptions:
    """The options, with the thresholds that were kept with the run unless they bring their own.

    Raises:
        TLStudioError: If what was kept is damaged.
    """
    if options.class_thresholds is not None:
        return options
    return replace(options, class_thresholds=load_thresholds(stored.folder))
