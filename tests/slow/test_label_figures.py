"""Wrong labels and shortcuts on real photos, with the shared MobileNetV2: what the program promises of them."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.reading.reading import Reading
from tlstudio.datasets.splits.split import Split, SplitConfig
from tlstudio.events import CancelToken, Emit
from tlstudio.modeling import weights
from tlstudio.runs.run import SCHEMA, Run
from tlstudio.runs.store import StoredRun
from tlstudio.training.history import History
from tlstudio.training.recipes import config_for, spec_for
from tlstudio.workflows.check_labels import check_labels
from tlstudio.workflows.find_shortcuts import ShortcutCheck, find_shortcuts
from tlstudio.workflows.foresee_photos import foresee_photos
from tlstudio.workflows.relearn import relearn
from tlstudio.workflows.scan import read_photos

pytestmark = pytest.mark.slow

Stored = Callable[[Dataset], StoredRun]


@pytest.fixture
def stored(shared: Path, tmp_path: Path, home: Path) -> Stored:  # noqa: ARG001 - a feature store of its own
    """Makes a run that begins with the shared weights and keeps every fifth photo for the exam."""
    file = shared / "weights/mobilenet_v2_1.0_224_notop.weights.h5"
    spec = spec_for("mobilenet_v2_1.0", str(file))

    def make(dataset: Dataset) -> StoredRun:
        folder = tmp_path / "run"
        folder.mkdir()
        shutil.copy(file, folder / "backbone.weights.h5")
        numbers = range(len(dataset.samples))
        exam = tuple(numbers[::5])
        split = Split(tuple(number for number in numbers if number % 5 > 1), tuple(numbers[1::5]), exam)
        run = Run(
            SCHEMA, "Run", "2026-01-01T00:00:00+00:00", "complete", dataset.root, dataset.classes, dataset.samples,
            split, SplitConfig(), (), spec, "pooling", weights.digest(str(file)), config_for(spec), History(), None,
            None, {}, {},
        )  # fmt: skip
        return StoredRun(folder, run)

    return make


def read(folder: Path, silent: Emit, labels: str = "folder") -> Dataset:
    return read_photos(folder, Reading(str(folder), labels), emit=silent, token=CancelToken())


def test_most_of_the_first_thirty_suggestions_are_planted_errors_and_correcting_them_helps(
    shared: Path, stored: Stored, silent: Emit
) -> None:
    truth = read(shared / "data/flowers5", silent)
    rng = np.random.default_rng(1)
    planted = set(rng.choice(len(truth.samples), round(0.05 * len(truth.samples)), replace=False).tolist())
    samples = []
    for number, sample in enumerate(truth.samples):
        others = [name for name in truth.classes if name != sample.class_name]
        samples.append(replace(sample, class_name=rng.choice(others)) if number in planted else sample)
    dataset = replace(truth, samples=tuple(samples))
    run = stored(dataset)

    check = check_labels(dataset, run, emit=silent, token=CancelToken())
    first = [check.samples[doubt.row].path for doubt in check.doubts[:30]]
    wrong = {truth.samples[number].path for number in planted}
    assert sum(path in wrong for path in first) / 30 >= 0.70

    unchanged = relearn(dataset, run, emit=silent, token=CancelToken())
    assert unchanged.paired.gain == 0
    assert unchanged.corrected == 0
    corrected = relearn(truth, run, unchanged, emit=silent, token=CancelToken())
    assert corrected.corrected == len(planted)
    assert corrected.after.right >= corrected.before.right
    assert len(corrected.after.photos) == len(run.run.split.test)

    foresight = foresee_photos(truth, run, emit=silent, token=CancelToken())
    expected, low, high = foresight.curve.doubled
    assert low <= expected <= high < 0.25


def test_the_grebe_among_the_jays_is_one_of_the_first_five(shared: Path, stored: Stored, silent: Emit) -> None:
    birds = read(shared / "data/birds10", silent)
    check = check_labels(birds, stored(birds), emit=silent, token=CancelToken())
    first = {check.samples[doubt.row].path: check.classes[doubt.suggestion] for doubt in check.doubts[:5]}
    assert first["Green_Jay/Eared_Grebe_0007_2546851209.jpg"] == "Eared_Grebe"


@pytest.mark.parametrize("marked", [False, True], ids=["as they are", "with a watermark on the cats"])
def test_the_alarm_speaks_of_a_watermark_and_is_silent_without(
    marked: bool, shared: Path, tmp_path: Path, stored: Stored, silent: Emit
) -> None:
    folder = tmp_path / "pets"
    folder.mkdir()
    for photo in sorted((shared / "data/cats_dogs_flat").glob("*.jpg")):
        if marked and photo.name.startswith("cat"):
            with_watermark(photo, folder / photo.name)
        else:
            (folder / photo.name).symlink_to(photo)
    pets = read(folder, silent, "piece:1:.")
    assert pets.classes == ("cat", "dog")

    check: ShortcutCheck = find_shortcuts(pets, stored(pets), emit=silent, token=CancelToken())

    assert check.found.alarming == marked
    assert [pets.classes[mark.label] for mark in check.found.marks[:1]] == (["cat"] if marked else [])


def with_watermark(photo: Path, to: Path) -> None:
    """White letters on a dark band at the bottom right, a fifth as wide as the photo; otherwise as it was."""
    with Image.open(photo) as opened:
        picture = opened.convert("RGB")
        width, height = picture.size
        draw = ImageDraw.Draw(picture)
        draw.rectangle((width * 0.78, height * 0.88, width, height), fill=(20, 30, 60))
        draw.text((width * 0.8, height * 0.9), "CATS.ORG", fill=(255, 255, 255))
        picture.save(to, quality=90, exif=opened.getexif())
