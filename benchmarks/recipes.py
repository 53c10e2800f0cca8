"""Recipes of the reference systems: an epoch of each phase by the program, beside plain Keras on the same network.

The program trains as it does for anybody: `tlstudio train` with the recipe as a preset, with few epochs. Keras's `fit`
gets the same layers, batch and size, the photos from `image_dataset_from_directory`, and varies them with Keras's own
layers where the recipe asks for it. Both check on the same photos after each epoch. The first epoch holds what comes
once (tracing; the program also reads the photos and makes its engine). Bases begin with random weights, since the time
that an epoch takes doesn't depend on them.

Usage: python benchmarks/recipes.py FOLDER [--recipe 003-5b] [--each 40] [--epochs 3] [--size 0]
"""

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

RECIPES: Final = ("000-A", "001-birds-inception-v3", "002-A", "003-5a", "003-5b", "004-D")
_TWO: Final = 2  # classes of a network with one sigmoid


@dataclass(frozen=True, slots=True)
class PhaseTimes:
    """Seconds of the epochs of one phase, the first with all that comes before it."""

    name: str
    program: list[float]
    keras: list[float]

    def told(self) -> str:
        """The line of the table."""
        later = statistics.median(self.keras[1:]) / statistics.median(self.program[1:])
        whole = sum(self.keras) / sum(self.program)
        figures = f"{statistics.median(self.program[1:]):9.2f} {statistics.median(self.keras[1:]):9.2f} {later:8.1f}"
        return f"{figures} {self.program[0]:12.1f} {self.keras[0]:9.1f} {whole:10.1f}"


def linked_photos(folder: Path, place: Path, classes: int, each: int) -> Path:
    """Links to some photos of some class folders; of all classes where ``classes`` is 0."""
    folders = sorted(path for path in folder.iterdir() if path.is_dir())
    for source in folders[: classes or None]:
        (place / source.name).mkdir(parents=True)
        for photo in sorted(source.glob("*.jpg"))[:each]:
            (place / source.name / photo.name).symlink_to(photo.resolve())
    return place


def shortened(recipe: str, options: argparse.Namespace, place: Path) -> Any:  # noqa: ANN401 - a Setup, imported late
    """A recipe of few epochs, with random weights in a file where it wants published ones."""
    from tlstudio.modeling.network import build_backbone
    from tlstudio.presets.shelf import find_preset

    setup = find_preset(recipe).setup()
    spec = replace(setup.spec, input_size=options.size or setup.spec.input_size)
    if spec.weights != "none":
        file = place / "random.weights.h5"
        build_backbone(replace(spec, weights="none")).save_weights(file)
        spec = replace(spec, weights=str(file))
    phases = tuple(replace(phase, epochs=options.epochs, stops=()) for phase in setup.config.phases)
    return replace(setup, spec=spec, config=replace(setup.config, phases=phases))


def program_run(setup: Any, photos: Path, home: Path) -> dict[str, Any]:  # noqa: ANN401
    """The ``run.json`` of a training in a process of its own, with nothing kept from earlier ones."""
    from tlstudio.presets.preset import own_preset
    from tlstudio.presets.shelf import keep_preset

    keep_preset(own_preset("here", "", setup))
    command = [sys.executable, "-m", "tlstudio", "train", str(photos), "--preset", "here", "--out", str(home / "run")]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    run: dict[str, Any] = json.loads((home / "run" / "run.json").read_text(encoding="utf-8"))
    return run


def program_seconds(run: dict[str, Any]) -> list[list[float]]:
    """Seconds of each epoch of each phase; what isn't an epoch counts with the first."""
    found = []
    for index, _ in enumerate(run["history"]["phases"]):
        found.append([epoch["seconds"] for epoch in run["history"]["epochs"] if epoch["phase"] == index])
    stages = run["seconds"]
    rest = stages["features"] + stages["head"] + stages["fine_tune"] - sum(map(sum, found))
    for epochs in found:
        epochs[0] += rest / len(found)
    return found


def parts(run: dict[str, Any], place: Path) -> Iterator[Path]:
    """Folders with the photos that a run has learnt from, and with those it was checked on, in class folders."""
    for part in ("train", "validation"):
        for name in run["classes"]:
            (place / part / name).mkdir(parents=True)
        for number in run["split"][part]:
            sample = run["samples"][number]
            path = Path(run["root"]) / sample["path"]
            (place / part / sample["class_name"] / path.name).symlink_to(path.resolve())
        yield place / part


def as_pixels(photos: Any, labels: Any) -> tuple[Any, Any]:  # noqa: ANN401 - tensors
    """A batch as the network takes it."""
    import tensorflow as tf

    return tf.cast(photos, tf.uint8), labels


def varying(amounts: Any) -> Any:  # noqa: ANN401 - an AugmentationConfig, imported late
    """What varies a batch by the same amounts, with Keras's layers."""
    import keras

    fill = amounts.fill
    layers = keras.Sequential()
    if amounts.horizontal_flip:
        layers.add(keras.layers.RandomFlip("horizontal"))
    if amounts.rotation:
        layers.add(keras.layers.RandomRotation(amounts.rotation / 360, fill_mode=fill))
    if amounts.width_shift or amounts.height_shift:
        layers.add(keras.layers.RandomTranslation(amounts.height_shift, amounts.width_shift, fill_mode=fill))
    if amounts.shear:
        slant = math.tan(math.radians(amounts.shear))
        layers.add(keras.layers.RandomShear(slant, slant, fill_mode=fill))
    if amounts.zoom_low or amounts.zoom_high:
        layers.add(keras.layers.RandomZoom((-amounts.zoom_high, -amounts.zoom_low), fill_mode=fill))
    return lambda photos, labels: as_pixels(layers(photos, training=True), labels)


def keras_seconds(setup: Any, run: dict[str, Any], place: Path) -> list[list[float]]:  # noqa: ANN401
    """Seconds of each epoch of each phase by ``fit``."""
    import keras
    import tensorflow as tf

    from tlstudio.modeling.network import build_network

    spec, batch = setup.spec, setup.config.phases[0].batch_size
    side = (spec.input_size, spec.input_size)
    amounts = setup.config.augmentation
    learn, check = (
        keras.utils.image_dataset_from_directory(
            folder, image_size=side, batch_size=batch, class_names=run["classes"], verbose=False
        ).map(varying(amounts) if varied else as_pixels, num_parallel_calls=tf.data.AUTOTUNE)
        for folder, varied in zip(parts(run, place), (amounts.views, amounts.validation_view), strict=True)
    )
    model = build_network(spec, len(run["classes"]), spec.weights if spec.weights != "none" else "")
    found = []
    for phase in setup.config.phases:
        compiled(model, phase, spec)
        seconds = []
        for _ in range(phase.epochs):
            begun = time.monotonic()
            model.fit(learn, validation_data=check, shuffle=False, verbose=0)  # the photos come shuffled
            seconds.append(time.monotonic() - begun)
        found.append(seconds)
    return found


def compiled(model: Any, phase: Any, spec: Any) -> None:  # noqa: ANN401
    """Make the same layers trainable, with the same optimizer and loss, and all else as Keras has it."""
    from tlstudio.modeling.head import HEAD_PREFIX
    from tlstudio.modeling.part import SCORES
    from tlstudio.training.compilation import prepare

    prepare(model, phase, spec.head.loss)
    if phase.name == "head":
        for layer in model.layers:
            layer.trainable = layer.name.startswith(HEAD_PREFIX) or layer.name == SCORES
    model.compile(optimizer=model.optimizer, loss=model.loss, metrics=["accuracy"])


def measured(recipe: str, options: argparse.Namespace) -> list[PhaseTimes]:
    """The times of a recipe, in a home of its own."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        os.environ["TLSTUDIO_HOME"] = str(place / "home")
        setup = shortened(recipe, options, place)
        two = setup.spec.head.output == "sigmoid"
        photos = linked_photos(options.folder, place / "photos", _TWO if two else 0, options.each)
        run = program_run(setup, photos, place)
        ours, theirs = program_seconds(run), keras_seconds(setup, run, place / "parts")
    names = [phase.name for phase in setup.config.phases]
    return [PhaseTimes(*times) for times in zip(names, ours, theirs, strict=True)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--recipe", choices=RECIPES)
    parser.add_argument("--each", type=int, default=40, help="photos of each class")
    parser.add_argument("--epochs", type=int, default=3, help="of each phase, at least 2")
    parser.add_argument("--size", type=int, default=0, help="of the photos in pixels; 0 for that of the recipe")
    options = parser.parse_args()
    print("                                     a later epoch, s           first epoch, s       all epochs")
    print("recipe                   phase       program     fit  fit/program    program     fit  fit/program")
    for recipe in (options.recipe,) if options.recipe else RECIPES:
        for times in measured(recipe, options):
            print(f"{recipe:<24} {times.name:<9} {times.told()}", flush=True)


if __name__ == "__main__":
    main()
