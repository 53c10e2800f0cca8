"""An epoch that trains the end of a network: on kept activations, and by Keras's ``fit`` through the whole network.

Both train the same layers on the same photos, check the same ones afterwards, and leave batch normalization as it is.
Keras gets the photos decoded, in memory. Of each, the first epoch (in which it is traced) doesn't count.

Usage: python benchmarks/partial_tuning.py FOLDER WEIGHTS [--backbone mobilenet_v2_1.0] [--layer block_13_expand]
       [--size 160] [--epochs 4]
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

FINE_TUNE = 1  # index of the phase


def tlstudio_run(options: argparse.Namespace, home: Path) -> dict[str, Any]:
    """A training in a process of its own; its ``run.json``."""
    out = home / "run"
    command = [sys.executable, "-m", "tlstudio", "train", options.folder, "--out", str(out), "--seed", "0"]
    command += ["--backbone", options.backbone, "--weights", options.weights, "--input-size", str(options.size)]
    command += ["--head-epochs", "1", "--fine-tune-epochs", str(options.epochs), "--unfreeze-from", options.layer]
    command += ["--stop", "never"]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "TLSTUDIO_HOME": str(home)})
    run: dict[str, Any] = json.loads((out / "run.json").read_text(encoding="utf-8"))
    return run


def fit_seconds(options: argparse.Namespace, run: dict[str, Any]) -> list[float]:
    """Seconds of each epoch of ``fit`` on the parts of a run."""
    import keras

    from tlstudio.datasets.images import decode_many
    from tlstudio.events import CancelToken
    from tlstudio.modeling.backbones import get_backbone

    def part(name: str) -> tuple[Any, Any]:
        samples = [run["samples"][index] for index in run["split"][name]]
        paths = [Path(run["root"]) / sample["path"] for sample in samples]
        decoded = decode_many(paths, options.size, token=CancelToken())
        pictures = np.stack([picture for picture in decoded if isinstance(picture, np.ndarray)])
        return pictures, np.array([run["classes"].index(sample["class_name"]) for sample in samples])

    entry = get_backbone(options.backbone)
    width = {} if entry.width is None else {"alpha": entry.width}
    shape = (options.size, options.size, 3)
    base = getattr(keras.applications, entry.constructor)(
        include_top=False, weights=options.weights, input_shape=shape, **width
    )
    names = [layer.name for layer in base.layers]
    for number, layer in enumerate(base.layers):
        batch_norm = isinstance(layer, keras.layers.BatchNormalization)
        layer.trainable = number >= names.index(options.layer) and not batch_norm
    inputs = keras.Input(shape)
    x = inputs
    if entry.preprocessing != "inside":
        x = keras.applications.imagenet_utils.preprocess_input(x, mode=entry.preprocessing)
    x = keras.layers.GlobalAveragePooling2D()(base(x, training=False))
    model = keras.Model(inputs, keras.layers.Dense(len(run["classes"]), activation="softmax")(x))
    model.compile(optimizer=keras.optimizers.Adam(1e-5), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    train, validation = part("train"), part("validation")
    seconds = []
    for _ in range(options.epochs):
        begun = time.monotonic()
        model.fit(*train, batch_size=32, validation_data=validation, verbose=0)
        seconds.append(time.monotonic() - begun)
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("weights")
    parser.add_argument("--backbone", default="mobilenet_v2_1.0")
    parser.add_argument("--layer", default="block_13_expand")
    parser.add_argument("--size", type=int, default=160)
    parser.add_argument("--epochs", type=int, default=4)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run = tlstudio_run(options, Path(folder))
        ours = [epoch["seconds"] for epoch in run["history"]["epochs"] if epoch["phase"] == FINE_TUNE]
        theirs = fit_seconds(options, run)
    mine, plain = statistics.median(ours[1:]), statistics.median(theirs[1:])
    print(f"fit through the whole network {plain:7.2f} s an epoch  {[round(each, 2) for each in theirs]}")
    print(f"on kept activations           {mine:7.2f} s an epoch  {[round(each, 2) for each in ours]}")
    print(f"{plain / mine:.1f} times as fast")


if __name__ == "__main__":
    main()
