"""Use case: several trainings on the same photos and the same split, one after the other, with one table of results."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.problems import require_trainable
from tlstudio.datasets.splits.sharing import share_out
from tlstudio.datasets.splits.split import Split, require_column
from tlstudio.errors import Cancelled, TLStudioError
from tlstudio.events import Batch, CancelToken, Emit, Notice
from tlstudio.modeling.spec import ModelSpec
from tlstudio.training.config import TrainConfig
from tlstudio.training.workload import workloads
from tlstudio.workflows.scan import read_photos
from tlstudio.workflows.train import Trained, TrainRequest, train

RowState = Literal["waiting", "running", "done", "stopped", "failed", "skipped"]


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """One training of a queue.

    Attributes:
        name: What it is called in the table.
        request: What to train; all of a queue have the photos and the split of the first.
    """

    name: str
    request: TrainRequest


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of the table of results.

    Attributes:
        name: What the training is called.
        state: How far it is.
        parameters: Weights that it trains; None where nobody knows.
        validation: Share of the validation photos that are right, 0 to 1; None without.
        test: The same of the exam photos.
        seconds: How long it took in all.
        run: Folder of the run; None where there is none.
        reason: Why it failed; "" otherwise.
    """

    name: str
    state: RowState = "waiting"
    parameters: int | None = None
    validation: float | None = None
    test: float | None = None
    seconds: float | None = None
    run: Path | None = None
    reason: str = ""


def train_queue(entries: Sequence[QueueEntry], *, emit: Emit, token: CancelToken) -> list[QueueRow]:
    """Run trainings one after the other; each is an ordinary run, and one that fails doesn't stop the others.

    Args:
        entries: What to train.
        emit: Told everything of each training, and a ``Batch`` with the ``QueueRow`` of each that has ended.
        token: A stop ends the training that runs as it would end by itself, and skips those that wait.

    Returns:
        The whole table.

    Raises:
        TLStudioError: If the photos can't be trained on at all.
        Cancelled: If a stop was asked for while they were read.
    """
    dataset, parts = _photos(entries[0].request, emit, token)
    rows: list[QueueRow] = []
    for entry in entries:
        request = replace(entry.request, source=dataset, split=entries[0].request.split, parts=parts)
        if not token.cancelled:
            emit(Notice(f"{entry.name} ({len(rows) + 1} of {len(entries)})"))
        rows.append(_row(replace(entry, request=request), len(dataset.classes), emit, token))
        emit(Batch((rows[-1],)))
    return rows


def _photos(request: TrainRequest, emit: Emit, token: CancelToken) -> tuple[Dataset, Split]:
    dataset = request.source
    if isinstance(dataset, Path):
        dataset = read_photos(dataset, request.reading, emit=emit, token=token)
        require_column(dataset, request.split)
    require_trainable(dataset)
    return dataset, request.parts or share_out(dataset, request.split)


def _row(entry: QueueEntry, n_classes: int, emit: Emit, token: CancelToken) -> QueueRow:
    waiting = waiting_row(entry.name, entry.request.spec, entry.request.config, n_classes)
    if token.cancelled:
        return replace(waiting, state="skipped")
    try:
        return ended_row(waiting, train(entry.request, emit=emit, token=token))
    except Cancelled:
        return replace(waiting, state="stopped")
    except TLStudioError as error:
        return failed_row(waiting, error)
    except Exception as error:  # noqa: BLE001 - whatever ends one training of a night must not end the others
        return failed_row(waiting, error)


def waiting_row(name: str, spec: ModelSpec, config: TrainConfig, n_classes: int) -> QueueRow:
    """The line of a training that has not begun."""
    try:
        learnt = max(work.learnt for work in workloads(spec, config, n_classes))
    except TLStudioError:
        return QueueRow(name)  # it will fail, and say why
    return QueueRow(name, parameters=learnt // 4)


def ended_row(row: QueueRow, trained: Trained) -> QueueRow:
    """The line of a training that has ended with a run."""
    run = trained.stored.run
    return replace(
        row,
        state="stopped" if run.status == "stopped" else "done",
        validation=run.validation.accuracy if run.validation else None,
        test=run.test.accuracy if run.test else None,
        seconds=run.seconds.get("total"),
        run=trained.stored.folder,
    )


def failed_row(row: QueueRow, error: Exception) -> QueueRow:
    """The line of a training that something was in the way of."""
    if isinstance(error, TLStudioError):
        return replace(row, state="failed", reason=f"{error.message} {error.hint}".rstrip())
    return replace(row, state="failed", reason=f"This is a bug in TL Studio: {type(error).__name__}: {error}")
