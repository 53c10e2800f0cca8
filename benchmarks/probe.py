"""How much the features of the starter backbone are worth, beside ImageNet weights and beside none.

Usage: python benchmarks/probe.py DATA WEIGHTS [--write]

DATA holds flowers5, cats_dogs_flat, birds10 and leaves3; WEIGHTS holds ImageNet weights in Keras's layout. A linear
probe: logistic regression on L2-normalised pooled features, 60 % of the photos to learn from, 40 % to judge,
stratified, mean of five seeds. With --write, the figures that the window shows are put beside the starter's weights.
"""

import argparse
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

from tlstudio import paths
from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.index import index_folder
from tlstudio.datasets.reading.labels import parse_labels
from tlstudio.events import CancelToken, ignore_events
from tlstudio.modeling import weights
from tlstudio.modeling.backbones import STARTER
from tlstudio.modeling.engine import BATCH, Engine, EngineStore
from tlstudio.modeling.features import FeatureStore, Photo, Source
from tlstudio.modeling.part import PHOTO, POOLING, Part
from tlstudio.modeling.spec import ModelSpec
from tlstudio.modeling.starter import StarterFigures
from tlstudio.serialization import to_json
from tlstudio.training.recipes import spec_for

SETS = {
    "flowers5": "folder",
    "cats_dogs_flat": r"filename:^(cat|dog)\.",
    "birds10": "folder",
    "leaves3": "folder",
}
SEEDS = range(5)
PIXELS = 32
BEST = "mobilenet_v2_1.0"
FASTEST_RIVAL = "mobilenet_v2_0.35"


@dataclass(frozen=True)
class Contestant:
    """A network that is measured.

    Attributes:
        title: As in the table.
        spec: The network; None for the pixels themselves.
    """

    title: str
    spec: ModelSpec | None


class Bench:
    """Computes features in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._store, self._engines = FeatureStore(folder), EngineStore(folder)

    def engine(self, spec: ModelSpec) -> tuple[Part, Engine]:
        """What computes the pooled features."""
        file = weights.resolve(spec, emit=ignore_events, token=CancelToken())
        part = Part(spec, PHOTO, POOLING, file, weights.digest(file))
        return part, self._engines.get(part, emit=ignore_events, token=CancelToken())

    def features(self, contestant: Contestant, dataset: Dataset) -> NDArray[np.float32]:
        """Features of all photos, (photos, features)."""
        photos = [Photo(dataset.absolute(sample.path), sample.digest) for sample in dataset.samples]
        source = Source("pixels", PIXELS, None)
        if contestant.spec:
            part, engine = self.engine(contestant.spec)
            source = Source(part.key(), contestant.spec.input_size, lambda: engine)
        features = self._store.features(source, photos, emit=ignore_events, token=CancelToken())
        rows = features.take(np.array([features.locate(number) for number in range(len(photos))]))
        return rows.reshape(len(photos), -1).astype(np.float32)

    def speed(self, spec: ModelSpec) -> float:
        """Photos per second through the engine; the best of five tries, since others only take time away."""
        _, engine = self.engine(spec)
        batch = np.zeros((BATCH, spec.input_size, spec.input_size, 3), dtype=np.uint8)
        engine.run(batch)
        best = 0.0
        for _ in range(5):
            begun, rounds = time.monotonic(), 0
            while time.monotonic() - begun < 1:
                engine.run(batch)
                rounds += 1
            best = max(best, rounds * BATCH / (time.monotonic() - begun))
        return best


def probe(features: NDArray[np.float32], labels: list[str]) -> float:
    """Mean accuracy of the linear probe."""
    scaled = features / np.maximum(np.linalg.norm(features, axis=1, keepdims=True), 1e-9)
    scores = []
    for seed in SEEDS:
        x, judged, y, wanted = train_test_split(scaled, labels, test_size=0.4, stratify=labels, random_state=seed)
        scores.append(LogisticRegression(C=10, max_iter=2000).fit(x, y).score(judged, wanted))
    return float(np.mean(scores))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--write", action="store_true", help="update the figures that ship with the program")
    options = parser.parse_args()
    datasets = {
        name: index_folder(options.data / name, parse_labels(rule), emit=ignore_events, token=CancelToken())
        for name, rule in SETS.items()
    }
    imagenet = {
        name: spec_for(name, str(options.weights / f"{file}_224_notop.weights.h5"))
        for name, file in (
            (BEST, "mobilenet_v2_1.0"),
            (FASTEST_RIVAL, "mobilenet_v2_0.35"),
            ("mobilenet_0.25", "mobilenet_v1_0.25"),
        )
    }
    starter = spec_for(STARTER)
    size = starter.input_size
    contestants = [
        *(Contestant(f"{name}, ImageNet, {spec.input_size} px", spec) for name, spec in imagenet.items()),
        Contestant(f"starter, bundled, {size} px", starter),
        Contestant(f"starter, untrained, {size} px", spec_for(STARTER, "none")),
        Contestant(f"pixels, {PIXELS} px", None),
    ]
    means: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        print("| | " + " | ".join([*SETS, "mean"]) + " |")
        print("|---|" + "---|" * (len(SETS) + 1))
        for contestant in contestants:
            scores = [
                probe(bench.features(contestant, dataset), [sample.class_name for sample in dataset.samples])
                for dataset in datasets.values()
            ]
            means[contestant.title] = float(np.mean(scores))
            print(
                f"| {contestant.title} | " + " | ".join(f"{score:.3f}" for score in [*scores, np.mean(scores)]) + " |"
            )
        mine, rival = bench.speed(starter), bench.speed(imagenet[FASTEST_RIVAL])
    print(f"starter {mine:.0f} photos/s, {FASTEST_RIVAL} at 224 px {rival:.0f}: {mine / rival:.2f} times as fast")
    if options.write:
        compared, *_, mean, _, _ = (round(mean, 3) for mean in means.values())
        figures = StarterFigures(mean=mean, compared_with=BEST, compared=compared)
        (paths.models_dir() / STARTER / "figures.json").write_bytes(to_json(figures))


if __name__ == "__main__":
    main()
