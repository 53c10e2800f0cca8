"""Promises on real flowers, seen by a small network at a small size: the slow tests use a better one."""

from pathlib import Path

import numpy as np
import pytest

from tlstudio.datasets.images import decode_many
from tlstudio.evaluation.linear_head import fit_linear_head
from tlstudio.evaluation.promise import ladder, promise
from tlstudio.events import CancelToken, ignore_events
from tlstudio.modeling import weights
from tlstudio.modeling.engine import BATCH, EngineStore
from tlstudio.modeling.part import PHOTO, POOLING, Part
from tlstudio.modeling.spec import ModelSpec

CLASSES = ("daisy", "tulips")


def test_realised_error_stays_within_the_promise_plus_one_point(
    shared: Path, spec: ModelSpec, ready_engines: Path
) -> None:
    files = [file for name in CLASSES for file in sorted((shared / "data/flowers5" / name).iterdir())]
    part = Part(spec, PHOTO, POOLING, spec.weights, weights.digest(spec.weights))
    engine = EngineStore(ready_engines).get(part, emit=ignore_events, token=CancelToken())
    pictures = np.stack([np.asarray(each) for each in decode_many(files, spec.input_size, token=CancelToken())])
    vectors = np.concatenate([engine.run(pictures[at : at + BATCH]) for at in range(0, len(files), BATCH)])
    labels = np.array([CLASSES.index(file.parent.name) for file in files], dtype=np.int64)
    learnt = np.arange(len(files)) % 3 == 0
    scores = fit_linear_head(vectors[learnt], labels[learnt], 2).scores(vectors[~learnt])
    sure, right = scores.max(axis=1), scores.argmax(axis=1) == labels[~learnt]
    for most_wrong in (0.05, 0.1):
        kept = given_at_all = 0
        for seed in range(200):
            known = np.random.default_rng(seed).permutation(len(right)) < 0.6 * len(right)
            given = promise(ladder(sure[known], right[known]), most_wrong)
            filed = right[~known & (sure >= (given.threshold if given else 2))]
            given_at_all += given is not None
            kept += not len(filed) or (~filed).mean() <= most_wrong + 0.01
        assert kept >= 0.95 * 200
        if most_wrong == pytest.approx(0.1):
            assert given_at_all > 40, "or nothing was tried"
