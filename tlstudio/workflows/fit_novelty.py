"""Use case: learn what a run's photos look like, so that photos unlike all of them can be held back."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tlstudio.errors import TLStudioError
from tlstudio.evaluation.calibration import calibrated
from tlstudio.events import CancelToken, Emit, Notice
from tlstudio.modeling.architectures import feature_shape
from tlstudio.modeling.engine import Engine, EngineStore
from tlstudio.modeling.features import Features, FeatureStore, Photo, Source
from tlstudio.modeling.part import PHOTO, POOLING
from tlstudio.paths import is_folder
from tlstudio.prediction.novelty import Novelty, Vectors, choose_learnt, load_novelty, pooled, save_novelty
from tlstudio.prediction.predictor import parts_of
from tlstudio.runs.run import Run
from tlstudio.runs.scores import load_scores
from tlstudio.runs.store import StoredRun

_CHECK_PHOTOS: Final = 8
_CHUNK_BYTES: Final = 32 << 20
_LEAST_LEFT: Final = 0.5  # of the photos that were learnt from; fewer say too little of all
_told: set[Path] = set()  # runs of which it was said in this process that nothing can be told


def novelty_of_training(run: Run, features: Features, held_out_scores: NDArray[np.float32]) -> Novelty | None:
    """What a training that ends just now says of its photos; a fraction of a second.

    Args:
        run: What was trained.
        features: Inputs of the trained part, of all photos that the training kept them of.
        held_out_scores: As the network gives them, of validation and test part, (n, classes).

    Returns:
        None where the training kept nothing of the photos that it learnt from: then it is fitted at the first use.
    """
    if run.trained_from == PHOTO:
        return Novelty.of_scores(calibrated(held_out_scores, run.temperature))
    if run.config.phases[len(run.history.phases) - 1].data == "live":
        return None
    width = _width(run, features)
    learnt = [run.split.train[place] for place in _learnt(run, width)]
    held_out = (*run.split.validation, *run.split.test)
    return Novelty.of_vectors(_vectors(features, learnt, width), _vectors(features, held_out, width))


def ensure_novelty(stored: StoredRun, *, emit: Emit, token: CancelToken) -> bool:
    """Make what tells unlike photos where a run has none: it is older than that, or its training kept too little.

    Where its photos are gone, that is said once, and its answers come without.

    Args:
        stored: The run.
        emit: Told the progress.
        token: Stops it.

    Returns:
        Whether it is there.

    Raises:
        TLStudioError: If the network can't be used, or the disk is full.
        Cancelled: If a stop was asked for; what was computed is kept.
    """
    if stored.run.foreign or stored.folder in _told:
        return False
    if load_novelty(stored.folder) is not None:
        return True
    found = _by_scores(stored) if stored.run.trained_from == PHOTO else _by_photos(stored, emit, token)
    if found is None:
        _told.add(stored.folder)
        emit(Notice("Photos that are none of these classes can't be told apart: those it learnt from are gone."))
        return False
    try:
        save_novelty(stored.folder, found)
    except OSError as error:
        _told.add(stored.folder)
        emit(Notice(f"What tells photos of other things apart can't be kept in {stored.folder}: {error.strerror}."))
        return False
    return True


def _by_scores(stored: StoredRun) -> Novelty | None:
    try:
        kept = load_scores(stored)
    except TLStudioError:
        return None
    return Novelty.of_scores(np.concatenate((kept.validation.scores, kept.test.scores)))


def _by_photos(stored: StoredRun, emit: Emit, token: CancelToken) -> Novelty | None:
    run, root = stored.run, Path(stored.run.root)
    part = parts_of(stored)[0]

    def engine() -> Engine:
        some = [root / sample.path for sample in run.samples[:_CHECK_PHOTOS]]
        return EngineStore().get(part, some, emit=emit, token=token)

    if not is_folder(root) or not run.split.train:
        return None
    source = Source(part.key(), run.spec.input_size, engine)
    # How many are kept depends on how long a vector is, which only a first one tells.
    features = FeatureStore().features(source, _photos(run, run.split.train[:1]), emit=emit, token=token)
    if features.missing:
        return None
    width = _width(run, features)
    learnt = [run.split.train[place] for place in _learnt(run, width)]
    held_out = (*run.split.validation, *run.split.test)
    features = FeatureStore().features(source, _photos(run, (*learnt, *held_out)), emit=emit, token=token)
    vectors = _vectors(features, range(len(learnt) + len(held_out)), width)
    kept, others = vectors[: len(learnt)], vectors[len(learnt) :]
    kept = kept[np.isfinite(kept[:, 0])]
    if len(kept) < _LEAST_LEFT * len(learnt):
        return None
    return Novelty.of_vectors(kept, others)


def _photos(run: Run, numbers: Sequence[int]) -> list[Photo]:
    root = Path(run.root)
    return [Photo(root / run.samples[number].path, run.samples[number].digest) for number in numbers]


def _learnt(run: Run, width: int) -> list[int]:
    """Places in the training part of the photos that are kept."""
    index = {name: number for number, name in enumerate(run.classes)}
    labels = [index[run.samples[number].class_name] for number in run.split.train]
    return [int(place) for place in choose_learnt(labels, width)]


def _width(run: Run, features: Features) -> int:
    """Channels of what the first part puts out; a flattened map doesn't show them."""
    shape = feature_shape(run.spec) if run.trained_from == POOLING and run.spec.head.pooling == "flatten" else None
    return (shape or features.shape)[-1]


def _vectors(features: Features, numbers: Sequence[int], width: int) -> Vectors:
    """(n, width), a few photos at a time; NaN for those that can't be read any more."""
    result = np.full((len(numbers), width), np.nan, np.float32)
    there = [place for place, number in enumerate(numbers) if number not in features.missing]
    places = np.array([features.locate(numbers[place]) for place in there], dtype=np.int64).reshape(-1, 2)
    step = max(_CHUNK_BYTES // (4 * int(np.prod(features.shape)) or 1), 1)
    for start in range(0, len(there), step):
        result[there[start : start + step]] = pooled(features.take(places[start : start + step]), width)
    return result
