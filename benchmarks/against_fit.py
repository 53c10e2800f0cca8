"""A whole ``tlstudio train`` beside one epoch of Keras's ``fit`` through the same frozen backbone on the same photos.

Usage: python benchmarks/against_fit.py FOLDER WEIGHTS [--backbone mobilenet_v2_1.0] [--seeds 5]
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


def tlstudio_train(options: argparse.Namespace, home: Path, seed: int, *extra: str) -> dict[str, Any]:
    """One training in a process of its own; the JSON of the command and the wall time of the whole process."""
    out = home / f"run-{time.monotonic_ns()}"
    command = [sys.executable, "-m", "tlstudio", "train", options.folder, "--out", str(out), "--seed", str(seed)]
    command += ["--backbone", options.backbone, "--weights", options.weights, "--json", "-", *extra]
    begun = time.monotonic()
    output = subprocess.run(
        command, check=True, capture_output=True, env={**os.environ, "TLSTUDIO_HOME": str(home)}
    ).stdout
    result: dict[str, Any] = json.loads(output)
    result["process"] = time.monotonic() - begun
    result["samples"] = str(out / "run.json")
    return result


def fit_epoch(options: argparse.Namespace, run_file: str) -> float:
    """Seconds of one epoch of ``fit`` (import, building and tracing apart) on the training photos of a run."""
    import keras
    import tensorflow as tf

    from tlstudio.modeling.backbones import get_backbone

    run = json.loads(Path(run_file).read_text(encoding="utf-8"))
    chosen = [run["samples"][index] for index in run["split"]["train"]]
    size, entry = run["spec"]["input_size"], get_backbone(options.backbone)
    classes = run["classes"]
    paths = [str(Path(run["root"]) / sample["path"]) for sample in chosen]
    labels = [classes.index(sample["class_name"]) for sample in chosen]

    def load(path: Any, label: Any) -> tuple[Any, Any]:  # noqa: ANN401 - tensors
        picture = tf.io.decode_image(tf.io.read_file(path), channels=3, expand_animations=False)
        return tf.image.resize(picture, (size, size)), label

    photos = tf.data.Dataset.from_tensor_slices((paths, labels)).map(load, num_parallel_calls=tf.data.AUTOTUNE)
    width = {} if entry.width is None else {"alpha": entry.width}
    base = getattr(keras.applications, entry.constructor)(
        include_top=False, weights=options.weights, input_shape=(size, size, 3), **width
    )
    base.trainable = False
    inputs = keras.Input((size, size, 3))
    x = inputs
    if entry.preprocessing != "inside":
        x = keras.applications.imagenet_utils.preprocess_input(x, mode=entry.preprocessing)
    x = keras.layers.GlobalAveragePooling2D()(base(x, training=False))
    model = keras.Model(inputs, keras.layers.Dense(len(classes), activation="softmax")(x))
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(photos.take(32).batch(32), verbose=0)  # tracing
    begun = time.monotonic()
    model.fit(photos.batch(32).prefetch(tf.data.AUTOTUNE), epochs=1, verbose=0)
    return time.monotonic() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("weights")
    parser.add_argument("--backbone", default="mobilenet_v2_1.0")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--fine-tune-epochs", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        first = tlstudio_train(options, home, 0)
        epoch = fit_epoch(options, first["samples"])
        again = [tlstudio_train(options, home, seed) for seed in range(options.seeds)]
        tuned = []
        if options.fine_tune_epochs:
            extra = ("--fine-tune-epochs", str(options.fine_tune_epochs))
            tuned = [tlstudio_train(options, home, seed, *extra) for seed in range(options.seeds)]
    print(f"one epoch of fit                        {epoch:7.1f} s")
    for name, result in (("the very first training, whole process", first), ("the next one", again[0])):
        share = result["process"] / epoch
        print(f"{name:<39} {result['process']:7.1f} s = {share:.2f} epochs of fit  {result['seconds']}")
    for name, results in (("head alone", again), ("then fine-tuned", tuned)):
        if results:
            accuracies = [result["test"]["accuracy"] for result in results]
            print(f"{name}: test accuracy {statistics.mean(accuracies):.4f}, mean of {len(results)} seeds {accuracies}")


if __name__ == "__main__":
    main()
