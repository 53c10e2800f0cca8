"""Relabel one photo, learn anew, and have the new confusion matrix: how long that takes, and what of it takes how long.

Usage: python benchmarks/relabel.py FOLDER WEIGHTS [--times 5]     (WEIGHTS for MobileNetV2 1.0 without its top)

The photos are read once before the clock runs, as a training does. The first round solves both heads from zero, as the
first click on "Train again and compare" does; the others begin where the one before has ended. A whole training, which
Keras does in epochs, is timed on the same features for comparison, with TensorFlow imported before.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

_HOME = tempfile.TemporaryDirectory()
os.environ["TLSTUDIO_HOME"] = _HOME.name
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from tlstudio.datasets.dataset import Dataset  # noqa: E402 - the environment comes first
from tlstudio.events import CancelToken, ignore_events  # noqa: E402
from tlstudio.runs.store import StoredRun  # noqa: E402
from tlstudio.training.recipes import config_for, spec_for  # noqa: E402
from tlstudio.workflows.frozen_features import frozen_features  # noqa: E402
from tlstudio.workflows.relearn import relearn  # noqa: E402
from tlstudio.workflows.train import TrainRequest, train  # noqa: E402


@contextmanager
def timed(what: str) -> Iterator[None]:
    begun = time.perf_counter()
    yield
    print(f"{what:<44} {time.perf_counter() - begun:7.3f} s")


def relabelled(dataset: Dataset, number: int) -> Dataset:
    """The same photos, one of them with the label of the next class."""
    classes, samples = dataset.classes, list(dataset.samples)
    name = samples[number].class_name
    samples[number] = replace(samples[number], class_name=classes[(classes.index(name) + 1) % len(classes)])
    return replace(dataset, samples=tuple(samples))


def measure(stored: StoredRun, times: int) -> None:
    run = stored.run
    dataset = Dataset(run.root, run.classes, run.samples)
    with timed("features from the store"):
        frozen_features(dataset, stored, emit=ignore_events, token=CancelToken())
    known = None
    for number in range(times):
        photo = run.split.train[number * len(run.split.train) // times]
        dataset = relabelled(dataset, photo)
        with timed("relabel, learn, new confusion matrix" if known else "the same, both heads from zero"):
            known = relearn(dataset, stored, known, emit=ignore_events, token=CancelToken())
    if known is not None:
        print(f"right: {known.after.right} of {len(known.after.photos)}; the run itself {run.test}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("weights")
    parser.add_argument("--times", type=int, default=5)
    arguments = parser.parse_args()
    spec = spec_for("mobilenet_v2_1.0", arguments.weights)
    request = TrainRequest(arguments.folder, Path(_HOME.name) / "first", spec, config_for(spec))
    stored = train(request, emit=ignore_events, token=CancelToken()).stored
    print(f"{len(stored.run.samples)} photos, {len(stored.run.classes)} classes")
    with timed("a whole training by Keras, photos known"):
        again = replace(request, out=Path(_HOME.name) / "second")
        stored = train(again, emit=ignore_events, token=CancelToken()).stored
    measure(stored, arguments.times)


if __name__ == "__main__":
    main()
