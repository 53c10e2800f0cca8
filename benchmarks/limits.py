"""From photos to features: how near to the limit set by decoding alone and by the engine alone.

Usage: python benchmarks/limits.py FOLDER WEIGHTS [--backbone mobilenet_v2_1.0]
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np

from tlstudio.datasets.images import decode_many
from tlstudio.datasets.index import index_folder
from tlstudio.events import CancelToken, ignore_events
from tlstudio.modeling import weights
from tlstudio.modeling.engine import BATCH, EngineStore
from tlstudio.modeling.features import FeatureStore, Photo, Source
from tlstudio.modeling.part import PHOTO, POOLING, Part
from tlstudio.training.recipes import spec_for


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("weights")
    parser.add_argument("--backbone", default="mobilenet_v2_1.0")
    options = parser.parse_args()
    token = CancelToken()
    spec = spec_for(options.backbone, options.weights)
    dataset = index_folder(options.folder, emit=ignore_events, token=token)
    paths = [dataset.absolute(sample.path) for sample in dataset.samples]
    part = Part(spec, PHOTO, POOLING, options.weights, weights.digest(options.weights))
    with tempfile.TemporaryDirectory() as folder:
        engine = EngineStore(Path(folder)).get(part, paths[:8], emit=ignore_events, token=token)
        begun = time.monotonic()
        pictures = list(decode_many(paths, spec.input_size, token=token))
        decoding = len(paths) / (time.monotonic() - begun)
        batch = np.stack([picture for picture in pictures[:BATCH] if isinstance(picture, np.ndarray)])
        del pictures
        engine.run(batch)
        begun = time.monotonic()
        rounds = max(1, len(paths) // len(batch))
        for _ in range(rounds):
            engine.run(batch)
        computing = rounds * len(batch) / (time.monotonic() - begun)
        photos = [Photo(path, sample.digest) for path, sample in zip(paths, dataset.samples, strict=True)]
        source = Source(part.key(), spec.input_size, lambda: engine)
        begun = time.monotonic()
        FeatureStore(Path(folder)).features(source, photos, emit=ignore_events, token=token)
        both = len(paths) / (time.monotonic() - begun)
    # On the same cores the two share the time; on other cores the slower one would be the limit.
    limit = 1 / (1 / decoding + 1 / computing)
    print(f"decoding alone     {decoding:7.0f} photos/s")
    print(f"engine alone       {computing:7.0f} photos/s")
    print(f"photos to features {both:7.0f} photos/s = {both / limit:.2f} of both in turn ({limit:.0f})")
    print(f"                           = {both / min(decoding, computing):.2f} of the slower one alone")


if __name__ == "__main__":
    main()
