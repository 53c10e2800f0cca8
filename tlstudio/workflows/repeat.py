"""Use case: train once more as an earlier run was trained, on the same photos or on others."""

from dataclasses import replace
from pathlib import Path

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.reading.reading import Reading
from tlstudio.datasets.splits.split import Split
from tlstudio.events import CancelToken, Emit, Notice
from tlstudio.modeling.spec import ModelSpec
from tlstudio.paths import is_file
from tlstudio.runs.plan import read_plan
from tlstudio.runs.run import Run
from tlstudio.runs.store import StoredRun, require_free
from tlstudio.workflows.scan import read_photos
from tlstudio.workflows.train import TrainRequest

_WEIGHTS_BY_NAME = ("bundled", "imagenet", "none")


def repetition(
    model: Path, place: Path, out: Path, reading: Reading | None = None, *, emit: Emit, token: CancelToken
) -> TrainRequest:
    """What to train so that it goes as it went before.

    Where all photos of the run are in the folder, unchanged, they keep their classes and parts, corrections of the
    person included: the same training. Elsewhere they are shared out anew by the same settings.

    Args:
        model: The folder of a run, its ``run.json``, or a file of settings.
        place: Where the photos are.
        out: Folder of the new run.
        reading: How the photos are read; by their folders if None.
        emit: Told what the reading of photos tells, and whether they are shared out anew.
        token: Stops the reading.

    Raises:
        TLStudioError: If one of them can't be read, or ``out`` is taken.
        Cancelled: If a stop was asked for.
    """
    require_free(out)
    plan, stored = read_plan(model)
    spec = plan.spec if stored is None else with_weights_at_hand(plan.spec, stored)
    request = TrainRequest(place, out, spec, plan.config, plan.split_config, reading)
    if stored is None:
        return request
    dataset = read_photos(place, reading, emit=emit, token=token)
    lacking = len(stored.run.samples) - len(_found(stored.run, dataset))
    if lacking:
        emit(
            Notice(
                f"{lacking:,} of the {len(stored.run.samples):,} photos of the run are not in this folder as they were:"
                " the photos are shared out anew."
            )
        )
        return replace(request, source=dataset)
    same, parts = _as_in_the_run(stored.run, dataset)
    return replace(request, source=same, parts=parts)


def with_weights_at_hand(spec: ModelSpec, stored: StoredRun) -> ModelSpec:
    """The network of a run, with its weights from there where the file that they came from is gone."""
    gone = spec.weights not in _WEIGHTS_BY_NAME and not is_file(Path(spec.weights))
    return replace(spec, weights=stored.backbone_weights) if gone and stored.backbone_weights else spec


def _found(run: Run, dataset: Dataset) -> set[str]:
    """Paths of the run's photos that lie unchanged in a folder."""
    photos = (*dataset.samples, *dataset.unlabelled, *dataset.left_out)
    there = {(sample.path, sample.digest) for sample in photos}
    return {sample.path for sample in run.samples if (sample.path, sample.digest) in there}


def _as_in_the_run(run: Run, dataset: Dataset) -> tuple[Dataset, Split]:
    """The photos of a run, all of which are in the folder, in its classes and parts."""
    used = {sample.path for sample in run.samples}
    others = tuple(sample for sample in (*dataset.samples, *dataset.left_out) if sample.path not in used)
    same = replace(
        dataset,
        classes=run.classes,
        samples=run.samples,
        unlabelled=tuple(sample for sample in dataset.unlabelled if sample.path not in used),
        left_out=others,
        lock=None,
    )
    return same, run.split
