"""What files tell of a class beside the photo in them: here, the camera."""

from pathlib import Path

import numpy as np
import pytest
from PIL import ExifTags, Image

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.splits.split import Split, SplitConfig
from tlstudio.events import CancelToken, Emit
from tlstudio.runs.run import SCHEMA, Run
from tlstudio.runs.store import StoredRun
from tlstudio.training.history import History
from tlstudio.training.recipes import config_for, spec_for
from tlstudio.workflows.find_shortcuts import find_shortcuts
from tlstudio.workflows.frozen_features import FrozenFeatures
from tlstudio.workflows.scan import read_photos

PHOTOS = 30


def taken_by(root: Path, cameras: dict[str, tuple[str, str]]) -> Path:
    """Photos of noise, class by class in turn with two cameras of equally long names."""
    rng = np.random.default_rng(0)
    for name, pair in cameras.items():
        (root / name).mkdir(parents=True)
        for number in range(PHOTOS):
            exif = Image.Exif()
            exif[ExifTags.Base.Model] = pair[number % 2]
            photo = Image.fromarray(rng.integers(0, 256, (24, 24, 3), dtype=np.uint8))
            photo.save(root / name / f"photo_{number:03}.png", exif=exif)
    return root


@pytest.mark.parametrize(
    ("cameras", "told"),
    [
        ({"cats": ("Alpha 1", "Alpha 1"), "dogs": ("Omega 2", "Omega 2")}, True),
        ({"cats": ("Alpha 1", "Omega 2"), "dogs": ("Alpha 1", "Omega 2")}, False),
    ],
)
def test_a_camera_of_its_own_gives_a_class_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, silent: Emit, cameras: dict[str, tuple[str, str]], told: bool
) -> None:
    dataset = read_photos(taken_by(tmp_path / "photos", cameras), None, emit=silent, token=CancelToken())

    def features(dataset: Dataset, *_: object, **__: object) -> FrozenFeatures:
        labels = np.array([dataset.classes.index(sample.class_name) for sample in dataset.samples])
        vectors = np.random.default_rng(1).normal(size=(len(labels), 8)).astype(np.float32) + labels[:, None]
        return FrozenFeatures(dataset.samples, dataset.classes, vectors, labels)

    module = "tlstudio.workflows.find_shortcuts"
    monkeypatch.setattr(f"{module}.frozen_features", features)
    monkeypatch.setattr(f"{module}.groups_of", lambda dataset, _: np.arange(len(dataset.samples)))
    spec = spec_for("small_cnn", "none")
    run = Run(
        SCHEMA, "Pets", "2026-01-01T00:00:00+00:00", "complete", dataset.root, dataset.classes, dataset.samples,
        Split((), (), ()), SplitConfig(), (), spec, "photo", "", config_for(spec), History(), None, None, {}, {},
    )  # fmt: skip
    check = find_shortcuts(dataset, StoredRun(tmp_path / "run", run), emit=silent, token=CancelToken())
    (files,) = (clue for clue in check.found.clues if clue.kind == "files")
    assert files.alarming == told
    assert (files.accuracy > 0.95) == told
