"""Runs on disk with a network that nobody trained, but that is sure of its answers: for what is written of it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import stored_runs
from PIL import Image

from tlstudio.datasets.dataset import Sample
from tlstudio.modeling.engine import EngineStore
from tlstudio.modeling.part import PHOTO, SCORES
from tlstudio.modeling.spec import ModelSpec
from tlstudio.runs.store import StoredRun

TEMPERATURE = 1.7


def draw_photos(root: Path, classes: Sequence[str], count: int) -> None:
    """Draw so many photos of patches of colour into the folder of each class; no two are alike."""
    rng = np.random.default_rng(5)
    for name in classes:
        (root / name).mkdir(parents=True)
        for number in range(count):
            patches = rng.integers(0, 256, (5, 7, 3), dtype=np.uint8)
            Image.fromarray(patches).resize((70, 50)).save(root / name / f"{number}.jpg")


def make_exportable(
    folder: Path,
    root: Path,
    spec: ModelSpec,
    more: Sequence[Path] = (),
    *,
    temperature: float = TEMPERATURE,
    sureness: float = 20,
) -> StoredRun:
    """Store a run; TensorFlow has to be started.

    Args:
        folder: Where it goes.
        root: Its photos, in class folders.
        spec: Its network; the weights of its last layers are random, all of them unless it names a file.
        more: Files below ``root`` that belong to it, too.
        temperature: What its scores are calibrated with.
        sureness: What the random weights of its answer are multiplied by.
    """
    import keras

    from tlstudio.modeling.network import build_network, save_weights

    stored = stored_runs.make_run(folder, root)
    weights = spec.weights if Path(spec.weights).is_file() else ""
    keras.utils.set_random_seed(5)  # a network drawn at random may be one that 16 bits do little for
    network = build_network(spec, len(stored.run.classes), weights)
    last = network.get_layer(SCORES if spec.head.output == "softmax" else "head_logit")
    kernel, *rest = last.get_weights()
    last.set_weights([kernel * sureness, *rest])
    save_weights(network, stored.tail_weights)
    others = tuple(Sample(path.relative_to(root).as_posix(), stored.run.classes[0], 1, 1, path.name) for path in more)
    run = replace(
        stored.run, spec=spec, trained_from=PHOTO, temperature=temperature, samples=stored.run.samples + others
    )
    return StoredRun(folder, run)


def make_engine(stored: StoredRun) -> None:
    """Make the engine of a run in this process instead of in one of its own."""
    from tlstudio.modeling.convert import convert
    from tlstudio.modeling.network import build_part
    from tlstudio.prediction.predictor import parts_of

    for part in parts_of(stored):
        EngineStore().put(part, convert(build_part(part)))
