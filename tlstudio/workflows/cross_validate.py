"""Use case: judge what a run learnt several times over, so that every photo is judged once.

The features that the run left in the feature store are learnt from again, so this takes seconds for small sets.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.looks.duplicates import find_duplicates, together
from tlstudio.datasets.reading.reading import Reading
from tlstudio.datasets.splits.grouping import group_photos
from tlstudio.datasets.splits.split import Split, SplitConfig
from tlstudio.errors import TLStudioError
from tlstudio.evaluation.folds import CrossValidation, Fold, fold_splits
from tlstudio.evaluation.judge import accuracy_and_loss
from tlstudio.events import CancelToken, Emit, Event, Progress
from tlstudio.modeling.engine import Engine, EngineStore
from tlstudio.modeling.features import Photo
from tlstudio.modeling.part import Part
from tlstudio.runs.run import Run
from tlstudio.runs.store import StoredRun
from tlstudio.training.clock import Clock
from tlstudio.training.config import TrainConfig
from tlstudio.training.learner import Learnt, Lesson, learn
from tlstudio.workflows.scan import read_photos

USUAL_FOLDS: Final = 5
_CHECK_PHOTOS = 8
_STAGES = ("features", "head", "fine_tune")


def cross_validate(
    stored: StoredRun,
    folds: int = USUAL_FOLDS,
    dataset: Dataset | None = None,
    reading: Reading | None = None,
    *,
    emit: Emit,
    token: CancelToken,
) -> CrossValidation:
    """Train the last layers of a run anew on several shares of its photos.

    Args:
        stored: The run; its network, its recipe for the last layers, its seed and its rule of what stays together.
        folds: How many trainings, at least 3.
        dataset: The photos with what is known of how they look; read again if None, or if it knows nothing of that.
        reading: How the folder is read then, for runs whose photos stay together by a column of a table.
        emit: Told the progress: stage "scan" where photos are read again, "features", then "folds".
        token: Stops it.

    Raises:
        TLStudioError: If the run has no last layers of its own that could be trained alone, photos are missing, or
            they are too few.
        Cancelled: If a stop was asked for.
    """
    run = stored.run
    config = _head_config(run)
    known = _with_facts(run, dataset or Dataset(run.root, run.classes, run.samples), reading, emit, token)
    lesson = _lesson(stored, config)
    splits = fold_splits(lesson.labels, run.classes, _groups(known, run.split_config), folds, config.seed)
    photos = [Path(run.root) / sample.path for sample in run.samples[:_CHECK_PHOTOS]]

    def engine_of(part: Part) -> Engine:
        return EngineStore().get(part, photos, emit=emit, token=token)

    found = []
    for number, split in enumerate(splits):
        emit(Progress("folds", number, folds))
        learnt = learn(replace(lesson, split=split), engine_of, Clock(*_STAGES), emit=_quietly(emit), token=token)
        token.check()  # a stop ends the learning as if it had been the last epoch
        found.append(_judged(lesson, split, learnt))
    emit(Progress("folds", folds, folds))
    return CrossValidation(tuple(found), head_only=len(config.phases) < len(run.config.phases))


def _head_config(run: Run) -> TrainConfig:
    """The part of a recipe that trains the last layers alone, from stored features."""
    phases = tuple(
        replace(phase, data="stored", checkpoint="none") for phase in run.config.phases if phase.name == "head"
    )
    if not phases:
        raise TLStudioError(
            "This network was trained as a whole: checking it several times over would take as many whole trainings.",
            "Judge it on another labelled folder instead, or train one with a ready-made network.",
        )
    return replace(run.config, phases=phases)


def _with_facts(run: Run, shown: Dataset, reading: Reading | None, emit: Emit, token: CancelToken) -> Dataset:
    """The photos of the run, with what there is to know of which of them belong together."""
    config = run.split_config
    if not shown.facts and (config.keep_together or config.group_by in ("day", "column")):
        with suppress(TLStudioError):  # the features are stored: without the folder, identical files stay together
            shown = read_photos(Path(run.root), reading, emit=emit, token=token)
    known = Dataset(run.root, run.classes, run.samples, facts=shown.facts, columns=shown.columns)
    column = config.group_column
    if config.group_by == "column" and column not in known.columns:
        raise TLStudioError(
            f"Photos of this run stay together by the column “{column}”, and its table is not at hand.",
            "Open the folder of the photos with its table, and try again.",
        )
    return known


def _groups(dataset: Dataset, config: SplitConfig) -> list[list[int]]:
    alike = together(find_duplicates(dataset)) if config.keep_together else ()
    return group_photos(dataset, config.group_by, config.keep_together, alike, config.group_column)


def _lesson(stored: StoredRun, config: TrainConfig) -> Lesson:
    run = stored.run
    index = {name: number for number, name in enumerate(run.classes)}
    return Lesson(
        photos=[Photo(Path(run.root) / sample.path, sample.digest) for sample in run.samples],
        labels=[index[sample.class_name] for sample in run.samples],
        split=run.split,
        classes=run.classes,
        spec=run.spec,
        weights=stored.backbone_weights,
        weights_digest=run.weights_digest,
        config=config,
    )


def _judged(lesson: Lesson, split: Split, learnt: Learnt) -> Fold:
    photos = [photo for photo in split.test if photo not in learnt.missing]
    if not photos:
        raise TLStudioError("The photos of this run can't be read any more.", "Put them back, and try again.")
    labels = np.array([lesson.labels[photo] for photo in photos])
    accuracy, loss = accuracy_and_loss(learnt.scores(photos), labels)
    return Fold(len(photos), round(accuracy * len(photos)), loss)


def _quietly(emit: Emit) -> Callable[[Event], None]:
    """Pass on how the reading of photos goes; what each small training tells is of no interest."""

    def forward(event: Event) -> None:
        if isinstance(event, Progress):
            emit(event)

    return forward
