"""Use case: train on from a run, on the photos that it has learnt from, with more rounds or further phases."""

from collections.abc import Sequence
from pathlib import Path

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.sources.opening import open_source
from tlstudio.datasets.splits.split import Split
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Emit
from tlstudio.runs.continuation import continued
from tlstudio.runs.plan import plan_of
from tlstudio.runs.store import StoredRun
from tlstudio.training.config import Phase
from tlstudio.workflows.repeat import with_weights_at_hand
from tlstudio.workflows.resume import photos_left
from tlstudio.workflows.train import TrainRequest


def continuation(
    stored: StoredRun,
    phases: Sequence[Phase],
    dataset: Dataset,
    parts: Split,
    out: Path,
    tensorboard: Path | None = None,
) -> TrainRequest:
    """What to train so that a run goes on: a run of its own, with all that the first one did before it.

    Args:
        stored: The run.
        phases: What is to follow.
        dataset: The photos.
        parts: Which of them are learnt from, checked on and kept for the exam; as the run had them.
        out: Folder of the new run.
        tensorboard: Folder for the curves as files of TensorBoard; None for no such files.

    Raises:
        TLStudioError: If another program made the run, or the phases can't follow its own.
    """
    plan = plan_of(stored)
    return TrainRequest(
        dataset,
        out,
        with_weights_at_hand(plan.spec, stored),
        continued(stored.run, phases),
        plan.split_config,
        parts=parts,
        tensorboard=tensorboard,
        origin=stored,
    )


def continuation_in(
    stored: StoredRun, phases: Sequence[Phase], place: Path, out: Path, *, emit: Emit, token: CancelToken
) -> TrainRequest:
    """As ``continuation``, on the photos of the run that are in a folder as they were then.

    Raises:
        TLStudioError: As ``continuation``, or if none of them is there.
        Cancelled: If a stop was asked for.
    """
    root = Path(open_source(place, emit=emit, token=token).root)
    dataset, parts = photos_left(stored.run, root, emit=emit, token=token)
    if not dataset.samples:
        raise TLStudioError(
            f"None of the {len(stored.run.samples):,} photos of {stored.run.name} is in {root} as it was.",
            "Choose the folder that it was trained on, or train from the beginning.",
        )
    return continuation(stored, phases, dataset, parts, out)
