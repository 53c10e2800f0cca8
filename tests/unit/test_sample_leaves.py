import importlib
import io
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from PIL import Image

from tlstudio import paths

REPOSITORY = Path(__file__).resolve().parents[2]
LEAVES = paths.data_dir() / "leaves"
CLASSES = ("birch", "maple", "oak", "willow")


@pytest.fixture
def draw_leaves(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(REPOSITORY / "tools"))
    return importlib.import_module("draw_leaves")


def photos() -> list[Path]:
    return sorted(LEAVES.glob("*/*.jpg"))


def test_four_classes_of_sixty_photos_and_nothing_else() -> None:
    files = [path for path in LEAVES.rglob("*") if path.is_file()]
    assert sorted(files) == photos()
    assert {name: len(list((LEAVES / name).iterdir())) for name in CLASSES} == dict.fromkeys(CLASSES, 60)
    assert sorted(folder.name for folder in LEAVES.iterdir()) == sorted(CLASSES)
    assert sum(path.stat().st_size for path in files) <= 4_000_000


def test_every_photo_is_a_jpeg_of_about_320_px() -> None:
    for path in photos():
        with Image.open(path) as photo:
            photo.load()
            assert photo.format == "JPEG"
            assert photo.mode == "RGB"
            assert 300 <= max(photo.size) <= 340, path


def test_no_photo_is_there_twice() -> None:
    assert len({path.read_bytes() for path in photos()}) == 240


def small_pixels(path: Path) -> np.ndarray:
    with Image.open(path) as photo:
        return np.asarray(photo.resize((32, 32), Image.Resampling.BILINEAR), dtype=np.float32).ravel() / 255


def test_pixels_alone_tell_the_species_badly() -> None:
    from sklearn.decomposition import PCA
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import train_test_split
    from sklearn.pipeline import make_pipeline

    values = np.stack([small_pixels(path) for path in photos()])
    labels = np.array([CLASSES.index(path.parent.name) for path in photos()])
    scores = []
    for seed in range(5):
        train, test, true_train, true_test = train_test_split(
            values, labels, test_size=0.4, stratify=labels, random_state=seed
        )
        # All components: a rotation, which the solution doesn't feel, but 144 numbers instead of 3,072.
        classifier = make_pipeline(PCA(), LogisticRegression(max_iter=1000))
        scores.append(classifier.fit(train, true_train).score(test, true_test))
    assert 0.25 < np.mean(scores) < 0.65


@pytest.mark.parametrize(("species", "number"), [("maple", 7), ("willow", 60)])
def test_the_script_draws_the_photos_that_are_here(draw_leaves: ModuleType, species: str, number: int) -> None:
    drawn = draw_leaves.draw_photo(species, number)
    assert drawn == draw_leaves.draw_photo(species, number)
    # Other releases of Pillow may encode the same picture in other bytes, so the shipped photo is compared by look.
    with Image.open(LEAVES / species / f"{species}_{number:02}.jpg") as shipped, Image.open(io.BytesIO(drawn)) as again:
        assert shipped.size == again.size
        difference = np.asarray(shipped, dtype=float) - np.asarray(again, dtype=float)
    assert np.abs(difference).mean() < 3
