import numpy as np
import pytest

from tlstudio.datasets.augmentation import (
    AUGMENTATIONS,
    DEFAULT_AUGMENTATIONS,
    AugmentationConfig,
    augment,
    augmented_view,
    view_seed,
)
from tlstudio.errors import TLStudioError

NAMES = tuple(entry.name for entry in AUGMENTATIONS)


def photo(height: int = 40, width: int = 40) -> np.ndarray:
    rows, columns = np.mgrid[0:height, 0:width]
    return np.stack((rows * 5 + 50, columns * 5 + 50, (rows + columns) * 2 + 40), axis=-1).clip(0, 255).astype(np.uint8)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("shape", [(40, 40), (20, 50), (50, 20), (1, 1)])
def test_every_entry_keeps_shape_and_type_and_leaves_the_photo_alone(name: str, shape: tuple[int, int]) -> None:
    image = photo(*shape)
    before = image.copy()
    varied = [augment(image, [name], np.random.default_rng(seed)) for seed in range(8)]
    assert all(copy.shape == image.shape and copy.dtype == np.uint8 for copy in varied)
    assert np.array_equal(image, before)
    if shape != (1, 1):
        assert any(not np.array_equal(copy, image) for copy in varied)


@pytest.mark.parametrize("seed", range(30))
def test_edges_are_continued_not_black(seed: int) -> None:
    image = np.full((30, 50, 3), 200, dtype=np.uint8)
    varied = augment(image, ("flip", "rotate", "shift", "zoom", "shear"), np.random.default_rng(seed))
    assert varied.min() >= 199


def test_mirroring_is_exact() -> None:
    image = photo()
    outcomes = [augment(image, ["flip"], np.random.default_rng(seed)) for seed in range(20)]
    mirrored = [np.array_equal(copy, image[:, ::-1]) for copy in outcomes]
    plain = [np.array_equal(copy, image) for copy in outcomes]
    assert any(mirrored)
    assert any(plain)
    assert all(a or b for a, b in zip(mirrored, plain, strict=True))


def test_turning_keeps_right_angles_in_photos_that_are_not_square() -> None:
    image = np.zeros((60, 120, 3), dtype=np.uint8)
    image[20:40, 50:70] = 255
    for seed in range(5):
        varied = augment(image, ["rotate"], np.random.default_rng(seed))
        rows, columns = np.nonzero(varied[..., 0] > 127)
        assert len(rows) == pytest.approx(400, rel=0.06)
        assert np.ptp(rows) == pytest.approx(np.ptp(columns), abs=2)


def test_grey_stays_grey_under_colour() -> None:
    grey = np.full((4, 4, 3), 90, dtype=np.uint8)
    assert np.array_equal(augment(grey, ["colour"], np.random.default_rng(0)), grey)


def test_the_order_of_names_does_not_matter() -> None:
    one = augment(photo(), NAMES, np.random.default_rng(1))
    other = augment(photo(), tuple(reversed(NAMES)), np.random.default_rng(1))
    assert np.array_equal(one, other)


def test_a_view_is_fixed_by_seed_photo_and_number() -> None:
    config = AugmentationConfig(NAMES, views=2)
    image = photo()

    def view(seed: int = 0, digest: str = "d", number: int = 1) -> bytes:
        return augmented_view(image, config, seed=seed, digest=digest, view=number).tobytes()

    assert view() == view()
    assert len({view(), view(seed=1), view(digest="e"), view(number=2)}) == 4
    assert view(number=0) == image.tobytes()
    # Written down once: a change would make every stored feature of a varied copy wrong.
    assert view_seed(0, "d", 1) == 235144604320510009874855166305441901881
    with pytest.raises(ValueError, match="view must be 0 to 2"):
        view(number=3)


def test_unknown_names_are_said_with_the_known_ones() -> None:
    with pytest.raises(TLStudioError, match="“cutmix”") as caught:
        augment(photo(), ["flip", "cutmix"], np.random.default_rng(0))
    assert all(name in caught.value.hint for name in NAMES)


def test_the_table_is_whole() -> None:
    assert NAMES == ("flip", "rotate", "shift", "zoom", "shear", "brightness", "contrast", "colour")
    assert set(DEFAULT_AUGMENTATIONS) <= set(NAMES)
    assert all((entry.warp is None) != (entry.recolour is None) for entry in AUGMENTATIONS)
    assert all(entry.title and entry.description.endswith(".") for entry in AUGMENTATIONS)
