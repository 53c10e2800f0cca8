"""Promises and photos of other things, measured on real photos with MobileNetV2 1.0."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tlstudio.datasets.images import decode_many
from tlstudio.evaluation.linear_head import fit_linear_head
from tlstudio.evaluation.promise import ladder, promise
from tlstudio.events import CancelToken, ignore_events
from tlstudio.modeling import weights
from tlstudio.modeling.engine import BATCH, Engine, EngineStore
from tlstudio.modeling.part import PHOTO, POOLING, Part
from tlstudio.prediction.novelty import Novelty, choose_learnt, pooled
from tlstudio.training.recipes import spec_for

pytestmark = pytest.mark.slow

RESAMPLES = 200
FOLDS = 7
NO_SCORES = np.zeros((1, 1), np.float32)


@dataclass(frozen=True, slots=True)
class Flowers:
    vectors: NDArray[np.float32]
    labels: NDArray[np.int64]
    sure: NDArray[np.float32]
    right: NDArray[np.bool_]


@pytest.fixture(scope="module")
def engine(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    file = str(shared / "weights/mobilenet_v2_1.0_224_notop.weights.h5")
    part = Part(spec_for("mobilenet_v2_1.0", file), PHOTO, POOLING, file, weights.digest(file))
    store = EngineStore(tmp_path_factory.mktemp("engines"))
    return store.get(part, [next((shared / "data/leaves3").rglob("*.jpg"))], emit=ignore_events, token=CancelToken())


def vectors_of(engine: Engine, files: list[Path]) -> NDArray[np.float32]:
    size = spec_for("mobilenet_v2_1.0", "none").input_size
    pictures = [picture for picture in decode_many(files, size, token=CancelToken()) if isinstance(picture, np.ndarray)]
    assert len(pictures) == len(files)
    rows = [engine.run(np.stack(pictures[start : start + BATCH])) for start in range(0, len(pictures), BATCH)]
    return np.concatenate(rows)


@pytest.fixture(scope="module")
def flowers(engine: Engine, shared: Path) -> Flowers:
    """All flowers, each judged by last layers that have not learnt from it."""
    files = sorted((shared / "data/flowers5").glob("*/*"))
    vectors = vectors_of(engine, files)
    labels = np.unique([file.parent.name for file in files], return_inverse=True)[1].astype(np.int64)
    fold = np.random.default_rng(0).permutation(len(files)) % FOLDS
    scores = np.zeros((len(files), 5), np.float32)
    for number in range(FOLDS):
        head = fit_linear_head(vectors[fold != number], labels[fold != number], 5)
        scores[fold == number] = head.scores(vectors[fold == number])
    return Flowers(vectors, labels, scores.max(axis=1), scores.argmax(axis=1) == labels)


@pytest.mark.parametrize("held_out", [255, 425])
@pytest.mark.parametrize("most_wrong", [0.02, 0.03, 0.05, 0.08, 0.1])
def test_what_is_filed_is_as_right_as_promised_within_a_point(
    flowers: Flowers, most_wrong: float, held_out: int
) -> None:
    kept = 0
    for seed in range(RESAMPLES):
        order = np.random.default_rng(seed).permutation(len(flowers.right))
        known, new = order[:held_out], order[held_out:]
        given = promise(ladder(flowers.sure[known], flowers.right[known]), most_wrong)
        filed = flowers.right[new][flowers.sure[new] >= given.threshold] if given else np.zeros(0, np.bool_)
        kept += not len(filed) or (~filed).mean() <= most_wrong + 0.01
    assert kept >= 0.95 * RESAMPLES


def test_photos_of_other_things_are_held_back(engine: Engine, flowers: Flowers, shared: Path) -> None:
    strangers = {
        name: vectors_of(engine, sorted((shared / "data" / name).rglob("*.jpg")))
        for name in ("cats_dogs_flat", "birds10", "leaves3")
    }
    held_back: dict[str, list[float]] = {name: [] for name in strangers}
    coverage = []
    for seed in range(5):
        order = np.random.default_rng(seed).permutation(len(flowers.labels))
        learnt, validation, test = np.split(order, [595, 722])
        vectors = pooled(flowers.vectors, flowers.vectors.shape[1])
        kept = learnt[choose_learnt(flowers.labels[learnt].tolist(), vectors.shape[1])]
        novelty = Novelty.of_vectors(vectors[kept], vectors[validation])
        coverage.append((novelty.shares(flowers.vectors[test], NO_SCORES) <= 0.95).mean())
        for name, others in strangers.items():
            held_back[name].append(float((novelty.shares(others, NO_SCORES) > 0.95).mean()))
    assert np.mean(coverage) == pytest.approx(0.95, abs=0.03)
    assert min(held_back["cats_dogs_flat"]) >= 0.8
    assert np.mean(held_back["cats_dogs_flat"]) >= 0.95
    assert np.mean(held_back["birds10"]) >= 0.85
    assert np.mean(held_back["leaves3"]) >= 0.3, "alike in colour and light: half of them pass"
